//! What a server's clock says, from the `Date` header of its answers.

use std::time::Duration;

use farlink_checks::model::evidence::ServerDate;
use jiff::fmt::rfc2822;
use tokio::time::Instant;

/// A server's time and when it was received.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Told {
    date: jiff::Timestamp,
    received: Instant,
}

impl Told {
    /// What the headers `Date` and `Age` of an answer that was just received say. Out of a cache the
    /// first says when the answer was made (RFC 9111 section 5.1), which tells nothing. Only the form
    /// that every sender has to use is read (RFC 9110 section 5.6.7).
    pub fn now(date: Option<&str>, age: Option<&str>) -> Option<Self> {
        let date = rfc2822::DateTimeParser::new().parse_timestamp(date.filter(|_| age.is_none())?).ok()?;
        Some(Self { date, received: Instant::now() })
    }

    /// The same for the evidence of a run that `began`, before or after it.
    pub fn of_run(self, began: Instant) -> ServerDate {
        let milliseconds = |time: Duration| i64::try_from(time.as_millis()).unwrap_or(i64::MAX);
        let after_milliseconds = match self.received.checked_duration_since(began) {
            Some(after) => milliseconds(after),
            None => -milliseconds(began.saturating_duration_since(self.received)),
        };
        ServerDate { date: self.date, after_milliseconds }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_servers_time_is_kept_with_its_distance_from_the_begin_of_the_run() {
        let early = Instant::now();
        tokio::time::advance(Duration::from_secs(5)).await;
        let told = Told::now(Some("Sun, 01 Mar 2026 14:00:07 GMT"), None).unwrap();
        assert_eq!(told.of_run(early).date.to_string(), "2026-03-01T14:00:07Z");
        assert_eq!(told.of_run(early).after_milliseconds, 5000);
        assert_eq!(told.of_run(early + Duration::from_secs(7)).after_milliseconds, -2000);
    }

    #[tokio::test]
    async fn what_is_no_time_or_comes_out_of_a_cache_says_nothing() {
        for (date, age) in [
            (None, None),
            (Some("now"), None),
            (Some("Sun, 31 Feb 2026 14:00:07 GMT"), None),
            (Some("Sun, 01 Mar 99999 14:00:07 GMT"), None),
            (Some("Sun, 01 Mar 2026 14:00:07 GMT"), Some("7200")),
        ] {
            assert_eq!(Told::now(date, age), None, "{date:?}");
        }
    }
}
