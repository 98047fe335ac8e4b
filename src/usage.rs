//! Errors in what the user wrote: options, the configuration, and files that cannot be read.
//!
//! Every one is shown as `PLACE: what is wrong; what to write instead` and ends the run with exit
//! code 2. A file that can be read but holds the wrong thing is not one of them.

use std::fmt;
use std::io;
use std::path::PathBuf;

use farlink_checks::catalogue::{self, Entry};
use farlink_checks::model::link::AddressFault;
use farlink_checks::model::text::{list, safe};

/// What the user has to correct, and where.
#[derive(Debug, thiserror::Error)]
#[error("{place}: {fault}")]
pub struct UsageError {
    /// Where it was written.
    pub place: Place,
    /// What is wrong there.
    #[source]
    pub fault: Fault,
}

/// Where something was written.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub enum Place {
    /// A command-line option, such as `--ca-file`.
    Option(&'static str),
    /// A line of a file.
    Line {
        /// The file as it was given.
        file: PathBuf,
        /// From 1.
        line: u64,
        /// In characters, from 1.
        column: u64,
    },
    /// A file as a whole.
    File(PathBuf),
}

impl Place {
    /// A usage error at this place.
    pub fn error(&self, fault: Fault) -> UsageError {
        UsageError { place: self.clone(), fault }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Option(option) => f.write_str(option),
            Self::Line { file, line, column } => write!(f, "{}:{line}:{column}", file.display()),
            Self::File(file) => file.display().fmt(f),
        }
    }
}

