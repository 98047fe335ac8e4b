//! What a node does with what a client sends.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::*;
use crate::address::behind;
use crate::authority::{Authority, LeafOptions};
use crate::frame::Encoder;
use crate::handshake::Release;
use crate::key::{Key, KeyState, KeyType, Licence, RemoteClusterServer};

const GOOD: &str = "aaaaaaaaaaaaaaaaaaaaaa";
const W: u32 = 8_841_000;

fn frame(status: u8, version: u32, headers: &[(&str, &str)], action: &str, body: &[u8]) -> Vec<u8> {
    let mut variable = Encoder::default();
    variable.vint(headers.len() as u32);
    for (key, value) in headers {
        variable.string(key).string(value);
    }
    variable.vint(0);
    if version < 8_000_099 {
        variable.vint(0);
    }
    variable.string(action);
    let mut frame = Encoder(b"ES".to_vec());
    frame.int((17 + variable.0.len() + 1 + body.len()) as u32).raw(&7_u64.to_be_bytes()).raw(&[status]);
    frame.int(version).int(variable.0.len() as u32).raw(&variable.0).raw(&[0]).raw(body);
    frame.0
}

/// Everything the node sends, and whether it closed by itself.
async fn seen(options: NodeOptions, send: &[u8]) -> (Vec<u8>, bool) {
    let node = Node::start(behind().await.unwrap(), options).unwrap();
    let mut stream = TcpStream::connect(node.address()).await.unwrap();
    stream.write_all(send).await.unwrap();
    let mut bytes = Vec::new();
    let closed = tokio::time::timeout(Duration::from_millis(100), stream.read_to_end(&mut bytes)).await.is_ok();
    (bytes, closed)
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[tokio::test]
async fn a_plain_transport_port_answers_first_bytes_as_real_ones_do() {
    let cases: [(&[u8], &[u8], bool); 4] = [
        (&PING, &PING, false),
        (b"GET / HTTP/1.1\r\n", b"This is not an HTTP port", true),
        (&[0x16, 3, 1, 0, 200, 1, 0, 0], b"", true),
        (b"ES", b"", false),
    ];
    for (send, bytes, closed) in cases {
        assert_eq!(seen(NodeOptions::new(Release::V9_5_3), send).await, (bytes.to_vec(), closed), "{send:x?}");
    }
}

#[tokio::test]
async fn each_release_answers_the_tcp_handshake_as_it_did() {
    let newest = [4, 0xff, 0xc1, 0xd7, 0x2f];
    let old = [4, 0xb3, 0xd0, 0xb5, 0x03];
    let with_release = [5, 0xff, 0xc1, 0xd7, 0x2f, 0];
    let cases: [(Release, u32, &[u8], Option<&str>); 8] = [
        (Release::V7_17_29, 7_170_099, &newest, Some("000087e7b503")),
        (Release::V7_17_29, 8_800_000, &with_release, None),
        (Release::V8_14_3, 7_170_099, &newest, Some("0000e18c8f04")),
        (Release::V8_14_3, 7_170_099, &old, Some("0000e18c8f04")),
        (Release::V8_19_21, 7_170_099, &old, Some("0000b3d0b503")),
        (Release::V9_5_3, 7_170_099, &old, None),
        (Release::V9_5_3, 6_080_099, &newest, None),
        (Release::V9_5_3, 8_800_000, &with_release, Some("0000d7a2c10405392e352e33")),
    ];
    for (release, format, payload, ending) in cases {
        let (bytes, closed) = seen(NodeOptions::new(release), &frame(8, format, &[], TCP_HANDSHAKE, payload)).await;
        match ending {
            Some(ending) => {
                assert!(hex::encode(&bytes).ends_with(ending) && !closed, "{} {}", release.name, hex::encode(bytes))
            }
            None => assert_eq!((bytes, closed), (Vec::new(), true), "{} {format}", release.name),
        }
    }
    let opensearch = NodeOptions { opensearch: true, ..NodeOptions::new(Release::V7_17_29) };
    let (bytes, _) = seen(opensearch, &frame(8, 7_170_099, &[], TCP_HANDSHAKE, &newest)).await;
    assert!(hex::encode(bytes).ends_with("87e7b543"));
}

#[tokio::test]
async fn the_transport_port_says_whether_the_remote_cluster_server_is_on() {
    let plain = NodeOptions::new(Release::V9_5_3);
    let cases = [
        (plain.clone(), "No handler for action [cluster:internal/remote_cluster/handshake]"),
        (NodeOptions { remote_cluster_server: true, ..plain.clone() }, "to be [_remote_cluster], but got [default]"),
        (NodeOptions { security: true, ..plain }, "missing authentication credentials for action"),
    ];
    for (options, text) in cases {
        let (bytes, closed) = seen(options, &frame(0, W, &[], REMOTE_HANDSHAKE, &[])).await;
        assert!(contains(&bytes, text) && contains(&bytes, "[node-1][127.0.0.1:") && !closed, "{text}");
    }
}

#[tokio::test]
async fn the_remote_cluster_server_says_what_is_wrong_with_a_key() {
    let key = |id: &str, key_type, state| Key { key_type, state, ..Key::new(id, GOOD) };
    let keys = vec![
        Key::new("good", GOOD),
        key("late", KeyType::CrossCluster, KeyState::Expired),
        key("gone", KeyType::CrossCluster, KeyState::Invalidated),
        key("rest", KeyType::Rest, KeyState::Active),
        key("sign", KeyType::CrossCluster, KeyState::SignatureRequired),
    ];
    let of = |id: &str| Key::new(id, GOOD).encoded();
    let (bad, short) = (Key::new("good", "bbbbbbbbbbbbbbbbbbbbbb").encoded(), Key::new("good", "short").encoded());
    use Licence::{Insufficient, Sufficient};
    let cases = [
        (None, false, Sufficient, "require transport header [_cross_cluster_access_credentials] but none found", true),
        (Some("!!!!".to_owned()), true, Sufficient, "Illegal base64 character 21", true),
        (Some("YWJj".to_owned()), true, Sufficient, "invalid ApiKey value", true),
        (Some(short), true, Sufficient, "invalid cross-cluster API key value", true),
        (Some(of("nobody")), true, Sufficient, "unable to find apikey with id nobody", true),
        (Some(bad), true, Sufficient, "invalid credentials for API key [good]", true),
        (Some(of("gone")), true, Sufficient, "api key [gone] has been invalidated", true),
        (Some(of("rest")), true, Sufficient, "but API key [rest] has type [rest]", true),
        (Some(of("late")), true, Sufficient, "api key is expired", true),
        (Some(of("late")), true, Insufficient, "api key is expired", true),
        (Some(of("sign")), true, Sufficient, "Expected signature for cross cluster API key", true),
        (Some(of("good")), true, Insufficient, "current license is non-compliant", false),
        (Some(of("good")), false, Sufficient, "[_cross_cluster_access_subject_info] but none found", false),
        (Some(of("good")), true, Sufficient, Release::V9_5_3.hash, false),
    ];
    for (credentials, subject, licence, text, closes) in cases {
        let profile = Profile::RemoteCluster(RemoteClusterServer { keys: keys.clone(), licence });
        let value = credentials.map(|encoded| format!("ApiKey {encoded}"));
        let mut headers: Vec<_> = value.iter().map(|value| (CREDENTIALS, value.as_str())).collect();
        headers.extend(subject.then_some(("_cross_cluster_access_subject_info", "AA==")));
        let options = NodeOptions { profile, ..NodeOptions::new(Release::V9_5_3) };
        let (bytes, closed) = seen(options, &frame(0, W, &headers, REMOTE_HANDSHAKE, &[])).await;
        assert!(contains(&bytes, text), "{text}: {}", String::from_utf8_lossy(&bytes));
        assert_eq!(closed, closes, "{text}");
    }
}

#[tokio::test]
async fn a_tls_port_closes_on_plain_bytes_and_pings_inside_tls() {
    let authority = Authority::new("Lab CA").unwrap();
    let identity = authority.issue(&LeafOptions::dns(&["eu.lab.example"])).unwrap();
    let options = |tls| NodeOptions { tls: Some(tls), ..NodeOptions::new(Release::V9_5_3) };
    assert_eq!(seen(options(ServerTls::new(identity.clone())), &PING).await, (Vec::new(), true));

    let mutual = ServerTls::mutual(identity.clone(), vec![authority.certificate()]);
    for (tls, pong) in [(ServerTls::new(identity), true), (mutual, false)] {
        let node = Node::start(behind().await.unwrap(), options(tls)).unwrap();
        let client = tokio_rustls::TlsConnector::from(crate::tls::client(&[authority.certificate()]).unwrap());
        let stream = TcpStream::connect(node.address()).await.unwrap();
        let mut stream = client.connect("eu.lab.example".try_into().unwrap(), stream).await.unwrap();
        stream.write_all(&PING).await.unwrap();
        let mut answer = [0; 6];
        assert_eq!(stream.read_exact(&mut answer).await.is_ok() && answer == PING, pong);
    }
}
