//! What can be written on the command line.
//!
//! Values are parsed here; what may go together is said by [`super::request`].

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ColorChoice, Parser, Subcommand, ValueEnum, ValueHint};
use clap_complete::Shell;
use farlink_checks::model::link::{HostPort, Model, VerificationMode};
use jiff::Timestamp;

use super::exit::FailOn;
use crate::link::duration;
use crate::usage::Fault;

/// Says why an Elasticsearch remote cluster link is broken, and what to change
#[derive(Debug, Parser)]
#[command(name = "farlink", version, arg_required_else_help = true, disable_help_subcommand = true)]
#[command(
    after_help = "Exit codes: 0 nothing found, 1 found (see --fail-on), 2 usage or configuration error, 3 a link is unknown"
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The command line of this process. Help, version and mistakes are an `Err`, for
/// [`super::exit::Exit::of_arguments`].
#[allow(clippy::disallowed_methods, reason = "the one place that reads the arguments")]
pub fn parse() -> Result<Cli, clap::Error> {
    parse_from(std::env::args_os())
}

/// The same for these arguments, the program's name first.
pub fn parse_from<T: Into<OsString> + Clone>(arguments: impl IntoIterator<Item = T>) -> Result<Cli, clap::Error> {
    Cli::try_parse_from(arguments)
}

/// A command.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Diagnose links: of the configuration, of a running cluster, one by hand, or saved evidence
    Diagnose(Box<Diagnose>),
    /// Diagnose an embedded estate of healthy and broken links on loopback
    #[cfg(feature = "demo")]
    Demo(Demo),
    /// Run the daemon: links on their schedule, as metrics, pages and answers
    Serve(Serve),
    /// Judge certificates as Elasticsearch would: files, ports, or the authorities a cluster uses
    Certs(Box<Certs>),
    /// Check the configuration, or show an example or the schema
    Config(Config),
    /// Print completions for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Say what a finding means, what looks like it, and how to fix it
    Explain(Explain),
}

/// `farlink diagnose`.
#[derive(Args, Debug)]
pub struct Diagnose {
    /// Links to diagnose: aliases, local/alias, or globs of them [default: all]
    #[arg(value_name = "ALIAS|GLOB")]
    pub aliases: Vec<String>,
    /// Configuration file [default: ./farlink.yml, then /etc/farlink/farlink.yml]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Where the links come from")]
    pub config: Option<PathBuf>,
    /// Ask this running local cluster for its remotes and diagnose each
    #[arg(long, value_name = "URL", value_hint = ValueHint::Url, help_heading = "Where the links come from")]
    pub cluster: Option<String>,
    /// One link by hand, mode proxy; without a port 9400 and 9443 are both tried
    #[arg(long, value_name = "HOST[:PORT]", help_heading = "Where the links come from")]
    pub proxy_address: Option<String>,
    /// One link by hand, mode sniff; may be repeated
    #[arg(long = "seed", value_name = "HOST:PORT", help_heading = "Where the links come from")]
    pub seeds: Vec<String>,
    /// Judge saved evidence again, without probing anything
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Where the links come from")]
    pub evidence: Option<PathBuf>,
    /// How to ask the cluster.
    #[command(flatten)]
    pub access: ClusterOptions,
    /// What is known about the link.
    #[command(flatten)]
    pub link: LinkOptions,
    /// Name server to ask instead of the system's, IP or IP:port
    #[arg(long, value_name = "ADDR", help_heading = "Probing")]
    pub resolver: Option<String>,
    /// Do not use the API key: read its id, and never send it
    #[arg(long, help_heading = "Probing")]
    pub no_key_probe: bool,
    /// Longest time for a whole link, such as 20s
    #[arg(long, value_name = "DUR", default_value = "20s", value_parser = parse_duration, help_heading = "Probing")]
    pub timeout: Duration,
    /// Longest time for each attempt of a stage, such as 500ms
    #[arg(long, value_name = "DUR", default_value = "5s", value_parser = parse_duration, help_heading = "Probing")]
    pub stage_timeout: Duration,
    /// Save what was observed, without secrets, for --evidence
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Output")]
    pub save_evidence: Option<PathBuf>,
    /// Format of the report
    #[arg(long, value_enum, default_value_t, help_heading = "Output")]
    pub format: Format,
    /// Write the report to a file instead of standard output
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Output")]
    pub output: Option<PathBuf>,
    /// Colour in text; auto respects NO_COLOR, CI and whether this is a terminal
    #[arg(long, value_name = "WHEN", default_value = "auto", help_heading = "Output")]
    pub color: ColorChoice,
    /// Which findings make the exit code 1; never makes it 0 always
    #[arg(long, value_enum, default_value_t, value_name = "SEVERITY", help_heading = "Output")]
    pub fail_on: FailOn,
}

