//! Cross-cluster replication as the cluster with the followers tells it: `GET /_ccr/stats`,
//! `GET /*/_ccr/info` and `GET /_ccr/auto_follow`, one call each for all remotes.
//!
//! The first two need the cluster privilege `monitor`; the last is an `admin` action and needs
//! `manage_ccr` (`ClusterPrivilegeResolver`). A cluster whose licence or build has no replication has
//! nothing to tell, which is no error.

use std::collections::BTreeMap;

use farlink_checks::model::evidence::{Read, ReadError};
use farlink_checks::model::replication::{AutoFollowError, Follower, ReadTrouble};
use farlink_checks::model::text::safe;
use jiff::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::client::Client;
use super::remote_info::tolerant;

/// The path of what followers and auto-follow do, without its query.
pub const STATS: &str = "/_ccr/stats";
/// The path of which followers there are.
pub const INFO: &str = "/*/_ccr/info";
/// The path of the auto-follow patterns.
pub const AUTO_FOLLOW: &str = "/_ccr/auto_follow";

// A shard has thirty fields, and a cluster thousands of shards.
const STATS_QUERY: &str = "?filter_path=auto_follow_stats,follow_stats.indices.shards.remote_cluster,\
    follow_stats.indices.shards.leader_index,follow_stats.indices.shards.follower_index,\
    follow_stats.indices.shards.leader_global_checkpoint,follow_stats.indices.shards.follower_global_checkpoint,\
    follow_stats.indices.shards.read_exceptions,follow_stats.indices.shards.fatal_exception,\
    follow_stats.indices.shards.time_since_last_read_millis";

/// The most characters of a name, and of a reason, that are kept.
const NAME: usize = 255;
const REASON: usize = 300;
/// How deep the causes of an exception are followed.
const CAUSES: usize = 8;

/// What followers that run, and auto-follow, do.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stats {
    /// The followers with a task, by the alias of their leader's cluster and their name.
    pub followers: BTreeMap<(String, String), Follower>,
    /// The aliases that active auto-follow patterns name.
    pub auto_followed: Vec<String>,
    /// What failed in auto-follow and has not succeeded since.
    pub errors: Vec<AutoFollowError>,
}

/// A follower index that is set up, whether or not it runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Info {
    /// The alias of its leader's cluster.
    pub remote: String,
    /// Its name.
    pub follower: String,
    /// The index that it copies.
    pub leader: String,
    /// Someone paused it.
    pub paused: bool,
}

/// An auto-follow pattern.
#[derive(Clone, Debug, PartialEq)]
pub struct Pattern {
    /// Its name.
    pub name: String,
    /// The alias that it names.
    pub remote: String,
    /// Someone paused it.
    pub paused: bool,
}

/// Asks how followers and auto-follow do; `None` where the cluster has no replication.
pub async fn stats(client: &Client) -> Read<Option<Stats>> {
    let answer = client.get::<StatsAnswer>(&format!("{STATS}{STATS_QUERY}")).await;
    Ok(there(answer, "monitor")?.map(Stats::from))
}

/// Asks which followers there are; `None` where the cluster has no replication.
pub async fn info(client: &Client) -> Read<Option<Vec<Info>>> {
    let answer = there(client.get::<InfoAnswer>(INFO).await, "monitor")?;
    Ok(answer.map(|answer| given(answer.follower_indices).map(Info::from).collect()))
}

/// Asks for the auto-follow patterns; `None` where the cluster has no replication.
pub async fn auto_follow(client: &Client) -> Read<Option<Vec<Pattern>>> {
    let answer = there(client.get::<PatternsAnswer>(AUTO_FOLLOW).await, "manage_ccr")?;
    Ok(answer.map(|answer| given(answer.patterns).map(Pattern::from).collect()))
}

