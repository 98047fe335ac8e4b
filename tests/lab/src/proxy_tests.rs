//! What a client sees of each kind of proxy.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::*;
use crate::address::behind;
use crate::authority::{Authority, LeafOptions};
use crate::handshake::Release;
use crate::node::{Node, NodeOptions};

struct Bed {
    authority: Authority,
    node: Node,
    mutual: Node,
}

async fn bed() -> Bed {
    let authority = Authority::new("Lab CA").unwrap();
    let identity = authority.issue(&LeafOptions::dns(&["eu.lab.example"])).unwrap();
    let options = |tls| NodeOptions { tls: Some(tls), ..NodeOptions::new(Release::V9_5_3) };
    let node = Node::start(behind().await.unwrap(), options(ServerTls::new(identity.clone()))).unwrap();
    let mutual = ServerTls::mutual(identity, vec![authority.certificate()]);
    let mutual = Node::start(behind().await.unwrap(), options(mutual)).unwrap();
    Bed { authority, node, mutual }
}

/// What it is, the proxy, bytes before the ClientHello, server name, and what [`ping`] tells.
type Case<'a> = (&'a str, ProxyKind, &'a [u8], &'a str, (bool, bool));

const PING: &[u8] = b"ES\xff\xff\xff\xff";

/// Says `prefix`, shakes hands for `name` (`""` sends none), and pings: `tls` tells whether hands were shaken.
async fn ping(bed: &Bed, proxy: &Proxy, prefix: &[u8], name: &str) -> (bool, bool) {
    let mut stream = TcpStream::connect(proxy.address()).await.unwrap();
    stream.write_all(prefix).await.unwrap();
    let mut config = (*client(&[bed.authority.certificate()]).unwrap()).clone();
    config.enable_sni = !name.is_empty();
    let name = if name.is_empty() { "eu.lab.example" } else { name }.to_owned();
    match TlsConnector::from(Arc::new(config)).connect(ServerName::try_from(name).unwrap(), stream).await {
        Err(_) => (false, false),
        Ok(mut stream) => {
            let mut answer = [0; 6];
            let _ = stream.write_all(PING).await;
            (true, stream.read_exact(&mut answer).await.is_ok() && answer == PING)
        }
    }
}

#[tokio::test]
async fn only_the_right_proxy_with_the_right_name_reaches_the_node() {
    let bed = bed().await;
    let backend = bed.node.address();
    let router = |no_name| ProxyKind::SniRouter {
        names: vec![("eu.lab.example".to_owned(), backend)],
        no_name,
        hello_wait: HELLO_WAIT,
    };
    let identity = bed.authority.issue(&LeafOptions::dns(&["eu.lab.example"])).unwrap();
    let to = |node: &Node| {
        Some(Reencrypted {
            backend: node.address(),
            server_name: "eu.lab.example".to_owned(),
            authority: bed.authority.certificate(),
        })
    };
    let terminate = |backend| ProxyKind::TerminateTls { identity: identity.clone(), backend };
    let eu = "eu.lab.example";
    let v2_local: &[u8] = b"\r\n\r\n\0\r\nQUIT\n\x20\0\0\0";
    let cases: [Case<'_>; 13] = [
        ("pass through", ProxyKind::PassThrough(backend), b"", eu, (true, true)),
        ("router", router(NoName::Close), b"", eu, (true, true)),
        ("router, wrong name", router(NoName::Close), b"", "us.lab.example", (false, false)),
        ("router, no name", router(NoName::Close), b"", "", (false, false)),
        ("router with a default", router(NoName::Route(backend)), b"", "", (true, true)),
        ("http", ProxyKind::Http, b"", eu, (false, false)),
        ("no backend", ProxyKind::NoBackend, b"", eu, (false, false)),
        ("terminated before mutual TLS", terminate(to(&bed.mutual)), b"", eu, (true, false)),
        ("terminated before a dead backend", terminate(None), b"", eu, (true, false)),
        ("terminated before a key port", terminate(to(&bed.node)), b"", eu, (true, true)),
        ("header missing", ProxyKind::ExpectProxyHeader(backend), b"", eu, (false, false)),
        ("header sent", ProxyKind::ExpectProxyHeader(backend), b"PROXY UNKNOWN\r\n", eu, (true, true)),
        ("header version 2", ProxyKind::ExpectProxyHeader(backend), v2_local, eu, (true, true)),
    ];
    for (about, kind, prefix, name, expected) in cases {
        let proxy = Proxy::start(behind().await.unwrap(), kind).unwrap();
        assert_eq!(ping(&bed, &proxy, prefix, name).await, expected, "{about}");
    }
    let proxy = Proxy::start(behind().await.unwrap(), ProxyKind::InjectProxyHeader(backend)).unwrap();
    assert_eq!(ping(&bed, &proxy, b"", eu).await, (false, false), "header injected");
}

#[tokio::test]
async fn first_bytes_end_as_behind_real_proxies() {
    let bed = bed().await;
    let router =
        ProxyKind::SniRouter { names: Vec::new(), no_name: NoName::Close, hello_wait: Duration::from_millis(30) };
    let cases: [(ProxyKind, &[u8], Result<&str, ()>); 7] = [
        (router.clone(), b"", Ok("")),
        (router.clone(), PING, Ok("")),
        (router, &[0x16, 3, 1, 0, 200, 1, 0, 0, 196], Ok("")),
        (ProxyKind::NoBackend, b"", Ok("")),
        (ProxyKind::Http, PING, Ok("HTTP/1.1 400 Bad request")),
        (ProxyKind::Http, b"GET / HTTP/1.1\r\n\r\n", Ok("HTTP/1.1 503 Service Unavailable")),
        (ProxyKind::ExpectProxyHeader(bed.node.address()), PING, Err(())),
    ];
    for (kind, send, expected) in cases {
        let proxy = Proxy::start(behind().await.unwrap(), kind.clone()).unwrap();
        let mut stream = TcpStream::connect(proxy.address()).await.unwrap();
        stream.write_all(send).await.unwrap();
        let mut bytes = Vec::new();
        let ended = tokio::time::timeout(Duration::from_secs(2), stream.read_to_end(&mut bytes)).await.unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        match expected {
            Ok(start) => assert!(
                ended.is_ok() && text.starts_with(start) && text.is_empty() == start.is_empty(),
                "{kind:?} {text}"
            ),
            Err(()) => assert!(ended.is_err(), "{kind:?}"),
        }
    }
}
