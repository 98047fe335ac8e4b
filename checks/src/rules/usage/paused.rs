//! Followers that someone paused: told, and no fault.

use super::{Using, named, told};
use crate::catalogue::usage::FOLLOWER_PAUSED;
use crate::model::finding::Finding;
use crate::model::replication::Follower;
use crate::model::text::safe;

pub(super) fn paused(using: &Using<'_>) -> Vec<Finding> {
    let paused: Vec<&Follower> = using.replication.followers.iter().filter(|follower| follower.paused).collect();
    if paused.is_empty() {
        return Vec::new();
    }
    let is = if paused.len() == 1 { "is" } else { "are" };
    let finding = Finding::new(&FOLLOWER_PAUSED, using.alias(), format!("{} {is} paused", named(&paused)))
        .keyed(using.key())
        .detail(
            "Nothing is copied until it is resumed. The leader keeps the history for a while only \
             (index.soft_deletes.retention_lease.period, 12 hours by default); resumed later, it has to be followed anew.",
        )
        .fix("if this is not meant: on the local cluster POST <follower>/_ccr/resume_follow");
    vec![told(finding, &paused, |it| format!("{} (leader {})", safe(&it.name, 80), safe(&it.leader, 80)))]
}