/// Tells a cluster without replication from one that does not let it be read, which needs `privilege`.
fn there<T>(answer: Read<T>, privilege: &str) -> Read<Option<T>> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        // "current license is non-compliant for [ccr]" (`LicenseUtils.newComplianceException`).
        Err(ReadError::Forbidden { reason }) if reason.contains("license is non-compliant") => Ok(None),
        // A path that a build does not have is refused in one of three ways, by release.
        Err(ReadError::Status { status: 400 | 404 | 405, .. }) => Ok(None),
        Err(ReadError::Forbidden { reason }) => {
            Err(ReadError::Forbidden { reason: format!("{reason} (needs the cluster privilege {privilege})") })
        }
        Err(error) => Err(error),
    }
}

/// A list's element of type `T`, or nothing for anything else, so that one odd element costs only itself.
#[derive(Deserialize)]
#[serde(transparent, bound = "T: DeserializeOwned")]
struct Lenient<T>(#[serde(deserialize_with = "tolerant")] Option<T>);

fn given<T>(list: Vec<Lenient<T>>) -> impl Iterator<Item = T> {
    list.into_iter().filter_map(|element| element.0)
}

#[derive(Deserialize)]
struct StatsAnswer {
    auto_follow_stats: AutoFollowStats,
    #[serde(default)]
    follow_stats: FollowStats,
}

#[derive(Deserialize)]
struct AutoFollowStats {
    #[serde(default)]
    recent_auto_follow_errors: Vec<Lenient<RecentError>>,
    #[serde(default)]
    auto_followed_clusters: Vec<Lenient<FollowedCluster>>,
}

#[derive(Deserialize)]
struct RecentError {
    leader_index: String,
    #[serde(default, deserialize_with = "tolerant")]
    timestamp: Option<i64>,
    #[serde(default, deserialize_with = "tolerant")]
    auto_follow_exception: Option<Exception>,
}

#[derive(Deserialize)]
struct FollowedCluster {
    cluster_name: String,
}

#[derive(Default, Deserialize)]
struct FollowStats {
    #[serde(default)]
    indices: Vec<Lenient<Index>>,
}

#[derive(Deserialize)]
struct Index {
    shards: Vec<Lenient<Shard>>,
}

#[derive(Deserialize)]
struct Shard {
    remote_cluster: String,
    leader_index: String,
    follower_index: String,
    #[serde(default, deserialize_with = "tolerant")]
    leader_global_checkpoint: Option<i64>,
    #[serde(default, deserialize_with = "tolerant")]
    follower_global_checkpoint: Option<i64>,
    #[serde(default)]
    read_exceptions: Vec<Lenient<ReadException>>,
    #[serde(default, deserialize_with = "tolerant")]
    fatal_exception: Option<Exception>,
    #[serde(default, deserialize_with = "tolerant")]
    time_since_last_read_millis: Option<u64>,
}

#[derive(Deserialize)]
struct ReadException {
    #[serde(default, deserialize_with = "tolerant")]
    retries: Option<u64>,
    #[serde(default, deserialize_with = "tolerant")]
    exception: Option<Exception>,
}

/// An exception (`ElasticsearchException.generateThrowableXContent`).
#[derive(Deserialize)]
struct Exception {
    #[serde(default, rename = "type", deserialize_with = "tolerant")]
    kind: Option<String>,
    #[serde(default, deserialize_with = "tolerant")]
    reason: Option<String>,
    #[serde(default, deserialize_with = "tolerant")]
    caused_by: Option<Box<Exception>>,
}

#[derive(Deserialize)]
struct InfoAnswer {
    follower_indices: Vec<Lenient<FollowerInfo>>,
}

#[derive(Deserialize)]
struct FollowerInfo {
    follower_index: String,
    remote_cluster: String,
    leader_index: String,
    #[serde(default, deserialize_with = "tolerant")]
    status: Option<String>,
}

#[derive(Deserialize)]
struct PatternsAnswer {
    patterns: Vec<Lenient<NamedPattern>>,
}

#[derive(Deserialize)]
struct NamedPattern {
    name: String,
    pattern: PatternBody,
}

#[derive(Deserialize)]
struct PatternBody {
    remote_cluster: String,
    #[serde(default, deserialize_with = "tolerant")]
    active: Option<bool>,
}

impl From<StatsAnswer> for Stats {
    fn from(answer: StatsAnswer) -> Self {
        let mut followers: BTreeMap<(String, String), Follower> = BTreeMap::new();
        for shard in given(answer.follow_stats.indices).flat_map(|index| given(index.shards)) {
            let (alias, name) = (safe(&shard.remote_cluster, NAME), safe(&shard.follower_index, NAME));
            let leader = safe(&shard.leader_index, NAME);
            let new = || Follower { name: name.clone(), leader, ..Follower::default() };
            shard.join(followers.entry((alias, name.clone())).or_insert_with(new));
        }
        let auto_follow = answer.auto_follow_stats;
        Self {
            followers,
            auto_followed: given(auto_follow.auto_followed_clusters)
                .map(|cluster| safe(&cluster.cluster_name, NAME))
                .collect(),
            errors: given(auto_follow.recent_auto_follow_errors).map(RecentError::kept).collect(),
        }
    }
}

impl Shard {
    /// Adds what a shard says to its index.
    fn join(self, follower: &mut Follower) {
        // -1 is a shard without operations, -2 one that does not know.
        let known = |checkpoint: Option<i64>| checkpoint.filter(|at| *at >= -1);
        if let Some(at) = known(self.follower_global_checkpoint) {
            let operations = u64::try_from(at.saturating_add(1)).unwrap_or_default();
            follower.copied = Some(follower.copied.unwrap_or_default().saturating_add(operations));
            if let Some(leader) = known(self.leader_global_checkpoint) {
                let behind = u64::try_from(leader.saturating_sub(at)).unwrap_or_default();
                follower.lag = Some(follower.lag.unwrap_or_default().saturating_add(behind));
            }
        }
        if follower.fatal.is_none() {
            follower.fatal = self.fatal_exception.as_ref().map(Exception::words);
        }
        for read in given(self.read_exceptions) {
            let retries = read.retries.unwrap_or_default();
            if follower.reading.as_ref().is_none_or(|known| known.retries < retries) {
                let reason = read.exception.as_ref().map(Exception::words).unwrap_or_default();
                follower.reading = Some(ReadTrouble { retries, reason });
            }
        }
        follower.last_read_milliseconds = follower.last_read_milliseconds.max(self.time_since_last_read_millis);
    }
}

impl Exception {
    /// What it says, and what its innermost cause says, which is the one with the fact in it.
    fn words(&self) -> String {
        let own = self.own();
        let innermost = std::iter::successors(Some(self), |it| it.caused_by.as_deref()).take(CAUSES).last();
        match innermost.map(Self::own) {
            Some(cause) if cause != own && !cause.is_empty() => safe(&format!("{own}; cause: {cause}"), REASON),
            _ => safe(own, REASON),
        }
    }

    fn own(&self) -> &str {
        self.reason.as_deref().or(self.kind.as_deref()).unwrap_or_default()
    }
}

impl RecentError {
    fn kept(self) -> AutoFollowError {
        AutoFollowError {
            about: safe(&self.leader_index, 2 * NAME),
            reason: self.auto_follow_exception.as_ref().map(Exception::words).unwrap_or_default(),
            at: self.timestamp.and_then(|at| Timestamp::from_millisecond(at).ok()),
        }
    }
}

impl From<FollowerInfo> for Info {
    fn from(info: FollowerInfo) -> Self {
        Self {
            remote: safe(&info.remote_cluster, NAME),
            follower: safe(&info.follower_index, NAME),
            leader: safe(&info.leader_index, NAME),
            paused: info.status.as_deref() == Some("paused"),
        }
    }
}

impl From<NamedPattern> for Pattern {
    fn from(named: NamedPattern) -> Self {
        Self {
            name: safe(&named.name, NAME),
            remote: safe(&named.pattern.remote_cluster, NAME),
            // Before 7.5 a pattern cannot be paused, and none says so.
            paused: named.pattern.active == Some(false),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::time::Duration;

    use farlink_checks::model::link::Trust;

    use super::super::Credentials;
    use super::super::test_server::{Answer, TestServer};
    use super::*;

    async fn asked(answers: Vec<(&'static str, Answer)>) -> (TestServer, Client) {
        let server = TestServer::start(answers).await;
        let client = Client::new(&server.url(), Credentials::None, &Trust::Unknown, Duration::from_secs(5)).unwrap();
        (server, client)
    }

    fn read(body: &str) -> Stats {
        serde_json::from_str::<StatsAnswer>(body).unwrap().into()
    }

    /// The shape of the public API specification (`ccr.stats`), two indices, one of them with two shards.
    const SHAPE: &str = r#"{"auto_follow_stats":{"number_of_failed_follow_indices":1,"number_of_failed_remote_cluster_state_requests":0,
        "number_of_successful_follow_indices":1,
        "recent_auto_follow_errors":[{"leader_index":"logs:logs-1","timestamp":1772366400000,
            "auto_follow_exception":{"type":"exception","reason":"cannot follow","caused_by":{"type":"x","reason":"soft deletes are disabled"}}}],
        "auto_followed_clusters":[{"cluster_name":"eu","time_since_last_check_millis":20,"last_seen_metadata_version":7}]},
        "follow_stats":{"indices":[
        {"index":"copy","total_global_checkpoint_lag":256,"shards":[
            {"remote_cluster":"eu","leader_index":"orders","follower_index":"copy","shard_id":0,"leader_global_checkpoint":1024,
             "leader_max_seq_no":1536,"follower_global_checkpoint":768,"read_exceptions":[],"time_since_last_read_millis":8},
            {"remote_cluster":"eu","leader_index":"orders","follower_index":"copy","shard_id":1,"leader_global_checkpoint":-1,
             "follower_global_checkpoint":-1,"time_since_last_read_millis":-1,
             "read_exceptions":[{"from_seq_no":1,"retries":3,"exception":{"type":"a","reason":"first"}},
                                {"from_seq_no":9,"retries":12,"exception":{"type":"a","reason":"second"}}]}]},
        {"index":"stopped","shards":[
            {"remote_cluster":"us","leader_index":"orders","follower_index":"stopped","leader_global_checkpoint":-2,
             "follower_global_checkpoint":5,"fatal_exception":{"type":"security_exception","reason":"unauthorized"}}]}]}}"#;

    #[test]
    fn shards_are_joined_to_followers_by_alias() {
        let stats = read(SHAPE);
        let copy = &stats.followers[&("eu".into(), "copy".into())];
        assert_eq!((copy.leader.as_str(), copy.lag, copy.copied), ("orders", Some(256), Some(769)));
        assert_eq!(copy.reading, Some(ReadTrouble { retries: 12, reason: "second".into() }));
        assert_eq!((copy.last_read_milliseconds, copy.fatal.as_deref()), (Some(8), None));
        let stopped = &stats.followers[&("us".into(), "stopped".into())];
        assert_eq!((stopped.lag, stopped.copied, stopped.fatal.as_deref()), (None, Some(6), Some("unauthorized")));
        assert_eq!(stats.auto_followed, ["eu"]);
        let error = &stats.errors[0];
        assert_eq!(
            (error.about.as_str(), error.reason.as_str()),
            ("logs:logs-1", "cannot follow; cause: soft deletes are disabled")
        );
        assert_eq!(error.at.map(|at| at.to_string()).as_deref(), Some("2026-03-01T12:00:00Z"));
    }

    #[test]
    fn an_odd_shard_costs_only_itself_and_another_document_is_refused() {
        let stats = read(
            r#"{"auto_follow_stats":{"recent_auto_follow_errors":[7,{}],"auto_followed_clusters":[{"cluster_name":1}]},
                "follow_stats":{"indices":[5,{"shards":[{"remote_cluster":1},
                {"remote_cluster":"eu","leader_index":"l","follower_index":"f\u001b[2J","leader_global_checkpoint":"x",
                 "follower_global_checkpoint":9223372036854775807,"fatal_exception":"no"}]}]}}"#,
        );
        let only = stats.followers.values().next().unwrap();
        assert_eq!((stats.followers.len(), only.name.as_str(), only.lag), (1, "f\\u{1b}[2J", None));
        assert_eq!(only.fatal, None);
        assert!(stats.errors.is_empty() && stats.auto_followed.is_empty());
        for body in ["{}", "[]", r#"{"nodes":[1,2],"links":"none"}"#, r#"{"auto_follow_stats":7}"#] {
            assert!(serde_json::from_str::<StatsAnswer>(body).is_err(), "{body}");
        }
    }

    #[test]
    fn causes_that_never_end_are_followed_to_a_bound() {
        let mut nested = r#"{"reason":"deep"}"#.to_owned();
        for depth in 0..100 {
            nested = format!(r#"{{"reason":"{depth}","caused_by":{nested}}}"#);
        }
        let exception: Exception = serde_json::from_str(&nested).unwrap();
        assert_eq!(exception.words(), "99; cause: 92");
    }

    #[tokio::test]
    async fn each_call_is_made_once_and_its_list_is_read() {
        let (server, client) = asked(vec![
            (
                INFO,
                Answer::json(
                    r#"{"follower_indices":[{"follower_index":"copy","remote_cluster":"eu","leader_index":"orders","status":"active","parameters":{}},
                        {"follower_index":"old","remote_cluster":"eu","leader_index":"past","status":"paused"}]}"#,
                ),
            ),
            (
                AUTO_FOLLOW,
                Answer::json(
                    r#"{"patterns":[{"name":"logs","pattern":{"active":true,"remote_cluster":"eu","leader_index_patterns":["logs*"]}},
                        {"name":"old","pattern":{"remote_cluster":"us"}},{"name":"off","pattern":{"active":false,"remote_cluster":"us"}}]}"#,
                ),
            ),
        ])
        .await;
        let followers = info(&client).await.unwrap().unwrap();
        assert_eq!(
            followers.iter().map(|it| (it.follower.as_str(), it.paused)).collect::<Vec<_>>(),
            [("copy", false), ("old", true)]
        );
        let patterns = auto_follow(&client).await.unwrap().unwrap();
        assert_eq!(
            patterns.iter().map(|it| (it.name.as_str(), it.remote.as_str(), it.paused)).collect::<Vec<_>>(),
            [("logs", "eu", false), ("old", "us", false), ("off", "us", true)]
        );
        assert_eq!(server.paths(), [INFO, AUTO_FOLLOW]);
    }

    #[tokio::test]
    async fn a_cluster_without_replication_has_nothing_to_tell_and_a_missing_privilege_is_named() {
        let refused = |status, reason: &str| {
            Answer::of(status, "application/json", format!(r#"{{"error":{{"reason":"{reason}"}},"status":{status}}}"#))
        };
        for (answer, expected) in [
            (refused(403, "current license is non-compliant for [ccr]"), Ok(None)),
            (refused(400, "no handler found for uri [/_ccr/auto_follow]"), Ok(None)),
            (refused(404, "no such index [_ccr]"), Ok(None)),
            (refused(405, "Incorrect HTTP method"), Ok(None)),
            (
                refused(403, "action is unauthorized"),
                Err(ReadError::Forbidden {
                    reason: "action is unauthorized (needs the cluster privilege manage_ccr)".into(),
                }),
            ),
            (refused(503, "no master"), Err(ReadError::Status { status: 503, reason: "no master".into() })),
        ] {
            let (_server, client) = asked(vec![(AUTO_FOLLOW, answer)]).await;
            assert_eq!(auto_follow(&client).await, expected);
        }
        let (_server, client) = asked(vec![(INFO, refused(403, "no"))]).await;
        let Err(ReadError::Forbidden { reason }) = info(&client).await else { unreachable!("forbidden") };
        assert!(reason.ends_with("privilege monitor)"), "{reason}");
    }
}
