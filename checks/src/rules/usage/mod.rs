//! Findings about what uses a link: they say nothing about its path, and a path that works does not excuse them.

mod auto_follow;
mod failed;
mod lagging;
mod paused;

use jiff::Timestamp;

use crate::model::evidence::LinkEvidence;
use crate::model::finding::Finding;
use crate::model::replication::{Follower, Replication};
use crate::model::text::safe;

/// An independent check of what uses a link, at an instant.
type Check = fn(&Using<'_>) -> Vec<Finding>;

/// In no particular order.
const CHECKS: &[Check] = &[
    auto_follow::failing,
    auto_follow::remote_unknown,
    failed::fatal,
    failed::reading,
    lagging::lagging,
    paused::paused,
];

/// What a check looks at.
struct Using<'a> {
    link: &'a LinkEvidence,
    replication: &'a Replication,
    at: Timestamp,
}

/// Every finding about what uses the link, at the instant `at`.
pub(crate) fn found(link: &LinkEvidence, at: Timestamp) -> Vec<Finding> {
    let replication = link.cluster.as_ref().and_then(|view| view.replication.as_ref());
    let using = replication.map(|replication| Using { link, replication, at });
    using.iter().flat_map(|using| CHECKS.iter().flat_map(move |check| check(using))).collect()
}

impl Using<'_> {
    /// The link's alias, as it is shown.
    fn alias(&self) -> String {
        safe(&self.link.link.alias, 120)
    }

    /// What makes a finding the same fault: no other link has these followers.
    fn key(&self) -> String {
        format!("{} {}", self.cluster(), self.alias())
    }

    /// The local cluster, as it is shown.
    fn cluster(&self) -> String {
        self.link.cluster.as_ref().map(|view| safe(&view.cluster, 120)).unwrap_or_default()
    }

    /// The followers that run and for which `which` holds.
    fn running(&self, which: impl Fn(&Follower) -> bool) -> Vec<&Follower> {
        let running = self.replication.followers.iter().filter(|follower| !follower.paused && follower.fatal.is_none());
        running.filter(|follower| which(follower)).collect()
    }
}

/// How many followers or patterns a finding names.
const NAMED: usize = 10;

/// One fact for each of the first of `items`, and how many more there are.
fn told<T>(finding: Finding, items: &[T], fact: impl Fn(&T) -> String) -> Finding {
    let finding = items.iter().take(NAMED).fold(finding, |finding, item| finding.observed(fact(item)));
    match items.len().saturating_sub(NAMED) {
        0 => finding,
        more => finding.observed(format!("and {more} more")),
    }
}

/// `follower index "x"`, or how many there are.
fn named(followers: &[&Follower]) -> String {
    match followers {
        [one] => format!("follower index \"{}\"", safe(&one.name, 80)),
        many => format!("{} follower indices", many.len()),
    }
}
