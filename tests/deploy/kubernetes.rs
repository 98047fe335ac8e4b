//! The `PrometheusRule` is the rules themselves.

use super::{files, is_current, read};

#[test]
fn the_prometheus_rule_of_kubernetes_is_current() {
    let mut text = "# Generated from deploy/prometheus/rules: FARLINK_BLESS=1 cargo test --test deploy\n\
                    apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata:\n  name: farlink\n  labels:\n    \
                    app.kubernetes.io/name: farlink\nspec:\n  groups:\n"
        .to_owned();
    for path in files("prometheus/rules") {
        let file = read(&path);
        let (_, groups) = file.split_once("\ngroups:\n").unwrap();
        for line in groups.lines() {
            let is_blank = line.trim().is_empty();
            text.push_str(if is_blank { "" } else { "  " });
            text.push_str(line);
            text.push('\n');
        }
    }
    is_current("kubernetes/prometheus-rule.yml", &text);
}
