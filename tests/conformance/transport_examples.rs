//! Frames worked out by hand from the rules of the protocol, in hex.
//! The key is the sample of the public documentation, not a real one.

#![allow(clippy::unwrap_used)]

use base64::{Engine, engine::general_purpose::STANDARD};

use crate::wire::{
    Action, CREDENTIALS_HEADER, Framer, HandshakeResponse, IndexVersions, Message, PING, ReleaseVersion, Response,
    SUBJECT_INFO_HEADER, Step, SubjectInfo, TcpHandshake, TransportVersionId, releases,
};

const PING_FRAME: &str = "4553ffffffff";
const HANDSHAKE_7170099: &str = concat!(
    "455300000031000000000000000108006d68330000001a00000016696e7465726e616c3a7463702f68616e647368616b",
    "650004ffc1d72f",
);
const ANSWER_OF_8_14: &str = "455300000017000000000000000109006d6833000000020000e18c8f04";
const HANDSHAKE_8800000: &str = concat!(
    "4553000000380000000000000002080086470000000019000016696e7465726e616c3a7463702f68616e647368616b65",
    "000cffc1d72f07786370726f6265",
);
const ANSWER_OF_9_0_1: &str = "45530000001d00000000000000020900864700000000020000caa8a50405392e302e31";
const SUBJECT_INFO: &str = "e18c8f0401075f73797374656d0570726f6265085f5f617474616368085f5f6174746163680000040000";
const WITH_CREDENTIALS: &str = concat!(
    "4553000001000000000000000003000083c661000000ee02215f63726f73735f636c75737465725f6163636573735f63",
    "726564656e7469616c73434170694b657920566e566851325a4859304a445a474a72555730745a545668543367366457",
    "6b796248417959586855546d317a65574672647a6c30646b357564773d3d225f63726f73735f636c75737465725f6163",
    "636573735f7375626a6563745f696e666f38345979504241454858334e356333526c62515677636d39695a5168665832",
    "46306447466a61416866583246306447466a61414141424141410029636c75737465723a696e7465726e616c2f72656d",
    "6f74655f636c75737465722f68616e647368616b6500",
);
const WITHOUT_CREDENTIALS: &str = concat!(
    "45530000003e0000000000000003000083c6610000002c000029636c75737465723a696e7465726e616c2f72656d6f74",
    "655f636c75737465722f68616e647368616b6500",
);
const ACCEPTED: &str = concat!(
    "4553000000f30000000000000003010083c661000000020000c3eaf00328386439366262653362663566656439333166",
    "3331313937333338393534353865616237356463613904657330311670367156764c6b645451614271677854634a302d",
    "4c6716516d39685a32683062486b675a58426f5a57316c63670831302e302e302e350831302e302e302e35040a000005",
    "0831302e302e302e35000024e3010f787061636b2e696e7374616c6c65640474727565030464617461016401066d6173",
    "746572016d001572656d6f74655f636c75737465725f636c69656e74017200c3eaf003a3a0ab03a88d87040465733031",
    "0872656d6f74652d61",
);
const WRONG_SECRET: &str = concat!(
    "4553000000ab0000000000000003030083c66100000002000001006701405b657330315d5b31302e302e302e353a3934",
    "34335d5b636c75737465723a696e7465726e616c2f72656d6f74655f636c75737465722f68616e647368616b655d0100",
    "040136696e76616c69642063726564656e7469616c7320666f7220415049206b6579205b56756143664763424364626b",
    "516d2d6535614f785d00000000000c554e415554484f52495a4544000000000000",
);

const W: TransportVersionId = TransportVersionId::new(8_636_001);

fn message(bytes: &[u8]) -> Message {
    let Ok(Step::Message(message)) = Framer::default().decode_step(bytes) else { panic!("a message") };
    assert_eq!(message.length(), bytes.len());
    message
}

fn handshake_of(hex: &str) -> TcpHandshake {
    let bytes = hex::decode(hex).unwrap();
    let Ok(Response::Handshake(handshake)) = Response::decode(&message(&bytes), &bytes) else { panic!("a handshake") };
    handshake
}

#[test]
fn a_ping_is_six_bytes_in_both_directions() {
    assert_eq!(hex::encode(PING), PING_FRAME);
    assert_eq!(Framer::default().decode_step(&PING), Ok(Step::Ping));
}

