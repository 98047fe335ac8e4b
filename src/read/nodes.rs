//! `GET /_nodes`: releases, roles, transport addresses and settings of a cluster's nodes.
//!
//! `_all` stands in the path because a metric that a release does not know turns a path without it
//! into a filter for a node of that name, which matches none.

use std::collections::BTreeMap;

use farlink_checks::model::evidence::Read;
use farlink_checks::model::link::HostPort;
use farlink_checks::version::ReleaseVersion;
use serde::Deserialize;

use super::client::Client;
use super::flat::Flat;
use super::remote_info::tolerant;

/// The path without its query.
pub const PATH: &str = "/_nodes/_all/settings,transport,remote_cluster_server";

/// `node.roles`, and with it the role, exist since 7.9 for every node; before, a node says it with other settings.
const ROLES_SINCE: ReleaseVersion = ReleaseVersion::new(7, 9, 0);

/// The nodes of a cluster.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Nodes {
    /// `cluster.name`.
    pub cluster_name: Option<String>,
    /// In the order of their names.
    pub nodes: Vec<Node>,
}

/// One node.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// `node.name`.
    pub name: String,
    /// Its release, when it is one.
    pub release: Option<ReleaseVersion>,
    /// Its roles; a coordinating-only node has none, which is a list too.
    pub roles: Option<Vec<String>>,
    /// Where its transport interface, its profiles and its remote cluster server can be reached.
    pub addresses: Vec<HostPort>,
    /// Its settings, as far as they are kept.
    pub settings: Flat,
}

/// Asks for every node.
pub async fn nodes(client: &Client) -> Read<Nodes> {
    client.get::<Answer>(&format!("{PATH}?flat_settings=true")).await.map(Nodes::from)
}

impl Nodes {
    /// The oldest node's release, which decides what the cluster as a whole can do.
    pub fn oldest(&self) -> Option<&ReleaseVersion> {
        self.nodes.iter().filter_map(|node| node.release.as_ref()).min()
    }
}

impl Node {
    /// Whether it is known to lack the role `remote_cluster_client`, without which it dials no remote.
    pub fn lacks_client_role(&self) -> bool {
        let has_role_setting = self.release.as_ref().is_none_or(|release| *release >= ROLES_SINCE);
        let lacks = |roles: &Vec<String>| !roles.iter().any(|role| role == "remote_cluster_client");
        has_role_setting && self.roles.as_ref().is_some_and(lacks)
    }
}

#[derive(Deserialize)]
struct Answer {
    #[serde(default, deserialize_with = "tolerant")]
    cluster_name: Option<String>,
    nodes: BTreeMap<String, NodeAnswer>,
}

#[derive(Deserialize)]
struct NodeAnswer {
    #[serde(default, deserialize_with = "tolerant")]
    name: Option<String>,
    #[serde(default, deserialize_with = "tolerant")]
    version: Option<String>,
    #[serde(default, deserialize_with = "tolerant")]
    roles: Option<Vec<String>>,
    #[serde(default, deserialize_with = "tolerant")]
    transport_address: Option<String>,
    #[serde(default, deserialize_with = "tolerant")]
    transport: Option<Transport>,
    #[serde(default, deserialize_with = "tolerant")]
    remote_cluster_server: Option<Published>,
    #[serde(default, deserialize_with = "tolerant")]
    settings: Option<Flat>,
}

#[derive(Deserialize)]
struct Transport {
    publish_address: Option<String>,
    #[serde(default)]
    profiles: BTreeMap<String, Published>,
}

#[derive(Deserialize)]
struct Published {
    publish_address: Option<String>,
}

impl From<Answer> for Nodes {
    fn from(answer: Answer) -> Self {
        let mut nodes: Vec<Node> = answer.nodes.into_iter().map(|(id, node)| node.named(id)).collect();
        nodes.sort_by(|a, b| a.name.cmp(&b.name));
        Self { cluster_name: answer.cluster_name, nodes }
    }
}

