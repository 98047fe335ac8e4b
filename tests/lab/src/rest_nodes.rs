//! `_nodes` as Elasticsearch shows it: one node with settings and addresses.
//! Settings are nested unless flat ones are asked for.

use serde_json::{Map, Value, json};

use crate::handshake::{Release, node_id};
use crate::rest_answer::{link_settings, release};
use crate::rest_cluster::RestCluster;

/// The answer for these metrics; `query` is the raw query string.
pub(crate) fn nodes(cluster: &RestCluster, metrics: &[&str], query: &str) -> Value {
    let address = cluster.transport_address;
    let known = Release::ALL.iter().find(|release| release.name == cluster.version);
    let mut node = json!({
        "name": format!("{}-1", cluster.name), "transport_address": address, "host": address.ip(), "ip": address.ip(),
        "version": cluster.version, "build_flavor": "default", "build_type": "docker",
        "build_hash": known.map_or("unknown", |release| release.hash),
        "roles": ["data", "ingest", "master", "remote_cluster_client", "transform"]
    });
    if release(cluster) >= (8, 8) {
        node["transport_version"] = json!(cluster.transport_version);
    }
    if metrics.contains(&"settings") {
        let mut flat = Map::from_iter([
            ("cluster.name".to_owned(), json!(cluster.name)),
            ("node.name".to_owned(), json!(format!("{}-1", cluster.name))),
        ]);
        flat.extend(cluster.links.iter().filter(|link| link.from_file).flat_map(link_settings));
        flat.extend(cluster.node_settings.iter().map(|(key, value)| (key.clone(), json!(value))));
        node["settings"] = if query.contains("flat_settings=true") { flat.into() } else { nested(flat) };
    }
    if metrics.contains(&"transport") {
        node["transport"] = json!({"bound_address": [address], "publish_address": address, "profiles": {}});
    }
    if let Some(server) = cluster.remote_cluster_server.filter(|_| metrics.contains(&"remote_cluster_server")) {
        node["remote_cluster_server"] = json!({"bound_address": [server], "publish_address": server});
    }
    let id = node_id(&cluster.name);
    json!({"_nodes": {"total": 1, "successful": 1, "failed": 0}, "cluster_name": cluster.name, "nodes": {id: node}})
}

/// Nested as far as keys do not collide; a colliding rest stays dotted, as in Elasticsearch.
fn nested(flat: Map<String, Value>) -> Value {
    let mut root = Map::new();
    for (key, value) in flat {
        place(&mut root, &key, value);
    }
    root.into()
}

fn place(into: &mut Map<String, Value>, key: &str, value: Value) {
    if let Some((head, rest)) = key.split_once('.') {
        let entry = into.entry(head).or_insert_with(|| Map::new().into());
        if let Value::Object(inner) = entry {
            return place(inner, rest, value);
        }
    }
    into.insert(key.to_owned(), value);
}
