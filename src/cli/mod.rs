//! The command line: what can be said ([`args`]), what a `diagnose` asks for ([`request`]), one
//! file a command, and how a run ends ([`exit`]).

pub mod args;
mod certs;
mod config;
#[cfg(feature = "demo")]
mod demo;
mod diagnose;
pub mod exit;
mod explain;
mod output;
mod plan;
pub mod request;
mod serve;

use std::process::ExitCode;

use clap::CommandFactory as _;

use self::args::{Cli, Command};
use self::exit::Exit;
use self::output::Output;

/// Runs the command line of this process to its exit code.
pub fn main() -> ExitCode {
    let cli = match args::parse() {
        Ok(cli) => cli,
        Err(error) => return Exit::of_arguments(&error).into(),
    };
    // The daemon's runs wait far more than they work, and one thread that does them all is woken less often than
    // two that wake each other: a quarter of the processor time at ten thousand links.
    let workers = if matches!(cli.command, Command::Serve(_)) { 1 } else { 2 };
    let runtime = match tokio::runtime::Builder::new_multi_thread().worker_threads(workers).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return Output::complain(&format!("cannot start: {error}")).into(),
    };
    let exit = match cli.command {
        Command::Diagnose(options) => runtime.block_on(diagnose::run(&options)),
        #[cfg(feature = "demo")]
        Command::Demo(options) => runtime.block_on(demo::run(&options)),
        Command::Serve(options) => runtime.block_on(serve::run(options)),
        Command::Certs(options) => runtime.block_on(certs::run(&options)),
        Command::Config(options) => config::run(&options),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "farlink", &mut script);
            Output::stdout().write(&String::from_utf8_lossy(&script)).map(|()| Exit::Clean)
        }
        Command::Explain(options) => explain::run(&options),
    };
    // What still waits for a name or a peer ends with the process.
    runtime.shutdown_background();
    match exit {
        Ok(exit) => exit.into(),
        Err(error) => Output::complain(&error.to_string()).into(),
    }
}

/// Why a command could not do its work.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// What the user wrote cannot be used.
    #[error(transparent)]
    Usage(#[from] crate::usage::UsageError),
    /// The name servers that were given cannot be used.
    #[error("--resolver: {0}")]
    Resolver(#[from] crate::probe::dns::DnsSetupError),
    /// The local cluster cannot be asked as it was given.
    #[error("--cluster: {0}")]
    Cluster(#[from] crate::read::ClientError),
    /// The daemon cannot begin.
    #[error(transparent)]
    Daemon(#[from] crate::serve::daemon::DaemonError),
    /// Saved evidence is not evidence.
    #[error("{file}: {error}")]
    Evidence {
        /// The file.
        file: String,
        /// Where it stops making sense.
        error: String,
    },
    /// The output cannot be written.
    #[error("cannot write {target}: {error}")]
    Write {
        /// Where to.
        target: String,
        /// What the operating system says.
        error: std::io::Error,
    },
    /// The embedded estate does not start.
    #[cfg(feature = "demo")]
    #[error("the embedded estate does not start: {0}")]
    Estate(#[from] farlink_lab::LabError),
}
