//! Other clocks, as far as servers told their time.
//!
//! Certificates are judged by the clock of whoever verifies them. The local cluster's is the one that
//! counts; any other says that one of the two is wrong, and not which.

use std::net::SocketAddr;

use jiff::{SignedDuration, Timestamp};

use crate::model::evidence::{Heard, LinkEvidence, ServerDate};

/// A clock that differs from that of the host farlink runs on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Clock {
    /// Whose it is.
    pub whose: Whose,
    /// How many seconds it is ahead; behind where that is negative.
    pub ahead: i64,
    /// What it said.
    pub date: Timestamp,
}

/// Whose a clock is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Whose {
    /// Whoever answers at the local cluster's REST API.
    LocalCluster,
    /// Whoever answers HTTP at an address of the link.
    Peer(SocketAddr),
}

/// From how many seconds on a clock differs. Dates have whole seconds, and answers take a while.
const TOLERANCE: i64 = 60;

impl Clock {
    /// What it shows when it is `at` here.
    pub fn shows(&self, at: Timestamp) -> Timestamp {
        let end = if self.ahead < 0 { Timestamp::MIN } else { Timestamp::MAX };
        at.checked_add(SignedDuration::from_secs(self.ahead)).unwrap_or(end)
    }
}

/// Every clock that differs by more than a minute, in a run that began `at`; the local cluster's first.
pub fn judge(evidence: &LinkEvidence, at: Timestamp) -> Vec<Clock> {
    let local = evidence.cluster.iter().filter_map(|view| Some((Whose::LocalCluster, view.date?)));
    let peers = evidence.addresses.iter().filter_map(|address| {
        let heard = address.attempts.iter().flat_map(|attempt| &attempt.exchanges).map(|exchange| &exchange.heard);
        let date = heard.filter_map(|heard| match heard {
            Heard::Http(answer) => answer.date,
            _ => None,
        });
        Some((Whose::Peer(address.address), date.into_iter().next()?))
    });
    let clocks = local.chain(peers).map(|(whose, date)| Clock { whose, ahead: ahead(date, at), date: date.date });
    clocks.filter(|clock| clock.ahead.abs() > TOLERANCE).collect()
}

/// How far a server's clock is ahead of one that showed `at` when the run began.
fn ahead(told: ServerDate, at: Timestamp) -> i64 {
    (told.date.as_millisecond() - at.as_millisecond()).saturating_sub(told.after_milliseconds) / 1000
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_is_compared_with_ours_at_the_instant_its_time_came() {
        let told = |date: &str, after_milliseconds| ServerDate { date: date.parse().unwrap(), after_milliseconds };
        let at: Timestamp = "2026-03-01T12:00:00Z".parse().unwrap();
        for (date, after, expected) in [
            ("2026-03-01T12:00:10Z", 10_400, 0),
            ("2026-03-01T14:00:10Z", 10_000, 7200),
            ("2026-03-01T09:59:50Z", -10_000, -7200),
            ("2026-03-01T12:05:00Z", 300_000, 0),
            ("2026-03-01T12:00:00Z", i64::MAX, i64::MIN / 1000),
        ] {
            let ahead = ahead(told(date, after), at);
            assert!((ahead - expected).abs() <= 1, "{date} {ahead}");
        }
        for seconds in [i64::MIN / 1000, i64::MAX / 1000] {
            let clock = Clock { whose: Whose::LocalCluster, ahead: seconds, date: at };
            assert!([Timestamp::MIN, Timestamp::MAX].contains(&clock.shows(at)));
        }
    }
}
