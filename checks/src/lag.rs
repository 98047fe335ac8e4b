//! How followers' lag goes over runs: one run's lag proves nothing, only runs in which none of it was made up do.

use crate::model::evidence::LinkEvidence;
use crate::model::replication::{Follower, LagBefore, LagSeries, Replication};

/// What a run that begins `seconds` after that of `earlier`, and knows `now` of followers, has to know of their lag
/// before: every follower's series up to what `earlier` knew.
pub fn lag_before(earlier: &LinkEvidence, now: Option<&Replication>, seconds: f64) -> Option<LagBefore> {
    let before = earlier.lag_before.as_ref();
    let stale = before.map_or(0.0, |before| before.stale_seconds) + seconds;
    let series = before.map_or(&[][..], |before| &before.followers);
    let Some(known) = earlier.cluster.as_ref().and_then(|view| view.replication.as_ref()) else {
        let older = |it: &LagSeries| LagSeries { seconds_ago: it.seconds_ago + stale, ..it.clone() };
        return some(series.iter().map(older).collect(), 0.0);
    };
    if now == Some(known) {
        // Nothing was read since: what followers did in the meantime is not known.
        return some(series.to_vec(), stale);
    }
    let longer = |follower: &Follower| {
        let lag = follower.lag?;
        let known = series.iter().find(|it| it.follower == follower.name);
        Some(match known.filter(|series| goes_on(series, follower, lag)) {
            Some(series) => LagSeries { last_lag: lag, seconds_ago: series.seconds_ago + stale, ..series.clone() },
            None => LagSeries {
                follower: follower.name.clone(),
                first_lag: lag,
                first_copied: follower.copied,
                last_lag: lag,
                seconds_ago: stale,
            },
        })
    };
    some(known.followers.iter().filter_map(longer).collect(), 0.0)
}

fn some(followers: Vec<LagSeries>, stale_seconds: f64) -> Option<LagBefore> {
    (!followers.is_empty() || stale_seconds > 0.0).then_some(LagBefore { followers, stale_seconds })
}

/// Whether `follower` has made up nothing since the last run of `series`, and is behind what it began with: a lag that
/// stays the same while operations are copied is that of a busy index.
pub(crate) fn goes_on(series: &LagSeries, follower: &Follower, lag: u64) -> bool {
    lag > 0 && lag >= series.last_lag && (lag > series.first_lag || stands(series, follower))
}

/// Whether `follower` has copied nothing since the first run of `series`.
pub(crate) fn stands(series: &LagSeries, follower: &Follower) -> bool {
    follower.copied.is_some() && follower.copied == series.first_copied
}
