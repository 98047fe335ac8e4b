//! The node's answers against frames captured from real nodes, and every refusal of the remote cluster server.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::net::SocketAddr;

use base64::Engine;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::answer::{Reply, answer};
use super::frame::{Message, read};
use super::stream::Output;
use super::*;
use crate::Loopback;

const HANDSHAKE: &str = "cluster:internal/remote_cluster/handshake";

fn captured(text: &str) -> Vec<u8> {
    hex::decode(text.split_whitespace().collect::<String>()).unwrap()
}

/// A request frame: a tcp handshake if `payload` is given, else an action with an empty body.
fn request(id: u8, version: u32, headers: &[(&str, &str)], action: &str, payload: Option<&[u8]>) -> Vec<u8> {
    let mut header = Output::default();
    header.count(headers.len());
    for (key, value) in headers {
        header.string(key);
        header.string(value);
    }
    header.vint(0);
    if version < 8_000_099 {
        header.vint(0);
    }
    header.string(action);
    let mut rest = Output::default();
    rest.raw(&[0, 0, 0, 0, 0, 0, 0, id, if payload.is_some() { 8 } else { 0 }]);
    rest.int(version);
    rest.int(u32::try_from(header.bytes.len()).unwrap());
    rest.raw(&header.bytes);
    rest.byte(0);
    if let Some(payload) = payload {
        rest.count(payload.len());
        rest.raw(payload);
    }
    let mut frame = Output::default();
    frame.raw(b"ES");
    frame.int(u32::try_from(rest.bytes.len()).unwrap());
    frame.raw(&rest.bytes);
    frame.bytes
}

fn tcp_handshake(id: u8, format: u32, announced: u32) -> Vec<u8> {
    let mut payload = Output::default();
    payload.vint(announced);
    if format == 8_800_000 {
        payload.string("farlink");
    }
    request(id, format, &[], "internal:tcp/handshake", Some(&payload.bytes))
}

