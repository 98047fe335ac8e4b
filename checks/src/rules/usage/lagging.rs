//! Followers that fall behind. One run's lag proves nothing: a busy index always has some.

use super::{Using, named, told};
use crate::catalogue::usage::FOLLOWER_LAGGING;
use crate::lag::{goes_on, stands};
use crate::model::finding::{Certainty, Finding, Severity};
use crate::model::replication::{Follower, LagSeries};
use crate::model::text::safe;

/// How long a follower has made up nothing before it is told, in seconds.
const LONG: f64 = 600.0;
/// How many operations a lag has grown by before it counts; it has doubled too.
const GROWN: u64 = 1_000;
/// From how many operations on the lag of one run is worth a word, where no read was sent for [`UNREAD`].
const LARGE: u64 = 1_000;
/// How long a follower sends no read before it is odd, in milliseconds. One that waits for news asks again every minute
/// (`read_poll_timeout`).
const UNREAD: u64 = 300_000;

pub(super) fn lagging(using: &Using<'_>) -> Vec<Finding> {
    // Reads that fail are told as such, and explain the lag.
    let falling = using.running(|it| it.reading.is_none() && series(using, it).is_some());
    if !falling.is_empty() {
        return vec![over_time(using, &falling)];
    }
    let unread = |it: &Follower| it.last_read_milliseconds.is_some_and(|ago| ago >= UNREAD);
    let quiet = using.running(|it| it.reading.is_none() && it.lag >= Some(LARGE) && unread(it));
    if quiet.is_empty() { Vec::new() } else { vec![in_one_run(using, &quiet)] }
}

/// The earlier runs over which `follower` has fallen behind, if it has.
fn series<'a>(using: &Using<'a>, follower: &Follower) -> Option<&'a LagSeries> {
    let lag = follower.lag?;
    let known = using.link.lag_before.as_ref()?.followers.iter().find(|it| it.follower == follower.name)?;
    // What is only just that large may be a burst, so the run before has to have seen it too.
    let grown = lag.min(known.last_lag);
    let growing = grown >= known.first_lag.saturating_mul(2) && grown.saturating_sub(known.first_lag) >= GROWN;
    let stuck = known.first_lag > 0 && stands(known, follower);
    (known.seconds_ago >= LONG && goes_on(known, follower, lag) && (growing || stuck)).then_some(known)
}

fn over_time(using: &Using<'_>, falling: &[&Follower]) -> Finding {
    let verb = if falling.len() == 1 { "falls" } else { "fall" };
    let title = format!("{} {verb} further and further behind", named(falling));
    let finding = Finding::new(&FOLLOWER_LAGGING, using.alias(), title)
        .keyed(using.key())
        .detail(
            "In every run of the last ten minutes or longer the lag was as large as before or larger. The leader writes faster than the \
             follower copies, or the follower has stopped without an error.",
        )
        .fix("on the local cluster look at the follower's node: disk, write thread pool, and GET <follower>/_ccr/stats")
        .fix("if the link is slow: raise max_outstanding_read_requests and max_read_request_size when resuming the follower");
    told(finding, falling, |it| {
        let since = series(using, it);
        let (before, minutes) = since.map_or((0, 0), |it| (it.first_lag, (it.seconds_ago / 60.0) as u64));
        format!(
            "{}: {} operations behind, {before} operations {minutes} minutes ago",
            safe(&it.name, 80),
            it.lag.unwrap_or_default()
        )
    })
}

fn in_one_run(using: &Using<'_>, quiet: &[&Follower]) -> Finding {
    let is = if quiet.len() == 1 { "is" } else { "are" };
    let title = format!("{} {is} behind and {is} not reading", named(quiet));
    let finding = Finding::new(&FOLLOWER_LAGGING, using.alias(), title)
        .severity(Severity::Info)
        .at_most(Certainty::Possible)
        .keyed(using.key())
        .detail("One look cannot tell whether the lag grows. farlink serve compares runs and warns if it does.")
        .fix("look again in some minutes at GET <follower>/_ccr/stats on the local cluster");
    told(finding, quiet, |it| {
        let minutes = it.last_read_milliseconds.unwrap_or_default() / 60_000;
        format!(
            "{}: {} operations behind, last read sent {minutes} minutes ago",
            safe(&it.name, 80),
            it.lag.unwrap_or_default()
        )
    })
}
