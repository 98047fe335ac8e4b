//! A stub of the cross-cluster replication APIs, which are not among the published modules: shapes from the public API
//! specification (`ccr.stats`, `ccr.follow_info`), not recorded from nodes.

use serde_json::{Value, json};

use crate::rest_cluster::{RestCluster, RestLink};

/// How many operations the leader has, and the follower too.
const OPERATIONS: u64 = 4_711;

/// `GET /_ccr/stats`.
pub(crate) fn stats(cluster: &RestCluster) -> Value {
    json!({
        "auto_follow_stats": {
            "number_of_failed_follow_indices": 0, "number_of_failed_remote_cluster_state_requests": 0,
            "number_of_successful_follow_indices": 0, "recent_auto_follow_errors": [], "auto_followed_clusters": []
        },
        "follow_stats": {"indices": followers(cluster).map(index).collect::<Vec<_>>()}
    })
}

/// `GET /<index>/_ccr/info`.
pub(crate) fn info(cluster: &RestCluster) -> Value {
    let of = |(link, name): (&RestLink, &str)| json!({"follower_index": name, "remote_cluster": link.alias, "leader_index": "orders", "status": "active", "parameters": {}});
    json!({"follower_indices": followers(cluster).map(of).collect::<Vec<_>>()})
}

fn followers(cluster: &RestCluster) -> impl Iterator<Item = (&RestLink, &str)> {
    cluster.links.iter().filter_map(|link| Some((link, link.follower.as_deref()?)))
}

fn index((link, name): (&RestLink, &str)) -> Value {
    json!({"index": name, "total_global_checkpoint_lag": 0, "shards": [{
        "remote_cluster": link.alias, "leader_index": "orders", "follower_index": name, "shard_id": 0,
        "leader_global_checkpoint": OPERATIONS - 1, "leader_max_seq_no": OPERATIONS - 1,
        "follower_global_checkpoint": OPERATIONS - 1, "follower_max_seq_no": OPERATIONS - 1,
        "failed_read_requests": 0, "read_exceptions": [], "time_since_last_read_millis": 8
    }]})
}
