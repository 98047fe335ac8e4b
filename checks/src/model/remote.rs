//! What the remote cluster's own REST API says of a link's API key.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::evidence::Read;

/// The remote cluster's word about a link's key.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct RemoteView {
    /// The cluster's name among `clusters`.
    pub cluster: String,
    /// The key with the id of the one that farlink was given; `None` where the cluster shows none of this id.
    pub key: Read<Option<KeyFacts>>,
    /// Whoever was asked as sees only the keys of their own.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub own_keys_only: bool,
    /// The index expression that the link is used for, where the configuration says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub indices: Option<String>,
}

/// What a cluster says of one API key. Its secret is not among it.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct KeyFacts {
    /// Its name, cut to a bound.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it is for; `None` before 8.10, where all keys were for REST.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<KeyKind>,
    /// When it was created.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub creation: Option<Timestamp>,
    /// When it expires; `None` for a key without an end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiration: Option<Timestamp>,
    /// Somebody withdrew it.
    #[serde(default)]
    pub invalidated: bool,
    /// What it may do, where it is a cross-cluster key and the cluster said it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access: Option<KeyAccess>,
}

/// The type of an API key.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyKind {
    /// For the REST API.
    Rest,
    /// For remote clusters.
    CrossCluster,
    /// Of a type that farlink does not know.
    Other,
}

/// The `access` of a cross-cluster key.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct KeyAccess {
    /// Index names and patterns that it may search.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub search: Vec<String>,
    /// Index names and patterns that it may follow.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replication: Vec<String>,
    /// There were more names than are kept, or names that could not be read.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cut_short: bool,
}
