//! Frames captured from eight releases of Elasticsearch, 109 requests with their answers.
//! The expected readings stand beside them, one a line: release, profile, request, reading.

#![allow(clippy::unwrap_used)]

use serde::Deserialize;

use crate::wire::{
    Action, DiscoveryNode, Foreign, FrameError, Framer, HandshakeResponse, Message, PING, Reader, ReleaseRange,
    Response, Step, TcpHandshake, TransportVersionId, compatible, compatible_releases, decode_nodes, encode_nodes,
    releases,
};

#[derive(Deserialize)]
pub(crate) struct Row {
    pub(crate) elasticsearch: String,
    pub(crate) profile: String,
    pub(crate) request: String,
    request_hex: String,
    pub(crate) response_hex: String,
}

pub(crate) fn rows() -> Vec<Row> {
    serde_json::from_str(include_str!("data/transport-frames.json")).unwrap()
}

pub(crate) fn message(bytes: &[u8]) -> Message {
    match Framer::default().decode_step(bytes) {
        Ok(Step::Message(message)) if message.length() == bytes.len() => message,
        other => panic!("not one message: {other:?}"),
    }
}

fn node(node: &DiscoveryNode) -> String {
    let address = &node.address;
    assert_eq!(node.external_id.as_deref().unwrap_or(&node.name), node.name);
    assert!(node.has_role("remote_cluster_client"));
    format!("{} {} {}:{} {} {} roles", node.name, node.id, address.ip, address.port, node.release(), node.roles.len())
}

