//! The names in a PromQL expression.

use farlink::serve::families::{FAMILIES, Family, Kind};

/// Labels that Prometheus gives a target, or a histogram its buckets.
const TARGET_LABELS: &[&str] = &["job", "instance", "vantage", "pod", "node", "le"];

/// Everything in an expression that is no metric and no recorded series of ours, in words.
pub fn strangers(expression: &str, recorded: &[String]) -> Vec<String> {
    let mut strangers = Vec::new();
    for (name, labels) in selectors(expression) {
        if recorded.contains(&name) || name == "up" {
            continue;
        }
        match family(&name) {
            None => strangers.push(format!("{name} is no metric of farlink")),
            Some(family) => strangers.extend(
                labels
                    .iter()
                    .filter(|label| {
                        !family.labels.contains(&label.as_str()) && !TARGET_LABELS.contains(&label.as_str())
                    })
                    .map(|label| format!("{name} has no label {label}")),
            ),
        }
    }
    strangers
}

fn family(name: &str) -> Option<&'static Family> {
    FAMILIES.iter().find(|family| match family.kind {
        Kind::Histogram => ["_bucket", "_sum", "_count"].iter().any(|end| name.strip_suffix(end) == Some(family.name)),
        Kind::Gauge | Kind::Counter => name == family.name,
    })
}

/// The metric names of an expression, each with the labels its braces name. A name is what holds a colon or begins with
/// `farlink`, and `up`: functions and words of the language do neither.
pub fn selectors(expression: &str) -> Vec<(String, Vec<String>)> {
    let text = without_strings(expression);
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == ':';
    let mut found = Vec::new();
    let mut rest = text.as_str();
    while let Some(start) = rest.find(is_name) {
        rest = &rest[start..];
        let end = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        rest = after;
        let is_duration = name.starts_with(|c: char| c.is_ascii_digit());
        if is_duration || !(name.starts_with("farlink") || name.contains(':') || name == "up") {
            continue;
        }
        let braces = after.strip_prefix('{').and_then(|inside| inside.split_once('}')).map_or("", |(inside, _)| inside);
        let labels = braces.split(',').filter_map(|matcher| matcher.split(['=', '!']).next());
        let labels = labels.map(|label| label.trim().to_owned()).filter(|label| !label.is_empty()).collect();
        found.push((name.to_owned(), labels));
    }
    found
}

fn without_strings(expression: &str) -> String {
    expression.split('"').step_by(2).collect()
}

#[test]
fn a_name_that_is_not_ours_is_found() {
    let cases: &[(&str, &[&str])] = &[
        ("sum by (link) (farlink_link_up == 0) > up", &[]),
        ("rate(farlink_probe_duration_seconds_bucket{le=\"+Inf\", stage=~\"a{1}\"}[5m])", &[]),
        ("farlink_link_upp", &["farlink_link_upp is no metric of farlink"]),
        ("farlink_probe_duration_seconds", &["farlink_probe_duration_seconds is no metric of farlink"]),
        ("farlink_link_up{stage=\"tcp\"}", &["farlink_link_up has no label stage"]),
        ("sum_over_time(a:b[1h:1m]) + c:d", &["c:d is no metric of farlink"]),
    ];
    for (expression, wanted) in cases {
        assert_eq!(strangers(expression, &["a:b".to_owned()]), *wanted, "{expression}");
    }
}
