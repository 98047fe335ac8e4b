//! A link: one alias of one local cluster, with everything that is needed to probe and judge it.
//!
//! Addresses are parsed once, here. What could not be parsed but came from a cluster stays on the
//! link as text, because it is a finding there and not an error of the run.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::evidence::Der;

/// One alias of one local cluster.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Link {
    /// The local name of the remote, as in `cluster.remote.<alias>.*`.
    pub alias: String,
    /// The name of the local cluster, where it has one.
    pub local: Option<String>,
    /// How the local cluster connects.
    pub mode: Mode,
    /// `proxy_address` (one) or `seeds` (several), in the order they were written.
    pub targets: Vec<Target>,
    /// `cluster.remote.<alias>.server_name`.
    pub server_name: Option<String>,
    /// The security model, where it is known before the port is asked.
    pub model: Option<Sourced<Model>>,
    /// `verification_mode` of the TLS settings this link uses; `None` when unknown.
    pub verification_mode: Option<Sourced<VerificationMode>>,
    /// Whether the local cluster dials with TLS; `None` when unknown.
    pub transport_tls: Option<Sourced<bool>>,
    /// Whom the local cluster trusts.
    pub trust: Trust,
    /// The client certificate that was given to the agent, without its key.
    pub client_certificate: Option<ClientCertificate>,
    /// Whether the agent was given an API key for this link. Never the key.
    pub api_key: KeyPresence,
    /// What is known about the two sides' releases before probing.
    pub releases: Releases,
    /// Days before the end of a certificate's validity at which to warn, the longest first.
    #[serde(default = "expiry_days", skip_serializing_if = "is_usual")]
    pub expiry_days: Vec<u16>,
    /// Settings of the link that look wrong as text, read from the cluster or the configuration.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub oddities: Vec<Oddity>,
}

impl Link {
    /// A link with nothing known but its alias, mode and targets.
    pub fn new(alias: impl Into<String>, mode: Mode, targets: Vec<Target>) -> Self {
        Self {
            alias: alias.into(),
            local: None,
            mode,
            targets,
            server_name: None,
            model: None,
            verification_mode: None,
            transport_tls: None,
            trust: Trust::Unknown,
            client_certificate: None,
            api_key: KeyPresence::NotGiven,
            releases: Releases::default(),
            expiry_days: expiry_days(),
            oddities: Vec::new(),
        }
    }

    /// The link's name among several local clusters: `local/alias`, or the alias alone.
    pub fn name(&self) -> String {
        match &self.local {
            Some(local) => format!("{local}/{}", self.alias),
            None => self.alias.clone(),
        }
    }

    /// The model's value, whatever its source.
    pub fn model(&self) -> Option<Model> {
        self.model.map(|model| model.value)
    }

    /// The server name indication Elasticsearch would send when it dials `host`.
    ///
    /// `server_name` where it is set; else, with `verification_mode: full` only, a host name that
    /// has a dot (JSSE adds it by itself then: `sun.security.ssl.Utilities.rawToSNIHostName`).
    pub fn server_name_for(&self, host: &Host) -> Option<String> {
        if let Some(name) = &self.server_name {
            return Some(name.clone());
        }
        let full = self.verification_mode.is_none_or(|mode| mode.value == VerificationMode::Full);
        match host {
            Host::Name(name) if full && name.contains('.') => Some(name.clone()),
            _ => None,
        }
    }
}

/// When to warn of the end of a certificate's validity, unless the configuration says otherwise.
pub fn expiry_days() -> Vec<u16> {
    vec![30, 14, 7]
}

fn is_usual(days: &Vec<u16>) -> bool {
    *days == expiry_days()
}

/// How the local cluster connects to the remote one.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// One address, `proxy_address`.
    Proxy,
    /// Seeds, then the gateway nodes they name.
    Sniff,
}

/// The security model of a link.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Model {
    /// A cross-cluster API key towards the remote cluster server, port 9443.
    ApiKey,
    /// Mutual TLS towards the transport interface, 9300 direct or 9400 through a proxy.
    Certificate,
}

impl Model {
    /// The name used in options, configuration and reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ApiKey => "api-key",
            Self::Certificate => "certificate",
        }
    }
}

/// The link's `verification_mode`, as in `xpack.security.*.ssl.verification_mode`.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum VerificationMode {
    /// Chain and name.
    Full,
    /// Chain only.
    Certificate,
    /// Nothing.
    None,
}

impl VerificationMode {
    /// The name used in Elasticsearch's settings.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Certificate => "certificate",
            Self::None => "none",
        }
    }
}

