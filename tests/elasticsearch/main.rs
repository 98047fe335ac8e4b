//! Real Elasticsearch nodes, HAProxy and OpenSSL certificates: the bed of `bed.sh`.
//! `tests/elasticsearch/run` starts it, names its folder in `FARLINK_BED`, and runs these tests.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, missing_docs)]

use std::process::Command;

use serde_json::Value;

struct Bed(Value);

impl Bed {
    fn open() -> Self {
        let folder = std::env::var("FARLINK_BED").unwrap();
        Self(serde_json::from_slice(&std::fs::read(format!("{folder}/bed.json")).unwrap()).unwrap())
    }

    fn file(&self, name: &str) -> String {
        self.0["files"][name].as_str().unwrap().to_owned()
    }

    fn with_files(&self) -> Vec<String> {
        vec![
            format!("--ca-file={}", self.file("ca")),
            format!("--cert-file={}", self.file("certificate")),
            format!("--key-file={}", self.file("key")),
        ]
    }

    fn diagnose(&self, local: &str, more: &[String]) -> Value {
        let url = self.0["nodes"][local]["rest"].as_str().unwrap();
        farlink(&[&["diagnose".to_owned(), format!("--cluster={url}")], more].concat())
    }

    /// Alias, expected ids (empty for a healthy link), and the link itself.
    fn links(&self, local: &str) -> Vec<(String, Vec<String>, Value)> {
        let links = self.0["links"].as_array().unwrap().iter().filter(|link| link["local"] == local);
        links
            .map(|link| {
                let ids = link["finding"]
                    .as_str()
                    .into_iter()
                    .chain(link["also"].as_array().unwrap().iter().filter_map(Value::as_str));
                (link["alias"].as_str().unwrap().to_owned(), ids.map(str::to_owned).collect(), link.clone())
            })
            .collect()
    }
}

fn farlink(arguments: &[String]) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_farlink")).args(arguments).args(["--format=json"]).output().unwrap();
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
}

fn alias<'a>(report: &'a Value, alias: &str) -> &'a Value {
    report["links"].as_array().unwrap().iter().find(|link| link["alias"] == alias).unwrap()
}

fn assert_expected(link: &Value, name: &str, ids: &[String]) {
    let root = link["root_cause"].as_str();
    match root {
        None => assert!(ids.is_empty(), "{name} should be one of {ids:?}: {link:#}"),
        Some(root) => assert!(ids.iter().any(|id| id == root), "{name} is {root}, should be one of {ids:?}"),
    }
}

#[test]
fn the_cause_of_each_alias_of_the_local_8_19_cluster_is_named() {
    let bed = Bed::open();
    let report = bed.diagnose("local", &bed.with_files());
    for (name, ids, _) in bed.links("local") {
        let link = alias(&report, &name);
        assert_expected(link, &name, &ids);
        assert_eq!(link["verdict"], if ids.is_empty() { "ok" } else { "broken" }, "{name}");
    }
}

#[test]
fn a_remote_too_far_apart_is_named_from_the_plain_8_14_cluster() {
    let bed = Bed::open();
    let report = bed.diagnose("old", &[]);
    for (name, ids, _) in bed.links("old") {
        assert_expected(alias(&report, &name), &name, &ids);
    }
}

/// With `tests/run --all` only: the bed has a 7.17 cluster then, which has no `_resolve/cluster`.
#[test]
fn a_remote_too_far_apart_is_named_from_the_7_17_cluster() {
    let bed = Bed::open();
    if bed.0["nodes"]["ancient"].is_null() {
        return;
    }
    let report = bed.diagnose("ancient", &[]);
    assert_eq!(alias(&report, "healthy")["verdict"], "ok");
    assert_eq!(alias(&report, "too-far")["root_cause"], "version-transport-incompatible");
}

#[test]
fn healthy_links_raise_no_error_without_files() {
    let bed = Bed::open();
    let report = bed.diagnose("local", &[]);
    for (name, ids, _) in bed.links("local") {
        if ids.is_empty() {
            let link = alias(&report, &name);
            assert_eq!(link["verdict"], "ok", "{name}");
            assert!(
                link["findings"].as_array().unwrap().iter().all(|finding| finding["severity"] != "error"),
                "{link:#}"
            );
        }
    }
}

#[test]
fn the_same_links_given_by_hand_have_the_same_root_causes() {
    let bed = Bed::open();
    let from_cluster = bed.diagnose("local", &bed.with_files());
    for (name, ids, row) in bed.links("local").into_iter().filter(|(_, _, row)| row["model"] == "certificate") {
        let link = alias(&from_cluster, &name);
        let Some(address) = link["proxy_address"].as_str() else { continue };
        let mut arguments = vec!["diagnose".to_owned(), format!("--proxy-address={address}")];
        arguments.extend(bed.with_files());
        arguments.extend(["--model=certificate".to_owned(), "--verification-mode=full".to_owned()]);
        arguments.extend(link["server_name"].as_str().map(|server| format!("--server-name={server}")));
        let report = farlink(&arguments);
        assert_expected(&report["links"][0], &format!("{name} by hand ({row})"), &ids);
    }
    let old = bed.diagnose("old", &[]);
    let address = alias(&old, "too-far")["proxy_address"].as_str().unwrap();
    let report = farlink(&[
        "diagnose".to_owned(),
        format!("--proxy-address={address}"),
        "--assume-version=local=8.14.3".to_owned(),
    ]);
    assert_eq!(report["links"][0]["root_cause"], "version-transport-incompatible");
}

#[test]
fn a_key_is_judged_at_the_wire_as_the_remote_judges_it() {
    let bed = Bed::open();
    let from_cluster = bed.diagnose("local", &bed.with_files());
    for (name, ids, row) in bed
        .links("local")
        .into_iter()
        .filter(|(name, _, _)| name.starts_with("key-") && name != "key-on-transport-port")
    {
        let link = alias(&from_cluster, &name);
        let key = row["api_key_file"].as_str().unwrap();
        let mut arguments = vec![
            "diagnose".to_owned(),
            format!("--proxy-address={}", link["proxy_address"].as_str().unwrap()),
            format!("--ca-file={}", bed.file("ca")),
            format!("--api-key-file={key}"),
        ];
        arguments.extend(link["server_name"].as_str().map(|server| format!("--server-name={server}")));
        let report = farlink(&arguments);
        assert_expected(&report["links"][0], &format!("{name} at the wire"), &ids);
        assert_eq!(report["links"][0]["verdict"], if ids.is_empty() { "ok" } else { "broken" }, "{name}");
    }
}
