//! What was observed about links, with times and without judgement: `farlink.evidence/1`.
//!
//! Every type here is plain data that can be saved and judged again later. None can hold a secret:
//! keys stay in the probe, and of what peers answer only typed facts and bounded excerpts are kept.

use std::fmt;
use std::net::{IpAddr, SocketAddr};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::finding::Suppression;
use super::hello::Hello;
use super::link::{HostPort, Link};
pub use super::node::{ListedNode, Published};
pub use super::remote::{KeyAccess, KeyFacts, KeyKind, RemoteView};
use super::replication::{LagBefore, Replication};

/// The identifier of this format.
pub const SCHEMA: &str = "farlink.evidence/1";

/// A saved run.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Evidence {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// The program that observed.
    pub tool: Tool,
    /// When the run began. Certificates are judged at this instant.
    pub started: Timestamp,
    /// When the run ended.
    pub finished: Timestamp,
    /// One entry a link, in the order of the report.
    pub links: Vec<LinkEvidence>,
}

/// The program that made a document.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
pub struct Tool {
    /// `farlink`.
    pub name: String,
    /// Its release.
    pub version: String,
}

/// What was observed about one link.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct LinkEvidence {
    /// The link as it was known before probing.
    pub link: Link,
    /// One entry a target, in the link's order; none for a malformed target.
    pub resolutions: Vec<Resolution>,
    /// One entry a resolved address, in a stable order.
    pub addresses: Vec<AddressEvidence>,
    /// The publish addresses of listed gateway nodes that were dialled, in a stable order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub published: Vec<Published>,
    /// Where the link led to before, in the daemon's memory of earlier runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub led_to: Option<LedTo>,
    /// How far its followers were behind before, in the daemon's memory of earlier runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lag_before: Option<LagBefore>,
    /// What the local cluster says of the link, when it was asked.
    pub cluster: Option<ClusterView>,
    /// What the remote cluster's REST API says of the key, when it was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remote: Option<RemoteView>,
    /// Findings that the configuration suppresses on this link.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub suppressions: Vec<Suppress>,
    /// The link's deadline ended the run early.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cut_short: bool,
}

impl LinkEvidence {
    /// Evidence about `link` before anything was observed.
    pub fn new(link: Link) -> Self {
        Self {
            link,
            resolutions: Vec::new(),
            addresses: Vec::new(),
            published: Vec::new(),
            led_to: None,
            lag_before: None,
            cluster: None,
            remote: None,
            suppressions: Vec::new(),
            cut_short: false,
        }
    }
}

/// The clusters that answered on a link in an earlier run.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct LedTo {
    /// Their names, sorted.
    pub clusters: Vec<String>,
    /// How long before this run they were last heard.
    pub seconds_ago: f64,
}

/// A finding that does not count on a link for a while.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Suppress {
    /// The finding's id.
    pub id: String,
    /// Until when, and why.
    pub suppression: Suppression,
}

/// The answers about one host name.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Resolution {
    /// The target as it was written.
    pub target: HostPort,
    /// Whom the answers come from.
    pub by: Resolver,
    /// IPv4.
    pub a: Answer,
    /// IPv6.
    pub aaaa: Answer,
    /// What the operating system's own resolver said after ours had failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<Answer>,
    /// How long both answers took together.
    pub seconds: f64,
}

impl Resolution {
    /// Every address, IPv4 first, sorted within a family, without repetition.
    pub fn addresses(&self) -> Vec<IpAddr> {
        let mut all: Vec<IpAddr> = [Some(&self.a), Some(&self.aaaa), self.system.as_ref()]
            .into_iter()
            .flatten()
            .flat_map(|answer| match answer {
                Answer::Addresses { addresses } => addresses.as_slice(),
                _ => &[],
            })
            .copied()
            .collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// Where an answer about a name came from.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Resolver {
    /// The target is an IP address.
    Literal,
    /// The hosts file.
    HostsFile,
    /// The name servers of the operating system's configuration.
    System,
    /// A name server that was given.
    Given {
        /// Its address.
        server: SocketAddr,
    },
}

/// What a resolver said about one address family of a name.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Answer {
    /// These addresses.
    Addresses {
        /// At least one.
        addresses: Vec<IpAddr>,
    },
    /// The name does not exist (NXDOMAIN).
    NameUnknown,
    /// The name exists without addresses of this family.
    NoData,
    /// The name server answered with an error.
    ServerFailure {
        /// The response code's name, such as `SERVFAIL`.
        code: String,
    },
    /// No answer in time.
    TimedOut,
    /// The name server could not be reached, or its answer could not be read.
    Unusable {
        /// What happened.
        error: String,
    },
    /// Not asked.
    NotAsked,
}

