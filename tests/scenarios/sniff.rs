//! Sniff mode and several members behind one address, by hand against single nodes of the lab.

use std::net::SocketAddr;

use farlink_lab::address::RefusedPort;
use farlink_lab::authority::{Authority, Identity, LeafOptions};
use farlink_lab::handshake::Release;
use farlink_lab::key::{Key, Licence, RemoteClusterServer};
use farlink_lab::node::{Node, NodeOptions, Profile};
use farlink_lab::proxy::{Proxy, ProxyKind, Reencrypted};
use farlink_lab::tls::ServerTls;
use serde_json::Value;
use tempfile::TempDir;
use tokio::net::TcpListener;

use super::estate::{farlink, json};

/// A local cluster's files, and what remote nodes need to serve it.
struct Bed {
    files: TempDir,
    authority: Authority,
    identity: Identity,
    server: RemoteClusterServer,
}

impl Bed {
    fn new() -> Self {
        let authority = Authority::new("Lab CA").unwrap();
        let leaf = LeafOptions { ips: vec![[127, 0, 0, 1].into()], ..LeafOptions::dns(&["eu.farlink.test"]) };
        let identity = authority.issue(&leaf).unwrap();
        let key = Key::new("VuaCfGcBCdbkQm-e5aOx", "ui2lp2axTNmsyakw9tvNnw");
        let files = tempfile::tempdir().unwrap();
        std::fs::write(files.path().join("ca.pem"), authority.ca_pem()).unwrap();
        std::fs::write(files.path().join("key"), key.encoded()).unwrap();
        let server = RemoteClusterServer { keys: vec![key], licence: Licence::Sufficient };
        Self { files, authority, identity, server }
    }

    /// A node's remote cluster server, changed by `change`.
    async fn key_port(&self, change: impl FnOnce(&mut NodeOptions)) -> Node {
        let mut options = NodeOptions {
            profile: Profile::RemoteCluster(self.server.clone()),
            tls: Some(ServerTls::new(self.identity.clone())),
            ..NodeOptions::new(Release::V9_5_3)
        };
        change(&mut options);
        Node::start(listener().await, options).unwrap()
    }

    /// A node's transport port behind TLS that asks for no client certificate.
    async fn transport_port(&self) -> Node {
        let tls = Some(ServerTls::new(self.identity.clone()));
        let options = NodeOptions { tls, node_name: "node-2".into(), ..NodeOptions::new(Release::V9_5_3) };
        Node::start(listener().await, options).unwrap()
    }

    /// The report's one link of the API-key model, dialled by hand at `addresses`.
    async fn diagnose(&self, option: &str, addresses: &[SocketAddr]) -> Value {
        let file = |name: &str| self.files.path().join(name).display().to_string();
        let mut arguments = vec![
            "diagnose".to_owned(),
            "--model=api-key".to_owned(),
            format!("--ca-file={}", file("ca.pem")),
            format!("--api-key-file={}", file("key")),
            "--stage-timeout=1200ms".to_owned(),
            "--format=json".to_owned(),
        ];
        arguments.extend(addresses.iter().map(|address| format!("--{option}={address}")));
        tokio::task::spawn_blocking(move || json(&farlink(arguments))["links"][0].clone()).await.unwrap()
    }
}

async fn listener() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").await.unwrap()
}

fn refused() -> RefusedPort {
    RefusedPort::hold(([127, 0, 0, 1], 0).into()).unwrap()
}

#[track_caller]
fn assert_root(link: &Value, verdict: &str, root: Option<&str>) {
    assert_eq!((link["verdict"].as_str(), link["root_cause"].as_str()), (Some(verdict), root), "{link:#}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_seed_that_publishes_an_address_where_nobody_listens_is_named_with_that_address() {
    let (bed, dead) = (Bed::new(), refused());
    let seed = bed.key_port(|options| options.publish_address = Some(dead.address())).await;
    let link = bed.diagnose("seed", &[seed.address()]).await;
    assert_root(&link, "broken", Some("transport-publish-address-unreachable"));
    assert!(link["findings"][0]["title"].as_str().unwrap().contains(&dead.address().to_string()), "{link:#}");
    let healthy = bed.key_port(|_| {}).await;
    assert_root(&bed.diagnose("seed", &[healthy.address()]).await, "ok", None);
    // Proxy mode dials no publish address.
    assert_root(&bed.diagnose("proxy-address", &[seed.address()]).await, "ok", None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dedicated_masters_and_an_empty_list_are_no_gateways() {
    let bed = Bed::new();
    let masters = bed.key_port(|options| options.roles = vec!["master"]).await;
    let nobody = bed.key_port(|options| options.node_addresses = Some(vec![])).await;
    for seed in [masters, nobody] {
        assert_root(&bed.diagnose("seed", &[seed.address()]).await, "broken", Some("transport-no-gateway-node"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn seeds_of_two_clusters_are_named() {
    let bed = Bed::new();
    let (eu, us) = (
        bed.key_port(|options| options.cluster_name = "eu".into()).await,
        bed.key_port(|options| options.cluster_name = "us".into()).await,
    );
    let link = bed.diagnose("seed", &[eu.address(), us.address()]).await;
    assert_root(&link, "degraded", Some("transport-cluster-changed"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn members_that_differ_behind_a_balancer_are_named_whatever_the_first_connection_meets() {
    let (bed, dead) = (Bed::new(), refused());
    let (good, off) = (bed.key_port(|_| {}).await, bed.transport_port().await);
    for first in [off.address(), dead.address()] {
        let proxy = Proxy::start(listener().await, ProxyKind::RoundRobin(vec![first, good.address()])).unwrap();
        let link = bed.diagnose("proxy-address", &[proxy.address()]).await;
        assert_root(&link, "broken", Some("proxy-members-differ"));
    }
    let alike = Proxy::start(listener().await, ProxyKind::RoundRobin(vec![off.address()])).unwrap();
    assert_root(&bed.diagnose("proxy-address", &[alike.address()]).await, "broken", Some("transport-wrong-port"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_proxy_that_answers_tls_with_nobody_behind_it_has_no_backend() {
    let (bed, dead) = (Bed::new(), refused());
    let backend = Reencrypted {
        backend: dead.address(),
        server_name: "eu.farlink.test".into(),
        authority: bed.authority.certificate(),
    };
    for (backend, root) in [(Some(backend), "proxy-no-backend"), (None, "transport-closed")] {
        let kind = ProxyKind::TerminateTls { identity: bed.identity.clone(), backend };
        let proxy = Proxy::start(listener().await, kind).unwrap();
        assert_root(&bed.diagnose("proxy-address", &[proxy.address()]).await, "broken", Some(root));
    }
}
