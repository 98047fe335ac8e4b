//! Followers that stopped for good, and followers whose reads fail again and again.

use super::{Using, named, told};
use crate::catalogue::usage::FOLLOWER_FAILED;
use crate::model::finding::{Certainty, Finding, Severity};
use crate::model::replication::{Follower, ReadTrouble};
use crate::model::text::safe;

/// How often the same read fails before it is told. Retries are half a second apart at most
/// (`max_retry_delay`), so that a connection lost for a moment already makes several.
const REPEATED: u64 = 10;

/// Elasticsearch does not try these again by itself.
pub(super) fn fatal(using: &Using<'_>) -> Vec<Finding> {
    let stopped: Vec<&Follower> = using.replication.followers.iter().filter(|it| it.fatal.is_some()).collect();
    let Some(first) = stopped.first() else { return Vec::new() };
    let have = if stopped.len() == 1 { "has" } else { "have" };
    let finding = Finding::new(&FOLLOWER_FAILED, using.alias(), format!("{} {have} stopped copying for good", named(&stopped)))
        .keyed(using.key())
        .detail(
            "Elasticsearch does not try again after such an error, even when its cause is gone: a link that failed for a while can \
             leave this behind. Until it is resumed, nothing is copied and the leader's history runs out (12 hours by default).",
        )
        .fix(format!(
            "after removing the cause, on the local cluster: POST {0}/_ccr/pause_follow, then POST {0}/_ccr/resume_follow",
            safe(&first.name, 80)
        ))
        .fix("where operations are no longer available on the leader: delete the follower index and follow the leader again");
    vec![told(finding, &stopped, |it| {
        format!(
            "{} (leader {}): {}",
            safe(&it.name, 80),
            safe(&it.leader, 80),
            safe(it.fatal.as_deref().unwrap_or_default(), 300)
        )
    })]
}

/// Reads that Elasticsearch goes on trying.
pub(super) fn reading(using: &Using<'_>) -> Vec<Finding> {
    let repeated = |reading: &ReadTrouble| reading.retries >= REPEATED;
    let failing = using.running(|it| it.reading.as_ref().is_some_and(repeated));
    if failing.is_empty() {
        return Vec::new();
    }
    let cannot = format!("{} cannot read from the leader", named(&failing));
    let finding = Finding::new(&FOLLOWER_FAILED, using.alias(), cannot)
        .severity(Severity::Warning)
        .at_most(Certainty::Likely)
        .keyed(using.key())
        .detail("The same read has failed again and again. Elasticsearch goes on trying; until it succeeds nothing new is copied.")
        .fix("where the link itself works: look at the reason of each follower below, on the remote cluster")
        .fix(
            "where it is about privileges, certificate model: on the remote give the role the cluster privilege read_ccr and monitor and \
             read on the leader indices; API-key model: let the key's access.replication name the leader indices",
        );
    vec![told(finding, &failing, |it| {
        let (retries, reason) =
            it.reading.as_ref().map_or((0, ""), |reading| (reading.retries, reading.reason.as_str()));
        format!("{} (leader {}): {retries} retries: {}", safe(&it.name, 80), safe(&it.leader, 80), safe(reason, 300))
    })]
}
