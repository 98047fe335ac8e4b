//! The analyser's verdicts beside those of the JDK's trust manager, case by case.
//!
//! The cases are the public C2SP/x509-limbo suite and cases of the kinds met with remote clusters
//! (`tests/conformance/data`), each with the verdicts of OpenJDK 17 and 25.

#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::disallowed_methods, missing_docs)]

use farlink_checks::model::evidence::Der;
use farlink_checks::x509::{Anchors, Jdk, Purpose, Verdict, analyse, hostname};
use jiff::Timestamp;
use serde::Deserialize;

#[derive(Deserialize)]
struct Case {
    id: String,
    purpose: String,
    at: Timestamp,
    name: Option<String>,
    served: Vec<Der>,
    trusted: Vec<Der>,
    jdk17: Said,
    jdk25: Said,
}

#[derive(Deserialize)]
struct Said {
    path: String,
    name: String,
    verdict: String,
    #[serde(default)]
    error: String,
}

fn cases() -> Vec<Case> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/conformance/data");
    let mut cases = Vec::new();
    let mut files = vec![format!("{folder}/x509-limbo.jsonl"), format!("{folder}/x509-remote-clusters.jsonl")];
    files.extend(std::env::var("FARLINK_MORE_CASES"));
    for file in files {
        let text = std::fs::read_to_string(file).unwrap();
        cases.extend(text.lines().map(|line| serde_json::from_str::<Case>(line).unwrap()));
    }
    cases
}

fn word(accepts: Option<bool>) -> &'static str {
    match accepts {
        Some(true) => "accept",
        Some(false) => "reject",
        None => "open",
    }
}

#[test]
fn agreement() {
    let mut bad = 0;
    for case in cases() {
        let purpose = if case.purpose == "server" { Purpose::Server } else { Purpose::Client };
        let analysis = analyse(&case.served, &Anchors::of_file(&case.trusted), purpose, case.at);
        for (jdk, said) in [(Jdk::V17, &case.jdk17), (Jdk::V25, &case.jdk25)] {
            let verdict = analysis.verdict(jdk);
            let path = word(verdict.accepts());
            let name = match (&case.name, analysis.leaf(), said.name.as_str()) {
                (_, _, "not-checked") | (None, ..) | (_, None, _) => "not-checked",
                (Some(name), Some(leaf), _) => word(Some(hostname::check(leaf, name, jdk).is_ok())),
            };
            if path != said.path || name != said.name {
                bad += 1;
                let why = match verdict {
                    Verdict::Refused(r) => format!("{r:?}"),
                    Verdict::Open { because } => because.clone(),
                    _ => String::new(),
                };
                println!(
                    "{} {jdk:?}: path {path} (JDK {}), name {name} (JDK {}) [{}]\n      JDK: {}\n      ours: {why:.300}",
                    case.id, said.path, said.name, said.verdict, said.error
                );
            }
        }
    }
    println!("{bad} differ");
}
