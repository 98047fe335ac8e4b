//! The probe before a remote cluster server that answers every row of what Elasticsearch says of a key.

use farlink_lab::address::{Host, REMOTE_CLUSTER_PORT};
use farlink_lab::authority::{Authority, LeafOptions};
use farlink_lab::handshake::Release;
use farlink_lab::key::{Key, KeyState, KeyType, Licence, RemoteClusterServer};
use farlink_lab::node::{Node, NodeOptions, Profile};
use farlink_lab::tls::ServerTls;
use serde_json::Value;
use tempfile::TempDir;

use super::estate::{farlink, json};

pub(crate) const SECRET: &str = "ui2lp2axTNmsyakw9tvNnw";

/// Keys by their id, each in its own state.
const STATES: [(&str, KeyState); 11] = [
    ("good", KeyState::Active),
    ("late", KeyState::Expired),
    ("gone", KeyState::Invalidated),
    ("sign", KeyState::SignatureRequired),
    ("off", KeyState::ServiceDisabled),
    ("index", KeyState::IndexUnavailable),
    ("breaker", KeyState::BreakerTripped),
    ("old", KeyState::OldNodes),
    ("nothing", KeyState::NothingGranted),
    ("metadata", KeyState::RefusedInMetadata),
    ("new", KeyState::RefusedUnheardOf),
];

/// One node behind TLS, with the files of whoever wants to link to it.
pub(crate) struct Remote {
    pub(crate) node: Node,
    pub(crate) files: TempDir,
    _host: Host,
}

impl Remote {
    async fn start(release: Release, change: impl FnOnce(NodeOptions) -> NodeOptions) -> Self {
        let host = Host::claim();
        let authority = Authority::new("Lab CA").unwrap();
        let identity = authority.issue(&LeafOptions { ips: vec![host.ip()], ..LeafOptions::dns(&["a.test"]) }).unwrap();
        let options = NodeOptions { tls: Some(ServerTls::new(identity)), ..NodeOptions::new(release) };
        let listener = host.listen(REMOTE_CLUSTER_PORT).await.unwrap();
        let node = Node::start(listener, change(options)).unwrap();
        let files = tempfile::tempdir().unwrap();
        std::fs::write(files.path().join("ca.pem"), authority.ca_pem()).unwrap();
        Self { node, files, _host: host }
    }

    /// A remote cluster server with a key in each state.
    pub(crate) async fn with_keys(release: Release, licence: Licence) -> Self {
        let mut keys: Vec<Key> =
            STATES.iter().map(|(id, state)| Key { state: *state, ..Key::new(id, SECRET) }).collect();
        keys.push(Key { key_type: KeyType::Rest, ..Key::new("rest", SECRET) });
        let profile = Profile::RemoteCluster(RemoteClusterServer { keys, licence });
        Self::start(release, |options| NodeOptions { profile, ..options }).await
    }

    /// The report's one link, dialled by hand with `key`, or with none.
    async fn diagnose(&self, key: Option<&str>) -> Value {
        let file = |name: &str| self.files.path().join(name).display().to_string();
        let mut arguments = vec![
            "diagnose".to_owned(),
            format!("--proxy-address={}", self.node.address()),
            "--model=api-key".to_owned(),
            format!("--ca-file={}", file("ca.pem")),
            "--format=json".to_owned(),
        ];
        if let Some(key) = key {
            std::fs::write(self.files.path().join("key"), key).unwrap();
            arguments.push(format!("--api-key-file={}", file("key")));
        }
        tokio::task::spawn_blocking(move || json(&farlink(arguments))["links"][0].clone()).await.unwrap()
    }
}

/// What stands out of the ordinary, one line a finding, and the verdict.
fn seen(link: &Value) -> (Vec<String>, String) {
    let text = |finding: &Value, key: &str| finding[key].as_str().unwrap().to_owned();
    let line = |f: &Value| format!("{} {} {}", text(f, "id"), text(f, "severity"), text(f, "certainty"));
    (link["findings"].as_array().unwrap().iter().map(line).collect(), text(link, "verdict"))
}

pub(crate) fn of(id: &str) -> String {
    Key::new(id, SECRET).encoded()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_answer_to_a_key_has_its_finding_its_severity_and_its_certainty() {
    let wrong = Key::new("good", "bbbbbbbbbbbbbbbbbbbbbb").encoded();
    let short = Key::new("good", "short").encoded();
    let rows: [(Option<String>, Option<&str>, &str); 17] = [
        (None, Some("api-key-missing warning certain"), "unknown"),
        (Some("not base64!".into()), Some("api-key-malformed warning certain"), "unknown"),
        (Some(short), Some("api-key-malformed warning certain"), "unknown"),
        (Some(of("good")), None, "ok"),
        (Some(of("nobody")), Some("api-key-unknown error likely"), "broken"),
        (Some(wrong), Some("api-key-wrong-secret error likely"), "broken"),
        (Some(of("late")), Some("api-key-expired error likely"), "broken"),
        (Some(of("gone")), Some("api-key-invalidated error likely"), "broken"),
        (Some(of("rest")), Some("api-key-wrong-type error likely"), "broken"),
        (Some(of("sign")), Some("api-key-signature-required error likely"), "broken"),
        (Some(of("off")), Some("api-key-service-disabled error likely"), "broken"),
        (Some(of("index")), Some("api-key-refused error possible"), "broken"),
        (Some(of("breaker")), Some("api-key-refused error possible"), "broken"),
        (Some(of("old")), Some("version-api-key-model-too-old error likely"), "broken"),
        (Some(of("nothing")), Some("api-key-refused error possible"), "broken"),
        (Some(of("metadata")), Some("api-key-expired error likely"), "broken"),
        (Some(of("new")), Some("api-key-refused error likely"), "broken"),
    ];
    for release in [Release::V8_14_3, Release::V8_19_21, Release::V9_5_3] {
        let remote = Remote::with_keys(release, Licence::Sufficient).await;
        for (key, finding, verdict) in &rows {
            let link = remote.diagnose(key.as_deref()).await;
            let expected = (finding.iter().map(ToString::to_string).collect(), (*verdict).to_owned());
            assert_eq!(seen(&link), expected, "{key:?} at {}: {link:#}", release.name);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_licence_is_seen_with_a_good_key_only() {
    let remote = Remote::with_keys(Release::V9_5_3, Licence::Insufficient).await;
    let licence = (vec!["licence-insufficient error likely".to_owned()], "broken".to_owned());
    assert_eq!(seen(&remote.diagnose(Some(&of("good"))).await), licence);
    let expired = (vec!["api-key-expired error likely".to_owned()], "broken".to_owned());
    assert_eq!(seen(&remote.diagnose(Some(&of("late"))).await), expired);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_transport_port_that_takes_a_key_for_nothing_is_the_wrong_port() {
    type Change = fn(NodeOptions) -> NodeOptions;
    let rows: [(Change, &str); 4] = [
        (|options| options, "config-remote-server-disabled error certain"),
        (|options| NodeOptions { remote_cluster_server: true, ..options }, "transport-wrong-port error certain"),
        (|options| NodeOptions { security: true, ..options }, "transport-wrong-port error certain"),
        (|options| NodeOptions { anonymous: true, ..options }, "transport-wrong-port error certain"),
    ];
    for (change, finding) in rows {
        let remote = Remote::start(Release::V9_5_3, change).await;
        for key in [None, Some(of("good"))] {
            let link = remote.diagnose(key.as_deref()).await;
            assert_eq!(seen(&link), (vec![finding.to_owned()], "broken".to_owned()), "{link:#}");
        }
    }
}