/// Where a fact about a link comes from.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// By the user: an option or the configuration.
    Given,
    /// From the local cluster's settings.
    Read,
    /// From something else that suggests it, such as a port number.
    Inferred,
    /// The default of the security model.
    Assumed,
}

impl Source {
    /// Whether a finding that rests on this may be certain.
    pub const fn is_firm(self) -> bool {
        matches!(self, Self::Given | Self::Read)
    }

    /// The name used in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Given => "given",
            Self::Read => "read",
            Self::Inferred => "inferred",
            Self::Assumed => "assumed",
        }
    }
}

/// A fact with its source.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Sourced<T> {
    /// The fact.
    pub value: T,
    /// Where it comes from.
    pub source: Source,
}

impl<T> Sourced<T> {
    /// `value`, given by the user.
    pub const fn given(value: T) -> Self {
        Self { value, source: Source::Given }
    }

    /// `value`, read from the local cluster.
    pub const fn read(value: T) -> Self {
        Self { value, source: Source::Read }
    }

    /// `value`, suggested by something else.
    pub const fn inferred(value: T) -> Self {
        Self { value, source: Source::Inferred }
    }

    /// `value`, because it is the default.
    pub const fn assumed(value: T) -> Self {
        Self { value, source: Source::Assumed }
    }
}

/// Whom the local cluster trusts on this link.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Trust {
    /// The authorities in a file.
    Authorities {
        /// The certificates that could be read, in the file's order.
        certificates: Vec<Der>,
        /// The file's name as it was given.
        file: String,
        /// What in the file is not a certificate.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        faults: Vec<FileFault>,
        /// How the file came to be known.
        source: Source,
    },
    /// The public roots a JDK ships.
    PublicRoots {
        /// How that came to be known.
        source: Source,
    },
    /// Nobody said, and it could not be read.
    Unknown,
}

/// Why a file is not what it should be.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FileFault {
    /// Nothing in it.
    Empty,
    /// A private key stands in it.
    PrivateKey,
    /// A PKCS#12 or JKS store.
    KeyStore,
    /// DER bytes where PEM is expected.
    Der,
    /// An HTML page, as a download that went wrong leaves.
    WebPage,
    /// Text without any PEM block.
    NoPem,
    /// A PEM block that is not a certificate.
    NotACertificate,
    /// The private key cannot be read, or is encrypted.
    UnusableKey,
    /// The private key does not belong to the certificate.
    KeyDiffers,
}

/// A client certificate without its key.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct ClientCertificate {
    /// Leaf first.
    pub chain: Vec<Der>,
    /// The file it came from, as it was given.
    pub file: String,
    /// What is wrong with the files; the certificate is not presented then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<FileFault>,
}

/// Whether the agent has an API key for the link.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum KeyPresence {
    /// None was given.
    NotGiven,
    /// A well-formed key was given; its id is not a secret.
    Given {
        /// The decoded key id.
        id: String,
        /// The user asked not to use it (`--no-key-probe`).
        #[serde(default)]
        withheld: bool,
    },
    /// Something was given that cannot be a cross-cluster key.
    Malformed {
        /// What is wrong with it.
        fault: KeyFault,
    },
}

/// Why a text cannot be the `encoded` value of a cross-cluster API key.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyFault {
    /// Nothing but white space.
    Empty,
    /// The whole JSON answer was pasted.
    Json,
    /// `id:api_key` before encoding.
    NotEncoded,
    /// Not base64.
    NotBase64,
    /// Base64, but not of `id:secret`.
    NoColon,
    /// The secret is not 22 characters, the length of every cross-cluster key.
    SecretLength,
    /// White space or line breaks inside.
    InnerWhitespace,
    /// Quotes around it.
    Quoted,
}

/// What is known of the two sides' releases before probing.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub struct Releases {
    /// The local cluster's oldest node, such as `8.19.21`.
    pub local: Option<Sourced<String>>,
    /// The remote cluster, where the user states it.
    pub remote: Option<Sourced<String>>,
}

