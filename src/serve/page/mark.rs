//! The sign of a state: a shape of its own and a word beside it, so that no colour is needed to read it.

use farlink_checks::model::diagnosis::{Outcome, Status, Verdict};
use farlink_checks::model::finding::Severity;
use maud::{Markup, html};

/// What a sign says.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Sign {
    /// It works.
    Good,
    /// It works in part, or will not for long.
    Warn,
    /// It does not.
    Bad,
    /// It is not known.
    Open,
    /// It was not tested.
    Untested,
    /// Nothing to do.
    Note,
}

impl Sign {
    /// The class its colour comes from.
    pub(super) const fn class(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Warn => "warn",
            Self::Bad => "bad",
            Self::Open => "open",
            Self::Untested => "untested",
            Self::Note => "note",
        }
    }

    /// Its shape; a word stands beside it.
    pub(super) fn icon(self) -> Markup {
        html! {
            svg.icon.(self.class()) viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false" {
                @match self {
                    Self::Good => { circle.body cx="8" cy="8" r="7.25" {} path.line d="M4.8 8.3 7.1 10.6 11.3 5.9" {} }
                    Self::Warn => { path.body d="M8 1 15.4 14.2H.6Z" {} path.line d="M8 5.8V9.4M8 11.9v.05" {} }
                    Self::Bad => { path.body d="M5 .75h6L15.25 5v6L11 15.25H5L.75 11V5Z" {} path.line d="M5.4 5.4l5.2 5.2M10.6 5.4l-5.2 5.2" {} }
                    Self::Open => { path.body d="M8 .4 15.6 8 8 15.6.4 8Z" {} path.line d="M6.3 6.6a1.75 1.75 0 1 1 2.4 1.6c-.5.2-.7.5-.7 1M8 11.3v.05" {} }
                    Self::Untested => { circle.ring cx="8" cy="8" r="6.5" {} }
                    Self::Note => { circle.body cx="8" cy="8" r="7.25" {} path.line d="M8 7.4V11.4M8 4.7v.05" {} }
                }
            }
        }
    }

    /// Its shape and `word`.
    pub(super) fn with(self, word: &str) -> Markup {
        html! { span.sign.(self.class()) { (self.icon()) " " (word) } }
    }
}

/// A verdict's sign; `None` before the first run.
pub(super) const fn verdict(verdict: Option<Verdict>) -> Sign {
    match verdict {
        Some(Verdict::Ok) => Sign::Good,
        Some(Verdict::Degraded) => Sign::Warn,
        Some(Verdict::Broken) => Sign::Bad,
        Some(Verdict::Unknown) => Sign::Open,
        None => Sign::Untested,
    }
}

/// A verdict in a word.
pub(super) const fn word(verdict: Option<Verdict>) -> &'static str {
    match verdict {
        Some(verdict) => verdict.name(),
        None => "not probed yet",
    }
}

/// A stage's sign and word.
pub(super) const fn status(status: Status) -> (Sign, &'static str) {
    match status {
        Status::Passed => (Sign::Good, "passed"),
        Status::Warned => (Sign::Warn, "warned"),
        Status::Failed => (Sign::Bad, "failed"),
        Status::NotTested => (Sign::Untested, "not tested"),
    }
}

/// An address's sign and word.
pub(super) const fn outcome(outcome: Outcome) -> (Sign, &'static str) {
    match outcome {
        Outcome::Usable => (Sign::Good, "usable"),
        Outcome::Failed => (Sign::Bad, "failed"),
        Outcome::Undecided => (Sign::Open, "undecided"),
    }
}

/// A severity's sign.
pub(super) const fn severity(severity: Severity) -> Sign {
    match severity {
        Severity::Info => Sign::Note,
        Severity::Warning => Sign::Warn,
        Severity::Error => Sign::Bad,
    }
}