#[test]
fn the_universal_handshake_and_its_answers() {
    assert_eq!(
        hex::encode(TcpHandshake::universal(TransportVersionId::PROBE).encode_request(1).unwrap()),
        HANDSHAKE_7170099
    );
    assert_eq!(handshake_of(ANSWER_OF_8_14), TcpHandshake::universal(W));
    for (end, id, shown) in [
        ("87e7b503", 7_172_999, "7.17.29"),
        ("c9a8a504", 9_000_009, "9.0.0"),
        ("e18c8f04", 8_636_001, "8.14.0 to 8.14.3"),
    ] {
        let handshake = handshake_of(&[&ANSWER_OF_8_14[..50], end].concat());
        assert_eq!(handshake.version(), TransportVersionId::new(id));
        assert_eq!(releases(handshake.version()).to_string(), shown);
    }
}

#[test]
fn the_handshake_with_a_release_and_its_answer() {
    let request = TcpHandshake::with_release(TransportVersionId::PROBE, "xcprobe").encode_request(2).unwrap();
    assert_eq!(hex::encode(request), HANDSHAKE_8800000);
    assert_eq!(handshake_of(ANSWER_OF_9_0_1), TcpHandshake::with_release(TransportVersionId::new(9_000_010), "9.0.1"));
}

#[test]
fn the_subject_info_of_the_system_user() {
    let subject = SubjectInfo { version: W, node_name: "probe".into() };
    let value = subject.header_value();
    assert_eq!(value, "4YyPBAEHX3N5c3RlbQVwcm9iZQhfX2F0dGFjaAhfX2F0dGFjaAAABAAA");
    assert_eq!(hex::encode(STANDARD.decode(&value).unwrap()), SUBJECT_INFO);
    assert_eq!(SubjectInfo::parse(&value), Ok(subject));
}

#[test]
fn the_handshake_of_the_remote_cluster_server_port_with_and_without_credentials() {
    let credentials = format!("ApiKey {}", STANDARD.encode("VuaCfGcBCdbkQm-e5aOx:ui2lp2axTNmsyakw9tvNnw"));
    let subject = SubjectInfo { version: W, node_name: "probe".into() }.header_value();
    let headers = [(CREDENTIALS_HEADER, credentials.as_str()), (SUBJECT_INFO_HEADER, subject.as_str())];
    let action = Action::RemoteClusterHandshake;
    assert_eq!(hex::encode(action.encode(3, W, headers).unwrap()), WITH_CREDENTIALS);
    assert_eq!(hex::encode(action.encode(3, W, []).unwrap()), WITHOUT_CREDENTIALS);
}

#[test]
fn an_accepted_handshake_names_node_and_cluster() {
    let bytes = hex::decode(ACCEPTED).unwrap();
    let message = message(&bytes);
    assert_eq!(message.header.request_id, 3);
    let Ok(Response::Payload(payload)) = Response::decode(&message, &bytes) else { panic!("a payload") };
    let handshake = HandshakeResponse::decode(payload, message.header.version).unwrap();
    assert_eq!(handshake.release(), ReleaseVersion::new(8, 14, 0));
    assert_eq!(handshake.build_hash, "8d96bbe3bf5fed931f3119733895458eab75dca9");
    assert_eq!(handshake.cluster_name, "remote-a");
    let node = &handshake.node;
    assert_eq!((node.name.as_str(), node.id.as_str()), ("es01", "p6qVvLkdTQaBqgxTcJ0-Lg"));
    assert_eq!((node.address.ip.to_string(), node.address.port), ("10.0.0.5".into(), 9443));
    assert_eq!(node.attributes, [("xpack.installed".to_owned(), "true".to_owned())]);
    assert_eq!(node.roles.iter().map(|role| role.abbreviation.as_str()).collect::<String>(), "dmr");
    assert_eq!(node.index_versions, IndexVersions::Range { min: 7_000_099, max: 8_505_000 });
    assert_eq!(handshake.encode(), payload);
}

#[test]
fn a_wrong_secret_is_told_with_its_status() {
    let bytes = hex::decode(WRONG_SECRET).unwrap();
    let Ok(Response::Error(error)) = Response::decode(&message(&bytes), &bytes) else { panic!("an error") };
    assert!(error.complete);
    assert_eq!(
        error.to_string(),
        "RemoteTransportException: [es01][10.0.0.5:9443][cluster:internal/remote_cluster/handshake] \
         <- ElasticsearchSecurityException: invalid credentials for API key [VuaCfGcBCdbkQm-e5aOx]"
    );
    assert_eq!(error.root().unwrap().status.as_deref(), Some("UNAUTHORIZED"));
    assert_eq!(error.origin().unwrap().node, "es01");
}