impl NodeAnswer {
    fn named(self, id: String) -> Node {
        let mut published = Vec::from_iter(self.transport_address);
        if let Some(transport) = self.transport {
            published.extend(transport.publish_address);
            published.extend(transport.profiles.into_values().filter_map(|profile| profile.publish_address));
        }
        published.extend(self.remote_cluster_server.and_then(|server| server.publish_address));
        let mut addresses: Vec<HostPort> = Vec::with_capacity(published.len());
        for address in published.iter().flat_map(|text| parse_published(text)) {
            if !addresses.contains(&address) {
                addresses.push(address);
            }
        }
        Node {
            name: self.name.unwrap_or(id),
            release: self.version.and_then(|text| text.parse().ok()),
            roles: self.roles,
            addresses,
            settings: self.settings.unwrap_or_default(),
        }
    }
}

/// A publish address is `ip:port`, or `name/ip:port` when it was configured as a name
/// (`NetworkAddress.format`); both ways to write it are the node's.
fn parse_published(text: &str) -> impl Iterator<Item = HostPort> {
    let both = match text.split_once('/') {
        None => [Some(text.to_owned()), None],
        Some((name, address)) => {
            let port = address.rsplit(':').next().unwrap_or_default();
            [Some(address.to_owned()), Some(format!("{name}:{port}"))]
        }
    };
    both.into_iter().flatten().filter_map(|text| text.parse().ok())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn read(body: &str) -> Nodes {
        serde_json::from_str::<Answer>(body).unwrap().into()
    }

    #[test]
    fn recorded_answers_of_every_release_are_read() {
        for (body, cluster, release, addresses) in [
            (include_str!("../../tests/elasticsearch/samples/ancient-7.17.29-nodes.json"), "ancient", "7.17.29", 1),
            (include_str!("../../tests/elasticsearch/samples/old-8.14.3-nodes.json"), "old", "8.14.3", 1),
            (include_str!("../../tests/elasticsearch/samples/local-8.19.21-nodes.json"), "local", "8.19.21", 1),
            (include_str!("../../tests/elasticsearch/samples/plain-9.5.3-nodes.json"), "plain", "9.5.3", 1),
            // Transport, two profiles and the remote cluster server.
            (include_str!("../../tests/elasticsearch/samples/remote-9.5.3-nodes.json"), "remote", "9.5.3", 4),
        ] {
            let nodes = read(body);
            assert_eq!(nodes.cluster_name.as_deref(), Some(cluster));
            assert_eq!(nodes.oldest().map(ToString::to_string).as_deref(), Some(release));
            assert_eq!(nodes.nodes[0].addresses.len(), addresses, "{cluster}");
            assert!(!nodes.nodes[0].lacks_client_role());
        }
    }

    #[test]
    fn the_oldest_release_and_missing_roles_are_seen() {
        let nodes = read(
            r#"{"nodes":{"1":{"name":"c","version":"8.9.2","roles":[]},"2":{"name":"b","version":"8.10.0","roles":["remote_cluster_client"]},
                "3":{"name":"a","version":"nonsense"},"4":{"version":"9.0.0","roles":["master"],"transport":7}}}"#,
        );
        assert_eq!(nodes.oldest().map(ToString::to_string).as_deref(), Some("8.9.2"));
        let lacking: Vec<&str> =
            nodes.nodes.iter().filter(|node| node.lacks_client_role()).map(|node| node.name.as_str()).collect();
        assert_eq!(lacking, ["4", "c"]);
        assert!(!read(r#"{"nodes":{"1":{"version":"7.3.0","roles":["data"]}}}"#).nodes[0].lacks_client_role());
    }

    #[test]
    fn a_publish_address_with_a_name_is_both_addresses() {
        let shown = |text: &str| parse_published(text).map(|address| address.to_string()).collect::<Vec<_>>();
        assert_eq!(shown("es01/172.18.0.2:9300"), ["172.18.0.2:9300", "es01:9300"]);
        assert_eq!(shown("[::1]:9300"), ["[::1]:9300"]);
        assert!(shown("nonsense").is_empty());
    }
}