/// What was observed at one address.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct AddressEvidence {
    /// The target that led here, as it was written.
    pub target: HostPort,
    /// The address.
    pub address: SocketAddr,
    /// In the order in which they were made. The first is always [`Question::AsElasticsearch`].
    pub attempts: Vec<Attempt>,
}

impl AddressEvidence {
    /// The attempt that answered `question`.
    pub fn attempt(&self, question: Question) -> Option<&Attempt> {
        self.attempts.iter().find(|attempt| attempt.question == question)
    }

    /// The attempt that dialled as Elasticsearch does.
    pub fn main(&self) -> Option<&Attempt> {
        self.attempt(Question::AsElasticsearch)
    }
}

/// Why a connection was made. All but the first are counterfactuals: questions that Elasticsearch
/// would not ask, asked to tell causes apart that look alike.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Question {
    /// What does the local cluster see?
    AsElasticsearch,
    /// Does the peer close or speak before we send anything?
    StayQuiet,
    /// Does TLS work without a server name?
    WithoutServerName,
    /// Does TLS work with a name that cannot exist?
    ImpossibleServerName,
    /// Does TLS work with the dialled host as server name?
    DialledHostAsServerName,
    /// Does the peer wait for the rest of a ClientHello, as something that reads names would?
    PartialHello,
    /// Does a ClientHello that is answered with a few bytes get an answer?
    SmallAnswer,
    /// Does the port speak the transport protocol without TLS?
    PlainTransport,
    /// Does the port answer HTTP without TLS?
    PlainHttp,
    /// Does the port answer HTTP inside TLS?
    HttpInsideTls,
    /// Does the port speak TLS, although the link dials without?
    TlsInstead,
    /// Does TLS work behind a PROXY protocol header?
    ProxyHeader,
    /// Does the peer close inside TLS before we say anything?
    QuietInsideTls,
    /// Does another connection, made in the same way, meet another member of a load balancer's pool?
    Member(u8),
    /// Is the listener of the other model on the sibling port?
    SiblingPort,
    /// What does the server choose from a hand-built ClientHello?
    Offer(Hello),
}

impl Question {
    /// Whether Elasticsearch itself would not ask this.
    pub fn is_counterfactual(self) -> bool {
        self != Self::AsElasticsearch
    }
}

/// One connection and everything that was seen on it.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Attempt {
    /// Why it was made.
    pub question: Question,
    /// The port, where it is not the link's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    /// How long before this run it was made, where an earlier run's answer still holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds_ago: Option<f64>,
    /// The TCP connection.
    pub tcp: Tcp,
    /// What the peer did while nothing was sent to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quiet: Option<Quiet>,
    /// The TLS handshake, when one was tried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tls: Option<Tls>,
    /// What was said and heard afterwards, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exchanges: Vec<Exchange>,
}

impl Attempt {
    /// What was heard in answer to `said`.
    pub fn heard(&self, said: Said) -> Option<&Heard> {
        self.exchanges.iter().find(|exchange| exchange.said == said).map(|exchange| &exchange.heard)
    }
}

/// A TCP connection attempt.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Tcp {
    /// How it ended.
    pub outcome: TcpOutcome,
    /// How long it took.
    pub seconds: f64,
}

/// How a TCP connection attempt ended.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum TcpOutcome {
    /// Established.
    Connected,
    /// Reset in answer to SYN.
    Refused,
    /// No answer.
    TimedOut,
    /// No route to the host, as a router or the local host says.
    HostUnreachable,
    /// No route to the network.
    NetworkUnreachable,
    /// The agent's own host forbids it.
    Forbidden,
    /// The agent's host cannot open a connection: out of descriptors, ports or addresses.
    AgentExhausted,
    /// Anything else.
    Failed {
        /// The operating system's error number, where there is one.
        code: Option<i32>,
        /// Its text.
        error: String,
    },
}

/// What the peer did while nothing was sent.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Quiet {
    /// How it ended.
    pub end: End,
    /// What came, as far as it was kept.
    #[serde(default, skip_serializing_if = "Bytes::is_empty")]
    pub received: Bytes,
    /// How long it was waited, or until the end.
    pub seconds: f64,
}

/// How a wait for bytes ended.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum End {
    /// Bytes came.
    Data,
    /// The peer closed in order (FIN).
    Closed,
    /// The peer reset the connection.
    Reset,
    /// Nothing happened in time.
    Silence,
}

/// A TLS handshake.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Tls {
    /// The server name indication that was sent.
    pub server_name: Option<String>,
    /// How it ended.
    pub outcome: TlsOutcome,
    /// `TLSv1.2`, `TLSv1.3`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The cipher suite's IANA name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cipher: Option<String>,
    /// The application protocol the peer chose, though none was offered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alpn: Option<String>,
    /// The served chain in the served order, whether or not it is trusted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub chain: Vec<Der>,
    /// The peer proved that it holds the leaf's key.
    #[serde(default)]
    pub key_proven: bool,
    /// The peer asked for a client certificate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_certificate: Option<ClientCertificateRequest>,
    /// How many bytes came before the end of the handshake.
    pub received_bytes: u64,
    /// How long it took, from the first byte sent.
    pub seconds: f64,
}

