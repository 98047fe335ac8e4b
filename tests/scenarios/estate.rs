//! Every link of the estate through the whole path: discovery, probes, judgement, report.

use std::path::Path;
use std::process::{Command, Output};

use farlink_lab::estate::Estate;
use serde_json::Value;

pub(crate) fn farlink<I: IntoIterator<Item = S>, S: AsRef<std::ffi::OsStr>>(arguments: I) -> Output {
    Command::new(env!("CARGO_BIN_EXE_farlink")).args(arguments).env("CI", "true").output().unwrap()
}

pub(crate) fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| unreachable!("{}", String::from_utf8_lossy(&output.stderr)))
}

fn arguments(estate: &Estate) -> Vec<String> {
    let shown = |path: &Path| path.display().to_string();
    vec![
        "diagnose".into(),
        format!("--cluster={}", estate.cluster_url()),
        format!("--ca-file={}", shown(estate.ca_file())),
        format!("--cert-file={}", shown(estate.certificate_file())),
        format!("--key-file={}", shown(estate.key_file())),
        format!("--resolver={}", estate.name_server()),
        "--stage-timeout=1200ms".into(),
    ]
}

async fn with_estate(test: impl FnOnce(&Estate) + Send + 'static) {
    let estate = Estate::start().await.unwrap();
    tokio::task::spawn_blocking(move || test(&estate)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_link_of_the_estate_has_the_root_cause_it_was_built_with() {
    with_estate(|estate| {
        let report = json(&farlink(arguments(estate).iter().map(String::as_str).chain(["--format=json"])));
        let links = report["links"].as_array().unwrap();
        assert!(links.len() >= 14 && links.len() == estate.links().len());
        for expected in estate.links() {
            let link = links.iter().find(|link| link["alias"] == expected.alias).unwrap();
            let verdict = if expected.expected.is_some() { "broken" } else { "ok" };
            assert_eq!(link["root_cause"].as_str(), expected.expected, "{}: {}", expected.alias, expected.about);
            assert_eq!(link["verdict"], verdict, "{}", expected.alias);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn healthy_links_raise_no_error_for_what_the_agent_was_not_given() {
    with_estate(|estate| {
        let output = farlink([
            "diagnose".to_owned(),
            format!("--cluster={}", estate.cluster_url()),
            format!("--resolver={}", estate.name_server()),
            "--stage-timeout=1200ms".to_owned(),
            "--format=json".to_owned(),
        ]);
        let report = json(&output);
        for expected in estate.links().iter().filter(|link| link.expected.is_none()) {
            let link = report["links"].as_array().unwrap().iter().find(|l| l["alias"] == expected.alias).unwrap();
            assert_eq!(link["verdict"], "ok", "{}", expected.alias);
            let error = link["findings"].as_array().unwrap().iter().find(|finding| finding["severity"] == "error");
            assert_eq!(error, None, "{}", expected.alias);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_links_by_hand_have_the_same_root_causes() {
    with_estate(|estate| {
        for expected in estate.links() {
            let mut by_hand: Vec<String> =
                arguments(estate).into_iter().filter(|argument| !argument.starts_with("--cluster")).collect();
            by_hand.push(format!("--proxy-address={}", expected.proxy_address));
            by_hand.push(format!("--model={}", expected.model.as_str()));
            by_hand.push("--verification-mode=full".into());
            by_hand.push("--assume-version=local=9.5.3".into());
            by_hand.push("--format=json".into());
            by_hand.extend(expected.server_name.map(|name| format!("--server-name={name}")));
            if expected.model.as_str() == "api-key" {
                by_hand.push(format!("--api-key-file={}", estate.api_key_file().display()));
            }
            let report = json(&farlink(&by_hand));
            let link = &report["links"][0];
            assert_eq!(link["root_cause"].as_str(), expected.expected, "{}: {link:#}", expected.alias);
            if expected.expected.is_none() {
                assert_eq!(link["verdict"], "ok", "{}: {link:#}", expected.alias);
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn saved_evidence_gives_the_same_report_byte_for_byte() {
    with_estate(|estate| {
        let file = estate.directory().join("evidence.json");
        let saving = format!("--save-evidence={}", file.display());
        for format in ["json", "text", "short"] {
            let format = format!("--format={format}");
            let lived = farlink(arguments(estate).iter().map(String::as_str).chain([
                format.as_str(),
                &saving,
                "--output",
                "/dev/stdout",
            ]));
            let replayed = farlink(["diagnose", "--evidence", file.to_str().unwrap(), &format]);
            assert_eq!(String::from_utf8_lossy(&lived.stdout), String::from_utf8_lossy(&replayed.stdout));
            assert_eq!(lived.status.code(), replayed.status.code());
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_runs_over_the_same_estate_differ_only_in_times() {
    with_estate(|estate| {
        let run = || {
            let mut report = json(&farlink(arguments(estate).iter().map(String::as_str).chain(["--format=json"])));
            without_times(&mut report);
            report
        };
        assert_eq!(run(), run());
    })
    .await;
}

fn without_times(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.retain(|key, _| !matches!(key.as_str(), "started" | "finished" | "duration_seconds"));
            map.values_mut().for_each(without_times);
        }
        Value::Array(items) => items.iter_mut().for_each(without_times),
        _ => {}
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_report_validates_against_the_schema_that_is_published() {
    with_estate(|estate| {
        let report = json(&farlink(arguments(estate).iter().map(String::as_str).chain(["--format=json"])));
        let schema = json(&farlink(["config", "schema", "--report"]));
        let validator = jsonschema::validator_for(&schema).unwrap();
        let errors: Vec<String> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
        assert_eq!(errors, Vec::<String>::new());
    })
    .await;
}

#[test]
fn the_demo_shows_what_it_is_for_and_ends_well() {
    let output = farlink(["demo"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(text.contains("2 ok"), "{text}");
    assert!(text.contains("certificate-name-mismatch") && text.contains("Fix "), "{text}");
}
