//! A local cluster whose clock differs from that of the host farlink runs on.

use std::time::{Duration, SystemTime};

use farlink_lab::authority::{Authority, LeafOptions};
use farlink_lab::handshake::Release;
use farlink_lab::key::{Key, Licence, RemoteClusterServer};
use farlink_lab::node::{Node, NodeOptions, Profile};
use farlink_lab::rest::{RestAuth, RestCluster, RestLink, RestStub};
use farlink_lab::tls::ServerTls;
use serde_json::Value;
use tokio::net::TcpListener;

use super::cluster::nobody;
use super::estate::{farlink, json};

async fn free() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").await.unwrap()
}

/// A remote cluster server whose certificate begins in an hour, and a local cluster that has it as `eu`.
async fn young_certificate(folder: &std::path::Path) -> (Node, RestStub) {
    let authority = Authority::new("Lab CA").unwrap();
    std::fs::write(folder.join("ca.pem"), authority.ca_pem()).unwrap();
    let not_before = SystemTime::now() + Duration::from_secs(3600);
    let identity = authority.issue(&LeafOptions { not_before, ..LeafOptions::dns(&["eu.lab.example"]) }).unwrap();
    let options = NodeOptions {
        profile: Profile::RemoteCluster(RemoteClusterServer {
            keys: vec![Key::new("VuaCfGcBCdbkQm-e5aOx", "ui2lp2axTNmsyakw9tvNnw")],
            licence: Licence::Sufficient,
        }),
        tls: Some(ServerTls::new(identity)),
        ..NodeOptions::new(Release::V9_5_3)
    };
    let node = Node::start(free().await, options).unwrap();
    let link = RestLink::by_key("eu", &node.address().to_string(), Some("eu.lab.example"));
    let cluster = RestCluster { links: vec![link], ..nobody() };
    (node, RestStub::start(free().await, cluster, RestAuth::Open, None).unwrap())
}

fn finding<'a>(link: &'a Value, id: &str) -> Option<&'a Value> {
    link["findings"].as_array().unwrap().iter().find(|finding| finding["id"] == id)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_two_hours_off_explains_a_certificate_that_is_not_valid_yet() {
    let folder = tempfile::tempdir().unwrap();
    let (_node, local) = young_certificate(folder.path()).await;
    let saved = folder.path().join("evidence.json").display().to_string();
    let arguments = [
        "diagnose".to_owned(),
        format!("--cluster={}", local.url()),
        format!("--ca-file={}", folder.path().join("ca.pem").display()),
        format!("--save-evidence={saved}"),
        "--format=json".to_owned(),
    ];
    for (ahead, title) in
        [(7200, Some("is 2 h ahead of this host's")), (-7200, Some("is 2 h behind this host's")), (0, None)]
    {
        local.set_clock(ahead);
        let arguments = arguments.clone();
        let report = tokio::task::spawn_blocking(move || json(&farlink(arguments))).await.unwrap();
        let link = &report["links"][0];
        let skew = finding(link, "certificate-clock-skew").map(|finding| finding["title"].as_str().unwrap());
        match title {
            Some(title) => assert!(skew.unwrap().ends_with(title), "{skew:?}"),
            None => assert_eq!(skew, None),
        }
        let by = if ahead > 0 { "certificate-clock-skew" } else { "cluster-agent-path-differs" };
        assert_eq!(finding(link, "certificate-not-yet-valid").unwrap()["explained_by"], by, "{link:#}");
        assert_eq!(link["verdict"], "ok");
        let replayed = ["diagnose".to_owned(), format!("--evidence={saved}"), "--format=json".to_owned()];
        let replayed = tokio::task::spawn_blocking(move || json(&farlink(replayed))).await.unwrap();
        assert_eq!(replayed, report);
    }
}