/// How a TLS handshake ended.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum TlsOutcome {
    /// Completed from our side. In TLS 1.3 the peer may still refuse the client certificate.
    Completed,
    /// The peer sent this alert (RFC 8446 section 6).
    Alert {
        /// Its number.
        code: u8,
    },
    /// The peer closed in order.
    Closed,
    /// The peer reset the connection.
    Reset,
    /// No end in time.
    TimedOut,
    /// What came is not TLS.
    NotTls {
        /// Its first bytes.
        received: Bytes,
    },
    /// The peer answered with a version before TLS 1.2.
    OldVersion,
    /// The peer's answer is TLS that our library refuses.
    Refused {
        /// The library's words.
        error: String,
        /// The alert that we sent.
        alert: Option<u8>,
    },
    /// The peer chose a version and a cipher suite from a hand-built hello, which cannot go further.
    ServerHello {
        /// The group of the key exchange, or its size, where it told.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        group: Option<String>,
    },
    /// The link's `server_name` cannot be sent as a server name indication.
    BadServerName,
    /// Reading or writing failed otherwise.
    Failed {
        /// What happened.
        error: String,
    },
}

/// A request for a client certificate.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct ClientCertificateRequest {
    /// Distinguished names of acceptable authorities, DER.
    pub authorities: Vec<Der>,
    /// We presented one.
    pub presented: bool,
}

impl ClientCertificateRequest {
    /// How many names of authorities are kept.
    pub const AUTHORITIES: usize = 256;
}

/// One thing said and what was heard in answer.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Exchange {
    /// What was said.
    pub said: Said,
    /// What was heard.
    pub heard: Heard,
    /// How long the answer took.
    pub seconds: f64,
    /// How long before this run it was heard, where an earlier run's answer still holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds_ago: Option<f64>,
}

/// What a probe says on an open connection.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Said {
    /// The transport ping, six bytes.
    Ping,
    /// `internal:tcp/handshake` in format 7170099.
    TcpHandshake,
    /// `internal:tcp/handshake` in format 8800000.
    ReleaseHandshake,
    /// `cluster:internal/remote_cluster/handshake` without credentials.
    RemoteClusterHandshake,
    /// The same with the key's credentials header.
    KeyHandshake,
    /// The same with the key and the subject of an internal user.
    SubjectHandshake,
    /// `internal:transport/handshake` without credentials, on a transport port that asks for none.
    TransportHandshake,
    /// `cluster:internal/remote_cluster/nodes`, as the model of the link asks for it in sniff mode.
    RemoteClusterNodes,
    /// An HTTP request.
    Http,
}

impl Said {
    /// Whether it was said with a key.
    pub fn has_key(self) -> bool {
        matches!(self, Self::KeyHandshake | Self::SubjectHandshake)
    }
}

/// What a peer answered.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Heard {
    /// The ping came back.
    Pong,
    /// A handshake response.
    Handshake {
        /// The transport version id.
        version: i32,
        /// The release, where the format has it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        release: Option<String>,
    },
    /// The answer to a remote cluster handshake.
    Node {
        /// The node's name.
        name: String,
        /// Its cluster's name.
        cluster: String,
        /// Its release version id.
        version: i32,
        /// Its publish address, at which sniff mode dials it again.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        address: Option<SocketAddr>,
    },
    /// The nodes of the remote.
    Nodes {
        /// The first of them.
        nodes: Vec<ListedNode>,
        /// How many there are.
        of: usize,
    },
    /// An exception.
    Exception {
        /// From the outermost to the innermost cause.
        causes: Vec<Cause>,
        /// The connection was closed right after it.
        #[serde(default)]
        closed: bool,
    },
    /// An HTTP response.
    Http(HttpAnswer),
    /// The text a transport port answers to HTTP, `This is not an HTTP port`.
    NotAnHttpPort,
    /// A TLS alert after the handshake.
    Alert {
        /// Its number.
        code: u8,
    },
    /// A transport frame that contradicts the protocol.
    Malformed {
        /// In what.
        error: String,
        /// Its first bytes.
        received: Bytes,
    },
    /// Bytes of no protocol we know.
    Foreign {
        /// The first of them.
        received: Bytes,
    },
    /// The peer closed in order.
    Closed,
    /// The peer reset the connection.
    Reset,
    /// Nothing in time.
    Silence,
}

/// One exception of a chain.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Cause {
    /// The Java class where it is known, else `exception #id`.
    pub class: String,
    /// Its message, cut to a bound.
    pub message: String,
    /// Why other credentials did not do, where it says (`es.additional_unsuccessful_credentials`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unsuccessful: Option<String>,
}