/// What is wrong with what the user wrote.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// A file is missing or cannot be read.
    #[error("cannot read {}: {}", path.display(), Reason(error))]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// A file is larger than anything that belongs there.
    #[error("{} is larger than {limit} bytes; name the file that holds only what the option asks for", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The bound in bytes.
        limit: usize,
    },
    /// An environment variable is not set.
    #[error("the environment variable {name} is not set")]
    VariableMissing {
        /// Its name.
        name: String,
    },
    /// Standard input was named twice.
    #[error("standard input is read for {first} already; write the other one to a file")]
    StdinTwice {
        /// The first place that named it.
        first: Place,
    },
    /// No configuration was named and none found.
    #[error(
        "there is no configuration ({}); write one (`farlink config example`), or give --cluster, --proxy-address or --seed",
        paths(looked_for)
    )]
    NoConfiguration {
        /// Where it was looked for.
        looked_for: Vec<PathBuf>,
    },
    /// A key the configuration does not have.
    #[error("unknown key {key:?}; {}", Instead { suggestion, known })]
    UnknownKey {
        /// The key as it was written.
        key: String,
        /// The known key closest to it.
        suggestion: Option<String>,
        /// Every key known there.
        known: Vec<String>,
    },
    /// A value that is none of the few that may stand there.
    #[error("{value:?} is not one of the values here; {}", Instead { suggestion, known })]
    UnknownValue {
        /// The value as it was written.
        value: String,
        /// The known value closest to it.
        suggestion: Option<String>,
        /// Every value that may stand there.
        known: Vec<String>,
    },
    /// A key that must be there is not.
    #[error("the key {key:?} is missing")]
    MissingKey {
        /// The key.
        key: String,
    },
    /// A key stands there twice.
    #[error("the key {key:?} stands here twice; remove one")]
    DuplicateKey {
        /// The key.
        key: String,
    },
    /// A value of another type.
    #[error("{expected} belongs here")]
    WrongType {
        /// What belongs there, such as `a list`.
        expected: String,
    },
    /// Text that is not YAML.
    #[error("this is not valid YAML: {problem}")]
    Syntax {
        /// The parser's words.
        problem: String,
    },
    /// Not an address.
    #[error("{:?} is not an address: {fault}{}", safe(text, 120), DidYouMean(suggestion.as_deref()))]
    Address {
        /// What was written, without credentials.
        text: String,
        /// Why it is none.
        fault: AddressFault,
        /// What was probably meant.
        suggestion: Option<String>,
    },
    /// Not an IP address, with or without a port.
    #[error("{:?} is not an IP address; write it like 10.0.0.53, 10.0.0.53:5353 or [2001:db8::53]:53", safe(text, 120))]
    IpAddress {
        /// What was written.
        text: String,
    },
    /// Not an address to listen on.
    #[error("{:?} is not an address to listen on; write it like 127.0.0.1:19443", safe(text, 120))]
    Listen {
        /// What was written.
        text: String,
    },
    /// Not an `http` or `https` URL.
    #[error("{:?} is not the URL of a cluster; write it like https://es.example:9200", safe(text, 120))]
    Url {
        /// What was written.
        text: String,
    },
    /// A URL with a user or password in it.
    #[error("the URL has credentials in it; give them as a user and a password file")]
    UrlCredentials,
    /// A user name that basic authentication would end too early (RFC 7617 section 2).
    #[error("a user name cannot have a colon; give the password as a file")]
    ColonInUser,
    /// Not a duration.
    #[error("{:?} is not a duration; write it like 500ms, 20s, 5m or 1h{}", safe(text, 60), DidYouMean(suggestion.as_deref()))]
    Duration {
        /// What was written.
        text: String,
        /// What was probably meant.
        suggestion: Option<String>,
    },
    /// A duration that is too short or too long to make sense.
    #[error("{:?} is out of range; the duration must be {bound}", safe(text, 60))]
    DurationRange {
        /// What was written.
        text: String,
        /// What would be in range, in words.
        bound: &'static str,
    },
    /// Too few or too many steps at which to warn of a certificate's end.
    #[error("1 to {most} numbers of days belong here, such as [30, 14, 7]")]
    ExpirySteps {
        /// The most that make sense.
        most: usize,
    },
    /// A number of days that is no step at which to warn.
    #[error("{days} is out of range; the days before a certificate expires must be 1 to 365")]
    ExpiryDay {
        /// What was written.
        days: i64,
    },
    /// Not an instant.
    #[error("{:?} is not an instant; write it like 2027-01-31 or 2027-01-31T12:00:00Z", safe(text, 60))]
    Instant {
        /// What was written.
        text: String,
    },
    /// A file without a certificate.
    #[error("{} {problem}", path.display())]
    NoCertificates {
        /// The file.
        path: PathBuf,
        /// What it is instead.
        problem: crate::link::bundle::NoBundle,
    },
    /// Neither a file nor an address.
    #[error("{:?} is neither a file that exists nor an address; write HOST:PORT", safe(text, 120))]
    NoSource {
        /// What was written.
        text: String,
    },
    /// Not a date.
    #[error("{:?} is not a date; write it like 2027-01-31", safe(text, 60))]
    Date {
        /// What was written.
        text: String,
    },
    /// Not a release.
    #[error("{:?} is not SIDE=VERSION; write it like local=8.19.2 or remote=9.1.0", safe(text, 60))]
    Release {
        /// What was written.
        text: String,
    },
    /// One side's release was stated twice.
    #[error("the release of the {side} cluster is stated twice; state it once")]
    ReleaseTwice {
        /// `local` or `remote`.
        side: &'static str,
    },
    /// A name that `clusters` does not have.
    #[error("{}", UnknownCluster { name, suggestion: suggestion.as_deref(), known })]
    UnknownCluster {
        /// The name as it was written.
        name: String,
        /// The name closest to it.
        suggestion: Option<String>,
        /// Every name under `clusters`.
        known: Vec<String>,
    },
    /// A link that the configuration does not have.
    #[error("no link matches {pattern:?}; {}", Instead { suggestion, known })]
    UnknownLink {
        /// The alias or pattern.
        pattern: String,
        /// The alias closest to it.
        suggestion: Option<String>,
        /// Aliases of the configuration.
        known: Vec<String>,
    },
    /// An id that the catalogue does not have.
    #[error("no finding is called {:?}{}", safe(id, 60), OrList(suggestion.as_deref()))]
    UnknownFinding {
        /// The id as it was written.
        id: String,
        /// The id closest to it.
        suggestion: Option<String>,
    },
    /// A pattern that cannot be read.
    #[error("{pattern:?} is not a pattern; write an alias, or a pattern such as eu-*")]
    Pattern {
        /// The pattern.
        pattern: String,
    },
    /// Nothing to diagnose.
    #[error("there is nothing to diagnose; add a link under links, or a cluster under discover.from")]
    NoLinks,
    /// A link without any address, and without a cluster that could say it.
    #[error(
        "the link {alias:?} has no address; write proxy_address or seeds, or local with the cluster that has this remote"
    )]
    NoAddress {
        /// The link's alias.
        alias: String,
    },
    /// Two things that cannot go together.
    #[error("it cannot be combined with {other}: {why}")]
    Conflict {
        /// The other option or key.
        other: &'static str,
        /// Why, and what to do instead.
        why: &'static str,
    },
    /// Something that means nothing without something else.
    #[error("it needs {other}: {why}")]
    Needs {
        /// The other option or key.
        other: &'static str,
        /// Why, and what to do instead.
        why: &'static str,
    },
    /// What the format has, and our TLS library has not.
    #[error("{value:?} is not offered by the TLS library of farlink; choose {known}")]
    NotOffered {
        /// The value as it was written.
        value: String,
        /// What it offers, in words.
        known: &'static str,
    },
    /// A certificate and a key with which nobody can serve.
    #[error("the certificate and its key cannot be used: {problem}")]
    ServerCertificate {
        /// Why.
        problem: String,
    },
    /// Authorities of client certificates among which there is none.
    #[error("there is no certificate in PEM that could be an authority's here")]
    NoAuthority,
    /// Not the hash of a password.
    #[error(
        "the password of {:?} is not hashed with bcrypt; `htpasswd -nBC 10 \"\" | tr -d ':\\n'` does",
        safe(user, 60)
    )]
    PasswordHash {
        /// Whose it is.
        user: String,
    },
    /// A key and a client certificate, and nothing that says which of them counts.
    #[error("an API key and a client certificate are given; say which security model the link has: {model}")]
    ModelNeeded {
        /// How to write it there.
        model: &'static str,
    },
    /// More than one alias for the one link that is given by hand.
    #[error("a link given by hand has one alias, and {count} are given")]
    OneAlias {
        /// How many.
        count: usize,
    },
}

