//! `GET /_remote/info`: the remotes of a cluster as the answering node sees their connections now.
//!
//! It describes sockets that are open and dials nothing (`RemoteConnectionInfo`).

use std::collections::BTreeMap;

use farlink_checks::model::evidence::{Read, RemoteInfo};
use farlink_checks::model::link::Mode;
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny};

use super::client::Client;

/// The path.
pub const PATH: &str = "/_remote/info";

/// Every remote by its alias.
pub type Remotes = BTreeMap<String, Remote>;

/// One remote. What is absent, or of another type than any release writes, is `None`.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub struct Remote {
    /// Whether a socket is open.
    pub connected: bool,
    #[serde(default, deserialize_with = "tolerant")]
    mode: Option<String>,
    #[serde(default, deserialize_with = "tolerant")]
    proxy_address: Option<String>,
    #[serde(default, deserialize_with = "tolerant")]
    server_name: Option<String>,
    #[serde(default, deserialize_with = "tolerant")]
    seeds: Option<Vec<String>>,
    #[serde(default, deserialize_with = "tolerant")]
    num_proxy_sockets_connected: Option<u64>,
    #[serde(default, deserialize_with = "tolerant")]
    max_proxy_socket_connections: Option<u64>,
    #[serde(default, deserialize_with = "tolerant")]
    num_nodes_connected: Option<u64>,
    #[serde(default, deserialize_with = "tolerant")]
    max_connections_per_cluster: Option<u64>,
    #[serde(default, deserialize_with = "tolerant")]
    skip_unavailable: Option<bool>,
    #[serde(default)]
    cluster_credentials: Option<IgnoredAny>,
}

/// Asks for every remote.
pub async fn remote_info(client: &Client) -> Read<Remotes> {
    client.get(PATH).await
}

impl Remote {
    /// The connection mode; releases before 7.6 know only `sniff` and do not say so.
    pub fn mode(&self) -> Option<Mode> {
        match self.mode.as_deref() {
            Some("proxy") => Some(Mode::Proxy),
            Some("sniff") => Some(Mode::Sniff),
            Some(_) => None,
            None => self.seeds.is_some().then_some(Mode::Sniff),
        }
    }

    /// The addresses it dials in `mode`.
    pub fn addresses(&self, mode: Mode) -> &[String] {
        match mode {
            Mode::Proxy => self.proxy_address.as_slice(),
            Mode::Sniff => self.seeds.as_deref().unwrap_or_default(),
        }
    }

    /// `server_name`, which is shown as `""` where it is not set.
    pub fn server_name(&self) -> Option<&str> {
        self.server_name.as_deref().filter(|name| !name.is_empty())
    }

    /// Whether the keystore has credentials for it, which makes it a link of the API-key model.
    pub fn has_credentials(&self) -> bool {
        self.cluster_credentials.is_some()
    }

    /// The part that is kept as evidence.
    pub fn evidence(&self) -> RemoteInfo {
        RemoteInfo {
            connected: self.connected,
            sockets: self.num_proxy_sockets_connected.or(self.num_nodes_connected),
            max_sockets: self.max_proxy_socket_connections.or(self.max_connections_per_cluster),
            credentials: self.has_credentials(),
            skip_unavailable: self.skip_unavailable,
        }
    }
}

/// A value of type `T`, or `None` for anything else, so that one odd field costs only itself.
pub(super) fn tolerant<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either<T> {
        Expected(T),
        Other(IgnoredAny),
    }
    Ok(match Either::deserialize(deserializer)? {
        Either::Expected(value) => Some(value),
        Either::Other(_) => None,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn recorded_answers_are_read() {
        let old: Remotes =
            serde_json::from_str(include_str!("../../tests/elasticsearch/samples/old-8.14.3-remote-info.json"))
                .unwrap();
        let healthy = RemoteInfo {
            connected: true,
            sockets: Some(18),
            max_sockets: Some(18),
            credentials: false,
            skip_unavailable: Some(false),
        };
        assert_eq!(old["healthy"].evidence(), healthy);
        assert_eq!(old["healthy"].server_name(), None);
        let new: Remotes =
            serde_json::from_str(include_str!("../../tests/elasticsearch/samples/local-8.19.21-remote-info.json"))
                .unwrap();
        assert_eq!(new["healthy-sniff"].mode(), Some(Mode::Sniff));
        assert_eq!(new["healthy-sniff"].evidence().max_sockets, Some(3));
        assert!(new["key-healthy"].has_credentials());
        assert_eq!(new["key-healthy-sni"].server_name(), Some("key.remote.lab.example"));
        let none: Remotes =
            serde_json::from_str(include_str!("../../tests/elasticsearch/samples/plain-9.5.3-remote-info.json"))
                .unwrap();
        assert!(none.is_empty());
    }

    #[test]
    fn an_odd_field_costs_only_itself_and_another_document_is_refused() {
        let odd =
            r#"{"eu":{"connected":true,"seeds":"a:1","skip_unavailable":"yes","num_nodes_connected":-1,"new":{}}}"#;
        let remotes: Remotes = serde_json::from_str(odd).unwrap();
        assert_eq!(remotes["eu"].evidence(), RemoteInfo { connected: true, ..RemoteInfo::default() });
        for body in [r#"{"message":"hello"}"#, r#"{"eu":{}}"#, "[]"] {
            assert!(serde_json::from_str::<Remotes>(body).is_err(), "{body}");
        }
    }
}
