//! What Elasticsearch answers to the calls of a diagnosis, by release.
//! Shapes and refusals were recorded from 7.17.29, 8.14.3, 8.19.21 and 9.5.3.

use axum::http::{Method, StatusCode};
use serde_json::{Map, Value, json};

use crate::handshake::node_id;
use crate::rest_cluster::{RestCluster, RestLink, RestTarget};
use crate::rest_keys::keys;
use crate::rest_nodes::nodes;
use crate::rest_replication;

/// The answer to a call; `query` is the raw query string.
pub(crate) fn answer(cluster: &RestCluster, method: &Method, path: &str, query: &str) -> (StatusCode, Value) {
    if method != Method::GET && method != Method::HEAD {
        return (
            StatusCode::METHOD_NOT_ALLOWED,
            json!({"error": format!("Incorrect HTTP method for uri [{path}] and method [{method}], allowed: [GET]"), "status": 405}),
        );
    }
    let decoded = path
        .replace("%2A", "*")
        .replace("%2a", "*")
        .replace("%3A", ":")
        .replace("%3a", ":")
        .replace("%2C", ",")
        .replace("%2c", ",");
    let segments: Vec<_> = decoded.split('/').filter(|segment| !segment.is_empty()).collect();
    match segments.as_slice() {
        [] => (StatusCode::OK, root(cluster)),
        ["_remote", "info"] => (
            StatusCode::OK,
            cluster
                .links
                .iter()
                .map(|link| (link.alias.clone(), remote_info(cluster, link)))
                .collect::<Map<_, _>>()
                .into(),
        ),
        ["_cluster", "settings"] => (StatusCode::OK, settings(cluster, query.contains("include_defaults=true"))),
        ["_security", "api_key"] => keys(cluster, query),
        ["_nodes"] | ["_nodes", "_all" | "_local"] => {
            (StatusCode::OK, nodes(cluster, &["settings", "transport", "remote_cluster_server"], query))
        }
        ["_nodes", "_all" | "_local", metrics] => {
            (StatusCode::OK, nodes(cluster, &metrics.split(',').collect::<Vec<_>>(), query))
        }
        ["_nodes", metrics] => {
            let metrics: Vec<_> = metrics.split(',').collect();
            // A metric that the release does not know turns the path into a filter that matches no node.
            if metrics.contains(&"remote_cluster_server") && release(cluster) < (8, 10) {
                return (
                    StatusCode::OK,
                    json!({"_nodes": {"total": 0, "successful": 0, "failed": 0}, "cluster_name": cluster.name, "nodes": {}}),
                );
            }
            (StatusCode::OK, nodes(cluster, &metrics, query))
        }
        ["_resolve", "cluster", ..] if release(cluster) < (8, 18) && query.contains("timeout=") => refusal(
            StatusCode::BAD_REQUEST,
            "illegal_argument_exception",
            &format!("request [{decoded}] contains unrecognized parameter: [timeout]"),
        ),
        ["_resolve", "cluster"] if release(cluster) < (8, 18) => (
            StatusCode::METHOD_NOT_ALLOWED,
            json!({"error": format!("Incorrect HTTP method for uri [{path}] and method [GET], allowed: [POST]"), "status": 405}),
        ),
        ["_resolve", "cluster", ..] if release(cluster) < (8, 13) => {
            refusal(StatusCode::NOT_FOUND, "index_not_found_exception", "no such index [_resolve]")
        }
        ["_resolve", "cluster"] => (StatusCode::OK, resolve(cluster, "*", false)),
        ["_resolve", "cluster", expression] => {
            let alias = expression.split(':').next().unwrap_or_default();
            if alias != "*" && !cluster.links.iter().any(|link| link.alias == alias) {
                return refusal(
                    StatusCode::NOT_FOUND,
                    "no_such_remote_cluster_exception",
                    &format!("no such remote cluster: [{alias}]"),
                );
            }
            (StatusCode::OK, resolve(cluster, alias, true))
        }
        ["_ccr", "stats"] => (StatusCode::OK, rest_replication::stats(cluster)),
        ["_ccr", "auto_follow"] => (StatusCode::OK, json!({"patterns": []})),
        [_, "_ccr", "info"] => (StatusCode::OK, rest_replication::info(cluster)),
        _ if release(cluster) >= (9, 0) => {
            (StatusCode::BAD_REQUEST, json!({"error": format!("no handler found for uri [{path}] and method [GET]")}))
        }
        _ => (
            StatusCode::METHOD_NOT_ALLOWED,
            json!({"error": format!("Incorrect HTTP method for uri [{path}] and method [GET], allowed: [POST]"), "status": 405}),
        ),
    }
}

