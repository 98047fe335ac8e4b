//! The two handshakes of the transport protocol, answered: `TransportHandshaker` and `TransportService`.
//! The releases are those whose answers were captured from real nodes.

use std::net::SocketAddr;

use base64::Engine as _;

use crate::failure::transport_address;
use crate::frame::{Decoder, Encoder, Request};

/// Handshake format of 7.x clients.
pub(crate) const FORMAT_6: u32 = 6_080_099;
/// Handshake format that every server from 7.17 on answers.
pub(crate) const FORMAT_7: u32 = 7_170_099;
/// Handshake format whose answer has the release.
pub(crate) const FORMAT_8: u32 = 8_800_000;

/// Servers from this transport version on answer the lower of both versions (8.18).
const NEGOTIATES: u32 = 8_840_000;
/// Set in the version ids of OpenSearch.
const OPENSEARCH: u32 = 0x0800_0000;

/// A release with the numbers its nodes use on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Release {
    /// For example `9.5.3`.
    pub name: &'static str,
    /// Version id in `_nodes` and in the second handshake.
    pub id: u32,
    /// Transport version.
    pub transport: u32,
    /// Lowest transport version it talks to.
    pub minimum: u32,
    /// Highest index version.
    pub index: u32,
    /// Build hash.
    pub hash: &'static str,
}

macro_rules! releases {
    ($($constant:ident = $name:literal, $id:literal, $transport:literal, $minimum:literal, $index:literal, $hash:literal;)+) => {
        impl Release {
            $(#[doc = concat!("Elasticsearch ", $name, ".")]
            pub const $constant: Self =
                Self { name: $name, id: $id, transport: $transport, minimum: $minimum, index: $index, hash: $hash };)+
            /// All of them, oldest first.
            pub const ALL: &'static [Self] = &[$(Self::$constant),+];
        }
    };
}

releases! {
    V7_17_29 = "7.17.29", 7_172_999, 7_172_999, 6_080_099, 7_172_999, "580aff1a0064ce4c93293aaab6fcc55e22c10d1c";
    V8_10_4 = "8.10.4", 8_100_499, 8_500_061, 7_170_099, 8_100_499, "b4a62ac808e886ff032700c391f45f1408b2538c";
    V8_14_3 = "8.14.3", 8_140_399, 8_636_001, 7_170_099, 8_505_000, "d55f984299e0e88dee72ebd8255f7ff130859ad0";
    V8_17_2 = "8.17.2", 8_170_299, 8_797_002, 7_170_099, 8_521_000, "747663ddda3421467150de0e4301e8d4bc636b0c";
    V8_19_21 = "8.19.21", 8_192_199, 8_841_096, 7_170_099, 8_537_000, "4fe44c255c3d0da06779b921e132cdc555ed9aff";
    V9_0_4 = "9.0.4", 9_000_499, 9_000_013, 8_840_000, 9_009_000, "e03b6699309ed1458e07dbcd94918b36f5ffee9e";
    V9_2_2 = "9.2.2", 9_020_299, 9_185_010, 8_841_000, 9_039_002, "ed771e6976fac1a085affabd45433234a4babeaf";
    V9_5_3 = "9.5.3", 9_050_399, 9_458_007, 8_841_000, 9_111_000, "367ec317ec5f668dd864d41be06052a567102fec";
}

impl Release {
    /// Handshake formats its servers answer.
    pub fn accepted_formats(self) -> Vec<u32> {
        match self.transport {
            ..8_840_000 => vec![FORMAT_6, FORMAT_7],
            8_840_000..9_000_000 => vec![FORMAT_6, FORMAT_7, FORMAT_8],
            _ => vec![FORMAT_7, FORMAT_8],
        }
    }
}

/// What a node says about itself.
#[derive(Clone, Debug)]
pub(crate) struct Introduction<'a> {
    pub(crate) release: &'a str,
    pub(crate) release_id: u32,
    pub(crate) transport: u32,
    pub(crate) minimum: u32,
    pub(crate) index: u32,
    pub(crate) hash: &'a str,
    pub(crate) opensearch: bool,
    pub(crate) node: &'a str,
    pub(crate) cluster: &'a str,
    pub(crate) roles: &'a [&'static str],
    pub(crate) publish: SocketAddr,
}