/// What an answer is, in words.
fn reading(row: &Row) -> String {
    let bytes = hex::decode(&row.response_hex).unwrap();
    let message = match Framer::default().decode_step(&bytes) {
        Ok(Step::NeedMore(6)) if bytes.is_empty() => return "nothing".into(),
        Ok(Step::Ping) if bytes.len() == PING.len() => return "ping".into(),
        Err(FrameError::NotTransport { first }) => return format!("{:?}", Foreign::of(&first)),
        Ok(Step::Message(message)) if message.length() == bytes.len() => message,
        other => panic!("{other:?}"),
    };
    let version = message.header.version;
    match Response::decode(&message, &bytes).unwrap() {
        Response::Handshake(handshake) => {
            assert_eq!(hex::encode(handshake.encode_response(message.header.request_id).unwrap()), row.response_hex);
            let release = handshake.release().map(|release| format!(" {release}")).unwrap_or_default();
            format!("tcp {version} {}{release}", handshake.version())
        }
        Response::Error(error) => {
            assert!(error.complete, "{error}");
            let origin = error.origin().unwrap();
            assert!(
                origin.node.starts_with("node-")
                    && origin.address.ip().is_loopback()
                    && row.request_hex.contains(&hex::encode(&origin.action))
            );
            for cause in &error.causes {
                let status = cause.class.to_string().contains("Security").then_some("UNAUTHORIZED");
                assert_eq!(cause.status.as_deref(), status);
                assert!(cause.metadata.is_empty());
            }
            format!("error {error}")
        }
        Response::Payload(payload) if row.request.contains("nodes") => {
            let nodes = decode_nodes(payload, version).unwrap();
            assert_eq!(encode_nodes(&nodes), payload);
            format!("nodes [{}]", nodes.iter().map(node).collect::<Vec<_>>().join(", "))
        }
        Response::Payload(payload) => {
            let handshake = HandshakeResponse::decode(payload, version).unwrap();
            assert_eq!(handshake.encode(), payload);
            format!(
                "handshake {} {} {} of {}",
                handshake.release(),
                &handshake.build_hash[..8],
                node(&handshake.node),
                handshake.cluster_name
            )
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_captured_answer_reads_as_what_the_node_said() {
    let expected: Vec<&str> = include_str!("data/transport-frames-expected.txt").lines().collect();
    let read: Vec<String> = rows()
        .iter()
        .map(|row| format!("{}\t{}\t{}\t{}", row.elasticsearch, row.profile, row.request, reading(row)))
        .collect();
    assert_eq!(read.len(), 109);
    assert_eq!(read, expected);
}

#[test]
fn every_captured_request_of_ours_is_written_byte_for_byte() {
    let mut written = 0;
    let mut foreign = 0;
    for row in rows() {
        let captured = hex::decode(&row.request_hex).unwrap();
        let kind = row.request.split(':').next().unwrap();
        let ours = match kind {
            "ping" => PING.to_vec(),
            "http-request" | "unknown-action" => {
                foreign += 1;
                continue;
            }
            _ => {
                let frame = message(&captured);
                let (id, version) = (frame.header.request_id, frame.header.version);
                let headers = Reader::new(&captured[frame.variable_header]).string_map().unwrap();
                let headers = headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
                match kind {
                    "tcp-handshake-7170099" => {
                        TcpHandshake::universal(TransportVersionId::PROBE).encode_request(id).unwrap()
                    }
                    "tcp-handshake-7170099-ancient" => {
                        TcpHandshake::universal(TransportVersionId::new(5_000_099)).encode_request(id).unwrap()
                    }
                    "tcp-handshake-8800000" => {
                        TcpHandshake::with_release(TransportVersionId::PROBE, "farlink").encode_request(id).unwrap()
                    }
                    "transport-handshake" => Action::TransportHandshake.encode(id, version, headers).unwrap(),
                    "remote-cluster-handshake-no-credentials" | "remote-cluster-handshake" => {
                        Action::RemoteClusterHandshake.encode(id, version, headers).unwrap()
                    }
                    "remote-cluster-nodes" => Action::RemoteClusterNodes.encode(id, version, headers).unwrap(),
                    other => panic!("{other}"),
                }
            }
        };
        assert_eq!(hex::encode(ours), row.request_hex, "{} {}", row.elasticsearch, row.request);
        written += 1;
    }
    assert_eq!((written, foreign), (87, 22));
}

#[test]
fn captured_handshake_requests_read_back() {
    let mut read = 0;
    for row in rows().iter().filter(|row| row.request.starts_with("tcp-handshake")) {
        let bytes = hex::decode(&row.request_hex).unwrap();
        let handshake = TcpHandshake::decode_request(&message(&bytes), &bytes).unwrap();
        assert_eq!(handshake.release(), row.request.contains("8800000").then_some("farlink"));
        read += 1;
    }
    assert_eq!(read, 33);
}

/// A node may send the request's headers back; what is decoded must not carry them into a log or a report.
#[test]
fn credentials_that_a_node_echoes_are_in_nothing_that_is_decoded() {
    let mut echoed = 0;
    for row in rows() {
        let bytes = hex::decode(&row.response_hex).unwrap();
        if !bytes.windows(7).any(|window| window == b"ApiKey ") {
            continue;
        }
        let message = message(&bytes);
        let response = Response::decode(&message, &bytes).unwrap();
        assert!(!bytes[message.payload.clone()].windows(7).any(|window| window == b"ApiKey "));
        assert!(!format!("{message:?} {response:?}").contains("ApiKey "));
        echoed += 1;
    }
    assert_eq!(echoed, 9);
}

#[test]
fn the_id_of_a_captured_handshake_belongs_to_the_release_that_sent_it() {
    for row in rows().iter().filter(|row| row.request == "tcp-handshake-7170099") {
        let bytes = hex::decode(&row.response_hex).unwrap();
        let Ok(Response::Handshake(handshake)) = Response::decode(&message(&bytes), &bytes) else {
            panic!("a handshake")
        };
        let release = row.elasticsearch.parse().unwrap();
        let fits = match releases(handshake.version()) {
            ReleaseRange::Exactly(exact) => exact == release,
            ReleaseRange::Between(first, last) => first <= release && release <= last,
            ReleaseRange::Line { major, minor } => (major, minor) == (release.major, release.minor),
            _ => false,
        };
        assert!(fits, "{release} is not {}", releases(handshake.version()));
    }
}

/// What was seen between real nodes: the pairs that cannot talk.
#[test]
fn real_pairs_talk_or_do_not_as_they_were_seen_to() {
    let nodes = [
        ("7.17.29", 7_172_999),
        ("8.17.2", 8_797_002),
        ("8.19.21", 8_841_096),
        ("9.0.4", 9_000_013),
        ("9.5.3", 9_458_007),
    ];
    let apart = [("7.17.29", "9.0.4"), ("7.17.29", "9.5.3"), ("8.17.2", "9.0.4"), ("8.17.2", "9.5.3")];
    for (a, a_id) in nodes {
        for (b, b_id) in nodes {
            let talk = !apart.contains(&(a, b)) && !apart.contains(&(b, a));
            assert_eq!(
                compatible(TransportVersionId::new(a_id), TransportVersionId::new(b_id)).is_compatible(),
                talk,
                "{a} {b}"
            );
            assert_eq!(compatible_releases(&a.parse().unwrap(), &b.parse().unwrap()).is_compatible(), talk, "{a} {b}");
        }
    }
}