/// How to ask the cluster of `--cluster`.
#[derive(Args, Debug, Default)]
#[command(next_help_heading = "With --cluster")]
pub struct ClusterOptions {
    /// File with the encoded API key for the cluster's REST API; - for standard input, env:NAME for a variable
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub cluster_api_key_file: Option<PathBuf>,
    /// User of the cluster's REST API
    #[arg(long, value_name = "USER")]
    pub cluster_user: Option<String>,
    /// File with the user's password; - for standard input, env:NAME for a variable
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub cluster_password_file: Option<PathBuf>,
    /// Authorities of the cluster's REST API in PEM [default: the public roots]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub cluster_ca_file: Option<PathBuf>,
}

/// What is known about the link, with `--cluster` or by hand.
#[derive(Args, Debug, Default)]
#[command(next_help_heading = "About the link, with --cluster or by hand")]
pub struct LinkOptions {
    /// The link's server_name, sent in the TLS server name indication (by hand)
    #[arg(long, value_name = "NAME")]
    pub server_name: Option<String>,
    /// Security model [default: that of the key or certificate given, else of the port]
    #[arg(long, value_parser = parse_model, value_name = "api-key|certificate")]
    pub model: Option<Model>,
    /// The local cluster's verification_mode for this link
    #[arg(long, value_parser = parse_verification_mode, value_name = "full|certificate|none")]
    pub verification_mode: Option<VerificationMode>,
    /// Whether the local cluster dials with TLS
    #[arg(long, value_enum, value_name = "on|off")]
    pub transport_tls: Option<Switch>,
    /// Authorities the local cluster trusts, in PEM
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub ca_file: Option<PathBuf>,
    /// Client certificate in PEM, with --key-file
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub cert_file: Option<PathBuf>,
    /// Private key of the client certificate in PEM; - for standard input, env:NAME for a variable
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub key_file: Option<PathBuf>,
    /// File with the encoded cross-cluster API key; - for standard input, env:NAME for a variable
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub api_key_file: Option<PathBuf>,
    /// Release of one side, local=8.19.2 or remote=9.1.0; may be repeated
    #[arg(long, value_name = "SIDE=VERSION", value_parser = parse_release)]
    pub assume_version: Vec<AssumedVersion>,
}

/// The release of one side, as the user states it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AssumedVersion {
    /// Which side.
    pub side: Side,
    /// The release, such as `8.19.2`.
    pub version: String,
}

/// One of the two clusters of a link.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Side {
    /// The one that sends requests.
    Local,
    /// The one that is searched or followed.
    Remote,
}

/// On or off.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum Switch {
    /// On.
    On,
    /// Off.
    Off,
}

/// Format of a report.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
pub enum Format {
    /// The answer first, then the path and the evidence
    #[default]
    Text,
    /// One line a link
    Short,
    /// farlink.report/1
    Json,
}

/// `farlink demo`.
#[cfg(feature = "demo")]
#[derive(Args, Debug)]
pub struct Demo {
    /// Format of the report
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// Run the daemon over the estate instead, until it is stopped
    #[arg(long, conflicts_with = "format")]
    pub serve: bool,
    /// Address to listen on [default: 127.0.0.1:19443]
    #[arg(long, value_name = "ADDR", requires = "serve")]
    pub listen: Option<SocketAddr>,
}

/// `farlink serve`.
#[derive(Args, Debug)]
pub struct Serve {
    /// Configuration file [default: ./farlink.yml, then /etc/farlink/farlink.yml]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub config: Option<PathBuf>,
    /// Address to listen on, instead of the configuration's [default: 127.0.0.1:19443]
    #[arg(long, value_name = "ADDR")]
    pub listen: Option<SocketAddr>,
    /// How log lines are written
    #[arg(long, value_enum, default_value_t)]
    pub log_format: LogFormat,
    /// From which level on there are log lines
    #[arg(long, value_enum, default_value_t)]
    pub log_level: LogLevel,
}

/// How log lines are written.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// From which level on there are log lines.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
#[allow(missing_docs)]
pub enum LogLevel {
    Error,
    Warn,
    #[default]
    Info,
    Debug,
    Trace,
}

impl LogLevel {
    /// The word in filters.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
            Self::Trace => "trace",
        }
    }
}

