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
pub(super) struct File {
    /// Clusters whose REST API may be read, by name.
    pub(super) clusters: Option<Named<Cluster>>,
    /// Links by alias, with Elasticsearch's own setting names.
    pub(super) links: Option<Named<Located<Link>>>,
    /// Links to take from the clusters themselves.
    pub(super) discover: Option<Discover>,
    /// Management APIs (Elastic Cloud, Elastic Cloud Enterprise) for filter and trust checks, by name.
    pub(super) management: Option<Named<Management>>,
    /// How names are resolved; by default as the system does.
    pub(super) resolver: Option<Resolver>,
    /// How often each link is probed, such as `30s`; 1s at the least.
    pub(super) interval: Option<Located<String>>,
    /// How often a link's key is tried, such as `5m`.
    pub(super) key_interval: Option<Located<String>>,
    /// Days before the end of a certificate's validity at which to warn: 1 to 5 of them, each 1 to 365.
    #[schemars(with = "Option<ExpiryDays>")]
    pub(super) certificate_expiry_days: Option<Located<Vec<Located<i64>>>>,
    /// The daemon.
    pub(super) serve: Option<Serve>,
    /// Findings that are known and shall not count.
    pub(super) suppress: Option<Vec<Suppress>>,
}

/// What may stand in `certificate_expiry_days`.
#[derive(JsonSchema)]
#[schemars(inline)]
struct ExpiryDays(
    #[allow(dead_code, reason = "it describes the schema")]
    #[schemars(length(min = 1, max = 5), inner(range(min = 1, max = 365)))]
    Vec<u16>,
);

/// A cluster whose REST API may be read.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Cluster {
    /// `https://host:9200`.
    pub(super) url: Located<String>,
    /// A file with the `encoded` value of an API key.
    pub(super) api_key_file: Option<Located<String>>,
    /// A user, instead of an API key.
    pub(super) user: Option<Located<String>>,
    /// A file with the user's password.
    pub(super) password_file: Option<Located<String>>,
    /// Authorities of the REST API in PEM; by default the public roots.
    pub(super) ca_file: Option<Located<String>>,
}

/// A management API.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Management {
    /// Its URL, such as `https://api.elastic-cloud.com`.
    pub(super) url: Located<String>,
    /// A file with an API key of the management API.
    pub(super) api_key_file: Option<Located<String>>,
    /// Authorities in PEM; by default the public roots.
    pub(super) ca_file: Option<Located<String>>,
}

/// One alias, `cluster.remote.<alias>.*`.
#[allow(dead_code, reason = "some settings are accepted and not used")]
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Link {
    /// The local cluster, a name under `clusters`.
    pub(super) local: Option<Located<String>>,
    /// The remote cluster, a name under `clusters`; it is asked when the API key ends and what it may do.
    pub(super) remote: Option<Located<String>>,
    /// The connection mode; by default what the address is for.
    pub(super) mode: Option<Mode>,
    /// `host:port`, mode `proxy`.
    pub(super) proxy_address: Option<Located<String>>,
    /// `host:port`, one or several, mode `sniff`.
    pub(super) seeds: Option<Located<OneOrMany>>,
    /// The name sent in the TLS server name indication.
    pub(super) server_name: Option<String>,
    /// The security model; by default that of the credential, else of the port.
    pub(super) model: Option<Model>,
    /// As in the local cluster's TLS settings for this link.
    pub(super) verification_mode: Option<VerificationMode>,
    /// Whether the local cluster dials with TLS.
    pub(super) transport_tls: Option<bool>,
    /// The authorities the local cluster trusts, in PEM.
    pub(super) ca_file: Option<Located<String>>,
    /// A client certificate in PEM, certificate model.
    pub(super) cert_file: Option<Located<String>>,
    /// The private key of the client certificate in PEM.
    pub(super) key_file: Option<Located<String>>,
    /// A file with the `encoded` value of the cross-cluster API key.
    pub(super) api_key_file: Option<Located<String>>,
    /// How often this link is probed.
    pub(super) interval: Option<Located<String>>,
    /// What the link is used for, such as `logs-*`, to be held against what the API key may search.
    pub(super) indices: Option<String>,
    /// Accepted so that settings can be pasted; not used.
    pub(super) skip_unavailable: Option<bool>,
    /// Accepted so that settings can be pasted; not used.
    pub(super) node_connections: Option<u32>,
    /// Accepted so that settings can be pasted; not used.
    pub(super) proxy_socket_connections: Option<u32>,
    /// Accepted so that settings can be pasted; not used.
    #[serde(rename = "transport.ping_schedule")]
    pub(super) ping_schedule: Option<String>,
    /// Accepted so that settings can be pasted; not used.
    #[serde(rename = "transport.compress")]
    pub(super) compress: Option<String>,
    /// Accepted so that settings can be pasted; not used.
    #[serde(rename = "transport.compression_scheme")]
    pub(super) compression_scheme: Option<String>,
}

/// Links to take from the clusters themselves.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Discover {
    /// Names under `clusters`.
    #[serde(default)]
    pub(super) from: Vec<Located<String>>,
    /// How often to ask, such as `5m`.
    pub(super) every: Option<Located<String>>,
}

/// How names are resolved.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Resolver {
    /// Name servers, `IP` or `IP:port`.
    #[serde(default)]
    pub(super) servers: Vec<Located<String>>,
    /// Search domains.
    pub(super) search: Option<Vec<String>>,
    /// A hosts file.
    pub(super) hosts_file: Option<Located<String>>,
}

/// The daemon.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Serve {
    /// The address to listen on, such as `127.0.0.1:19443`.
    pub(super) listen: Option<Located<String>>,
    /// TLS and users of the endpoint, in the format of Prometheus's exporters.
    pub(super) web_config: Option<Located<String>>,
    /// A folder for what survives restarts.
    pub(super) state: Option<Located<String>>,
    /// Whether `POST /-/reload` is answered.
    #[serde(default)]
    pub(super) reload: bool,
}

/// A finding that is known and shall not count.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Suppress {
    /// The link's alias, or a pattern.
    pub(super) link: Located<String>,
    /// The finding's id.
    pub(super) id: Located<String>,
    /// The last day it does not count, such as `2027-01-31`; by default for good.
    pub(super) until: Option<Located<String>>,
    /// Why.
    #[serde(default)]
    pub(super) reason: String,
}
