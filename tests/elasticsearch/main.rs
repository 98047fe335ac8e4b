//! Real Elasticsearch nodes, HAProxy and OpenSSL certificates: the bed of `bed.sh`.
//! `tests/elasticsearch/run` starts it, names its folder in `FARLINK_BED`, and runs these tests.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, missing_docs)]

mod keys;

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

/// A link of the API-key model by hand at these ports of the bed.
fn with_key(bed: &Bed, option: &str, port: &str) -> Value {
    let link = bed.links("local").into_iter().find(|(name, _, _)| name == "sniff-key-healthy").unwrap().2;
    let report = farlink(&[
        "diagnose".to_owned(),
        format!("--{option}=127.0.0.1:{}", bed.0["ports"][port]),
        "--model=api-key".to_owned(),
        "--verification-mode=certificate".to_owned(),
        format!("--ca-file={}", bed.file("ca")),
        format!("--api-key-file={}", link["api_key_file"].as_str().unwrap()),
    ]);
    report["links"][0].clone()
}

#[test]
fn a_publish_address_that_cannot_be_reached_is_named_at_the_wire_in_both_models() {
    let bed = Bed::open();
    let dead = format!("127.0.0.1:{}", bed.0["ports"]["refused"]);
    let by_certificate = {
        let seed = format!("--seed=127.0.0.1:{}", bed.0["ports"]["hidden_transport"]);
        let by_hand = ["--model=certificate", "--verification-mode=certificate"].map(str::to_owned);
        farlink(&[vec!["diagnose".to_owned(), seed], by_hand.to_vec(), bed.with_files()].concat())["links"][0].clone()
    };
    for link in [by_certificate, with_key(&bed, "seed", "hidden_cluster_server")] {
        assert_eq!(link["root_cause"], "transport-publish-address-unreachable", "{link:#}");
        assert!(link["findings"][0]["title"].as_str().unwrap().contains(&dead), "{link:#}");
    }
    let healthy = with_key(&bed, "seed", "remote_cluster_server");
    assert_eq!((&healthy["verdict"], &healthy["root_cause"]), (&"ok".into(), &Value::Null), "{healthy:#}");
    // Behind a proxy nobody dials what a node publishes.
    assert_eq!(with_key(&bed, "proxy-address", "hidden_cluster_server")["verdict"], "ok");
}

#[test]
fn haproxy_with_unlike_members_or_with_none_behind_its_tls_is_named() {
    let bed = Bed::open();
    // Whichever member has its turn; a run that meets the right one first has nothing wrong to look into.
    let roots: Vec<Value> =
        (0..2).map(|_| with_key(&bed, "proxy-address", "members_differ")["root_cause"].clone()).collect();
    assert!(roots.contains(&"proxy-members-differ".into()), "{roots:?}");
    assert!(roots.iter().all(|root| root.is_null() || root == "proxy-members-differ"), "{roots:?}");
    assert_eq!(with_key(&bed, "proxy-address", "tls_backend_down")["root_cause"], "proxy-no-backend");
}

/// A port that requires client certificates, asked with the one of this name (`-` for none): the alert, the
/// finding about the client with its severity and certainty, and the verdict.
fn asked_with(bed: &Bed, port: &str, certificate: &str) -> (Option<u64>, Vec<String>, String, Value) {
    let folder = tempfile::tempdir().unwrap();
    let evidence = folder.path().join("evidence.json");
    let mut arguments = vec![
        "diagnose".to_owned(),
        format!("--proxy-address=127.0.0.1:{}", bed.0["ports"][port]),
        format!("--ca-file={}", bed.file("ca")),
        format!("--save-evidence={}", evidence.display()),
        "--model=certificate".to_owned(),
        "--verification-mode=certificate".to_owned(),
    ];
    if certificate != "-" {
        let clients = bed.file("clients");
        arguments.push(format!("--cert-file={clients}/{certificate}.crt"));
        arguments.push(format!("--key-file={clients}/{certificate}.key"));
    }
    let report = farlink(&arguments);
    let saved: Value = serde_json::from_slice(&std::fs::read(evidence).unwrap()).unwrap();
    let attempt = &saved["links"][0]["addresses"][0]["attempts"][0];
    let alert = attempt["tls"]["outcome"]["code"].as_u64().or(attempt["exchanges"][0]["heard"]["code"].as_u64());
    let link = report["links"][0].clone();
    let text = |finding: &Value, key: &str| finding[key].as_str().unwrap().to_owned();
    let about_client =
        |finding: &&Value| text(finding, "id").starts_with("tls-client") || text(finding, "title").contains("client");
    let findings = link["findings"].as_array().unwrap().iter().filter(about_client);
    let findings =
        findings.map(|f| format!("{} {} {}", text(f, "id"), text(f, "severity"), text(f, "certainty"))).collect();
    (alert, findings, link["verdict"].as_str().unwrap().to_owned(), link)
}

#[test]
fn a_client_certificate_is_judged_as_real_nodes_on_both_jdks_and_both_tls_versions_judge_it() {
    const UNTRUSTED: &str = "tls-client-certificate-untrusted error likely";
    const INVALID: &str = "tls-client-certificate-invalid error certain";
    const NOT_ACCEPTED: &str = "tls-client-ca-not-accepted error certain";
    const REQUIRED: &str = "tls-client-certificate-required warning certain";
    let bed = Bed::open();
    // The alert that answers no certificate is the only one that differs: 42 up to JDK 17, measured with
    // 17.0.15; 116 with TLS 1.3 and 40 with TLS 1.2 on newer ones, measured with 25.0.3.
    let ports = [("remote_transport", 116), ("remote_tls12", 40), ("local_transport", 116), ("local_tls12", 40)];
    for (port, newer) in ports {
        let none = asked_with(&bed, port, "-").0.unwrap();
        assert!([42, newer].contains(&none), "alert {none} at {port}");
        let rows: [(&str, Option<u64>, &[&str], &str); 12] = [
            ("-", Some(none), &[REQUIRED], "unknown"),
            ("short-key", Some(none), &["tls-client-certificate-invalid warning certain", REQUIRED], "unknown"),
            ("stranger", Some(46), &[NOT_ACCEPTED, UNTRUSTED], "broken"),
            ("alone", Some(46), &[NOT_ACCEPTED, UNTRUSTED], "broken"),
            ("namesake", Some(46), &[UNTRUSTED], "broken"),
            ("server-only", Some(46), &[INVALID], "broken"),
            ("encipher-only", Some(46), &[INVALID], "broken"),
            ("expired", Some(46), &[INVALID], "broken"),
            ("early", Some(46), &[INVALID], "broken"),
            ("expiring", None, &["certificate-expiring warning certain"], "ok"),
            ("chained", None, &[], "ok"),
            ("right", None, &[], "ok"),
        ];
        for (certificate, alert, findings, verdict) in rows {
            let found = asked_with(&bed, port, certificate);
            assert_eq!((found.0, found.2.as_str()), (alert, verdict), "{certificate} at {port}: {:#}", found.3);
            assert_eq!(found.1, findings, "{certificate} at {port}: {:#}", found.3);
            let version = if port.ends_with("tls12") { "TLS 1.2" } else { "TLS 1.3" };
            let tls =
                found.3["addresses"][0]["stages"].as_array().unwrap().iter().find(|stage| stage["stage"] == "tls");
            assert!(verdict != "ok" || tls.unwrap().to_string().contains(version), "{tls:?} should be {version}");
        }
    }
}
