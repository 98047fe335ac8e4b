//! Properties of the codec: nothing a peer sends makes it panic, and what is written is read back.

#![allow(clippy::unwrap_used)]

#[path = "../fuzz/inputs/transport_frames.rs"]
#[allow(dead_code, reason = "every version at once is for the fuzzer")]
mod input;

use std::{net::IpAddr, sync::LazyLock};

use proptest::{
    collection::vec,
    option,
    prelude::{Just, Strategy, any, prop_oneof},
    prop_assert, prop_assert_eq, proptest,
};

use crate::wire::{
    Action, DiscoveryNode, Framer, HandshakeResponse, IndexVersions, Origin, Reader, ReleaseVersion, Response, Role,
    Step, SubjectInfo, TcpHandshake, TransportAddress, TransportVersionId, Writer, compatible, decode_nodes,
    encode_nodes, releases,
};

fn version() -> impl Strategy<Value = TransportVersionId> {
    prop_oneof![any::<u32>(), proptest::sample::select(&input::VERSIONS[..])].prop_map(TransportVersionId::new)
}

static CAPTURED: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let rows: Vec<serde_json::Value> = serde_json::from_str(include_str!("data/transport-frames.json")).unwrap();
    rows.iter()
        .flat_map(|row| [&row["request_hex"], &row["response_hex"]])
        .map(|text| hex::decode(text.as_str().unwrap()).unwrap())
        .collect()
});

fn index_versions(version: TransportVersionId) -> impl Strategy<Value = IndexVersions> {
    any::<[u32; 3]>().prop_map(move |[min, min_read_only, max]| match version.id() {
        ..8_500_024 => IndexVersions::Unstated,
        8_500_024..8_810_000 => IndexVersions::Range { min, max },
        _ => IndexVersions::RangeAndReadOnly { min, min_read_only, max },
    })
}

/// A node as it writes itself in `version`.
fn node(version: TransportVersionId) -> impl Strategy<Value = DiscoveryNode> {
    let role = any::<(String, String, bool)>().prop_map(|(name, abbreviation, can_contain_data)| Role {
        name,
        abbreviation,
        can_contain_data,
    });
    let address = any::<(IpAddr, String, u16)>().prop_map(|(ip, host, port)| TransportAddress { ip, host, port });
    let lists = (vec(any::<(String, String)>(), 0..4), vec(role, 0..4));
    (any::<[String; 6]>(), address, lists, any::<u32>(), index_versions(version)).prop_map(
        move |(
            [name, id, ephemeral_id, host_name, host_address, external_id],
            address,
            (attributes, roles),
            version_id,
            index_versions,
        )| DiscoveryNode {
            name,
            id,
            ephemeral_id,
            host_name,
            host_address,
            address,
            attributes,
            roles,
            version_id,
            index_versions,
            external_id: (version.id() >= 8_030_099).then_some(external_id),
        },
    )
}

