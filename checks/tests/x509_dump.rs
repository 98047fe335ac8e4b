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
    dialled: String,
    server_name: Option<String>,
    mode: String,
    served: Vec<Der>,
    trusted: Vec<Der>,
    jdk17: Said,
    jdk25: Said,
}
#[derive(Deserialize)]
struct Said {
    verdict: String,
    #[serde(default)]
    error: Option<serde_json::Value>,
}
#[test]
fn agreement() {
    let text =
        std::fs::read_to_string(std::env::var("FARLINK_JDK_DUMP").unwrap_or("/tmp/jdk-dump/cases-all.jsonl".into()))
            .unwrap();
    let (mut bad, mut all) = (0, 0);
    for line in text.lines() {
        let case: Case = serde_json::from_str(line).unwrap();
        let purpose = if case.purpose == "server" { Purpose::Server } else { Purpose::Client };
        let analysis = analyse(&case.served, &Anchors::of_file(&case.trusted), purpose, case.at);
        for (jdk, said) in [(Jdk::V17, &case.jdk17), (Jdk::V25, &case.jdk25)] {
            all += 1;
            let verdict = analysis.verdict(jdk);
            let mut ours = verdict.accepts();
            let mut named = String::new();
            if case.mode == "full" && ours == Some(true) {
                let leaf = analysis.leaf().unwrap();
                let ok =
                    case.server_name.iter().chain([&case.dialled]).any(|name| hostname::check(leaf, name, jdk).is_ok());
                named = format!("{:?}", hostname::check(leaf, case.server_name.as_ref().unwrap_or(&case.dialled), jdk));
                ours = Some(ok);
            }
            if case.server_name.as_deref().is_some_and(|n| hostname::is_host_name(n) == false) {
                ours = Some(false);
            }
            let ours = match ours {
                Some(true) => "accept",
                Some(false) => "reject",
                None => "open",
            };
            if ours != said.verdict {
                bad += 1;
                let why = match verdict {
                    Verdict::Refused(r) => format!("{r:?}"),
                    Verdict::Open { because } => because.clone(),
                    _ => named,
                };
                println!(
                    "{} {jdk:?}: {ours} (JDK {})\n      JDK: {:?}\n      ours: {why:.300}",
                    case.id,
                    said.verdict,
                    said.error.as_ref().map(|e| e.to_string())
                );
            }
        }
    }
    println!("{bad} of {all} differ");
}