/// The catalogue's entry `id`.
pub fn finding(id: &str) -> Result<&'static Entry, Fault> {
    catalogue::entry(id).ok_or_else(|| Fault::UnknownFinding {
        id: id.to_owned(),
        suggestion: closest(id, catalogue::ALL.iter().map(|entry| entry.id)),
    })
}

/// The candidate closest to `text`, when it is close enough to be a slip.
pub fn closest<'a>(text: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    candidates
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(&text.to_lowercase(), candidate), candidate))
        .filter(|(similarity, _)| *similarity > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate.to_owned())
}

struct DidYouMean<'a>(Option<&'a str>);

impl fmt::Display for DidYouMean<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |meant| write!(f, "; did you mean {meant:?}?"))
    }
}

struct OrList<'a>(Option<&'a str>);

impl fmt::Display for OrList<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(_) => DidYouMean(self.0).fmt(f),
            None => f.write_str("; `farlink explain --list` has them all"),
        }
    }
}

struct Instead<'a> {
    suggestion: &'a Option<String>,
    known: &'a [String],
}

impl fmt::Display for Instead<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 24;
        match self.suggestion {
            Some(meant) => write!(f, "did you mean {meant:?}?"),
            None if self.known.is_empty() => f.write_str("there is none"),
            None if self.known.len() > SHOWN => {
                write!(f, "there are {} and {} more", self.known[..SHOWN].join(", "), self.known.len() - SHOWN)
            }
            None => write!(f, "there {} {}", if self.known.len() == 1 { "is" } else { "are" }, list(self.known)),
        }
    }
}

struct UnknownCluster<'a> {
    name: &'a str,
    suggestion: Option<&'a str>,
    known: &'a [String],
}

impl fmt::Display for UnknownCluster<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "clusters has no {:?}; ", self.name)?;
        match self.suggestion {
            Some(meant) => write!(f, "did you mean {meant:?}?"),
            None if self.known.is_empty() => f.write_str("add it under clusters"),
            None => write!(f, "it has {}", list(self.known)),
        }
    }
}

struct Reason<'a>(&'a io::Error);

impl fmt::Display for Reason<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.kind() {
            io::ErrorKind::NotFound => f.write_str("there is no such file"),
            io::ErrorKind::PermissionDenied => f.write_str("permission denied"),
            io::ErrorKind::IsADirectory => f.write_str("it is a directory"),
            io::ErrorKind::InvalidData => f.write_str("it is not text in UTF-8"),
            _ => self.0.fmt(f),
        }
    }
}

fn paths(paths: &[PathBuf]) -> String {
    let shown: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
    format!("looked for {}", list(&shown))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_has_a_suggestion_and_another_word_has_none() {
        let known = ["verification_mode", "server_name", "ca_file"];
        assert_eq!(closest("verifcation_mode", known).as_deref(), Some("verification_mode"));
        assert_eq!(closest("Server_Name", known).as_deref(), Some("server_name"));
        assert_eq!(closest("colour", known), None);
    }

    #[test]
    fn a_place_is_shown_as_compilers_show_it() {
        let place = Place::Line { file: "farlink.yml".into(), line: 3, column: 15 };
        let error = place.error(Fault::MissingKey { key: "url".into() });
        assert_eq!(error.to_string(), "farlink.yml:3:15: the key \"url\" is missing");
        let error = Place::Option("--ca-file")
            .error(Fault::Unreadable { path: "ca.pem".into(), error: io::ErrorKind::NotFound.into() });
        assert_eq!(error.to_string(), "--ca-file: cannot read ca.pem: there is no such file");
    }
}
