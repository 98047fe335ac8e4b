//! The Grafana dashboard: panels as a list here, JSON from it.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{is_current, promql, rules};

/// What a panel shows: title, description, kind, unit, width of 24, and queries with their legends.
type Panel = (&'static str, &'static str, &'static str, &'static str, u64, &'static [(&'static str, &'static str)]);

/// What every query asks of: the vantages and links that were chosen.
const LINK: &str = "link=~\"$link\",vantage=~\"$vantage\"";

#[rustfmt::skip]
const ROWS: &[(&str, u64, &[Panel])] = &[
    ("Estate", 5, &[
        ("Broken", "Links that are broken now, each counted at every place that sees it so.", "stat", "none", 4, &[("count(farlink_link_up{LINK} == 0) or vector(0)", "")]),
        ("Degraded", "Links that work in part.", "stat", "none", 4, &[("sum(farlink_link_verdict{LINK,verdict=\"degraded\"}) or vector(0)", "")]),
        ("Unknown", "Links nobody can decide about; most often the agent lacks a key or a certificate.", "stat", "none", 4, &[("sum(farlink_link_verdict{LINK,verdict=\"unknown\"}) or vector(0)", "")]),
        ("OK", "Links that work.", "stat", "none", 4, &[("sum(farlink_link_verdict{LINK,verdict=\"ok\"}) or vector(0)", "")]),
        ("Next certificate to expire", "The first end of a leaf or intermediate certificate among all links.", "stat", "s", 4, &[("min(farlink_certificate_not_after_timestamp_seconds{LINK,position=~\"leaf|intermediate\"}) - time()", "")]),
        ("Agents down", "Agents that Prometheus cannot scrape: their links are not watched.", "stat", "none", 4, &[("count(max by (instance) (up{job=~\"farlink.*\"}) == 0) or vector(0)", "")]),
    ]),
    ("Causes", 9, &[
        ("Root causes", "What explains the broken and degraded links, and how many links share it.", "table", "none", 10, &[("sort_desc(count by (id) (farlink_root_cause{LINK}))", "{{id}}")]),
        ("Broken links", "Since when each link has not been seen to work.", "table", "dateTimeAsIso", 14, &[("farlink_link_broken_since_timestamp_seconds{LINK} * 1000", "{{link}}")]),
    ]),
    ("History", 9, &[
        ("Verdicts", "How many links have which verdict.", "timeseries", "none", 12, &[("sum by (verdict) (farlink_link_verdict{LINK})", "{{verdict}}")]),
        ("Links up", "Each link over time: 1 works, 0 broken, nothing while unknown.", "state-timeline", "none", 12, &[("min by (link) (farlink_link_up{LINK})", "{{link}}")]),
        ("Changes of verdict", "Links whose verdict changed in the hour before; many changes are flapping.", "timeseries", "none", 12, &[("topk(10, increase(farlink_link_verdict_changes_total{LINK}[1h])) > 0", "{{link}} {{vantage}}")]),
        ("Availability over 30 days", "Of the time that was judged; the second column says how much that was.", "table", "percentunit", 12, &[("last_over_time(link:farlink_available:ratio30d{LINK}[2h])", "{{link}} available"), ("last_over_time(link:farlink_known:ratio30d{LINK}[2h])", "{{link}} judged")]),
    ]),
    ("Path", 9, &[
        ("Failing stages", "Stages that failed at every address in the last run.", "table", "none", 8, &[("farlink_stage_up{LINK} == 0", "{{link}} {{stage}}")]),
        ("Duration of stages", "The slowest address of each stage in the last run, at most over the links chosen.", "timeseries", "s", 8, &[("max by (stage) (farlink_stage_duration_seconds{LINK})", "{{stage}}")]),
        ("99th percentile of stages", "Over all links and runs of the agents.", "timeseries", "s", 8, &[("histogram_quantile(0.99, sum by (le, stage) (rate(farlink_probe_duration_seconds_bucket{vantage=~\"$vantage\"}[5m])))", "{{stage}}")]),
        ("Findings", "Everything found at present, warnings and information too.", "table", "none", 24, &[("count by (id, severity, stage) (farlink_finding{LINK})", "{{id}}")]),
    ]),
    ("Ends on a known day", 9, &[
        ("Certificates", "Time left of the presented certificates, the shortest first.", "table", "s", 12, &[("sort(farlink_certificate_not_after_timestamp_seconds{LINK} - time())", "{{link}} {{position}}")]),
        ("API keys", "Time left of the cross-cluster API keys.", "table", "s", 12, &[("sort(farlink_api_key_expiration_timestamp_seconds{LINK} - time())", "{{link}}")]),
    ]),
    ("What the clusters say", 9, &[
        ("Connected", "What _remote/info of the local cluster says of each link.", "state-timeline", "none", 8, &[("farlink_remote_info_connected{LINK}", "{{link}}")]),
        ("Sockets or nodes", "Open sockets (proxy mode) or connected nodes (sniff mode).", "timeseries", "none", 8, &[("farlink_remote_info_sockets{LINK}", "{{link}}")]),
        ("Follower lag", "Operations the furthest follower has yet to copy.", "timeseries", "none", 8, &[("farlink_follower_lag_operations{LINK}", "{{link}}")]),
        ("API key accepted", "Whether the remote cluster took the key when it was last tried.", "state-timeline", "none", 24, &[("farlink_api_key_accepted{LINK}", "{{link}}")]),
    ]),
    ("farlink itself", 8, &[
        ("Probe lag", "How late the oldest probe that is due is; 0 is right.", "timeseries", "s", 6, &[("farlink_probe_lag_seconds{vantage=~\"$vantage\"}", "{{instance}}")]),
        ("Probes", "Runs of links each second.", "timeseries", "reqps", 6, &[("sum by (verdict) (rate(farlink_probes_total{LINK}[5m]))", "{{verdict}}")]),
        ("Oldest run", "How long ago the link that was run least recently was run.", "timeseries", "s", 6, &[("time() - min by (instance) (farlink_probe_last_run_timestamp_seconds{LINK})", "{{instance}}")]),
        ("Sources", "How long ago each cluster or management API answered.", "timeseries", "s", 6, &[("time() - farlink_source_last_success_timestamp_seconds{vantage=~\"$vantage\"}", "{{source}}")]),
        ("Configuration", "1 where the configuration was right when it was last read.", "stat", "none", 12, &[("farlink_config_last_reload_successful{vantage=~\"$vantage\"}", "{{instance}}")]),
        ("Builds", "Which build of farlink runs where.", "table", "none", 12, &[("farlink_build_info{vantage=~\"$vantage\"}", "{{instance}} {{version}}")]),
    ]),
];

fn dashboard() -> Value {
    let source = json!({ "type": "prometheus", "uid": "${datasource}" });
    let mut panels = Vec::new();
    let mut top = 0;
    for (row, height, members) in ROWS {
        let id = panels.len() + 1;
        panels.push(json!({ "id": id, "type": "row", "title": row, "collapsed": false, "panels": [], "gridPos": { "h": 1, "w": 24, "x": 0, "y": top } }));
        top += 1;
        let mut left = 0;
        for (title, description, kind, unit, width, queries) in *members {
            if left + width > 24 {
                (left, top) = (0, top + height);
            }
            let targets: Vec<Value> = queries
                .iter()
                .zip('A'..)
                .map(|((query, legend), reference)| {
                    let is_table = *kind == "table";
                    json!({ "refId": reference, "datasource": source, "expr": query.replace("LINK", LINK), "legendFormat": legend,
                            "instant": is_table || *kind == "stat", "range": !is_table && *kind != "stat",
                            "format": if is_table { "table" } else { "time_series" } })
                })
                .collect();
            let page = json!([{ "title": "Page of the link (the agent's address is the label instance)", "targetBlank": true,
                                "url": "http://${__field.labels.instance}/links/${__field.labels.link:percentencode}" }]);
            let has_instance = queries.iter().all(|(query, _)| query.starts_with("farlink_"));
            let mut defaults = json!({ "unit": unit, "links": [] });
            if has_instance && queries[0].1.contains("{{link}}") {
                defaults["links"] = page;
            }
            panels.push(json!({ "id": panels.len() + 1, "type": kind, "title": title, "description": description, "datasource": source,
                                "gridPos": { "h": height, "w": width, "x": left, "y": top },
                                "fieldConfig": { "defaults": defaults, "overrides": [] }, "options": {}, "targets": targets }));
            left += width;
        }
        top += height;
    }
    let choice = |name: &str, label: &str| {
        json!({ "name": name, "label": label, "type": "query", "datasource": source, "definition": format!("label_values(farlink_probe_last_run_timestamp_seconds, {name})"),
                "query": { "query": format!("label_values(farlink_probe_last_run_timestamp_seconds, {name})"), "refId": name },
                "multi": true, "includeAll": true, "allValue": ".*", "refresh": 2, "sort": 1, "current": { "text": "All", "value": "$__all" } })
    };
    json!({
        "uid": "farlink", "title": "farlink: remote cluster links", "tags": ["elasticsearch", "farlink"], "schemaVersion": 39, "version": 1,
        "editable": true, "refresh": "1m", "time": { "from": "now-6h", "to": "now" }, "timezone": "browser", "annotations": { "list": [] },
        "templating": { "list": [
            { "name": "datasource", "label": "Prometheus", "type": "datasource", "query": "prometheus", "refresh": 1 },
            choice("vantage", "Vantage"), choice("link", "Link"),
        ] },
        "panels": panels,
    })
}

#[test]
fn the_dashboard_is_current() {
    let text = serde_json::to_string_pretty(&dashboard()).unwrap();
    is_current("grafana/farlink.json", &format!("{text}\n"));
}

#[test]
fn every_panel_can_be_read_and_asks_only_for_what_exists() {
    let dashboard = dashboard();
    let recorded = rules::recorded();
    let mut ids = BTreeSet::new();
    let mut titles = BTreeSet::new();
    for panel in dashboard["panels"].as_array().unwrap() {
        let title = panel["title"].as_str().unwrap();
        assert!(ids.insert(panel["id"].as_u64().unwrap()), "{title}: its id is not its own");
        assert!(titles.insert(title), "{title}: twice");
        if panel["type"] == "row" {
            continue;
        }
        assert!(panel["description"].as_str().unwrap().len() > 15, "{title}: no description");
        assert!(!panel["fieldConfig"]["defaults"]["unit"].as_str().unwrap().is_empty(), "{title}: no unit");
        assert_eq!(panel["datasource"]["uid"], "${datasource}", "{title}");
        let place = &panel["gridPos"];
        assert!(place["x"].as_u64().unwrap() + place["w"].as_u64().unwrap() <= 24, "{title}: off the page");
        for target in panel["targets"].as_array().unwrap() {
            assert_eq!(target["datasource"]["uid"], "${datasource}", "{title}");
            let strangers = promql::strangers(target["expr"].as_str().unwrap(), &recorded);
            assert!(strangers.is_empty(), "{title}: {strangers:?}");
        }
    }
}

#[test]
fn every_family_is_on_the_dashboard() {
    let text = dashboard().to_string();
    for family in farlink::serve::families::FAMILIES {
        assert!(text.contains(family.name), "{} is on no panel", family.name);
    }
}
