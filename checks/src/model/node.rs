//! Nodes as a remote cluster lists them, and whether their addresses can be reached from here.

use std::net::SocketAddr;

use serde::{Deserialize, Serialize};

use super::evidence::Tcp;

/// One node of a list that the remote gave (`RemoteClusterNodesAction`).
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct ListedNode {
    /// `node.name`, cut to a bound.
    pub name: String,
    /// Where it says that it is reached: its remote cluster server's publish address in the API-key
    /// model, its transport interface's in the certificate model.
    pub address: SocketAddr,
    /// Its release version id.
    pub version: i32,
    /// `node.roles`, as far as they are kept.
    #[serde(default)]
    pub roles: Vec<String>,
}

impl ListedNode {
    /// How many nodes of a list are kept.
    pub const LIMIT: usize = 64;
    /// How many roles of a node are kept; there are a dozen.
    pub const ROLES: usize = 32;

    /// Whether it has the role of this name.
    pub fn has(&self, role: &str) -> bool {
        self.roles.iter().any(|own| own == role)
    }
}

/// One publish address, dialled from here: TCP only, nothing was said.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Published {
    /// The address.
    pub address: SocketAddr,
    /// How the connection went.
    pub tcp: Tcp,
}