/// Major and minor version.
pub(crate) fn release(cluster: &RestCluster) -> (u32, u32) {
    let mut parts = cluster.version.split('.').map(|part| part.parse().unwrap_or_default());
    (parts.next().unwrap_or_default(), parts.next().unwrap_or_default())
}

fn refusal(status: StatusCode, kind: &str, reason: &str) -> (StatusCode, Value) {
    let error = json!({"type": kind, "reason": reason});
    (status, json!({"error": {"root_cause": [error], "type": kind, "reason": reason}, "status": status.as_u16()}))
}

fn version(number: &str) -> Value {
    let (wire, index) = match number.split('.').next() {
        Some("7") => ("6.8.0", "6.0.0-beta1"),
        Some("8") => ("7.17.0", "7.0.0"),
        _ => ("8.19.0", "8.0.0"),
    };
    json!({"number": number, "build_flavor": "default", "minimum_wire_compatibility_version": wire, "minimum_index_compatibility_version": index})
}

fn root(cluster: &RestCluster) -> Value {
    json!({
        "name": format!("{}-1", cluster.name), "cluster_name": cluster.name, "cluster_uuid": node_id(&cluster.name),
        "version": version(&cluster.version), "tagline": "You Know, for Search"
    })
}

/// Since 8.15 an unavailable cluster is skipped unless told otherwise.
fn skips(cluster: &RestCluster) -> bool {
    release(cluster) >= (8, 15)
}

fn remote_info(cluster: &RestCluster, link: &RestLink) -> Value {
    let mut info = match &link.target {
        RestTarget::Proxy { address, server_name } => json!({
            "connected": link.connected, "mode": "proxy", "proxy_address": address,
            "server_name": server_name.as_deref().unwrap_or_default(),
            "num_proxy_sockets_connected": if link.connected { 18 } else { 0 },
            "max_proxy_socket_connections": 18, "initial_connect_timeout": "30s", "skip_unavailable": skips(cluster)
        }),
        RestTarget::Sniff(seeds) => json!({
            "connected": link.connected, "mode": "sniff", "seeds": seeds,
            "num_nodes_connected": u8::from(link.connected), "max_connections_per_cluster": 3,
            "initial_connect_timeout": "30s", "skip_unavailable": skips(cluster)
        }),
    };
    if link.api_key && release(cluster) >= (8, 10) {
        info["cluster_credentials"] = json!("::es_redacted::");
    }
    info
}

/// The flat settings of a link.
pub(crate) fn link_settings(link: &RestLink) -> Vec<(String, Value)> {
    let key = |name: &str| format!("cluster.remote.{}.{name}", link.alias);
    match &link.target {
        RestTarget::Proxy { address, server_name } => {
            let mut all = vec![(key("mode"), json!("proxy")), (key("proxy_address"), json!(address))];
            all.extend(server_name.as_ref().map(|name| (key("server_name"), json!(name))));
            all
        }
        RestTarget::Sniff(seeds) => {
            vec![(key("mode"), json!("sniff")), (key("seeds"), json!(seeds))]
        }
    }
}

/// Flat, whether asked to be or not.
fn settings(cluster: &RestCluster, defaults: bool) -> Value {
    let of = |from_file: bool| {
        cluster.links.iter().filter(|link| link.from_file == from_file).flat_map(link_settings).collect::<Map<_, _>>()
    };
    let mut all = json!({"persistent": of(false), "transient": {}});
    if defaults {
        let mut defaults = of(true);
        defaults.insert("cluster.remote.connections_per_cluster".to_owned(), json!("3"));
        defaults.insert("cluster.remote.initial_connect_timeout".to_owned(), json!("30s"));
        defaults.insert("cluster.remote.node.attr".to_owned(), json!(""));
        all["defaults"] = defaults.into();
    }
    all
}

fn resolve(cluster: &RestCluster, alias: &str, indices: bool) -> Value {
    let wanted = cluster.links.iter().filter(|link| alias == "*" || link.alias == alias);
    let entry = |link: &RestLink| {
        let mut entry = json!({"connected": link.connected, "skip_unavailable": skips(cluster)});
        if link.connected {
            entry["version"] = version(&link.remote_version);
            if indices {
                entry["matching_indices"] = json!(true);
            }
        } else if let Some(error) = &link.error {
            entry["error"] = json!(error);
        }
        entry
    };
    wanted.map(|link| (link.alias.clone(), entry(link))).collect::<Map<_, _>>().into()
}
