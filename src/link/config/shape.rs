//! What may stand in `farlink.yml`, as it is written. The JSON Schema comes from these types.
//!
//! Values are text with a place here; [`super::check`] makes them addresses, durations and files.

use farlink_checks::model::link::{Mode, Model, VerificationMode};
use schemars::JsonSchema;
use serde::Deserialize;

use super::located::{Located, Named, OneOrMany};

/// Configuration of farlink: the links to diagnose, and whom to ask about them.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "farlink.yml")]
pub struct File {
    /// Clusters whose REST API may be read, by name.
    pub clusters: Option<Named<Cluster>>,
    /// Links by alias, with Elasticsearch's own setting names.
    pub links: Option<Named<Link>>,
    /// Links to take from the clusters themselves.
    pub discover: Option<Discover>,
    /// Management APIs (Elastic Cloud, Elastic Cloud Enterprise) for filter and trust checks, by name.
    pub management: Option<Named<Management>>,
    /// How names are resolved; by default as the system does.
    pub resolver: Option<Resolver>,
    /// How often each link is probed, such as `30s`; 1s at the least.
    pub interval: Option<Located<String>>,
    /// How often a link's key is tried, such as `5m`.
    pub key_interval: Option<Located<String>>,
    /// The daemon.
    pub serve: Option<Serve>,
    /// Findings that are known and shall not count.
    #[serde(default)]
    pub suppress: Vec<Suppress>,
}

/// A cluster whose REST API may be read.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cluster {
    /// `https://host:9200`.
    pub url: Located<String>,
    /// A file with the `encoded` value of an API key.
    pub api_key_file: Option<Located<String>>,
    /// A user, instead of an API key.
    pub user: Option<Located<String>>,
    /// A file with the user's password.
    pub password_file: Option<Located<String>>,
    /// Authorities of the REST API in PEM; by default the public roots.
    pub ca_file: Option<Located<String>>,
}

/// A management API.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Management {
    /// Its URL, such as `https://api.elastic-cloud.com`.
    pub url: Located<String>,
    /// A file with an API key of the management API.
    pub api_key_file: Option<Located<String>>,
    /// Authorities in PEM; by default the public roots.
    pub ca_file: Option<Located<String>>,
}

/// One alias, `cluster.remote.<alias>.*`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// The local cluster, a name under `clusters`.
    pub local: Option<Located<String>>,
    /// The remote cluster, a name under `clusters`.
    pub remote: Option<Located<String>>,
    /// The connection mode; by default what the address is for.
    pub mode: Option<Mode>,
    /// `host:port`, mode `proxy`.
    pub proxy_address: Option<Located<String>>,
    /// `host:port`, one or several, mode `sniff`.
    pub seeds: Option<OneOrMany>,
    /// The name sent in the TLS server name indication.
    pub server_name: Option<String>,
    /// The security model; by default that of the credential, else of the port.
    pub model: Option<Model>,
    /// As in the local cluster's TLS settings for this link.
    pub verification_mode: Option<VerificationMode>,
    /// Whether the local cluster dials with TLS.
    pub transport_tls: Option<bool>,
    /// The authorities the local cluster trusts, in PEM.
    pub ca_file: Option<Located<String>>,
    /// A client certificate in PEM, certificate model.
    pub cert_file: Option<Located<String>>,
    /// The private key of the client certificate in PEM.
    pub key_file: Option<Located<String>>,
    /// A file with the `encoded` value of the cross-cluster API key.
    pub api_key_file: Option<Located<String>>,
    /// How often this link is probed.
    pub interval: Option<Located<String>>,
    /// The index expression to ask for, such as `logs-*`.
    pub indices: Option<String>,
    /// Accepted so that settings can be pasted; not used.
    pub skip_unavailable: Option<bool>,
    /// Accepted so that settings can be pasted; not used.
    pub node_connections: Option<u32>,
    /// Accepted so that settings can be pasted; not used.
    pub proxy_socket_connections: Option<u32>,
    /// Accepted so that settings can be pasted; not used.
    #[serde(rename = "transport.ping_schedule")]
    pub ping_schedule: Option<String>,
    /// Accepted so that settings can be pasted; not used.
    #[serde(rename = "transport.compress")]
    pub compress: Option<String>,
    /// Accepted so that settings can be pasted; not used.
    #[serde(rename = "transport.compression_scheme")]
    pub compression_scheme: Option<String>,
}

/// Links to take from the clusters themselves.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Discover {
    /// Names under `clusters`.
    #[serde(default)]
    pub from: Vec<Located<String>>,
    /// How often to ask, such as `5m`.
    pub every: Option<Located<String>>,
}

/// How names are resolved.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Resolver {
    /// Name servers, `IP` or `IP:port`.
    #[serde(default)]
    pub servers: Vec<Located<String>>,
    /// Search domains.
    pub search: Option<Vec<String>>,
    /// A hosts file.
    pub hosts_file: Option<Located<String>>,
}

/// The daemon.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Serve {
    /// The address to listen on, such as `127.0.0.1:19443`.
    pub listen: Option<Located<String>>,
    /// TLS and users of the endpoint, in the format of Prometheus's exporters.
    pub web_config: Option<Located<String>>,
    /// A folder for what survives restarts.
    pub state: Option<Located<String>>,
    /// Whether `POST /-/reload` is answered.
    #[serde(default)]
    pub reload: bool,
}

/// A finding that is known and shall not count.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Suppress {
    /// The link's alias, or a pattern.
    pub link: Located<String>,
    /// The finding's id.
    pub id: Located<String>,
    /// The last day it does not count, such as `2027-01-31`; by default for good.
    pub until: Option<Located<String>>,
    /// Why.
    #[serde(default)]
    pub reason: String,
}
