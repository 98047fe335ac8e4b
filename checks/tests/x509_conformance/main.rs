//! The analyser's verdicts beside those of the JDK's trust manager, case by case.
//!
//! Every difference stands in [`divergences`] with its reason, and nothing else does. The same goes into
//! `docs/certificate-divergences.md`; `FARLINK_BLESS=1` writes it. `FARLINK_JDK_DUMP=FILE` reads what
//! `tests/jdk/run --dump` wrote instead of what was distilled from it, and with `FARLINK_BLESS=1` distils it.

#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::disallowed_methods, missing_docs)]

mod distil;
mod divergences;
mod document;
mod suites;

use std::collections::{BTreeMap, BTreeSet};

use farlink_checks::x509::{Anchors, Jdk, Verdict, analyse, hostname, limits, strict};

use divergences::DIVERGENCES;
use suites::{Case, Check, MADE, Question, Suite};

/// What came of a suite.
struct Outcome {
    suite: Suite,
    checks: usize,
    /// The cases of which any verdict differs, with the first of these, for either JDK.
    differs: [BTreeMap<String, String>; 2],
    /// How many cases a strict client decides as JDK 25 does.
    strict: usize,
}

#[test]
fn every_verdict_is_the_jdks_or_a_listed_divergence() {
    let bless = std::env::var("FARLINK_BLESS").is_ok();
    let dump = std::env::var("FARLINK_JDK_DUMP").ok();
    if let (true, Some(dump)) = (bless, &dump) {
        std::fs::write(suites::path(MADE), distil::distil(&suites::raw(dump))).unwrap();
    }
    let outcomes: Vec<Outcome> = suites::all(dump.filter(|_| !bless).as_deref()).into_iter().map(compare).collect();
    let mut wrong = Vec::new();
    for (at, jdk) in Jdk::ALL.into_iter().enumerate() {
        let listed: BTreeSet<&str> =
            DIVERGENCES.iter().filter(|one| one.jdks.contains(&jdk)).map(|one| one.case).collect();
        let differs: BTreeMap<&String, &String> = outcomes.iter().flat_map(|outcome| &outcome.differs[at]).collect();
        for (case, how) in &differs {
            if !listed.contains(case.as_str()) {
                wrong.push(format!("JDK {}: {how}", jdk.version()));
            }
        }
        for case in listed.iter().filter(|case| !differs.keys().any(|differing| differing == *case)) {
            wrong.push(format!("JDK {}: {case} is listed and does not differ", jdk.version()));
        }
    }
    for outcome in &outcomes {
        println!("{}", summary(outcome));
    }
    assert!(wrong.is_empty(), "{} verdicts:\n{}", wrong.len(), wrong.join("\n"));
    let cases: usize = outcomes.iter().map(|outcome| outcome.suite.cases.len()).sum();
    assert!(DIVERGENCES.len() * 50 <= cases, "more than 2 % of the cases are listed");
    document::check(&outcomes, bless);
}

fn summary(outcome: &Outcome) -> String {
    let cases = outcome.suite.cases.len();
    let agree = |at: usize| format!("JDK {}: {} of {cases}", Jdk::ALL[at].version(), cases - outcome.differs[at].len());
    format!(
        "{} ({} checks): {}; {}; strict: {} of {cases} as JDK 25",
        outcome.suite.name,
        outcome.checks,
        agree(0),
        agree(1),
        outcome.strict
    )
}

fn compare(suite: Suite) -> Outcome {
    let mut differs = [BTreeMap::new(), BTreeMap::new()];
    let mut as_strict = 0;
    for case in &suite.cases {
        let anchors = Anchors::of_file(&case.trusted);
        let mut strict_agrees = true;
        for check in &case.checks {
            let analysis = analyse(&case.served, &anchors, check.purpose, check.at);
            for (at, jdk) in Jdk::ALL.into_iter().enumerate() {
                let verdict = analysis.verdict(jdk);
                if let Verdict::Refused(refusals) = verdict {
                    assert!(!refusals.is_empty(), "{} is refused without a reason", case.id);
                }
                let leaf_is_for =
                    |name: &str| analysis.leaf().is_some_and(|leaf| hostname::check(leaf, name, jdk).is_ok());
                let ours = answer(case, check, verdict.accepts(), leaf_is_for);
                if ours != Some(check.jdk[at]) {
                    let said = |accepts| if accepts { "accepts" } else { "refuses" };
                    let ours = ours.map_or("is open", said);
                    let how = format!("{} {check:?}: {}, ours {ours}: {verdict:.400?}", case.id, said(check.jdk[at]));
                    differs[at].entry(case.id.clone()).or_insert(how);
                }
            }
            if matches!(check.question, Question::Path) && !check.handshake {
                strict_agrees &=
                    strict::judge(&analysis, &anchors, None, check.purpose, check.at).is_ok() == check.jdk[1];
            }
        }
        as_strict += usize::from(strict_agrees);
    }
    let checks = suite.cases.iter().map(|case| case.checks.len()).sum();
    Outcome { checks, differs, strict: as_strict, suite }
}

/// What we say to a check, given our verdict on the path; `None` where we leave it open.
fn answer(case: &Case, check: &Check, path: Option<bool>, leaf_is_for: impl Fn(&str) -> bool) -> Option<bool> {
    if check.handshake && limits::refusal(&case.served, check.purpose).is_some() {
        return Some(false);
    }
    match &check.question {
        Question::Path => path,
        Question::Name(name) => Some(leaf_is_for(name)),
        Question::Full { server_name: Some(name), .. } if !hostname::is_host_name(name) => Some(false),
        Question::Full { dialled, server_name } => {
            let mut names = server_name.iter().chain([dialled]);
            path.map(|accepts| accepts && names.any(|name| leaf_is_for(name)))
        }
    }
}
