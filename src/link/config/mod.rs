//! `farlink.yml`: found, read, checked, and turned into links.
//!
//! Nothing is half accepted: the first mistake ends the reading with `FILE:LINE:COLUMN` and what
//! to write instead, so that a reload can keep the configuration it has.

mod check;
pub(crate) mod located;
mod shape;
pub(crate) mod yaml;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use farlink_checks::model::evidence::Suppress;
use farlink_checks::model::link::Link;
use schemars::{Schema, schema_for};

use super::cluster_access::ClusterAccess;
use super::files::{Files, NamedFile, Reader};
use super::inputs::{Inputs, ResolverChoice};
use super::pattern::{Chosen, Pattern};
use crate::usage::{Fault, Place, UsageError, closest};

/// Where a configuration is looked for when none is named.
pub const LOOKED_FOR: [&str; 2] = ["./farlink.yml", "/etc/farlink/farlink.yml"];

/// The most that is read of a configuration, in bytes: 16 MiB, which holds more than ten thousand links.
pub const LIMIT: usize = 16 << 20;

/// A configuration with comments, to start from.
pub const EXAMPLE: &str = include_str!("example.yml");

/// A configuration that was read and checked, with every file it names.
#[derive(Clone)]
pub struct Config {
    /// The file it came from.
    pub path: PathBuf,
    /// Clusters whose API may be read, in the file's order.
    pub clusters: Vec<ClusterAccess>,
    /// Links, in the file's order.
    pub links: Vec<Inputs>,
    /// Links to take from the clusters.
    pub discover: Option<Discover>,
    /// Management APIs.
    pub management: Vec<ClusterAccess>,
    /// How names are resolved.
    pub resolver: ResolverChoice,
    /// How often a link is probed that does not say it, at least a second.
    pub interval: Duration,
    /// How often a link's key is tried.
    pub key_interval: Duration,
    /// Days before the end of a certificate's validity at which to warn, the longest first; every link of
    /// the file has them already, and those that are discovered get them.
    pub expiry_days: Vec<u16>,
    /// The daemon.
    pub serve: Serve,
    /// Findings that shall not count.
    pub suppress: Vec<SuppressOn>,
}

/// Links to take from the clusters themselves.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Discover {
    /// Names of [`Config::clusters`].
    pub from: Vec<String>,
    /// How often to ask.
    pub every: Duration,
}

/// The daemon's settings.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Serve {
    /// The address to listen on.
    pub listen: SocketAddr,
    /// TLS and users of the endpoint.
    pub web_config: Option<PathBuf>,
    /// A folder for what survives restarts.
    pub state: Option<PathBuf>,
    /// Whether `POST /-/reload` is answered.
    pub reload: bool,
}

/// A finding that is known and shall not count, and the links it is about. The day until which is
/// one of RFC 3339, the last on which it holds (UTC).
#[derive(Clone, Debug)]
pub struct SuppressOn {
    links: Pattern,
    suppress: Suppress,
}

impl Config {
    /// The configuration at `path`, or the first of [`LOOKED_FOR`] that is there.
    pub fn load(files: &dyn Files, path: Option<&Path>) -> Result<Self, UsageError> {
        if let Some(path) = path {
            let named = NamedFile::option("--config", path);
            return Self::parse(&Reader::new(files).read_within(&named, LIMIT)?, path, files);
        }
        for path in LOOKED_FOR.map(Path::new) {
            let named = NamedFile {
                path: path.to_owned(),
                shown: path.display().to_string(),
                place: Place::File(path.to_owned()),
            };
            match Reader::new(files).read_within(&named, LIMIT) {
                Ok(bytes) => {
                    return Self::parse(&bytes, path.strip_prefix(".").unwrap_or(path), files);
                }
                Err(error) if is_missing(&error) => {}
                Err(error) => return Err(error),
            }
        }
        Err(Place::Option("--config")
            .error(Fault::NoConfiguration { looked_for: LOOKED_FOR.map(PathBuf::from).to_vec() }))
    }

    /// The configuration in `bytes`, the content of `path`, with the files it names.
    pub fn parse(bytes: &[u8], path: &Path, files: &dyn Files) -> Result<Self, UsageError> {
        let text = std::str::from_utf8(bytes).map_err(|_| {
            Place::File(path.to_owned())
                .error(Fault::Unreadable { path: path.to_owned(), error: std::io::ErrorKind::InvalidData.into() })
        })?;
        check::check(yaml::parse(text.trim_start_matches('\u{feff}'), path)?, path, files)
    }

    /// The links that `patterns` name (aliases, `local/alias`, or globs of either), all without
    /// any. A name that matches nothing is an error unless links are discovered, which may have it.
    pub fn select(&self, patterns: &[String]) -> Result<Vec<&Inputs>, UsageError> {
        if self.links.is_empty() && self.discover.is_none() {
            return Err(Place::File(self.path.clone()).error(Fault::NoLinks));
        }
        let chosen = Chosen::parse(patterns)?;
        for (text, pattern) in &chosen.0 {
            if self.discover.is_none() && !self.links.iter().any(|inputs| pattern.covers(&inputs.link)) {
                return Err(Chosen::PLACE.error(self.unknown_link(text)));
            }
        }
        Ok(self.links.iter().filter(|inputs| chosen.covers(&inputs.link)).collect())
    }

    /// What shall not count on `link`.
    pub fn suppressed(&self, link: &Link) -> Vec<Suppress> {
        self.suppress.iter().filter(|entry| entry.links.covers(link)).map(|entry| entry.suppress.clone()).collect()
    }

    fn unknown_link(&self, pattern: &str) -> Fault {
        let known: Vec<String> = self.links.iter().map(|inputs| inputs.link.alias.clone()).collect();
        Fault::UnknownLink {
            pattern: pattern.to_owned(),
            suggestion: closest(pattern, known.iter().map(String::as_str)),
            known,
        }
    }
}

/// The JSON Schema of the configuration.
pub fn schema() -> Schema {
    schema_for!(shape::File)
}

fn is_missing(error: &UsageError) -> bool {
    matches!(&error.fault, Fault::Unreadable { error, .. } if error.kind() == std::io::ErrorKind::NotFound)
}

#[cfg(test)]
mod tests;
