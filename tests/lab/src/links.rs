//! The links of the estate: what each one is set to, what is wrong with it, and what should be found.
//! A new scenario is one row here and, when its listener is new, one arm in the estate.

use crate::address::{REMOTE_CLUSTER_PORT, REST_PORT, TRANSPORT_PORT, TRANSPORT_PROXY_PORT};

/// The server name of the remote cluster behind the proxies.
pub(crate) const SERVER_NAME: &str = "eu.lab.example";
/// A name that no proxy knows.
const WRONG_NAME: &str = "us.lab.example";

/// Security model of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Model {
    /// Cross-cluster API key, remote cluster server.
    ApiKey,
    /// Mutual TLS on the transport interface.
    Certificate,
}

impl Model {
    /// `api-key` or `certificate`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ApiKey => "api-key",
            Self::Certificate => "certificate",
        }
    }
}

/// What answers a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Listener {
    /// A proxy that routes by server name to the remote cluster server.
    Router,
    /// The remote cluster server itself.
    KeyPort,
    /// The transport port with mutual TLS.
    Transport,
    /// The transport port without TLS.
    PlainTransport,
    /// The REST port.
    Rest,
    HttpProxy,
    NoBackend,
    TerminatingProxy,
    Refused,
    /// Nothing: the name does not exist.
    Unknown,
    ExpiredCertificate,
    OtherName,
    UntrustedAuthority,
    OldRelease,
    Silent,
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    pub(crate) alias: &'static str,
    pub(crate) about: &'static str,
    pub(crate) model: Model,
    pub(crate) port: u16,
    pub(crate) server_name: Option<&'static str>,
    pub(crate) listener: Listener,
    pub(crate) expected: Option<&'static str>,
}

const fn row(
    alias: &'static str,
    (model, port, server_name): (Model, u16, Option<&'static str>),
    listener: Listener,
    expected: Option<&'static str>,
    about: &'static str,
) -> Row {
    Row { alias, about, model, port, server_name, listener, expected }
}

const KEY: (Model, u16, Option<&str>) = (Model::ApiKey, REMOTE_CLUSTER_PORT, Some(SERVER_NAME));
const DIRECT: (Model, u16, Option<&str>) = (Model::Certificate, TRANSPORT_PORT, None);

/// All links, in the order they are shown.
#[rustfmt::skip]
pub(crate) const ROWS: [Row; 17] = [
    row("healthy", KEY, Listener::Router, None,
        "a link that works: API key, through a proxy that routes by server name"),
    row("healthy-direct", DIRECT, Listener::Transport, None,
        "a link that works: mutual TLS, straight to the transport port"),
    row("wrong-name", (Model::ApiKey, REMOTE_CLUSTER_PORT, Some(WRONG_NAME)), Listener::Router, Some("proxy-server-name-unknown"),
        "the proxy does not know the server name"),
    row("no-name", (Model::ApiKey, REMOTE_CLUSTER_PORT, None), Listener::Router, Some("proxy-server-name-required"),
        "the proxy needs a server name and gets none"),
    row("rest-port", (Model::Certificate, REST_PORT, None), Listener::Rest, Some("config-rest-port"),
        "the address is the REST port of the remote cluster"),
    row("no-tls", DIRECT, Listener::PlainTransport, Some("tls-not-enabled"),
        "the remote transport port has no TLS"),
    row("http-proxy", KEY, Listener::HttpProxy, Some("proxy-speaks-http"),
        "the proxy is in HTTP mode"),
    row("no-backend", KEY, Listener::NoBackend, Some("tcp-closed-on-connect"),
        "the proxy has no backend and closes every connection"),
    row("terminated", (Model::Certificate, TRANSPORT_PROXY_PORT, Some(SERVER_NAME)), Listener::TerminatingProxy, Some("proxy-terminates-tls"),
        "the proxy terminates TLS, so the client certificate never arrives"),
    row("refused", KEY, Listener::Refused, Some("tcp-refused"),
        "nothing listens at the address"),
    row("unknown-host", KEY, Listener::Unknown, Some("dns-name-unknown"),
        "the host name does not exist"),
    row("expired", KEY, Listener::ExpiredCertificate, Some("certificate-expired"),
        "the certificate of the remote cluster has expired"),
    row("name-differs", KEY, Listener::OtherName, Some("certificate-name-mismatch"),
        "the certificate is for another name"),
    row("untrusted", KEY, Listener::UntrustedAuthority, Some("certificate-untrusted"),
        "the certificate comes from an authority that the local cluster does not trust"),
    row("key-port", (Model::Certificate, REMOTE_CLUSTER_PORT, Some(SERVER_NAME)), Listener::KeyPort, Some("config-certificate-model-on-api-key-port"),
        "the certificate model is used on the port of the API-key model"),
    row("too-old", DIRECT, Listener::OldRelease, Some("version-transport-incompatible"),
        "the remote cluster is too old for the local one"),
    row("silent", KEY, Listener::Silent, Some("tls-stalled"),
        "the connection opens and then nothing answers"),
];
