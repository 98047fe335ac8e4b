//! Links over IPv6, and names of which one family is dead. Without IPv6 on this machine they pass unseen.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use farlink_lab::address::{Host, REMOTE_CLUSTER_PORT, RefusedPort};
use farlink_lab::authority::{Authority, LeafOptions};
use farlink_lab::handshake::Release;
use farlink_lab::key::{Key, Licence, RemoteClusterServer};
use farlink_lab::name_server::{NameAnswer, NameServer};
use farlink_lab::node::{Node, NodeOptions, Profile};
use farlink_lab::tls::ServerTls;
use serde_json::Value;
use tempfile::TempDir;
use tokio::net::TcpListener;

use super::estate::{farlink, json};

const NAME: &str = "both.farlink.test";

/// A remote cluster server, and the files of a local cluster that may use it.
struct Remote {
    node: Node,
    files: TempDir,
}

impl Remote {
    fn start(listener: TcpListener) -> Self {
        let authority = Authority::new("Lab CA").unwrap();
        let address = listener.local_addr().unwrap();
        let identity = authority.issue(&LeafOptions { ips: vec![address.ip()], ..LeafOptions::dns(&[NAME]) }).unwrap();
        let key = Key::new("VuaCfGcBCdbkQm-e5aOx", "ui2lp2axTNmsyakw9tvNnw");
        let files = tempfile::tempdir().unwrap();
        std::fs::write(files.path().join("ca.pem"), authority.ca_pem()).unwrap();
        std::fs::write(files.path().join("key"), key.encoded()).unwrap();
        let server = RemoteClusterServer { keys: vec![key], licence: Licence::Sufficient };
        let options = NodeOptions {
            profile: Profile::RemoteCluster(server),
            tls: Some(ServerTls::new(identity)),
            ..NodeOptions::new(Release::V9_5_3)
        };
        Self { node: Node::start(listener, options).unwrap(), files }
    }

    /// The report's one link, dialled by hand.
    async fn diagnose(&self, address: &str, more: &[String]) -> Value {
        let file = |name: &str| self.files.path().join(name).display().to_string();
        let mut arguments = vec![
            "diagnose".to_owned(),
            format!("--proxy-address={address}"),
            "--model=api-key".to_owned(),
            format!("--ca-file={}", file("ca.pem")),
            format!("--api-key-file={}", file("key")),
            "--format=json".to_owned(),
        ];
        arguments.extend_from_slice(more);
        tokio::task::spawn_blocking(move || json(&farlink(arguments))["links"][0].clone()).await.unwrap()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_to_an_ipv6_literal_is_dialled_as_it_is_written() {
    let Some(host) = Host::v6() else { return };
    let remote = Remote::start(host.listen(REMOTE_CLUSTER_PORT).await.unwrap());
    let address = remote.node.address().to_string();
    assert!(address.starts_with("[::1]:"));
    let link = remote.diagnose(&address, &[]).await;
    assert_eq!((&link["verdict"], &link["root_cause"]), (&"ok".into(), &Value::Null), "{link:#}");
    assert_eq!(link["alias"], *address);
    assert_eq!(link["proxy_address"], *address);
    assert_eq!(link["addresses"][0]["address"], *address);
    assert_eq!(link["addresses"][0]["outcome"], "usable");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_of_which_one_family_is_dead_is_degraded_and_says_which() {
    let Some(six) = Host::v6() else { return };
    let four = Host::claim();
    for (alive, dead) in [(&four, IpAddr::from(Ipv6Addr::LOCALHOST)), (&six, IpAddr::from(Ipv4Addr::LOCALHOST))] {
        let dead = RefusedPort::hold(SocketAddr::new(dead, 0)).unwrap();
        let port = dead.address().port();
        let remote = Remote::start(TcpListener::bind((alive.ip(), port)).await.unwrap());
        let names = NameServer::start(Ipv4Addr::LOCALHOST.into()).await.unwrap();
        names.set(NAME, NameAnswer::Addresses(vec![alive.ip(), dead.address().ip()]));
        let resolver = format!("--resolver={}", names.address());
        let link = remote.diagnose(&format!("{NAME}:{port}"), &[resolver]).await;
        assert_eq!((&link["verdict"], &link["root_cause"]), (&"degraded".into(), &"tcp-refused".into()), "{link:#}");
        let family = link["findings"].as_array().unwrap().iter().find(|found| found["id"] == "dns-family-broken");
        let family = family.unwrap_or_else(|| unreachable!("{link:#}"));
        assert_eq!(family["addresses"], serde_json::json!([dead.address().to_string()]));
        let named = if dead.address().is_ipv6() { "IPv6" } else { "IPv4" };
        assert!(family["title"].as_str().unwrap().contains(named), "{family}");
    }
}
