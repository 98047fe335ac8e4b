//! How soon something ends, in days and in the steps at which a link warns of it.

use jiff::Timestamp;

const SECONDS_A_DAY: i64 = 86_400;

/// How long something still lasts, once its warning period has begun.
pub(super) struct Left {
    days: i64,
    step: u16,
}

impl Left {
    /// What is left until `end` at the instant `at`, where that is within one of `steps`, in days; `None` too
    /// for what has ended, which is another finding.
    pub(super) fn of(end: Timestamp, at: Timestamp, steps: &[u16]) -> Option<Self> {
        let seconds = end.as_second() - at.as_second();
        let days = seconds.div_euclid(SECONDS_A_DAY);
        // The tightest step that has begun.
        let step = steps.iter().copied().filter(|step| days < i64::from(*step)).min()?;
        (seconds >= 0).then_some(Self { days, step })
    }

    /// The days in words, as a phrase: `5 days`.
    pub(super) fn days(&self) -> String {
        match self.days {
            0 => "less than a day".to_owned(),
            1 => "1 day".to_owned(),
            n => format!("{n} days"),
        }
    }

    /// What is left, the step that has begun, and what holds `until` then.
    pub(super) fn sentence(&self, until: &str) -> String {
        let days = match self.days {
            0 => "Less than a day is left".to_owned(),
            1 => "1 day is left".to_owned(),
            n => format!("{n} days are left"),
        };
        format!("{days} (the warning period of {} days has begun). {until}.", self.step)
    }
}

/// An instant in UTC: its day, `2027-03-01`, and the minute where that is within two days of `at`.
pub(super) fn moment(instant: Timestamp, at: Timestamp) -> String {
    let near = (instant.as_second() - at.as_second()).abs() < 2 * SECONDS_A_DAY;
    instant.strftime(if near { "%Y-%m-%d %H:%M UTC" } else { "%Y-%m-%d" }).to_string()
}

/// A day in UTC, `2027-03-01`.
pub(super) fn day(instant: Timestamp) -> String {
    instant.strftime("%Y-%m-%d").to_string()
}
