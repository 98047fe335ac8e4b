//! Cross-cluster replication over a link, as the local cluster, which has the followers, tells it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What uses a link for replication.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Replication {
    /// The followers of the link's alias, the worst first, at most [`Replication::FOLLOWERS`].
    pub followers: Vec<Follower>,
    /// How many more there are, none of them worse than the last one kept.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub more: u64,
    /// The auto-follow patterns of the link's alias, at most [`Replication::PATTERNS`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub patterns: Vec<AutoFollow>,
    /// The cluster's patterns for aliases that it does not have: told with one of its links.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub strays: Vec<AutoFollow>,
}

impl Replication {
    /// How many followers of a link are kept.
    pub const FOLLOWERS: usize = 256;
    /// How many patterns of a link, or for aliases that do not exist, are kept.
    pub const PATTERNS: usize = 64;

    /// The lag of the follower that is furthest behind, where any is known.
    pub fn lag(&self) -> Option<u64> {
        self.followers.iter().filter_map(|follower| follower.lag).max()
    }
}

/// A follower index.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Follower {
    /// Its name.
    pub name: String,
    /// The index that it copies.
    pub leader: String,
    /// How many operations it has yet to copy, over its shards; `None` where no shard says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lag: Option<u64>,
    /// How many operations it has: the sum of its shards' global checkpoints.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copied: Option<u64>,
    /// Someone paused it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub paused: bool,
    /// Why a shard of it has stopped for good, in the cluster's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fatal: Option<String>,
    /// What its reads from the leader meet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reading: Option<ReadTrouble>,
    /// How long ago the shard that has waited longest sent its last read, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_read_milliseconds: Option<u64>,
}

/// A read that fails and is tried again.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct ReadTrouble {
    /// How often the same read has failed.
    pub retries: u64,
    /// Why, in the cluster's words.
    pub reason: String,
}

/// An auto-follow pattern.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct AutoFollow {
    /// Its name; `None` where only the followed alias could be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The alias that it names.
    pub remote: String,
    /// Someone paused it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub paused: bool,
    /// What failed and has not succeeded since, the latest first, at most [`AutoFollow::ERRORS`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<AutoFollowError>,
}

impl AutoFollow {
    /// How many errors of a pattern are kept.
    pub const ERRORS: usize = 8;
}

/// A failure of auto-follow.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct AutoFollowError {
    /// The pattern, and the leader index after a colon where it is about one.
    pub about: String,
    /// Why, in the cluster's words.
    pub reason: String,
    /// When it was last met, by the local cluster's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
}

/// How the lag of a link's followers went in earlier runs, in the daemon's memory.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub struct LagBefore {
    /// One entry a follower that said its lag.
    pub followers: Vec<LagSeries>,
    /// How long ago what this run knows of followers was known already: nothing newer was read since.
    #[serde(default)]
    pub stale_seconds: f64,
}

/// Earlier runs, without a gap, in none of which a follower caught up.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct LagSeries {
    /// The follower.
    pub follower: String,
    /// Its lag in the first of them.
    pub first_lag: u64,
    /// How many operations it had in the first of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_copied: Option<u64>,
    /// Its lag in the last of them.
    pub last_lag: u64,
    /// How long the first of them is ago.
    pub seconds_ago: f64,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}
