//! Every finding of the catalogue is made by at least one case.
//!
//! The cases are test functions, so they are collected by running them all once more: this binary
//! starts itself, and the second run says on standard error what its cases found.

#![allow(clippy::disallowed_methods, clippy::print_stderr, reason = "a test that runs its own binary again")]

use std::collections::BTreeSet;
use std::process::Command;

use farlink_checks::catalogue::ALL;

use super::staging::Diagnosis;

/// Set for the second run.
const TELL: &str = "FARLINK_TELL_FINDINGS";

/// No rule makes these: what the probe sees never decides for them, so they are alternatives only.
const SUSPECTED: [&str; 1] = ["filter-suspected"];

/// Says which findings a case made, and which it took for possible, if that is asked for.
pub(crate) fn note(diagnosis: &Diagnosis) {
    if std::env::var_os(TELL).is_some() {
        for finding in &diagnosis.findings {
            eprintln!("{}", finding.id);
            for other in &finding.alternatives {
                eprintln!("or {other}");
            }
        }
    }
}

#[test]
fn every_finding_of_the_catalogue_is_made_by_some_case() {
    if std::env::var_os(TELL).is_some() {
        return;
    }
    let this = std::env::current_exe().unwrap();
    let told = Command::new(this).args(["--nocapture", "--test-threads=1"]).env(TELL, "1").output().unwrap();
    let told = String::from_utf8(told.stderr).unwrap();
    let told: BTreeSet<&str> = told.lines().collect();
    let missing: Vec<&str> = ALL.iter().map(|entry| entry.id).filter(|id| !told.contains(id)).collect();
    assert_eq!(missing, SUSPECTED, "no case makes these findings");
    for id in SUSPECTED {
        assert!(told.contains(format!("or {id}").as_str()), "no case takes {id} for possible");
    }
}
