//! Instants and stretches of time in words.

use jiff::Timestamp;
use maud::{Markup, html};

use crate::serve::table::LinkState;
use crate::serve::timings::WIDTH;

/// `at` in UTC, for people and for programs.
pub(super) fn time(at: Timestamp) -> Markup {
    html! { time datetime=(at.strftime("%Y-%m-%dT%H:%M:%SZ")) { (at.strftime("%Y-%m-%d %H:%M")) " UTC" } }
}

/// How long ago `at` was, with the instant itself for whoever points at it.
pub(super) fn ago(at: Timestamp, now: Timestamp) -> Markup {
    let seconds = now.as_second() - at.as_second();
    let words = if seconds < 5 { "just now".to_owned() } else { format!("{} ago", span(seconds)) };
    let exact = at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string();
    html! { time datetime=(at.strftime("%Y-%m-%dT%H:%M:%SZ")) title=(exact) { (words) } }
}

/// A stretch of `seconds`, in its largest unit: `3 hours`.
pub(super) fn span(seconds: i64) -> String {
    let (count, unit) = match seconds.max(0) {
        seconds @ 0..60 => (seconds, "second"),
        seconds @ 60..3_600 => (seconds / 60, "minute"),
        seconds @ 3_600..172_800 => (seconds / 3_600, "hour"),
        seconds => (seconds / 86_400, "day"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

/// A measured duration: `0.4 ms`, `12 ms`, `1.3 s`.
pub(super) fn took(seconds: f64) -> String {
    match seconds.abs() * 1000.0 {
        ms if ms < 9.95 => format!("{ms:.1} ms"),
        ms if ms < 999.5 => format!("{ms:.0} ms"),
        ms => format!("{:.1} s", ms / 1000.0),
    }
}

/// How many seconds ago the last run began, where that is longer than the runs before let expect:
/// a quarter of an hour, or three times the last stretch between two runs, whichever is longer.
pub(super) fn overdue(state: &LinkState, now: Timestamp) -> Option<i64> {
    const PATIENCE: i64 = 900;
    let age = now.as_second() - state.latest.as_ref()?.began.as_second();
    let began: Vec<i64> = state.timings.points().map(|point| point.began()).collect();
    let usual = began.windows(2).last().map_or(WIDTH, |pair| pair[1] - pair[0]);
    (age > PATIENCE.max(3 * usual)).then_some(age)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stretch_of_time_is_said_in_its_largest_unit() {
        for (seconds, words) in [
            (-4, "0 seconds"),
            (1, "1 second"),
            (59, "59 seconds"),
            (60, "1 minute"),
            (7_199, "1 hour"),
            (172_799, "47 hours"),
            (172_800, "2 days"),
        ] {
            assert_eq!(span(seconds), words, "{seconds}");
        }
    }

    #[test]
    fn what_is_in_the_future_after_the_clock_was_set_back_is_just_now() {
        let now = Timestamp::UNIX_EPOCH;
        let later = Timestamp::from_second(100).unwrap();
        assert!(ago(later, now).into_string().contains("just now"));
    }

    #[test]
    fn a_duration_has_two_figures_where_it_is_short() {
        let words: Vec<String> = [-0.0, 0.000_42, 0.012, 0.9996, 1.26].into_iter().map(took).collect();
        assert_eq!(words, ["0.0 ms", "0.4 ms", "12 ms", "1.0 s", "1.3 s"]);
    }
}
