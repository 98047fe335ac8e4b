//! Nodes as they describe themselves, one by one and as the list of remote cluster server nodes.
//! Which fields a node writes depends on the version of the frame (`DiscoveryNode`).

use std::net::IpAddr;

use super::{DecodeError, Element, Reader, ReleaseVersion, TransportVersionId, Writer};

/// First id with minimum and maximum index version (8.10).
const WITH_INDEX_VERSIONS: TransportVersionId = TransportVersionId::new(8_500_024);
/// First id with a read-only minimum too (8.18).
const WITH_READ_ONLY_INDEX_VERSION: TransportVersionId = TransportVersionId::new(8_810_000);
/// First id with an external id (8.3).
const WITH_EXTERNAL_ID: TransportVersionId = TransportVersionId::new(8_030_099);

/// A node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiscoveryNode {
    /// `node.name`.
    pub name: String,
    /// Persistent id.
    pub id: String,
    /// Id that changes with every start.
    pub ephemeral_id: String,
    /// Host name as the node knows it.
    pub host_name: String,
    /// Host address as the node knows it.
    pub host_address: String,
    /// Publish address; on the remote cluster server port that of the remote cluster server.
    pub address: TransportAddress,
    /// `node.attr.*`.
    pub attributes: Vec<(String, String)>,
    /// `node.roles`.
    pub roles: Vec<Role>,
    /// Release id, of the scheme that [`ReleaseVersion::from_id`] reads.
    pub version_id: u32,
    /// The index versions that the node reads.
    pub index_versions: IndexVersions,
    /// Id for orchestrators, by default the name; from 8.3 on.
    pub external_id: Option<String>,
}

/// Where a node is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransportAddress {
    /// IP address.
    pub ip: IpAddr,
    /// The host name that was configured, or the address as text.
    pub host: String,
    /// TCP port.
    pub port: u16,
}

/// A role of a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// For example `remote_cluster_client`.
    pub name: String,
    /// For example `r`.
    pub abbreviation: String,
    /// Whether nodes with it can hold shards.
    pub can_contain_data: bool,
}

/// The index versions that a node says it reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IndexVersions {
    /// Not written, up to 8.9.
    Unstated,
    /// From 8.10 on.
    Range {
        /// Oldest.
        min: u32,
        /// Newest.
        max: u32,
    },
    /// From 8.18 on.
    RangeAndReadOnly {
        /// Oldest that is also written.
        min: u32,
        /// Oldest that is only read.
        min_read_only: u32,
        /// Newest.
        max: u32,
    },
}

impl DiscoveryNode {
    /// The release of the node.
    pub fn release(&self) -> ReleaseVersion {
        ReleaseVersion::from_id(self.version_id)
    }

    /// Whether the node has the role of this name.
    pub fn has_role(&self, name: &str) -> bool {
        self.roles.iter().any(|role| role.name == name)
    }
}

/// Reads the payload of an answer to [`Action::RemoteClusterNodes`](super::Action::RemoteClusterNodes) in `version`.
///
/// # Errors
/// [`DecodeError`] if it is not exactly a list of nodes.
pub fn decode_nodes(payload: &[u8], version: TransportVersionId) -> Result<Vec<DiscoveryNode>, DecodeError> {
    let mut reader = Reader::new(payload);
    let shape = Shape::of(version);
    let mut nodes = Vec::new();
    for _ in 0..reader.vint()? {
        nodes.push(node(&mut reader, shape)?);
    }
    reader.finish()?;
    Ok(nodes)
}

/// Which of the fields at the end of a node there are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shape {
    index_versions: u8,
    external_id: bool,
}

impl Shape {
    pub(crate) const ALL: [Self; 6] = [
        Self { index_versions: 3, external_id: true },
        Self { index_versions: 2, external_id: true },
        Self { index_versions: 0, external_id: true },
        Self { index_versions: 0, external_id: false },
        Self { index_versions: 2, external_id: false },
        Self { index_versions: 3, external_id: false },
    ];

    pub(crate) fn of(version: TransportVersionId) -> Self {
        let index_versions = match version {
            _ if version >= WITH_READ_ONLY_INDEX_VERSION => 3,
            _ if version >= WITH_INDEX_VERSIONS => 2,
            _ => 0,
        };
        Self { index_versions, external_id: version >= WITH_EXTERNAL_ID }
    }
}

