//! Golden files: one saved run over the embedded estate, in every format.
//! `FARLINK_BLESS=1 cargo test --test golden` writes them anew; look at what changes.
//! `FARLINK_BLESS=estate` also observes the estate again.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, missing_docs)]

mod certs;

use std::path::{Path, PathBuf};

use farlink::report::{Format, Style, render};
use farlink_checks::judge;
use farlink_checks::model::evidence::Evidence;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

fn saved() -> Evidence {
    serde_json::from_slice(&std::fs::read(folder().join("estate.evidence.json")).unwrap()).unwrap()
}

fn assert_golden(name: &str, shown: &str) {
    let path = folder().join(name);
    if std::env::var_os("FARLINK_BLESS").is_some() {
        std::fs::write(&path, shown).unwrap();
    }
    let golden = std::fs::read_to_string(&path).unwrap();
    assert!(golden == shown, "{name} differs; FARLINK_BLESS=1 writes it anew");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_saved_run_is_evidence_of_this_release() {
    if std::env::var("FARLINK_BLESS").is_ok_and(|what| what == "estate") {
        let estate = farlink_lab::estate::Estate::start().await.unwrap();
        let arguments = [
            "diagnose".to_owned(),
            format!("--cluster={}", estate.cluster_url()),
            format!("--ca-file={}", estate.ca_file().display()),
            format!("--cert-file={}", estate.certificate_file().display()),
            format!("--key-file={}", estate.key_file().display()),
            format!("--resolver={}", estate.name_server()),
            "--stage-timeout=1200ms".to_owned(),
            format!("--save-evidence={}", folder().join("estate.evidence.json").display()),
        ];
        let run = tokio::task::spawn_blocking(move || {
            std::process::Command::new(env!("CARGO_BIN_EXE_farlink")).args(arguments).output().unwrap()
        });
        assert_eq!(run.await.unwrap().status.code(), Some(1));
    }
    assert_eq!(saved().schema, farlink_checks::model::evidence::SCHEMA);
}

#[test]
fn every_format_of_the_estates_report_is_as_it_was() {
    let report = judge::report(&saved());
    let style = Style::new(false, 100);
    assert_golden("estate.txt", &render(&report, Format::Text, style));
    assert_golden("estate.short", &render(&report, Format::Short, style));
    assert_golden("estate.json", &render(&report, Format::Json, style));
}

#[test]
fn seven_links_with_one_shared_cause_are_one_group_in_text_and_seven_entries_in_json() {
    let mut evidence = saved();
    let refused = evidence.links.iter().find(|link| link.link.alias == "refused").unwrap().clone();
    evidence.links = (1..=7)
        .map(|n| {
            let mut link = refused.clone();
            link.link.alias = format!("remote-{n}");
            link
        })
        .collect();
    let report = judge::report(&evidence);
    let text = render(&report, Format::Text, Style::new(false, 100));
    assert_eq!(text.matches("refuses connections").count(), 1, "{text}");
    assert!(text.contains("7 of 7 links share this cause"), "{text}");
    let json: serde_json::Value = serde_json::from_str(&render(&report, Format::Json, Style::new(false, 100))).unwrap();
    assert_eq!(json["links"].as_array().unwrap().len(), 7);
    assert_eq!(json["groups"][0]["links"].as_array().unwrap().len(), 7);
}

#[test]
fn colour_adds_nothing_that_the_words_do_not_say() {
    let report = judge::report(&saved());
    let coloured = render(&report, Format::Text, Style::new(true, 100));
    assert!(coloured.contains('\u{1b}'));
    let plain = anstream::adapter::strip_str(&coloured).to_string();
    assert_eq!(plain, render(&report, Format::Text, Style::new(false, 100)));
}