/// What is kept of an HTTP response.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct HttpAnswer {
    /// The status code.
    pub status: u16,
    /// `X-elastic-product` or `X-Found-Handling-Cluster` is present.
    #[serde(default)]
    pub elastic: bool,
    /// The `Server` header.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server: Option<String>,
    /// The `Content-Type` header.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
    /// The `Date` header.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<ServerDate>,
    /// The beginning of the body.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub excerpt: String,
}

/// What a server's clock said (RFC 9110 section 6.6.1), in whole seconds as the header has it.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct ServerDate {
    /// The server's time.
    pub date: Timestamp,
    /// When it was received, in milliseconds after the run began; before it where that is negative.
    pub after_milliseconds: i64,
}

/// What the local cluster says of a link.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct ClusterView {
    /// The cluster's name among `clusters`, or its URL.
    pub cluster: String,
    /// `_remote/info` before anything was asked of the remote.
    pub before: Read<Option<RemoteInfo>>,
    /// `_resolve/cluster` for the alias; `None` where the release has no such API.
    pub resolve: Option<Read<Option<Resolve>>>,
    /// `_remote/info` afterwards.
    pub after: Option<Read<Option<RemoteInfo>>>,
    /// What replicates over it; `None` where the cluster has no such thing, or does not let it be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replication: Option<Replication>,
    /// Whether its settings and nodes could be read, for what they would have shown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unreadable: Vec<Unreadable>,
    /// The `Date` header of its first answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<ServerDate>,
}

/// An API that could not be read although the cluster answers.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Unreadable {
    /// Its path.
    pub path: String,
    /// Why.
    pub error: ReadError,
}

/// An answer of the REST API, or why there is none.
pub type Read<T> = Result<T, ReadError>;

/// Why a REST answer could not be used.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum ReadError {
    /// No connection, no name, or TLS failed.
    Unreachable {
        /// What happened.
        error: String,
    },
    /// No complete answer in time.
    TimedOut {
        /// The bound.
        seconds: u64,
    },
    /// 401.
    CredentialsRefused {
        /// The reason in the body.
        reason: String,
        /// Whether credentials were sent.
        sent: bool,
    },
    /// 403.
    Forbidden {
        /// The reason in the body.
        reason: String,
    },
    /// Another status that means failure.
    Status {
        /// The status code.
        status: u16,
        /// The reason in the body.
        reason: String,
    },
    /// The body is larger than the bound.
    TooLarge {
        /// The bound.
        limit_bytes: u64,
    },
    /// The body is HTML.
    Html {
        /// The page's title, if it has one.
        title: Option<String>,
    },
    /// The body is not JSON, or not of the expected shape.
    Shape {
        /// Where it stops making sense.
        error: String,
    },
    /// A redirect, which is never followed.
    Redirect {
        /// Where to.
        location: String,
    },
}

/// One alias in `_remote/info`.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct RemoteInfo {
    /// Open sockets above zero.
    pub connected: bool,
    /// Open sockets (proxy mode) or connected nodes (sniff mode).
    #[serde(default)]
    pub sockets: Option<u64>,
    /// The most there may be.
    #[serde(default)]
    pub max_sockets: Option<u64>,
    /// `cluster_credentials` is present.
    #[serde(default)]
    pub credentials: bool,
    /// `skip_unavailable`.
    #[serde(default)]
    pub skip_unavailable: Option<bool>,
}

/// One alias in `_resolve/cluster`.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Resolve {
    /// The remote answered.
    pub connected: bool,
    /// The cluster's own words for why not.
    #[serde(default)]
    pub error: Option<String>,
    /// The remote's release.
    #[serde(default)]
    pub version: Option<String>,
}

/// A DER structure, base64 when saved.
#[derive(Clone, Eq, Hash, PartialEq)]
pub struct Der(pub Vec<u8>);

impl fmt::Debug for Der {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Der({} bytes)", self.0.len())
    }
}

impl Serialize for Der {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Der {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        STANDARD.decode(text).map(Self).map_err(serde::de::Error::custom)
    }
}

/// The first bytes of what a peer sent, hexadecimal when saved.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Bytes(Vec<u8>);

impl Bytes {
    /// The most that is kept.
    pub const LIMIT: usize = 64;

    /// The first [`Self::LIMIT`] bytes of `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        Self(bytes[..bytes.len().min(Self::LIMIT)].to_vec())
    }

    /// Whether nothing came.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The bytes.
    pub fn as_slice(&self) -> &[u8] {
        &self.0
    }
}

impl Serialize for Bytes {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex::encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        hex::decode(text).map(|bytes| Self::of(&bytes)).map_err(serde::de::Error::custom)
    }
}