/// A setting that looks wrong as text.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Oddity {
    /// The alias was asked for and no setting of the cluster names it.
    RemoteUnknown {
        /// Aliases the cluster has.
        known: Vec<String>,
    },
    /// Settings of the other mode are present too.
    ModeKeysMixed {
        /// The setting names, without `cluster.remote.<alias>.`.
        keys: Vec<String>,
    },
    /// The mode's address setting is absent.
    AddressMissing,
    /// The setting `cluster.remote.<alias>.proxy` of 6.7 to 7.5.
    LegacyProxy {
        /// Its value.
        value: String,
    },
    /// Another alias of the same cluster dials the same address with the same server name.
    Duplicate {
        /// The other aliases.
        aliases: Vec<String>,
    },
    /// The address is one of the local cluster's own transport addresses.
    LinksToItself {
        /// The local node's name.
        node: String,
    },
    /// Local nodes that lack the role `remote_cluster_client`.
    ClientRoleMissing {
        /// Their names.
        nodes: Vec<String>,
        /// How many nodes the cluster has.
        of: usize,
    },
    /// The alias's settings differ between the local nodes' `elasticsearch.yml` files.
    SettingsDiffer {
        /// Setting names that differ.
        keys: Vec<String>,
        /// Names of the nodes that differ from the first.
        nodes: Vec<String>,
    },
}

/// One address a link dials, as it was written.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Target {
    /// Host and port.
    Valid(HostPort),
    /// Not an address.
    Malformed {
        /// What was written.
        text: String,
        /// Why it is none.
        fault: AddressFault,
    },
}

impl Target {
    /// Parses `text` and keeps what could not be parsed.
    pub fn parse(text: &str) -> Self {
        match text.parse() {
            Ok(address) => Self::Valid(address),
            Err(fault) => Self::Malformed { text: text.to_owned(), fault },
        }
    }

    /// The address, when it is one.
    pub fn valid(&self) -> Option<&HostPort> {
        match self {
            Self::Valid(address) => Some(address),
            Self::Malformed { .. } => None,
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Valid(address) => address.fmt(f),
            Self::Malformed { text, .. } => f.write_str(&super::text::safe(text, 120)),
        }
    }
}

/// A host and a port, `host:port` or `[v6]:port`.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct HostPort {
    /// The host as it was written.
    pub host: Host,
    /// The port, never 0.
    pub port: u16,
}

impl fmt::Display for HostPort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.host {
            Host::Ip(IpAddr::V6(ip)) => write!(f, "[{ip}]:{}", self.port),
            host => write!(f, "{host}:{}", self.port),
        }
    }
}

impl FromStr for HostPort {
    type Err = AddressFault;

    /// Parses what Elasticsearch accepts in `proxy_address` and `seeds`, and says what is wrong
    /// with what it would refuse (`RemoteConnectionStrategy.parseConfiguredAddress`).
    fn from_str(text: &str) -> Result<Self, AddressFault> {
        let text = text.trim();
        let (host, port) = split_port(text)?;
        let port = port.ok_or(AddressFault::NoPort)?;
        Ok(Self { host: host.parse()?, port: parse_port(port)? })
    }
}

impl Serialize for HostPort {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for HostPort {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// A host with a port that may be absent, as `--proxy-address` takes it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct HostMaybePort {
    /// The host as it was written.
    pub host: Host,
    /// The port, when one was written.
    pub port: Option<u16>,
}

impl FromStr for HostMaybePort {
    type Err = AddressFault;

    fn from_str(text: &str) -> Result<Self, AddressFault> {
        let (host, port) = split_port(text.trim())?;
        Ok(Self { host: host.parse()?, port: port.map(parse_port).transpose()? })
    }
}

/// A host name or an IP literal.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub enum Host {
    /// An address that needs no resolver.
    Ip(IpAddr),
    /// A name.
    Name(String),
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ip(ip) => ip.fmt(f),
            Self::Name(name) => f.write_str(name),
        }
    }
}

impl FromStr for Host {
    type Err = AddressFault;

    fn from_str(text: &str) -> Result<Self, AddressFault> {
        if text.is_empty() {
            return Err(AddressFault::NoHost);
        }
        if let Ok(ip) = text.parse::<IpAddr>() {
            return Ok(Self::Ip(ip));
        }
        let bare = text.strip_suffix('.').unwrap_or(text);
        let label = |l: &str| {
            (1..=63).contains(&l.len()) && l.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
        };
        // An unassigned top label of digits only is a mistyped IPv4 address (RFC 3696 section 2).
        let numeric = bare.rsplit('.').next().is_some_and(|l| l.bytes().all(|b| b.is_ascii_digit()));
        if bare.len() <= 253 && bare.split('.').all(label) && !numeric {
            Ok(Self::Name(text.to_owned()))
        } else {
            Err(AddressFault::BadHost)
        }
    }
}

