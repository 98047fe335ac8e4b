//! What an emulated node is and how it is set up.
//! A release gives the defaults; every field can be changed.

use std::net::SocketAddr;

use crate::handshake::Release;
use crate::key::RemoteClusterServer;
use crate::tls::ServerTls;

/// Which of a node's two transport ports this is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Profile {
    /// The transport port, 9300.
    Default,
    /// The remote cluster server, 9443.
    RemoteCluster(RemoteClusterServer),
}

/// What a node is and how it is set up.
#[derive(Clone, Debug)]
pub struct NodeOptions {
    /// Release string of the tcp handshake.
    pub release: String,
    /// Version id of the release in `internal:transport/handshake`.
    pub release_id: u32,
    /// Highest index version.
    pub index_version: u32,
    /// Build hash.
    pub build_hash: String,
    /// Its own transport version.
    pub transport_version: u32,
    /// Lowest transport version it accepts.
    pub minimum_compatible: u32,
    /// Handshake formats it answers; it closes on others.
    pub accepted_formats: Vec<u32>,
    /// Whether version ids carry the bit of OpenSearch.
    pub opensearch: bool,
    /// `node.name`.
    pub node_name: String,
    /// `node.roles`, of all nodes that it lists.
    pub roles: Vec<&'static str>,
    /// `cluster.name`.
    pub cluster_name: String,
    /// Which port this is.
    pub profile: Profile,
    /// Whether the node has its remote cluster server on (asked on the transport port).
    pub remote_cluster_server: bool,
    /// Whether the transport port wants an authenticated user, as with security on.
    pub security: bool,
    /// Whether the transport port takes a user who is not named for an anonymous one, who may do nothing.
    pub anonymous: bool,
    /// TLS, or plain.
    pub tls: Option<ServerTls>,
    /// Publish address, when it is not the listening one.
    pub publish_address: Option<SocketAddr>,
    /// Publish addresses of the whole cluster for sniff mode, when it is not only this node's.
    pub node_addresses: Option<Vec<SocketAddr>>,
}

impl NodeOptions {
    /// A plain transport port of `release`, named `node-1` of `remote`, without security.
    pub fn new(release: Release) -> Self {
        Self {
            release: release.name.to_owned(),
            release_id: release.id,
            index_version: release.index,
            build_hash: release.hash.to_owned(),
            transport_version: release.transport,
            minimum_compatible: release.minimum,
            accepted_formats: release.accepted_formats(),
            opensearch: false,
            node_name: "node-1".to_owned(),
            roles: vec!["data", "master", "remote_cluster_client"],
            cluster_name: "remote".to_owned(),
            profile: Profile::Default,
            remote_cluster_server: false,
            security: false,
            anonymous: false,
            tls: None,
            publish_address: None,
            node_addresses: None,
        }
    }
}
