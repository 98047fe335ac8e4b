//! How a run ends. Nothing else in farlink decides an exit code.

use std::process::ExitCode;

use clap::ValueEnum;
use farlink_checks::model::finding::Severity;

/// The end of a run, the same for every format.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Exit {
    /// Nothing reached `--fail-on`.
    Clean,
    /// A finding that counts reached `--fail-on`.
    Found,
    /// What the user wrote cannot be used.
    Usage,
    /// Nothing was found, and a link could not be decided.
    Unknown,
}

impl Exit {
    /// The process's exit code.
    pub const fn code(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Found => 1,
            Self::Usage => 2,
            Self::Unknown => 3,
        }
    }

    /// The end of a diagnosis whose most severe finding that is not suppressed is `worst`, where
    /// `unknown` says that a link is undecided.
    pub fn of_diagnosis(fail_on: FailOn, worst: Option<Severity>, unknown: bool) -> Self {
        let reached = match fail_on {
            FailOn::Never => return Self::Clean,
            FailOn::Error => worst == Some(Severity::Error),
            FailOn::Warning => matches!(worst, Some(Severity::Error | Severity::Warning)),
        };
        match (reached, unknown) {
            (true, _) => Self::Found,
            (false, true) => Self::Unknown,
            (false, false) => Self::Clean,
        }
    }

    /// Shows what `error` says (help and version go to standard output) and how the run ends.
    pub fn of_arguments(error: &clap::Error) -> Self {
        // A closed pipe leaves nobody to tell.
        let _ = error.print();
        if error.use_stderr() { Self::Usage } else { Self::Clean }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

/// From which severity on a finding makes a run fail.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
pub enum FailOn {
    /// Errors.
    #[default]
    Error,
    /// Errors and warnings.
    Warning,
    /// Nothing, not even a link that is unknown.
    Never,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_outranks_an_unknown_link_and_never_is_always_clean() {
        let (error, warning) = (Some(Severity::Error), Some(Severity::Warning));
        for (fail_on, worst, unknown, code) in [
            (FailOn::Error, None, false, 0),
            (FailOn::Error, Some(Severity::Info), false, 0),
            (FailOn::Error, warning, false, 0),
            (FailOn::Error, warning, true, 3),
            (FailOn::Error, error, true, 1),
            (FailOn::Warning, warning, true, 1),
            (FailOn::Warning, Some(Severity::Info), true, 3),
            (FailOn::Never, error, true, 0),
        ] {
            assert_eq!(Exit::of_diagnosis(fail_on, worst, unknown).code(), code, "{fail_on:?} {worst:?}");
        }
    }
}