pub(crate) fn node(reader: &mut Reader<'_>, shape: Shape) -> Result<DiscoveryNode, DecodeError> {
    Ok(DiscoveryNode {
        name: reader.string()?,
        id: reader.string()?,
        ephemeral_id: reader.string()?,
        host_name: reader.string()?,
        host_address: reader.string()?,
        address: address(reader)?,
        attributes: reader.string_map()?,
        roles: roles(reader)?,
        version_id: reader.vint()?,
        index_versions: match shape.index_versions {
            0 => IndexVersions::Unstated,
            2 => IndexVersions::Range { min: reader.vint()?, max: reader.vint()? },
            _ => IndexVersions::RangeAndReadOnly {
                min: reader.vint()?,
                min_read_only: reader.vint()?,
                max: reader.vint()?,
            },
        },
        external_id: if shape.external_id { Some(reader.string()?) } else { None },
    })
}

fn address(reader: &mut Reader<'_>) -> Result<TransportAddress, DecodeError> {
    let at = reader.position();
    let malformed = DecodeError::Malformed { at, element: Element::Address };
    let length = reader.byte()?;
    let bytes = reader.take(length.into())?;
    let ip = match (<[u8; 4]>::try_from(bytes), <[u8; 16]>::try_from(bytes)) {
        (Ok(v4), _) => IpAddr::from(v4),
        (_, Ok(v6)) => IpAddr::from(v6),
        _ => return Err(malformed),
    };
    let host = reader.string()?;
    let port = u16::try_from(reader.i32()?).map_err(|_| malformed)?;
    Ok(TransportAddress { ip, host, port })
}

fn roles(reader: &mut Reader<'_>) -> Result<Vec<Role>, DecodeError> {
    let mut roles = Vec::new();
    for _ in 0..reader.vint()? {
        roles.push(Role {
            name: reader.string()?,
            abbreviation: reader.string()?,
            can_contain_data: reader.boolean()?,
        });
    }
    Ok(roles)
}

/// Writes a list of nodes as [`decode_nodes`] reads it.
pub fn encode_nodes(nodes: &[DiscoveryNode]) -> Vec<u8> {
    let mut writer = Writer::default();
    writer.length(nodes.len());
    for node in nodes {
        write_node(&mut writer, node);
    }
    writer.into_bytes()
}

pub(crate) fn write_node(writer: &mut Writer, node: &DiscoveryNode) {
    for text in [&node.name, &node.id, &node.ephemeral_id, &node.host_name, &node.host_address] {
        writer.string(text);
    }
    match node.address.ip {
        IpAddr::V4(ip) => writer.byte(4).raw(&ip.octets()),
        IpAddr::V6(ip) => writer.byte(16).raw(&ip.octets()),
    };
    writer.string(&node.address.host).i32(node.address.port.into());
    writer.length(node.attributes.len());
    for (name, value) in &node.attributes {
        writer.string(name).string(value);
    }
    writer.length(node.roles.len());
    for role in &node.roles {
        writer.string(&role.name).string(&role.abbreviation).boolean(role.can_contain_data);
    }
    writer.vint(node.version_id);
    match node.index_versions {
        IndexVersions::Unstated => &mut *writer,
        IndexVersions::Range { min, max } => writer.vint(min).vint(max),
        IndexVersions::RangeAndReadOnly { min, min_read_only, max } => writer.vint(min).vint(min_read_only).vint(max),
    };
    if let Some(external_id) = &node.external_id {
        writer.string(external_id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_or_port_that_is_none_is_refused() {
        for bytes in [
            &[3, 1, 2, 3, 0, 0, 0, 0, 1][..],
            &[4, 1, 2, 3, 4, 0, 0, 1, 0, 0],
            &[4, 1, 2, 3, 4, 0, 0xff, 0xff, 0xff, 0xff],
        ] {
            let refused = address(&mut Reader::new(bytes));
            assert_eq!(refused, Err(DecodeError::Malformed { at: 0, element: Element::Address }));
        }
    }

    #[test]
    fn a_count_of_nodes_without_the_nodes_fails_at_once() {
        assert!(decode_nodes(&[0xff, 0xff, 0xff, 0xff, 0x0f], TransportVersionId::INITIAL_8_19).is_err());
        assert_eq!(decode_nodes(&[0], TransportVersionId::INITIAL_8_19), Ok(vec![]));
    }
}