/// The body of the answer to `internal:tcp/handshake`; `None` where the node closes instead.
pub(crate) fn tcp(own: &Introduction<'_>, request: &Request) -> Option<Vec<u8>> {
    let mut decoder = Decoder(&request.body);
    // Old servers tolerate a missing payload.
    let theirs = decoder.vint().and_then(|_| decoder.vint());
    let version = match theirs {
        Some(theirs) if own.transport >= NEGOTIATES => {
            if theirs < own.minimum {
                return None;
            }
            theirs.min(own.transport)
        }
        _ => own.transport,
    };
    let mut out = Encoder::default();
    out.vint(if own.opensearch { version ^ OPENSEARCH } else { version });
    if request.version >= FORMAT_8 {
        out.string(own.release);
    }
    Some(out.0)
}

/// The body of a `HandshakeResponse` at wire version `version`.
pub(crate) fn node(own: &Introduction<'_>, version: u32) -> Vec<u8> {
    let mut out = Encoder::default();
    out.vint(own.release_id).string(own.hash);
    discovery_node(&mut out, own, own.publish, version);
    out.string(own.cluster);
    out.0
}

/// The body of the answer to `cluster:internal/remote_cluster/nodes`.
pub(crate) fn nodes(own: &Introduction<'_>, addresses: &[SocketAddr], version: u32) -> Vec<u8> {
    let mut out = Encoder::default();
    out.vint(addresses.len() as u32);
    for &address in addresses {
        discovery_node(&mut out, own, address, version);
    }
    out.0
}

fn discovery_node(out: &mut Encoder, own: &Introduction<'_>, address: SocketAddr, version: u32) {
    let host = address.ip().to_string();
    out.string(own.node).string(&node_id(own.node)).string(&node_id(&format!("{}{}", own.cluster, own.node)));
    out.string(&host).string(&host);
    transport_address(out, address);
    out.vint(0);
    out.vint(own.roles.len() as u32);
    for name in own.roles {
        out.string(name).string(&name[..1]).raw(&[u8::from(name.starts_with("data"))]);
    }
    out.vint(own.release_id);
    let minimum = if own.release_id >= 9_000_000 { 8_000_099 } else { 7_000_099 };
    match version {
        ..8_500_024 => {}
        8_500_024..8_810_000 => drop(out.vint(minimum).vint(own.index)),
        _ => drop(out.vint(minimum).vint(7_000_099).vint(own.index)),
    }
    if version >= 8_030_099 {
        out.string(own.node);
    }
}

/// A node id of the usual form: 22 characters of unpadded Base64.
pub(crate) fn node_id(name: &str) -> String {
    let mut bytes = *b"farlink-lab-node";
    for (index, byte) in name.bytes().enumerate() {
        let slot = &mut bytes[index % 16];
        *slot = slot.wrapping_mul(31).wrapping_add(byte);
    }
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;
    use crate::frame::Decoder;

    /// Node names, addresses and roles differ; what follows the roles is compared.
    #[test]
    fn what_follows_the_roles_is_that_of_real_nodes() {
        let cases = [
            (include_str!("data/frame-7.17.29-handshake.hex"), Release::V7_17_29, 7_172_999),
            (include_str!("data/frame-8.14.3-handshake.hex"), Release::V8_14_3, 8_636_001),
            (include_str!("data/frame-9.5.3-handshake.hex"), Release::V9_5_3, 8_841_000),
        ];
        for (captured, release, version) in cases {
            let captured = hex::decode(captured.split_whitespace().collect::<String>()).unwrap();
            let (node_name, cluster, tail) = tail_of(&captured[25..]);
            let own = Introduction {
                release: release.name,
                release_id: release.id,
                transport: release.transport,
                minimum: release.minimum,
                index: release.index,
                hash: release.hash,
                opensearch: false,
                node: &node_name,
                cluster: &cluster,
                roles: &["data"],
                publish: SocketAddr::from(([127, 0, 0, 1], 9300)),
            };
            assert_eq!(tail_of(&node(&own, version)), (node_name.clone(), cluster.clone(), tail), "{}", release.name);
        }
    }

    fn tail_of(body: &[u8]) -> (String, String, Vec<u8>) {
        let mut decoder = Decoder(body);
        decoder.vint().unwrap();
        decoder.string().unwrap();
        let node = decoder.string().unwrap();
        for _ in 0..4 {
            decoder.string().unwrap();
        }
        decoder.array::<5>().unwrap();
        decoder.string().unwrap();
        decoder.array::<4>().unwrap();
        assert_eq!(decoder.vint().unwrap(), 0);
        for _ in 0..decoder.vint().unwrap() {
            decoder.string().unwrap();
            decoder.string().unwrap();
            decoder.array::<1>().unwrap();
        }
        let tail = decoder.0.to_vec();
        let cluster = tail
            .iter()
            .rposition(|&byte| byte < 0x20)
            .map(|start| String::from_utf8(tail[start + 1..].to_vec()).unwrap())
            .unwrap();
        (node, cluster, tail)
    }
}
