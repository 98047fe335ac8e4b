//! The answer to a handshake action (`TransportService.HandshakeResponse`): release, node and cluster name.

use super::{
    DecodeError, DiscoveryNode, Element, Reader, ReleaseVersion, TransportVersionId, Writer,
    node::{Shape, node, write_node},
};

/// The answer to a handshake action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandshakeResponse {
    /// Release id of the node.
    pub version_id: u32,
    /// Hash of the commit it was built from.
    pub build_hash: String,
    /// The node itself.
    pub node: DiscoveryNode,
    /// `cluster.name`.
    pub cluster_name: String,
}

impl HandshakeResponse {
    /// The exact release of the node.
    pub fn release(&self) -> ReleaseVersion {
        ReleaseVersion::from_id(self.version_id)
    }

    /// Reads the payload of an answer in `version`.
    ///
    /// The shape that belongs to the version is tried first, then the others: the one that uses up the payload and ends
    /// in a cluster name is right, so that a node with a shape of its own is read too.
    ///
    /// # Errors
    /// [`DecodeError`] of the version's own shape, if none fits.
    pub fn decode(payload: &[u8], version: TransportVersionId) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(payload);
        let version_id = reader.vint()?;
        let build_hash = reader.string()?;
        let at = reader.position();
        let own = Shape::of(version);
        let rest = |shape: Shape| {
            let mut reader = reader.clone();
            let node = node(&mut reader, shape)?;
            let cluster_name = reader.string()?;
            reader.finish()?;
            match cluster_name.is_empty() || cluster_name.contains(char::is_control) {
                true => Err(DecodeError::Malformed { at, element: Element::Handshake }),
                false => Ok((node, cluster_name)),
            }
        };
        let (node, cluster_name) = rest(own).or_else(|error| {
            Shape::ALL.into_iter().filter(|shape| *shape != own).find_map(|shape| rest(shape).ok()).ok_or(error)
        })?;
        Ok(Self { version_id, build_hash, node, cluster_name })
    }

    /// Writes what [`Self::decode`] reads.
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::default();
        writer.vint(self.version_id).string(&self.build_hash);
        write_node(&mut writer, &self.node);
        writer.string(&self.cluster_name);
        writer.into_bytes()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::wire::{IndexVersions, Role, TransportAddress};

    fn response(index_versions: IndexVersions, external_id: Option<&str>) -> HandshakeResponse {
        HandshakeResponse {
            version_id: 8_140_099,
            build_hash: "8d96".into(),
            node: DiscoveryNode {
                name: "es01".into(),
                id: "p6qVvLkdTQaBqgxTcJ0-Lg".into(),
                ephemeral_id: "Qm9hZ2h0bHkgZXBoZW1lcg".into(),
                host_name: "h".into(),
                host_address: "h".into(),
                address: TransportAddress { ip: [10, 0, 0, 5].into(), host: "h".into(), port: 9443 },
                attributes: vec![],
                roles: vec![Role { name: "data".into(), abbreviation: "d".into(), can_contain_data: true }],
                version_id: 8_140_099,
                index_versions,
                external_id: external_id.map(Into::into),
            },
            cluster_name: "remote-a".into(),
        }
    }

    #[test]
    fn a_node_with_another_shape_than_its_version_has_is_read_by_what_fits() {
        let three = IndexVersions::RangeAndReadOnly { min: 7_000_099, min_read_only: 6_000_099, max: 8_512_000 };
        let two = IndexVersions::Range { min: 7_000_099, max: 8_512_000 };
        for (index_versions, external_id) in [
            (three, Some("es01")),
            (two, Some("es01")),
            (IndexVersions::Unstated, Some("es01")),
            (IndexVersions::Unstated, None),
        ] {
            let response = response(index_versions, external_id);
            for version in [7_172_999, 8_080_199, 8_636_001, 8_841_000] {
                assert_eq!(
                    HandshakeResponse::decode(&response.encode(), TransportVersionId::new(version)).unwrap(),
                    response
                );
            }
        }
    }

    #[test]
    fn an_answer_without_a_cluster_name_is_refused() {
        for cluster_name in ["", "a\nb"] {
            let mut response = response(IndexVersions::Unstated, None);
            response.cluster_name = cluster_name.into();
            let refused = HandshakeResponse::decode(&response.encode(), TransportVersionId::new(7_172_999));
            assert!(refused.is_err(), "{refused:?}");
        }
    }
}