fn asked(frame: &[u8], local: &str, options: &NodeOptions) -> Reply {
    match read(frame) {
        Message::Request(request, length) if length == frame.len() => {
            answer(&request, local.parse::<SocketAddr>().unwrap(), options).0
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn tcp_handshakes_are_answered_as_the_captured_releases_did() {
    // Format 7170099, format 8800000, and 7170099 from a requester of 5.0.0; empty where the node closed.
    for (release, seven, eight, ancient) in [
        (Release::v7_17(), "87e7b503", "", true),
        (Release::v8_10(), "ddec8604", "", true),
        (Release::v8_14(), "e18c8f04", "", true),
        (Release::v8_17(), "baf69804", "", true),
        (Release::v8_19(), "88cf9b04", "88cf9b0407382e31392e3231", false),
        (Release::v9_0(), "cda8a504", "cda8a50405392e302e34", false),
        (Release::v9_2(), "f2cdb004", "f2cdb00405392e322e32", false),
        (Release::v9_5(), "d7a2c104", "d7a2c10405392e352e33", false),
    ] {
        let options = NodeOptions::new("n", release);
        let body = |reply: Reply| reply.map_or_else(String::new, |(bytes, _)| hex::encode(&bytes[25..]));
        let ask = |format, announced| body(asked(&tcp_handshake(1, format, announced), "127.0.0.1:1", &options));
        let number = &options.release.number;
        assert_eq!(ask(7_170_099, 99_999_999), seven, "{number}");
        assert_eq!(ask(8_800_000, 99_999_999), eight, "{number}");
        assert_eq!(!ask(7_170_099, 5_000_099).is_empty(), ancient, "{number}");
    }
    let options = NodeOptions::new("n", Release::v9_5());
    let whole = asked(&tcp_handshake(2, 8_800_000, 99_999_999), "127.0.0.1:1", &options).unwrap().0;
    assert_eq!(
        hex::encode(whole),
        "45530000001d00000000000000020900864700000000020000d7a2c10405392e352e33"
    );
    let older = asked(&tcp_handshake(1, 7_170_099, 8_841_000), "127.0.0.1:1", &options).unwrap().0;
    assert_eq!(hex::encode(&older[25..]), "a8ce9b04", "negotiated down to the requester's");
}

#[test]
fn frames_are_byte_for_byte_those_of_real_nodes() {
    let node = |number: u8, ids: [&str; 2], release, remote_cluster_server| NodeOptions {
        cluster_name: format!("cluster-p{number}"),
        ids: ids.map(str::to_owned),
        profile: Profile::Default { remote_cluster_server, security: false },
        ..NodeOptions::new(&format!("node-p{number}"), release)
    };
    let p1 = node(1, ["wlSnLfb_QIup2VeaBPER0Q", "C8WnGDOzTyahirAA36UXLQ"], Release::v7_17(), false);
    let p3 = node(3, ["C2jHL69tTEOENHxy9PBtoA", "maYRvfATRr2sSIBqDEjPWw"], Release::v8_14(), true);
    let p8 = node(8, ["1TgnOx1yT8KjuOBbIoitCA", "2Gw8v63YTRCpk11Fhfx4Xw"], Release::v9_5(), true);
    let transport = "internal:transport/handshake";
    for (options, id, version, action, local, frame) in [
        (&p1, 3, 7_172_999, transport, "127.0.0.1:39301", include_str!("../data/frame-7.17.29-handshake.hex")),
        (&p3, 3, 8_636_001, transport, "127.0.0.1:39303", include_str!("../data/frame-8.14.3-handshake.hex")),
        (&p8, 3, 8_841_000, transport, "127.0.0.1:39308", include_str!("../data/frame-9.5.3-handshake.hex")),
        (&p1, 4, 7_172_999, HANDSHAKE, "127.0.0.1:39301", include_str!("../data/frame-7.17.29-action-not-found.hex")),
        (&p8, 4, 8_841_000, HANDSHAKE, "127.0.0.1:39308", include_str!("../data/frame-9.5.3-channel-profile.hex")),
    ] {
        let (bytes, close) = asked(&request(id, version, &[], action, None), local, options).unwrap();
        assert!(!close);
        assert_eq!(hex::encode(bytes), hex::encode(captured(frame)), "{action} of {}", options.release.number);
    }
    let server = RemoteClusterServer::new(Vec::new());
    let key_port = NodeOptions { profile: Profile::RemoteCluster(server), ..NodeOptions::new("node-b", Release::v9_5()) };
    let frame = request(7, 8_841_000, &[("_cross_cluster_access_credentials", "ApiKey !!!")], HANDSHAKE, None);
    let (bytes, close) = asked(&frame, "127.0.0.1:29443", &key_port).unwrap();
    assert!(close);
    assert_eq!(hex::encode(bytes), hex::encode(captured(include_str!("../data/frame-9.5.3-undecodable-key.hex"))));
}

#[test]
fn every_refusal_of_the_remote_cluster_server_says_its_own_sentence() {
    let key = ApiKey::new("good");
    let keys = [
        ("good", KeyState::Valid),
        ("gone", KeyState::Invalidated),
        ("late", KeyState::Expired),
        ("rest", KeyState::Rest),
        ("signed", KeyState::SignatureRequired),
    ];
    let keys = keys.map(|(id, state)| ApiKey::new(id).in_state(state));
    let server = RemoteClusterServer::new(keys.to_vec());
    let basic = RemoteClusterServer { licence: Licence::Basic, ..server.clone() };
    let off = RemoteClusterServer { api_keys_enabled: false, ..server.clone() };
    let subject = base64::engine::general_purpose::STANDARD.encode(b"\xa8\xce\x9b\x04\x01\x07_system\x07farlink");
    let encoded = |key: ApiKey| format!("ApiKey {}", key.encoded());
    let short = base64::engine::general_purpose::STANDARD.encode("good:short");
    for (server, credentials, subject, fragment, close) in [
        (&server, None, None, "require transport header [_cross_cluster_access_credentials] but none found", true),
        (&server, Some("ApiKey !!!".to_owned()), None, "value must be a valid API key credential", true),
        (&server, Some(format!("ApiKey {short}")), None, "invalid cross-cluster API key value", true),
        (&server, Some(encoded(ApiKey::new("nobody"))), None, "unable to find apikey with id nobody", true),
        (&server, Some(encoded(key.with_wrong_secret())), None, "invalid credentials for API key [good]", true),
        (&server, Some(encoded(ApiKey::new("gone").with_wrong_secret())), None, "api key [gone] has been invalidated", true),
        (&server, Some(encoded(ApiKey::new("late"))), None, "api key is expired", true),
        (&server, Some(encoded(ApiKey::new("rest"))), None, "but API key [rest] has type [rest]", true),
        (&server, Some(encoded(ApiKey::new("signed"))), None, "Expected signature for cross cluster API key", true),
        (&off, Some(encoded(key.clone())), None, "api keys are not enabled", true),
        (&basic, Some(encoded(key.clone())), Some(&subject), "current license is non-compliant for [advanced-remote-cluster-security]", false),
        (&server, Some(encoded(key.clone())), None, "require transport header [_cross_cluster_access_subject_info] but none found", false),
    ] {
        let options = NodeOptions { profile: Profile::RemoteCluster(server.clone()), ..NodeOptions::new("n", Release::v8_19()) };
        let mut headers = Vec::new();
        headers.extend(credentials.as_deref().map(|value| ("_cross_cluster_access_credentials", value)));
        headers.extend(subject.map(|value| ("_cross_cluster_access_subject_info", value.as_str())));
        let (bytes, closed) = asked(&request(1, 8_841_000, &headers, HANDSHAKE, None), "127.0.0.1:9443", &options).unwrap();
        assert_eq!(bytes[14], 3, "{fragment}");
        assert!(String::from_utf8_lossy(&bytes).contains(fragment), "{fragment}");
        assert_eq!(closed, close, "{fragment}");
    }
    let options = NodeOptions { profile: Profile::RemoteCluster(server), ..NodeOptions::new("n", Release::v8_19()) };
    let good = encoded(key);
    let headers = [("_cross_cluster_access_credentials", good.as_str()), ("_cross_cluster_access_subject_info", &subject)];
    for action in [HANDSHAKE, "cluster:internal/remote_cluster/nodes"] {
        let (bytes, close) = asked(&request(1, 8_841_000, &headers, action, None), "127.0.0.1:9443", &options).unwrap();
        assert_eq!((bytes[14], close), (1, false), "{action}");
    }
}

#[test]
fn security_old_versions_and_opensearch_change_the_answer() {
    let plain = NodeOptions::new("n", Release::v9_5());
    let secured = NodeOptions {
        profile: Profile::Default { remote_cluster_server: true, security: true },
        ..plain.clone()
    };
    let (bytes, _) = asked(&request(1, 8_841_000, &[], HANDSHAKE, None), "127.0.0.1:9300", &secured).unwrap();
    assert!(String::from_utf8_lossy(&bytes).contains("missing authentication credentials for action ["));
    assert_eq!(asked(&request(1, 8_636_001, &[], HANDSHAKE, None), "127.0.0.1:9300", &plain), None);
    let opensearch = NodeOptions { opensearch: true, ..NodeOptions::new("n", Release::v7_17()) };
    let (bytes, _) = asked(&tcp_handshake(1, 7_170_099, 99_999_999), "127.0.0.1:9300", &opensearch).unwrap();
    assert_eq!(super::stream::Input(&bytes[25..]).vint().unwrap() & OPENSEARCH, OPENSEARCH);
}

#[tokio::test]
async fn a_connection_answers_what_is_pipelined_and_closes_on_nonsense() {
    let node = Node::start(Loopback::new().bind(9300).unwrap(), NodeOptions::new("n", Release::v8_19())).unwrap();
    let ping = b"ES\xff\xff\xff\xff";
    let handshake = tcp_handshake(1, 7_170_099, 99_999_999);
    for (sent, received) in [
        ([&ping[..], &handshake, ping].concat(), 6 + 29 + 6),
        ([&ping[..], b"GET / HTTP/1.1\r\n\r\n"].concat(), 6 + 24),
        (b"\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00".to_vec(), 0),
        (tcp_handshake(1, 7_170_099, 5_000_099), 0),
    ] {
        let mut stream = TcpStream::connect(node.address()).await.unwrap();
        stream.write_all(&sent).await.unwrap();
        stream.shutdown().await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        assert_eq!(answer.len(), received, "{sent:?}");
    }
    assert!(node.events().contains(&NodeEvent::Handshake { format: 7_170_099, answered: true }));
    let address = node.address();
    drop(node);
    while TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
}
