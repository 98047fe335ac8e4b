//! A device on the way that ends TLS with a certificate made for each name.

use std::path::Path;
use std::sync::Arc;

use farlink_lab::authority::{Authority, LeafOptions};
use farlink_lab::handshake::Release;
use farlink_lab::key::{Key, Licence, RemoteClusterServer};
use farlink_lab::node::{Node, NodeOptions, Profile};
use farlink_lab::proxy::{Proxy, ProxyKind, Reencrypted};
use farlink_lab::tls::ServerTls;
use serde_json::Value;
use tokio::net::TcpListener;

use super::estate::{farlink, json};

const NAME: &str = "eu.lab.example";

async fn free() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").await.unwrap()
}

/// A remote cluster server and its authority, which the file `ca.pem` of `folder` has.
async fn remote(folder: &Path) -> (Node, Authority) {
    let authority = Authority::new("Lab CA").unwrap();
    std::fs::write(folder.join("ca.pem"), authority.ca_pem()).unwrap();
    let identity = authority.issue(&LeafOptions::dns(&[NAME])).unwrap();
    let key = Key::new("VuaCfGcBCdbkQm-e5aOx", "ui2lp2axTNmsyakw9tvNnw");
    let options = NodeOptions {
        profile: Profile::RemoteCluster(RemoteClusterServer { keys: vec![key], licence: Licence::Sufficient }),
        tls: Some(ServerTls::new(identity)),
        ..NodeOptions::new(Release::V9_5_3)
    };
    (Node::start(free().await, options).unwrap(), authority)
}

/// The report's one link, dialled by hand.
async fn diagnose(proxy: &Proxy, more: Vec<String>) -> Value {
    let mut arguments = vec![
        "diagnose".to_owned(),
        format!("--proxy-address={}", proxy.address()),
        format!("--server-name={NAME}"),
        "--stage-timeout=1200ms".to_owned(),
        "--format=json".to_owned(),
    ];
    arguments.extend(more);
    tokio::task::spawn_blocking(move || json(&farlink(arguments))["links"][0].clone()).await.unwrap()
}

fn finding<'a>(link: &'a Value, id: &str) -> &'a Value {
    let found = link["findings"].as_array().unwrap().iter().find(|finding| finding["id"] == id);
    found.unwrap_or_else(|| unreachable!("{id}: {link:#}"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_device_that_makes_certificates_is_told_from_an_authority_that_is_unknown() {
    let folder = tempfile::tempdir().unwrap();
    let (node, authority) = remote(folder.path()).await;
    let backend = || {
        let authority = authority.certificate();
        Some(Reencrypted { backend: node.address(), server_name: NAME.into(), authority })
    };
    let by_key = || {
        let file = folder.path().join("ca.pem");
        vec!["--model=api-key".to_owned(), format!("--ca-file={}", file.display())]
    };
    let device = Arc::new(Authority::new("Corporate TLS Gateway").unwrap());
    let inspect = |backend| ProxyKind::Inspect { authority: Arc::clone(&device), backend };

    let passing = Proxy::start(free().await, inspect(backend())).unwrap();
    let link = diagnose(&passing, by_key()).await;
    assert_eq!((&link["root_cause"], &link["verdict"]), (&"tls-intercepted".into(), &"broken".into()), "{link:#}");
    assert_eq!(finding(&link, "tls-intercepted")["certainty"], "certain");
    assert_eq!(finding(&link, "certificate-untrusted")["explained_by"], "tls-intercepted");

    let closing = Proxy::start(free().await, inspect(None)).unwrap();
    let link = diagnose(&closing, by_key()).await;
    assert_eq!(link["root_cause"], "tls-intercepted", "{link:#}");
    assert_eq!(finding(&link, "transport-closed")["explained_by"], "tls-intercepted");
    let link = diagnose(&closing, vec!["--model=certificate".to_owned(), "--transport-tls=on".to_owned()]).await;
    assert_eq!(link["root_cause"], "tls-intercepted", "nobody said whom the link trusts: {link:#}");
    assert_eq!(finding(&link, "proxy-terminates-tls")["explained_by"], "tls-intercepted");

    let identity = device.issue(&LeafOptions::dns(&[NAME])).unwrap();
    let fixed = Proxy::start(free().await, ProxyKind::TerminateTls { identity, backend: backend() }).unwrap();
    let link = diagnose(&fixed, by_key()).await;
    assert_eq!(link["root_cause"], "certificate-untrusted", "one certificate for every name: {link:#}");
}
