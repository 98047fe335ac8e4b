//! What callers of the REST interface see.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::*;
use crate::address::behind;
use tokio::net::TcpStream;

fn cluster(version: &str) -> RestCluster {
    let link = |alias: &str, target, connected| RestLink {
        alias: alias.to_owned(),
        target,
        api_key: true,
        from_file: alias == "file",
        connected,
        follower: (alias == "eu").then(|| "orders-copy".to_owned()),
        error: (!connected).then(|| "api key is expired".to_owned()),
        remote_version: "9.5.3".to_owned(),
    };
    let proxy =
        |name: Option<&str>| RestTarget::Proxy { address: "eu:9443".to_owned(), server_name: name.map(str::to_owned) };
    RestCluster {
        name: "prod".to_owned(),
        version: version.to_owned(),
        transport_version: 1,
        transport_address: ([127, 0, 0, 1], 9300).into(),
        remote_cluster_server: Some(([127, 0, 0, 1], 9443).into()),
        node_settings: vec![
            ("transport.type".to_owned(), "tls".to_owned()),
            ("transport.type.default".to_owned(), "netty4".to_owned()),
        ],
        keys: RestKeys {
            keys: vec![RestKey { id: "k-1".to_owned(), search: vec!["logs-*".to_owned()], ..RestKey::default() }],
            ..RestKeys::default()
        },
        links: vec![
            link("eu", proxy(Some("eu.lab.example")), true),
            link("file", proxy(None), false),
            link("sniff", RestTarget::Sniff(vec!["a:9300".to_owned()]), false),
        ],
    }
}

async fn raw(address: SocketAddr, send: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(send.as_bytes()).await.unwrap();
    let mut bytes = Vec::new();
    let _ = tokio::time::timeout(Duration::from_millis(300), stream.read_to_end(&mut bytes)).await;
    String::from_utf8_lossy(&bytes).into_owned()
}

fn get(path: &str, more: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: lab\r\nconnection: close\r\n{more}\r\n")
}

#[tokio::test]
async fn each_release_answers_each_call_in_its_own_way() {
    let cases = [
        ("9.5.3", "/", "200", r#""number":"9.5.3""#),
        ("9.5.3", "/_remote/info", "200", r#""server_name":"""#),
        ("9.5.3", "/_cluster/settings?flat_settings=true", "200", r#""cluster.remote.eu.proxy_address":"eu:9443""#),
        (
            "9.5.3",
            "/_cluster/settings?flat_settings=true&include_defaults=true",
            "200",
            r#""cluster.remote.file.mode":"proxy""#,
        ),
        (
            "9.5.3",
            "/_nodes/_all/settings,transport,remote_cluster_server",
            "200",
            r#""publish_address":"127.0.0.1:9443""#,
        ),
        ("9.5.3", "/_nodes/_all/settings", "200", r#""transport":{"type":"tls","type.default":"netty4"}"#),
        ("7.17.29", "/_nodes/settings,remote_cluster_server", "200", r#""total":0"#),
        ("9.5.3", "/_resolve/cluster/*:*?timeout=5s", "200", r#""error":"api key is expired""#),
        ("9.5.3", "/_resolve/cluster/no:*", "404", "no_such_remote_cluster_exception"),
        ("8.14.3", "/_resolve/cluster/*:*?timeout=5s", "400", "unrecognized parameter: [timeout]"),
        ("8.14.3", "/_resolve/cluster/eu:%2A", "200", r#""skip_unavailable":false"#),
        ("7.17.29", "/_resolve/cluster/*:*", "404", "index_not_found_exception"),
        (
            "9.5.3",
            "/_security/api_key?id=k%2D1",
            "200",
            // The order inside is not part of the format.
            r#""names":["logs-*"]"#,
        ),
        ("9.5.3", "/_security/api_key?id=k-1&owner=true", "404", r#"{"api_keys":[]}"#),
        ("8.19.21", "/_license", "405", "Incorrect HTTP method"),
        ("9.5.3", "/_license", "400", "no handler found"),
        ("9.5.3", "/_ccr/stats?filter_path=auto_follow_stats", "200", r#""follower_index":"orders-copy""#),
        ("9.5.3", "/*/_ccr/info", "200", r#""status":"active""#),
        ("9.5.3", "/_ccr/auto_follow", "200", r#""patterns":[]"#),
    ];
    for (version, path, status, text) in cases {
        let stub = RestStub::start(behind().await.unwrap(), cluster(version), RestAuth::Open, None).unwrap();
        let answer = raw(stub.address(), &get(path, "")).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")) && answer.contains(text), "{path} {answer}");
        assert!(answer.contains("x-elastic-product: Elasticsearch"), "{path}");
    }
}

#[tokio::test]
async fn credentials_modes_and_foreign_bytes_are_told_apart() {
    let auth = RestAuth::Basic { user: "elastic".to_owned(), password: "lab".to_owned() };
    let stub = RestStub::start(behind().await.unwrap(), cluster("9.5.3"), auth, None).unwrap();
    let good = get("/", "authorization: Basic ZWxhc3RpYzpsYWI=\r\n");
    let cases = [
        (RestMode::Normal, get("/", ""), "missing authentication credentials"),
        (RestMode::Normal, get("/", "authorization: Basic eDp5\r\n"), "unable to authenticate"),
        (RestMode::Normal, good.clone(), "You Know, for Search"),
        (RestMode::Html, good.clone(), "Sign in"),
        (RestMode::WrongJson, good.clone(), r#""links":"none""#),
        (RestMode::Slow(Duration::from_millis(10)), good, "You Know, for Search"),
        (RestMode::Normal, "\u{16}\u{3}\u{1}".to_owned(), "HTTP/1.0 400 Bad Request"),
        (RestMode::Normal, "\u{1}\n".to_owned(), "HTTP/1.0 400 Bad Request"),
    ];
    for (mode, send, text) in cases {
        stub.set_mode(mode.clone());
        let answer = raw(stub.address(), &send).await;
        assert!(answer.contains(text), "{mode:?} {send} {answer}");
    }
    assert_eq!(raw(stub.address(), "\u{1}\u{2}").await, "");
    stub.set_mode(RestMode::Oversized);
    let mut stream = TcpStream::connect(stub.address()).await.unwrap();
    stream.write_all(get("/", "").as_bytes()).await.unwrap();
    let read = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await.unwrap();
    assert!(read > 40 * 1024 * 1024);
}
