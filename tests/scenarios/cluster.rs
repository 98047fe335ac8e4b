//! A local cluster that cannot be asked is a finding and an undecided link, never an error dump.

use std::time::Duration;

use farlink_lab::rest::{RestAuth, RestCluster, RestMode, RestStub};
use serde_json::Value;
use tokio::net::TcpListener;

use super::estate::farlink;

fn diagnose(url: &str) -> (Value, Option<i32>) {
    let output = farlink(["diagnose", &format!("--cluster={url}"), "--timeout=3s", "--format=json"]);
    (serde_json::from_slice(&output.stdout).unwrap_or_default(), output.status.code())
}

fn assert_found(report: &Value, id: &str) {
    let link = &report["links"][0];
    assert!(link["findings"].as_array().unwrap().iter().any(|finding| finding["id"] == id), "{id}: {link:#}");
    assert_eq!(link["verdict"], "unknown");
}

/// A cluster of one node without remotes.
pub(crate) fn nobody() -> RestCluster {
    RestCluster::alone("prod")
}

async fn stub(auth: RestAuth, mode: RestMode) -> RestStub {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let stub = RestStub::start(listener, nobody(), auth, None).unwrap();
    stub.set_mode(mode);
    stub
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_unusable_answer_has_its_own_finding() {
    for (mode, id) in [
        (RestMode::Html, "cluster-answer-unusable"),
        (RestMode::WrongJson, "cluster-answer-unusable"),
        (RestMode::Oversized, "cluster-answer-unusable"),
        (RestMode::Slow(Duration::from_secs(30)), "cluster-unreachable"),
    ] {
        let stub = stub(RestAuth::Open, mode).await;
        let url = stub.url();
        let (report, code) = tokio::task::spawn_blocking(move || diagnose(&url)).await.unwrap();
        assert_found(&report, id);
        assert_eq!(code, Some(3));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refused_credentials_and_a_wrong_url_are_findings() {
    let stub = stub(RestAuth::Basic { user: "elastic".into(), password: "secret".into() }, RestMode::Normal).await;
    let url = stub.url();
    let (report, _) = tokio::task::spawn_blocking(move || diagnose(&url)).await.unwrap();
    assert_found(&report, "cluster-credentials-refused");
    let (report, code) = tokio::task::spawn_blocking(|| diagnose("http://127.0.0.1:1")).await.unwrap();
    assert_found(&report, "cluster-unreachable");
    assert_eq!(code, Some(3));
}
