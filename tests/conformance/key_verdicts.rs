//! The answers to a key that were captured from a node, as the judgement reads them.
//! The node is a real 9.5.3, and its check of keys the emulated one of `tests/elasticsearch`.

#![allow(clippy::unwrap_used)]

use farlink_checks::classify::key::{KeyVerdict, at_wire};
use farlink_checks::model::evidence::{Attempt, Cause, Exchange, Heard, Question, Said, Tcp, TcpOutcome};

use crate::transport_frames::{Row, message, rows};
use crate::wire::{HandshakeResponse, Response};

fn heard(row: &Row) -> Heard {
    let bytes = hex::decode(&row.response_hex).unwrap();
    let message = message(&bytes);
    match Response::decode(&message, &bytes).unwrap() {
        Response::Error(error) => {
            let cause = |cause: &crate::wire::Cause| Cause {
                class: cause.class.to_string(),
                message: cause.message.clone().unwrap_or_default(),
                unsuccessful: None,
            };
            Heard::Exception { causes: error.causes.iter().map(cause).collect(), closed: false }
        }
        Response::Payload(payload) => {
            let node = HandshakeResponse::decode(payload, message.header.version).unwrap();
            Heard::Node {
                name: node.node.name.clone(),
                cluster: node.cluster_name.clone(),
                version: i32::try_from(node.version_id).unwrap(),
                address: None,
            }
        }
        other => panic!("{other:?}"),
    }
}

/// What the judgement makes of it as the answer to a key.
fn verdict_of(row: &Row) -> KeyVerdict {
    let attempt = Attempt {
        question: Question::AsElasticsearch,
        port: None,
        seconds_ago: None,
        tcp: Tcp { outcome: TcpOutcome::Connected, seconds: 0.0 },
        quiet: None,
        tls: None,
        exchanges: vec![Exchange { said: Said::KeyHandshake, heard: heard(row), seconds: 0.0, seconds_ago: None }],
    };
    at_wire(&attempt).unwrap().verdict
}

#[test]
fn every_captured_answer_to_a_key_has_its_verdict() {
    let rows = rows();
    for (request, verdict) in [
        ("no-key", KeyVerdict::Missing),
        ("good-key-no-subject", KeyVerdict::Accepted),
        ("wrong-secret", KeyVerdict::WrongSecret),
        ("unknown-key", KeyVerdict::Unknown),
        ("rest-key", KeyVerdict::WrongType),
        ("expired-key", KeyVerdict::Expired),
        ("invalidated-key", KeyVerdict::Invalidated),
        ("undecodable-key", KeyVerdict::Malformed),
        ("accepted", KeyVerdict::Accepted),
    ] {
        let name = format!("remote-cluster-handshake:{request}");
        let row = rows.iter().find(|row| row.request == name).unwrap();
        assert_eq!(verdict_of(row), verdict, "{request}");
    }
}

/// The transport port of each release, asked what only a remote cluster server takes.
#[test]
fn a_captured_transport_port_says_nothing_of_a_key() {
    let refusals: Vec<Row> = rows()
        .into_iter()
        .filter(|row| row.profile == "default" && row.request == "remote-cluster-handshake-no-credentials")
        .collect();
    assert_eq!(refusals.len(), 8);
    for row in refusals {
        assert_eq!(verdict_of(&row), KeyVerdict::OtherInterface, "{}", row.elasticsearch);
    }
}
