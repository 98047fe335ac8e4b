//! A key that is looked for wherever it must not be: output, evidence, and the memory of the process at its end.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use farlink_lab::key::Key;

use super::canary_roads::Estate;
use super::estate::farlink;
use super::image::{Image, stopped_at};
use super::leak::{ID, SECRET, TOO_MUCH, forms, leak};

#[test]
fn a_leak_is_seen_in_whichever_form_it_is_written() {
    let encoded = Key::new(ID, SECRET).encoded();
    for text in [
        SECRET.to_owned(),
        format!("…{}…", &SECRET[5..16]),
        encoded.clone(),
        format!("{:?}", hex::encode(&encoded)),
        STANDARD.encode(SECRET),
        URL_SAFE.encode(format!("Key: {SECRET}")),
    ] {
        assert!(leak(text.as_bytes()).is_some(), "{text}");
    }
    assert_eq!(leak(format!("the API key {ID} has expired").as_bytes()), None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_key_is_in_no_output_and_no_evidence_whichever_way_a_run_goes() {
    let estate = Estate::start().await;
    tokio::task::spawn_blocking(move || {
        for road in &estate.roads {
            let evidence = estate.file("evidence.json");
            for format in ["text", "short", "json"] {
                let mut arguments = road.arguments.clone();
                arguments.extend([format!("--format={format}"), format!("--save-evidence={}", evidence.display())]);
                let mut command = Command::new(env!("CARGO_BIN_EXE_farlink"));
                // Nothing logs today; what will has to pass here.
                command.args(&arguments).env("RUST_LOG", "trace").env("RUST_BACKTRACE", "full");
                let output = command.output().unwrap();
                let text = String::from_utf8_lossy(&output.stdout).into_owned();
                assert!(format == "short" || text.contains(road.says), "{}: {text}", road.name);
                let saved = std::fs::read(&evidence).unwrap();
                let replayed = farlink(["diagnose", "--evidence", evidence.to_str().unwrap(), "--format=json"]).stdout;
                for (place, bytes) in [
                    ("stdout", &output.stdout),
                    ("stderr", &output.stderr),
                    ("evidence", &saved),
                    ("replay", &replayed),
                ] {
                    assert_eq!(leak(bytes), None, "{} as {format}: {place}", road.name);
                }
            }
        }
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_file_in_the_wrong_place_is_not_printed_by_a_complaint() {
    let estate = Estate::start().await;
    let (key, json) = (estate.file("key"), estate.file("json"));
    let config = estate.file("farlink.yml");
    std::fs::write(&config, format!("links: {{ eu: {{ api_key: {SECRET} }} }}\n")).unwrap();
    let shown = |path: &PathBuf| path.display().to_string();
    for arguments in [
        vec!["diagnose".to_owned(), format!("--config={}", shown(&key))],
        vec!["diagnose".to_owned(), format!("--config={}", shown(&json))],
        vec!["diagnose".to_owned(), format!("--config={}", shown(&config))],
        vec!["diagnose".to_owned(), format!("--evidence={}", shown(&key))],
        vec!["diagnose".to_owned(), format!("--evidence={}", shown(&json))],
        vec!["diagnose".to_owned(), "--proxy-address=127.0.0.1:1".into(), format!("--ca-file={}", shown(&key))],
        vec!["certs".to_owned(), shown(&key)],
    ] {
        let output = farlink(&arguments);
        for bytes in [&output.stdout, &output.stderr] {
            assert_eq!(leak(bytes), None, "{arguments:?}: {}", String::from_utf8_lossy(bytes));
        }
    }
}

/// The process is stopped where it opens its output, a pipe that nobody reads yet: by then the last copy of
/// the key type is gone, and what is left of the key is left in a core file too.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_key_is_not_in_the_memory_of_the_process_when_its_last_use_is_over() {
    let estate = Estate::start().await;
    tokio::task::spawn_blocking(move || {
        for road in &estate.roads {
            let pipe = estate.file("pipe");
            assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
            let mut command = Command::new(env!("CARGO_BIN_EXE_farlink"));
            command.args(&road.arguments).arg("--format=json").arg(format!("--output={}", pipe.display()));
            let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            stopped_at(child.id(), Instant::now() + Duration::from_secs(20));
            let image = Image::of(child.id());
            let report = std::fs::read_to_string(&pipe).unwrap();
            child.wait().unwrap();
            std::fs::remove_file(&pipe).unwrap();
            assert!(report.contains(road.says), "{}: {report}", road.name);
            // What is in the report is in memory: the image is one, and of this process.
            assert!(!image.find(b"farlink.report/1").is_empty(), "{}", road.name);
            let middle = SECRET.len() / 2 - TOO_MUCH / 2;
            let mut found = Vec::new();
            for form in forms() {
                let start = middle.min(form.len() - TOO_MUCH);
                found.extend(image.find(&form[start..start + TOO_MUCH]));
            }
            assert_eq!(found, Vec::<String>::new(), "{}", road.name);
        }
    })
    .await
    .unwrap();
}

/// The search finds the key while it is alive: without this the test above would prove nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_key_is_in_the_memory_of_a_process_that_still_needs_it() {
    let estate = Estate::start().await;
    // It takes connections into its queue and never answers.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let mut arguments = estate.roads[0].arguments.clone();
    arguments[1] = format!("--proxy-address={}", silent.local_addr().unwrap());
    let mut command = Command::new(env!("CARGO_BIN_EXE_farlink"));
    let mut child = command.args(&arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let _connection = tokio::task::spawn_blocking(move || silent.accept().unwrap()).await.unwrap();
    let image = Image::of(child.id());
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(!image.find(SECRET.as_bytes()).is_empty());
}