/// `farlink certs`.
#[derive(Args, Debug)]
pub struct Certs {
    /// Files (PEM, DER, PKCS#12) with a chain each, or ports that serve one
    #[arg(value_name = "FILE|HOST:PORT", required_unless_present = "cluster")]
    pub sources: Vec<String>,
    /// Name that the certificate should have, and server name that is sent; for HOST:PORT the host counts too
    #[arg(long, value_name = "NAME")]
    pub server_name: Option<String>,
    /// Trusted authorities in PEM, DER or PKCS#12; the whole trust [default: the public roots]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub ca_file: Option<PathBuf>,
    /// File with the password of PKCS#12 stores; - for standard input, env:NAME for a variable
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub password_file: Option<PathBuf>,
    /// Judge as of this instant or day (RFC 3339) [default: now]
    #[arg(long, value_name = "TIME", value_parser = parse_instant)]
    pub at: Option<Timestamp>,
    /// Which side presents the certificates
    #[arg(long, value_enum, default_value_t)]
    pub purpose: CertPurpose,
    /// Dial this address instead, and keep the name of HOST: what is behind a proxy
    #[arg(long, value_name = "HOST:PORT", value_parser = parse_address)]
    pub through: Option<HostPort>,
    /// Show the certificates that a running cluster really uses (GET /_ssl/certificates)
    #[arg(long, value_name = "URL", value_hint = ValueHint::Url)]
    pub cluster: Option<String>,
    /// How to ask the cluster.
    #[command(flatten)]
    pub access: ClusterOptions,
    /// Longest time for each step of a connection, such as 500ms
    #[arg(long, value_name = "DUR", default_value = "5s", value_parser = parse_duration)]
    pub timeout: Duration,
    /// Format of the report
    #[arg(long, value_enum, default_value_t)]
    pub format: CertsFormat,
    /// Colour in text; auto respects NO_COLOR, CI and whether this is a terminal
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub color: ColorChoice,
}

/// Which side presents certificates.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
pub enum CertPurpose {
    /// A TLS server
    #[default]
    Server,
    /// A TLS client
    Client,
}

/// Format of `farlink certs`.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
pub enum CertsFormat {
    /// The verdict first, then the chain as a tree
    #[default]
    Text,
    /// farlink.certs/1
    Json,
}

/// `farlink config`.
#[derive(Args, Debug)]
pub struct Config {
    /// What to do with it.
    #[command(subcommand)]
    pub action: ConfigAction,
}

/// What to do with the configuration.
#[derive(Debug, Subcommand)]
pub enum ConfigAction {
    /// Read the configuration and every file it names, and say what is wrong
    Check {
        /// Configuration file [default: ./farlink.yml, then /etc/farlink/farlink.yml]
        #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
        config: Option<PathBuf>,
    },
    /// Print a configuration with comments, to start from
    Example,
    /// Print the JSON Schema of the configuration
    Schema {
        /// The JSON Schema of the report instead
        #[arg(long, conflicts_with = "certs")]
        report: bool,
        /// The JSON Schema of `farlink certs --format json` instead
        #[arg(long)]
        certs: bool,
    },
}

/// `farlink explain`.
#[derive(Args, Debug)]
#[group(required = true, multiple = false)]
pub struct Explain {
    /// The finding's id, such as certificate-expired
    pub id: Option<String>,
    /// List every finding
    #[arg(long)]
    pub list: bool,
    /// List the findings whose text has this word
    #[arg(long, value_name = "WORD")]
    pub search: Option<String>,
}

fn parse_duration(text: &str) -> Result<Duration, Fault> {
    duration::parse(text)
}

/// An instant, or the beginning of a day in UTC.
fn parse_instant(text: &str) -> Result<Timestamp, Fault> {
    let instant = text.parse::<Timestamp>().ok();
    let day = || text.parse::<jiff::civil::Date>().ok()?.to_zoned(jiff::tz::TimeZone::UTC).ok();
    instant.or_else(|| day().map(|day| day.timestamp())).ok_or_else(|| Fault::Instant { text: text.to_owned() })
}

fn parse_address(text: &str) -> Result<HostPort, Fault> {
    crate::link::address::with_port(text, 9443)
}

fn parse_model(text: &str) -> Result<Model, Fault> {
    one_of(text, [Model::ApiKey, Model::Certificate].map(|model| (model.name(), model)))
}

fn parse_verification_mode(text: &str) -> Result<VerificationMode, Fault> {
    use VerificationMode::{Certificate, Full, None};
    one_of(text, [Full, Certificate, None].map(|mode| (mode.name(), mode)))
}

fn one_of<T, const N: usize>(text: &str, known: [(&str, T); N]) -> Result<T, Fault> {
    let names: Vec<String> = known.iter().map(|(name, _)| (*name).to_owned()).collect();
    known.into_iter().find(|(name, _)| *name == text).map(|(_, value)| value).ok_or_else(|| Fault::UnknownValue {
        value: text.to_owned(),
        suggestion: crate::usage::closest(text, names.iter().map(String::as_str)),
        known: names,
    })
}

fn parse_release(text: &str) -> Result<AssumedVersion, Fault> {
    let fault = || Fault::Release { text: text.to_owned() };
    let (side, version) = text.split_once('=').ok_or_else(fault)?;
    let side = match side {
        "local" => Side::Local,
        "remote" => Side::Remote,
        _ => return Err(fault()),
    };
    let numbers = version.split_once('-').map_or(version, |(numbers, _)| numbers);
    let parts: Vec<&str> = numbers.split('.').collect();
    let number = |part: &&str| part.len() <= 3 && part.parse::<u8>().is_ok() && !part.starts_with('+');
    if parts.len() != 3 || !parts.iter().all(number) || version.len() > 40 {
        return Err(fault());
    }
    Ok(AssumedVersion { side, version: version.to_owned() })
}
