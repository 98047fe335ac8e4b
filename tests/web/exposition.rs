//! The text that Prometheus reads.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::Arc;

use farlink::serve::families::FAMILIES;
use farlink::serve::metrics::{Exposition, Own};
use farlink::serve::table::{LinkState, Table};
use farlink_checks::model::diagnosis::Verdict;

use crate::staged::{after_a_run, assert_current, estate, has, saved};

/// Links that show every family that has a source, and one whose name is hostile.
fn staged() -> Table {
    let evidence = saved();
    let table = Table::default();
    for link in evidence.links.iter().take(6) {
        table.put(after_a_run(&link.link.name(), link, evidence.started));
    }
    let refused = evidence.links.iter().find(|link| link.link.alias == "refused").unwrap();
    table.put(after_a_run("a \"quoted\"\\back\nslash {} \u{202e}é", refused, evidence.started));
    table.put(LinkState::new("not yet run"));
    let mut restored = LinkState::new("restored");
    restored.broken_since = Some(evidence.started);
    table.put(restored);
    table
}

fn text(table: &Table) -> String {
    Exposition::of(table.all()).collect()
}

#[test]
fn the_series_of_staged_links_are_as_they_were() {
    assert_current("tests/web/links.prom", &text(&staged()));
}

#[test]
fn promtool_has_nothing_to_say_about_the_whole_exposition() {
    if !has("promtool") {
        return;
    }
    let own = Own::new(Arc::new(|| 0.0)).unwrap();
    own.source("prod", saved().started);
    for text in [text(&staged()) + &own.exposition().unwrap(), text(&estate())] {
        let mut promtool = Command::new("promtool")
            .args(["check", "metrics"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        promtool.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        let said = promtool.wait_with_output().unwrap();
        let words = String::from_utf8_lossy(&said.stdout).into_owned() + &String::from_utf8_lossy(&said.stderr);
        assert!(said.status.success() && words.trim().is_empty(), "{words}");
    }
}

#[test]
fn every_exposed_family_is_in_the_list_with_its_type_its_help_and_its_labels() {
    let own = Own::new(Arc::new(|| 0.0)).unwrap();
    own.source("prod", saved().started);
    let text = text(&estate()) + &own.exposition().unwrap();
    let listed: BTreeMap<_, _> = FAMILIES.iter().map(|family| (family.name, family)).collect();
    let mut typed = Vec::new();
    for line in text.lines() {
        let (name, rest) = match line.strip_prefix("# ") {
            Some(header) => header.split_once(' ').unwrap().1.split_once(' ').unwrap(),
            None => line.split_at(line.find(['{', ' ']).unwrap()),
        };
        if name.starts_with("process_") {
            continue;
        }
        let base = ["_bucket", "_sum", "_count"].iter().find_map(|end| name.strip_suffix(end));
        let family = listed.get(name).or_else(|| listed.get(base?)).unwrap_or_else(|| panic!("{name} is not listed"));
        if line.starts_with("# TYPE") {
            assert_eq!(rest, family.kind.name(), "{name}");
            assert!(!typed.contains(&name), "{name} has two headers");
            typed.push(name);
        } else if line.starts_with("# HELP") {
            assert_eq!(rest, family.help, "{name}");
        } else {
            let mut expected = family.labels.to_vec();
            let mut found = labels(rest);
            // The registry of the daemon's own sorts them.
            expected.sort_unstable();
            found.sort_unstable();
            assert_eq!(found, expected, "{line}");
        }
    }
    for needed in ["farlink_link_up", "farlink_root_cause", "farlink_certificate_not_after_timestamp_seconds"] {
        assert!(typed.contains(&needed), "{needed}");
    }
}

/// The names of the labels before a sample's value, `le` left out; the estate's names are harmless.
fn labels(sample: &str) -> Vec<&str> {
    let Some((labels, _)) = sample.strip_prefix('{').and_then(|rest| rest.rsplit_once('}')) else { return Vec::new() };
    let names = labels.split("\",").map(|label| label.split_once('=').unwrap().0);
    names.filter(|name| *name != "le").collect()
}

#[test]
fn a_healthy_link_has_at_most_24_series() {
    let table = estate();
    let healthy: Vec<_> = table.all().into_iter().filter(|link| link.verdict() == Some(Verdict::Ok)).collect();
    assert!(!healthy.is_empty());
    for link in healthy {
        let name = link.name.clone();
        let text: String = Exposition::of(vec![link]).collect();
        let series = text.lines().filter(|line| !line.starts_with('#')).count();
        assert!(series <= 24, "{name} has {series}:\n{text}");
    }
}

#[test]
fn series_vanish_with_their_link() {
    let table = staged();
    assert!(text(&table).contains("link=\"restored\""));
    table.retain(|name| name != "restored");
    assert!(!text(&table).contains("restored"));
}
