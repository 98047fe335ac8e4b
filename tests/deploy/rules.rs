//! The rules name only what exists, and each of them is tried both ways.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::{files, promql, read};

#[derive(Deserialize)]
struct Rules {
    groups: Vec<Group>,
}

#[derive(Deserialize)]
struct Group {
    rules: Vec<Rule>,
}

/// An alert or a recording rule.
#[derive(Deserialize)]
pub struct Rule {
    alert: Option<String>,
    record: Option<String>,
    expr: String,
    #[serde(default)]
    labels: BTreeMap<String, String>,
    #[serde(default)]
    annotations: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Tests {
    tests: Vec<Test>,
}

#[derive(Deserialize)]
struct Test {
    #[serde(default)]
    alert_rule_test: Vec<AlertCase>,
    #[serde(default)]
    promql_expr_test: Vec<ExpressionCase>,
}

#[derive(Deserialize)]
struct AlertCase {
    alertname: String,
    exp_alerts: Vec<Value>,
}

#[derive(Deserialize)]
struct ExpressionCase {
    expr: String,
    exp_samples: Vec<Value>,
}

/// All rules of `deploy/prometheus/rules`.
pub fn all() -> Vec<Rule> {
    let rules =
        |path: &String| serde_saphyr::from_str::<Rules>(&read(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    files("prometheus/rules").iter().flat_map(|path| rules(path).groups).flat_map(|group| group.rules).collect()
}

/// The names of what is recorded.
pub fn recorded() -> Vec<String> {
    all().into_iter().filter_map(|rule| rule.record).collect()
}

#[test]
fn rules_name_only_series_that_exist() {
    let recorded = recorded();
    for rule in all() {
        let strangers = promql::strangers(&rule.expr, &recorded);
        assert!(strangers.is_empty(), "{:?}: {strangers:?}", rule.alert.or(rule.record));
    }
}

#[test]
fn no_rule_speaks_of_a_label_named_cluster() {
    for rule in all() {
        let name = rule.alert.or(rule.record);
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        assert!(!rule.expr.split(|c| !is_word(c)).any(|word| word == "cluster"), "{name:?}");
        assert!(!rule.labels.contains_key("cluster"), "{name:?}");
        assert!(!rule.annotations.values().any(|text| text.contains("$labels.cluster")), "{name:?}");
    }
}

#[test]
fn every_alert_says_how_bad_it_is_and_where_to_read_on() {
    for rule in all() {
        let Some(alert) = rule.alert else { continue };
        assert!(["critical", "warning", "info"].contains(&rule.labels["severity"].as_str()), "{alert}");
        for annotation in ["summary", "description", "runbook_url"] {
            assert!(!rule.annotations[annotation].trim().is_empty(), "{alert}: {annotation}");
        }
        let runbook = &rule.annotations["runbook_url"];
        if let Some((_, anchor)) = runbook.split_once("deploy/README.md#") {
            assert_eq!(anchor, alert.to_lowercase(), "{alert}");
            assert!(read("README.md").contains(&format!("### {alert}\n")), "deploy/README.md has no section {alert}");
        } else {
            assert!(runbook.starts_with("http://{{") && runbook.contains("/{{"), "{alert}: {runbook}");
        }
    }
}

#[test]
fn every_rule_has_a_case_with_a_result_and_one_without() {
    let tests =
        |path: &String| serde_saphyr::from_str::<Tests>(&read(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    let tests: Vec<Test> = files("prometheus/tests").iter().flat_map(|path| tests(path).tests).collect();
    for rule in all() {
        let results: Vec<bool> = match (&rule.alert, &rule.record) {
            (Some(alert), _) => tests
                .iter()
                .flat_map(|test| &test.alert_rule_test)
                .filter(|case| case.alertname == *alert)
                .map(|case| !case.exp_alerts.is_empty())
                .collect(),
            (None, record) => tests
                .iter()
                .flat_map(|test| &test.promql_expr_test)
                .filter(|case| case.expr.contains(record.as_ref().unwrap()))
                .map(|case| !case.exp_samples.is_empty())
                .collect(),
        };
        let name = rule.alert.or(rule.record).unwrap();
        assert!(results.contains(&true), "no case where {name} has a result");
        assert!(results.contains(&false), "no case where {name} has none");
    }
}