fn node_in_version() -> impl Strategy<Value = (TransportVersionId, Vec<DiscoveryNode>)> {
    proptest::sample::select(&input::VERSIONS[..])
        .prop_map(TransportVersionId::new)
        .prop_flat_map(|version| (Just(version), vec(node(version), 1..4)))
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes in vec(any::<u8>(), 0..600), version in version()) {
        input::read_as(&bytes, version);
    }

    #[test]
    fn arbitrary_messages_never_panic(
        status in any::<u8>(), version in version(), size in 0..12i32, rest in vec(prop_oneof![0..8u8, any::<u8>()], 12..400),
    ) {
        let mut writer = Writer::default();
        writer.raw(b"ES").i32(rest.len() as i32 + 17).i64(1).byte(status).i32(version.id() as i32).i32(size).raw(&rest);
        input::read_as(&writer.into_bytes(), version);
        input::read_as(&rest, version);
    }

    #[test]
    fn damaged_captures_never_panic(
        index in any::<proptest::sample::Index>(), at in any::<proptest::sample::Index>(), byte in any::<u8>(), cut in any::<proptest::sample::Index>(),
    ) {
        let mut frame = index.get(&CAPTURED).clone();
        if !frame.is_empty() {
            let at = at.index(frame.len());
            frame[at] = byte;
            input::read_as(&frame, TransportVersionId::INITIAL_8_19);
            frame.truncate(cut.index(frame.len()));
            input::read_as(&frame, TransportVersionId::INITIAL_8_19);
        }
    }

    #[test]
    fn a_frame_asks_for_exactly_the_bytes_it_lacks(index in any::<proptest::sample::Index>(), cut in any::<proptest::sample::Index>()) {
        let frames: Vec<&Vec<u8>> = CAPTURED.iter().filter(|frame| frame.starts_with(b"ES")).collect();
        let frame = index.get(&frames);
        let have = cut.index(frame.len());
        let needed = if have < 6 { 6 } else { frame.len() };
        prop_assert_eq!(Framer::default().decode_step(&frame[..have]), Ok(Step::NeedMore(needed)));
    }

    #[test]
    fn primitives_are_read_as_they_were_written(
        int in any::<i32>(), long in any::<i64>(), vint in any::<u32>(), vlong in 0..=i64::MAX as u64,
        text in any::<String>(), optional in option::of(any::<String>()), bytes in vec(any::<u8>(), 0..40), flag in any::<bool>(),
    ) {
        let mut writer = Writer::default();
        writer.i32(int).i64(long).vint(vint).vlong(vlong).zlong(long).string(&text).optional_string(optional.as_deref()).bytes(&bytes);
        writer.boolean(flag).string(&text).optional_string(optional.as_deref()).string(&text);
        let written = writer.into_bytes();
        let mut reader = Reader::new(&written);
        prop_assert_eq!(reader.i32(), Ok(int));
        prop_assert_eq!(reader.i64(), Ok(long));
        prop_assert_eq!(reader.vint(), Ok(vint));
        prop_assert_eq!(reader.vlong(), Ok(vlong));
        prop_assert_eq!(reader.zlong(), Ok(long));
        prop_assert_eq!(reader.string(), Ok(text.clone()));
        prop_assert_eq!(reader.optional_string(), Ok(optional));
        prop_assert_eq!(reader.bytes(), Ok(&bytes[..]));
        prop_assert_eq!(reader.boolean(), Ok(flag));
        prop_assert_eq!(reader.skip_string(), Ok(()));
        prop_assert_eq!(reader.skip_optional_string(), Ok(()));
        prop_assert_eq!(reader.string_prefix(usize::MAX), Ok(text));
        prop_assert_eq!(reader.finish(), Ok(()));
    }

    #[test]
    fn tcp_handshakes_are_read_as_they_were_written(id in any::<i64>(), version in any::<u32>(), release in option::of(any::<String>())) {
        let version = TransportVersionId::new(version);
        let handshake = match release {
            None => TcpHandshake::universal(version),
            Some(release) => TcpHandshake::with_release(version, release),
        };
        let request = handshake.encode_request(id).unwrap();
        let Ok(Step::Message(message)) = Framer::default().decode_step(&request) else { panic!("a message") };
        prop_assert_eq!(message.header.request_id, id);
        prop_assert_eq!(TcpHandshake::decode_request(&message, &request), Ok(handshake.clone()));
        let answer = handshake.encode_response(id).unwrap();
        let Ok(Step::Message(message)) = Framer::default().decode_step(&answer) else { panic!("a message") };
        prop_assert_eq!(Response::decode(&message, &answer), Ok(Response::Handshake(handshake)));
    }

    #[test]
    fn requests_carry_their_headers_in_order(headers in vec(any::<(String, String)>(), 0..6), id in any::<i64>()) {
        let pairs = headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        for version in [7_172_999, 8_841_000] {
            let bytes = Action::RemoteClusterNodes.encode(id, TransportVersionId::new(version), pairs.clone()).unwrap();
            prop_assert_eq!(bytes.capacity(), bytes.len());
            let Ok(Step::Message(message)) = Framer::default().decode_step(&bytes) else { panic!("a message") };
            prop_assert_eq!(message.length(), bytes.len());
            let mut reader = Reader::new(&bytes[message.variable_header]);
            prop_assert_eq!(reader.string_map(), Ok(headers.clone()));
        }
    }

    #[test]
    fn handshake_answers_are_read_as_they_were_written(
        (version, nodes) in node_in_version(), version_id in any::<u32>(), build_hash in any::<String>(), cluster_name in "[a-zé-]{1,20}",
    ) {
        let handshake = HandshakeResponse { version_id, build_hash, node: nodes[0].clone(), cluster_name };
        prop_assert_eq!(HandshakeResponse::decode(&handshake.encode(), version), Ok(handshake));
    }

    #[test]
    fn nodes_are_read_as_they_were_written((version, nodes) in node_in_version()) {
        prop_assert_eq!(decode_nodes(&encode_nodes(&nodes), version), Ok(nodes));
    }

    #[test]
    fn subject_info_is_read_as_it_was_written(version in any::<u32>(), node_name in any::<String>()) {
        let subject = SubjectInfo { version: TransportVersionId::new(version), node_name };
        prop_assert_eq!(SubjectInfo::parse(&subject.header_value()), Ok(subject));
    }

    #[test]
    fn versions_of_any_number_are_shown_and_compared(a in version(), b in version(), text in any::<String>()) {
        let shown = format!("{a} {a:#} {}", releases(a));
        prop_assert!(!shown.is_empty());
        prop_assert_eq!(compatible(a, b).is_compatible(), compatible(b, a).is_compatible());
        let _ = text.parse::<ReleaseVersion>();
        let _ = Origin::parse(&text);
    }
}
