//! What a cluster is and how its links are set up, as far as its REST interface shows it.
//! Plain data: a test changes it while the interface runs.

use std::net::SocketAddr;

use crate::rest_keys::RestKeys;

/// How a link is set up, and what the cluster says about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RestLink {
    /// Alias.
    pub alias: String,
    /// Address or addresses.
    pub target: RestTarget,
    /// Whether the API-key model is used.
    pub api_key: bool,
    /// Whether the alias comes from `elasticsearch.yml` and not from the cluster settings.
    pub from_file: bool,
    /// Whether the cluster says it is connected.
    pub connected: bool,
    /// `error` of `_resolve/cluster`.
    pub error: Option<String>,
    /// A follower index over it, which has copied everything.
    pub follower: Option<String>,
    /// Release of the remote, shown when connected.
    pub remote_version: String,
}

/// Connection mode of a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RestTarget {
    /// Proxy mode.
    Proxy {
        /// `proxy_address`.
        address: String,
        /// `server_name`.
        server_name: Option<String>,
    },
    /// Sniff mode with its `seeds`.
    Sniff(Vec<String>),
}

/// What the cluster is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RestCluster {
    /// `cluster.name`.
    pub name: String,
    /// Release of its node, for example `9.5.3`: answers and refusals follow it.
    pub version: String,
    /// Transport version of its node.
    pub transport_version: u32,
    /// Transport address that its node publishes.
    pub transport_address: SocketAddr,
    /// Remote cluster server address that its node publishes, when it is on.
    pub remote_cluster_server: Option<SocketAddr>,
    /// Flat settings of its node beside the usual ones.
    pub node_settings: Vec<(String, String)>,
    /// Its links.
    pub links: Vec<RestLink>,
    /// Its API keys, as whoever asks may see them.
    pub keys: RestKeys,
}

impl RestCluster {
    /// A cluster `name` of one node of 9.5.3, without remotes.
    pub fn alone(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            version: "9.5.3".to_owned(),
            transport_version: 9_458_007,
            transport_address: ([127, 0, 0, 1], 9300).into(),
            remote_cluster_server: None,
            node_settings: Vec::new(),
            links: Vec::new(),
            keys: RestKeys::default(),
        }
    }
}

impl RestLink {
    /// A connected link of the API-key model in proxy mode to a remote of 9.5.3.
    pub fn by_key(alias: &str, address: &str, server_name: Option<&str>) -> Self {
        Self {
            alias: alias.to_owned(),
            target: RestTarget::Proxy { address: address.to_owned(), server_name: server_name.map(str::to_owned) },
            api_key: true,
            from_file: false,
            connected: true,
            error: None,
            follower: None,
            remote_version: "9.5.3".to_owned(),
        }
    }
}
