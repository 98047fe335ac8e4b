//! `farlink serve`: the daemon, and its log on standard error.

use tracing_subscriber::EnvFilter;

use super::Failure;
use super::args::{LogFormat, LogLevel, Serve};
use super::exit::Exit;
use super::plan::{now, tool};
use crate::serve::daemon::{self, Options};

/// Runs it until it is told to stop.
pub(super) async fn run(options: Serve) -> Result<Exit, Failure> {
    log(options.log_format, options.log_level);
    let options = Options { config: options.config, listen: options.listen, clock: now, tool: tool() };
    daemon::serve(options, |_| {}).await?;
    Ok(Exit::Clean)
}

/// Logs what farlink says from `level` up, and of its libraries only what went wrong.
pub(super) fn log(format: LogFormat, level: LogLevel) {
    let filter = EnvFilter::new(format!("error,farlink={}", level.name()));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false);
    // A second daemon in one process keeps the first one's log.
    let _ = match format {
        LogFormat::Text => builder.with_ansi(false).try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    };
}
