//! Where output goes: standard output or a file, with or without colour; complaints to standard error.

use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use clap::ColorChoice;

use super::Failure;
use super::exit::Exit;
use crate::report::Style;

/// Where a report goes.
pub(super) struct Output {
    file: Option<PathBuf>,
}

impl Output {
    /// Standard output.
    pub(super) fn stdout() -> Self {
        Self { file: None }
    }

    /// `file`, or standard output.
    pub(super) fn to(file: Option<&Path>) -> Self {
        Self { file: file.map(Path::to_owned) }
    }

    /// Writes `text`. A reader that went away (a closed pipe) is no failure.
    #[allow(clippy::disallowed_methods, reason = "the one place that writes files")]
    pub(super) fn write(&self, text: &str) -> Result<(), Failure> {
        let result = match &self.file {
            Some(path) => std::fs::write(path, text),
            None => match io::stdout().write_all(text.as_bytes()).and_then(|()| io::stdout().flush()) {
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
                result => result,
            },
        };
        result.map_err(|error| Failure::Write {
            target: self.file.as_ref().map_or_else(|| "standard output".to_owned(), |path| path.display().to_string()),
            error,
        })
    }

    /// Colour and width for people: `auto` is colour on a terminal, without `NO_COLOR` and outside CI.
    pub(super) fn style(&self, choice: ColorChoice) -> Style {
        let terminal = self.file.is_none() && io::stdout().is_terminal();
        let color = match choice {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => terminal && !is_set("NO_COLOR") && !is_set("CI"),
        };
        let width = terminal_size::terminal_size().map_or(100, |(width, _)| usize::from(width.0));
        Style::new(color, if terminal { width } else { 100 })
    }

    /// Says on standard error what a run could not do while it goes on.
    pub(super) fn remark(message: &str) {
        let _ = writeln!(io::stderr(), "farlink: {message}");
    }

    /// Says on standard error why nothing was done; a usage error.
    pub(super) fn complain(message: &str) -> Exit {
        Self::remark(message);
        Exit::Usage
    }
}

#[allow(clippy::disallowed_methods, reason = "the one place that reads the environment for output")]
fn is_set(variable: &str) -> bool {
    std::env::var_os(variable).is_some_and(|value| !value.is_empty())
}
