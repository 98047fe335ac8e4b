//! docs/metrics.md, made from the list of families and what is worth knowing about each.

use std::fmt::Write as _;

use farlink::serve::families::FAMILIES;

use crate::staged::assert_current;

/// A family's name without `farlink_`, when it is absent, and what to ask it.
const NOTES: &[(&str, &str, &str)] = &[
    ("link_up", "before the first result, and while the verdict is unknown", "farlink_link_up == 0"),
    ("link_verdict", "before the first result", "sum by (verdict) (farlink_link_verdict)"),
    ("link_verdict_changes_total", "never", "increase(farlink_link_verdict_changes_total[1h]) > 4"),
    ("stage_up", "for stages that the last run did not test", "farlink_stage_up{stage=\"tls\"} == 0"),
    (
        "stage_duration_seconds",
        "for stages other than dns, tcp, tls, transport and api-key, and where nothing was measured",
        "topk(10, farlink_stage_duration_seconds{stage=\"tcp\"})",
    ),
    ("finding", "unless the finding is present", "count by (id) (farlink_finding{severity=\"error\"})"),
    (
        "root_cause",
        "while the link is ok or unknown",
        "(farlink_link_up == 0) * on (link) group_left (id) farlink_root_cause",
    ),
    (
        "link_broken_since_timestamp_seconds",
        "while the link works; it may be there before the first result, from before a restart",
        "time() - farlink_link_broken_since_timestamp_seconds",
    ),
    (
        "certificate_not_after_timestamp_seconds",
        "where the last run saw no certificate at this place of the chain",
        "min by (link) (farlink_certificate_not_after_timestamp_seconds) - time() < 14 * 86400",
    ),
    ("api_key_accepted", "until a key was tried, and without one", "farlink_api_key_accepted == 0"),
    (
        "api_key_expiration_timestamp_seconds",
        "where no REST API could be asked, and for keys that do not expire",
        "farlink_api_key_expiration_timestamp_seconds - time() < 7 * 86400",
    ),
    ("remote_info_connected", "without a local cluster to ask", "farlink_remote_info_connected == 0"),
    ("remote_info_sockets", "without a local cluster to ask", "farlink_remote_info_sockets < 18"),
    ("follower_lag_operations", "without a follower index on the link", "farlink_follower_lag_operations > 100000"),
    ("probes_total", "never", "sum by (link) (rate(farlink_probes_total[5m]))"),
    (
        "probe_last_run_timestamp_seconds",
        "before the first result",
        "time() - farlink_probe_last_run_timestamp_seconds > 600",
    ),
    (
        "probe_duration_seconds",
        "never, for the stages whose duration is measured",
        "histogram_quantile(0.99, sum by (stage, le) (rate(farlink_probe_duration_seconds_bucket[5m])))",
    ),
    ("probe_lag_seconds", "never", "farlink_probe_lag_seconds > 30"),
    (
        "source_last_success_timestamp_seconds",
        "until the source answered once",
        "time() - farlink_source_last_success_timestamp_seconds > 900",
    ),
    ("config_last_reload_successful", "never", "farlink_config_last_reload_successful == 0"),
    ("build_info", "never", "count by (version) (farlink_build_info)"),
];

const HEAD: &str = "# Metrics

Made from the code by `FARLINK_BLESS=1 cargo test --test web`; a test fails when it is stale.

`/metrics` has the families below and `process_*` of the daemon's own process. `/probe?link=NAME` runs one configured
link and has the families with the label `link`, for that link alone. `link` is the alias, or `local/alias` with several
local clusters. All values are in base units, counters start at zero with the daemon, and series vanish with their link.
";

fn page() -> String {
    let mut page = HEAD.to_owned();
    page.push_str("\n| family | type | labels |\n| --- | --- | --- |\n");
    for family in FAMILIES {
        let anchor = family.name;
        writeln!(page, "| [`{anchor}`](#{anchor}) | {} | {} |", family.kind.name(), code(family.labels)).unwrap();
    }
    for family in FAMILIES {
        let short = family.name.strip_prefix("farlink_").unwrap();
        let (_, absent, query) = NOTES.iter().find(|(name, ..)| *name == short).unwrap_or_else(|| {
            panic!("say in tests/web/reference.rs when {} is absent, and what to ask it", family.name)
        });
        write!(page, "\n## {}\n\n{}.\n\nAbsent: {absent}.\n\n```promql\n{query}\n```\n", family.name, family.help)
            .unwrap();
    }
    page
}

fn code(labels: &[&str]) -> String {
    labels.iter().map(|label| format!("`{label}`")).collect::<Vec<_>>().join(", ")
}

#[test]
fn the_reference_page_is_current_and_has_every_family() {
    assert_eq!(NOTES.len(), FAMILIES.len());
    assert_current("docs/metrics.md", &page());
}
