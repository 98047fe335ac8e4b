//! `farlink config`: check the configuration, or show an example or a schema.

use super::Failure;
use super::args::{Config as Options, ConfigAction};
use super::exit::Exit;
use super::output::Output;
use crate::link::config::{self, Config};
use crate::link::files::System;
use crate::report;

/// Runs it to its exit code.
pub(super) fn run(options: &Options) -> Result<Exit, Failure> {
    let text = match &options.action {
        ConfigAction::Check { config: path, .. } => {
            let config = Config::load(&System, path.as_deref())?;
            format!("{}: {} links, {} clusters\n", config.path.display(), config.links.len(), config.clusters.len())
        }
        ConfigAction::Example => config::EXAMPLE.to_owned(),
        ConfigAction::Schema { report: true, .. } => report::schema(),
        ConfigAction::Schema { certs: true, .. } => report::certs::schema(),
        ConfigAction::Schema { .. } => {
            let mut text = serde_json::to_string_pretty(&config::schema()).unwrap_or_default();
            text.push('\n');
            text
        }
    };
    Output::stdout().write(&text)?;
    Ok(Exit::Clean)
}
