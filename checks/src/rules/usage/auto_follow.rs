//! Auto-follow patterns that fail, and patterns for a remote that is not there.

use super::{Using, told};
use crate::catalogue::usage::{AUTO_FOLLOW_FAILING, AUTO_FOLLOW_REMOTE_UNKNOWN};
use crate::model::finding::Finding;
use crate::model::replication::{AutoFollow, AutoFollowError};
use crate::model::text::{list, safe};

/// How long ago an error was met that still counts, in seconds. What fails is tried again within minutes and is listed
/// until it succeeds; what is older concerns an index or a pattern that is no longer tried.
const RECENT: i64 = 3_600;

pub(super) fn failing(using: &Using<'_>) -> Vec<Finding> {
    let recent = |error: &AutoFollowError| {
        // The clocks may differ: what is said to be yet to come counts.
        error.at.is_none_or(|at| using.at.as_second().saturating_sub(at.as_second()) < RECENT)
    };
    let of = |pattern| errors(pattern).filter(|error| recent(error));
    let failing: Vec<&AutoFollow> =
        using.replication.patterns.iter().filter(|pattern| of(pattern).next().is_some()).collect();
    if failing.is_empty() {
        return Vec::new();
    }
    let all: Vec<&AutoFollowError> = failing.iter().flat_map(|pattern| of(pattern)).collect();
    let verb = if failing.len() == 1 { "fails" } else { "fail" };
    let finding = Finding::new(&AUTO_FOLLOW_FAILING, using.alias(), format!("{} {verb}", named(&failing)))
        .keyed(using.key())
        .detail("New indices of the remote that match are not followed until this succeeds. Indices that are followed already are not affected.")
        .fix("on the local cluster: GET _ccr/auto_follow/<pattern>, and change what its reason below names")
        .fix(
            "where it is about privileges: the user who made the pattern needs manage_ccr here and manage_follow_index on the followers; on \
             the remote read_ccr with monitor and read, or a key whose access.replication names the indices",
        );
    vec![told(finding, &all, |error| format!("{}: {}", safe(&error.about, 120), safe(&error.reason, 300)))]
}

/// The errors that count: a paused pattern follows nothing, and is not tried.
fn errors(pattern: &AutoFollow) -> impl Iterator<Item = &AutoFollowError> {
    pattern.errors.iter().filter(|_| !pattern.paused)
}

pub(super) fn remote_unknown(using: &Using<'_>) -> Vec<Finding> {
    // A link that was asked for by name and does not exist has the patterns for it.
    let absent = using.link.cluster.as_ref().is_some_and(|view| view.before == Ok(None));
    let settings = !using.link.link.targets.is_empty();
    let own = using.replication.patterns.iter().filter(|_| absent && !settings);
    let lost: Vec<&AutoFollow> = own.chain(&using.replication.strays).filter(|pattern| !pattern.paused).collect();
    let mut aliases: Vec<String> = lost.iter().map(|pattern| format!("\"{}\"", safe(&pattern.remote, 80))).collect();
    aliases.sort();
    aliases.dedup();
    let Some(first) = aliases.first() else { return Vec::new() };
    let verb = if lost.len() == 1 { "follows" } else { "follow" };
    let what = match aliases.len() {
        1 => format!("remote {first}, which the cluster does not have"),
        many => format!("{many} remotes that the cluster does not have"),
    };
    let finding = Finding::new(&AUTO_FOLLOW_REMOTE_UNKNOWN, list(&aliases[..aliases.len().min(super::NAMED)]), format!("{} {verb} {what}", named(&lost)))
        .keyed(format!("{} {}", using.cluster(), aliases.join(" ")))
        .detail("The alias was removed or renamed, and what was bound to it stays bound to the old name. No index of that remote is followed.")
        .fix("if the remote was renamed: on the local cluster set cluster.remote.<old alias> again; a pattern's remote cannot be changed")
        .fix("if it is gone for good: DELETE _ccr/auto_follow/<pattern> on the local cluster, or pause the pattern");
    vec![told(finding, &lost, |pattern| {
        let name = pattern
            .name
            .as_deref()
            .map_or("an auto-follow pattern".to_owned(), |name| format!("pattern {}", safe(name, 120)));
        format!("{name}: remote_cluster {}", safe(&pattern.remote, 80))
    })]
}

/// `auto-follow pattern "x"`, or how many there are.
fn named(patterns: &[&AutoFollow]) -> String {
    match patterns {
        [AutoFollow { name: Some(name), .. }] => format!("auto-follow pattern \"{}\"", safe(name, 80)),
        [_] => "an auto-follow pattern".to_owned(),
        many => format!("{} auto-follow patterns", many.len()),
    }
}