/// Why a text is not a `host:port`.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
pub enum AddressFault {
    /// `https://…`.
    #[error("it has a scheme; the transport protocol is no URL: write host:port")]
    Scheme,
    /// `host:9443/path`.
    #[error("it has a path; write host:port only")]
    Path,
    /// `host`.
    #[error("it has no port; write host:port")]
    NoPort,
    /// `:9443`.
    #[error("it has no host; write host:port")]
    NoHost,
    /// `host:99999`.
    #[error("its port is not a number from 1 to 65535")]
    BadPort,
    /// `2001:db8::1:9443`.
    #[error("an IPv6 address needs brackets: write [address]:port")]
    Unbracketed,
    /// `host name:9443`.
    #[error("it has white space")]
    Whitespace,
    /// `user@host:9443`.
    #[error("it has credentials; write host:port only")]
    Credentials,
    /// `a..b:9443`, `10.0.0.300:9443`.
    #[error("its host is neither a host name nor an IP address")]
    BadHost,
}

fn split_port(text: &str) -> Result<(&str, Option<&str>), AddressFault> {
    if text.contains("://") {
        return Err(AddressFault::Scheme);
    }
    if text.chars().any(char::is_whitespace) {
        return Err(AddressFault::Whitespace);
    }
    if text.contains(['/', '?', '#']) {
        return Err(AddressFault::Path);
    }
    if text.contains('@') {
        return Err(AddressFault::Credentials);
    }
    if let Some(rest) = text.strip_prefix('[') {
        let (inside, after) = rest.split_once(']').ok_or(AddressFault::BadHost)?;
        inside.parse::<Ipv6Addr>().map_err(|_| AddressFault::BadHost)?;
        return match after.strip_prefix(':') {
            Some(port) => Ok((inside, Some(port))),
            None if after.is_empty() => Ok((inside, None)),
            None => Err(AddressFault::BadHost),
        };
    }
    match text.matches(':').count() {
        0 => Ok((text, None)),
        1 => Ok(text.split_once(':').map_or((text, None), |(host, port)| (host, Some(port)))),
        _ => Err(AddressFault::Unbracketed),
    }
}

fn parse_port(text: &str) -> Result<u16, AddressFault> {
    match text.parse() {
        Ok(port) if port > 0 && text.bytes().all(|b| b.is_ascii_digit()) => Ok(port),
        _ => Err(AddressFault::BadPort),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_taken_as_elasticsearch_takes_them() {
        for (text, shown) in [
            ("es.example:9443", "es.example:9443"),
            (" 10.0.0.5:9300 ", "10.0.0.5:9300"),
            ("[2001:db8::1]:9400", "[2001:db8::1]:9400"),
            ("my_host:1", "my_host:1"),
        ] {
            assert_eq!(text.parse::<HostPort>().map(|a| a.to_string()).as_deref(), Ok(shown));
        }
    }

    #[test]
    fn each_malformed_address_has_its_own_reason() {
        for (text, fault) in [
            ("https://es.example:9443", AddressFault::Scheme),
            ("es.example:9443/path", AddressFault::Path),
            ("es.example", AddressFault::NoPort),
            (":9443", AddressFault::NoHost),
            ("es.example:0", AddressFault::BadPort),
            ("es.example:99999", AddressFault::BadPort),
            ("es.example:+9", AddressFault::BadPort),
            ("2001:db8::1:9443", AddressFault::Unbracketed),
            ("es example:9443", AddressFault::Whitespace),
            ("u:p@es.example:9443", AddressFault::Credentials),
            ("a..b:9443", AddressFault::BadHost),
            ("10.0.0.300:9443", AddressFault::BadHost),
            ("[nonsense]:9443", AddressFault::BadHost),
        ] {
            assert_eq!(text.parse::<HostPort>(), Err(fault), "{text}");
        }
    }

    #[test]
    fn the_server_name_that_is_sent_follows_the_verification_mode() {
        let mut link = Link::new("eu", Mode::Proxy, vec![]);
        let dotted = Host::Name("es.example".into());
        assert_eq!(link.server_name_for(&dotted).as_deref(), Some("es.example"));
        assert_eq!(link.server_name_for(&Host::Name("localhost".into())), None);
        assert_eq!(link.server_name_for(&Host::Ip([127, 0, 0, 1].into())), None);
        link.verification_mode = Some(Sourced::read(VerificationMode::Certificate));
        assert_eq!(link.server_name_for(&dotted), None);
        link.server_name = Some("eu.example".into());
        assert_eq!(link.server_name_for(&dotted).as_deref(), Some("eu.example"));
    }
}
