//! What listens at an address, from what was said and heard on one connection.

use super::key;
use crate::model::evidence::{Attempt, Bytes, Cause, Heard, HttpAnswer, Said};
use crate::version::TransportVersionId;

/// What answered.
#[derive(Clone, Debug, PartialEq)]
pub enum Listener {
    /// Elasticsearch's transport protocol.
    Transport {
        /// The node's transport version id, where it told.
        version: Option<TransportVersionId>,
        /// Its release, where it told.
        release: Option<String>,
        /// Which of its two interfaces this is.
        interface: Interface,
    },
    /// OpenSearch's transport protocol.
    OpenSearch {
        /// Its version id as sent.
        version: TransportVersionId,
    },
    /// Elasticsearch's REST interface.
    Rest(HttpAnswer),
    /// Another HTTP server.
    Http(HttpAnswer),
    /// The peer refused us for want of a client certificate, or because of ours.
    ClientCertificate {
        /// The alert's number; `None` when it closed without one.
        alert: Option<u8>,
    },
    /// A transport frame that contradicts the protocol.
    Malformed {
        /// In what.
        error: String,
    },
    /// Bytes of another protocol.
    Foreign(Bytes),
    /// An alert after the handshake that has nothing to do with client certificates.
    Alert(u8),
    /// The connection was closed without an answer.
    Closed,
    /// The connection is closed inside TLS although nothing is said.
    ClosedUnasked,
    /// No answer in time.
    Silent,
    /// Nothing was asked.
    NotAsked,
}

/// One of the interfaces of a node that speak the transport protocol.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Interface {
    /// The remote cluster server, for the API-key model.
    RemoteClusterServer,
    /// The transport interface, for the certificate model.
    Transport {
        /// Whether the node has its remote cluster server on, where it told.
        remote_cluster_server: Option<bool>,
    },
    /// It was not told.
    Unknown,
}

/// What answered on `attempt`.
pub fn judge(attempt: &Attempt) -> Listener {
    let asked_for_certificate = attempt.tls.as_ref().and_then(|tls| tls.client_certificate.as_ref()).is_some();
    let mut pong = false;
    let mut version = None;
    let mut release = None;
    let mut first_failure = None;
    for exchange in &attempt.exchanges {
        match &exchange.heard {
            Heard::Pong => pong = true,
            Heard::Handshake { version: id, release: text } => {
                let id = TransportVersionId::new(u32::try_from(*id).unwrap_or(0));
                if id.is_opensearch() {
                    return Listener::OpenSearch { version: id };
                }
                version = Some(id);
                if text.is_some() {
                    release.clone_from(text);
                }
            }
            Heard::Http(answer) if answer.elastic => return Listener::Rest(answer.clone()),
            Heard::Http(answer) => return Listener::Http(answer.clone()),
            Heard::Malformed { error, .. } => {
                first_failure.get_or_insert(Listener::Malformed { error: error.clone() });
            }
            Heard::Foreign { received } => {
                first_failure.get_or_insert(Listener::Foreign(received.clone()));
            }
            Heard::Alert { code } => {
                first_failure.get_or_insert(if asked_for_certificate {
                    Listener::ClientCertificate { alert: Some(*code) }
                } else {
                    Listener::Alert(*code)
                });
            }
            Heard::Closed | Heard::Reset => {
                first_failure.get_or_insert(if asked_for_certificate {
                    Listener::ClientCertificate { alert: None }
                } else {
                    Listener::Closed
                });
            }
            Heard::Silence => {
                first_failure.get_or_insert(Listener::Silent);
            }
            Heard::NotAnHttpPort => pong = true,
            Heard::Node { .. } | Heard::Nodes { .. } | Heard::Exception { .. } => {}
        }
    }
    if pong || version.is_some() {
        return Listener::Transport { version, release, interface: interface(attempt) };
    }
    first_failure.unwrap_or(Listener::NotAsked)
}

/// The cluster that a node named on `attempt`.
pub fn cluster(attempt: &Attempt) -> Option<&str> {
    [Said::SubjectHandshake, Said::KeyHandshake, Said::TransportHandshake].into_iter().find_map(|said| {
        match attempt.heard(said) {
            Some(Heard::Node { cluster, .. }) => Some(cluster.as_str()),
            _ => None,
        }
    })
}

/// The causes of the exception that answered `said`, outermost first.
pub fn causes(attempt: &Attempt, said: Said) -> &[Cause] {
    match attempt.heard(said) {
        Some(Heard::Exception { causes, .. }) => causes,
        _ => &[],
    }
}

fn interface(attempt: &Attempt) -> Interface {
    for said in [Said::SubjectHandshake, Said::KeyHandshake, Said::RemoteClusterHandshake] {
        if let Some(Heard::Node { .. }) = attempt.heard(said) {
            return Interface::RemoteClusterServer;
        }
        let causes = causes(attempt, said);
        let mentions = |fragment: &str| causes.iter().any(|cause| cause.message.contains(fragment));
        if causes.is_empty() {
            continue;
        }
        // CrossClusterAccessAuthenticationService and CrossClusterAccessServerTransportFilter.
        let of_key = said != Said::RemoteClusterHandshake && key::is_of_server(causes);
        if of_key
            || mentions("_cross_cluster_access_")
            || mentions("failed to extract credentials from headers")
            || mentions("dedicated remote cluster")
            || mentions("[advanced-remote-cluster-security]")
        {
            return Interface::RemoteClusterServer;
        }
        if mentions("No handler for action") {
            return Interface::Transport { remote_cluster_server: Some(false) };
        }
        if mentions("requires channel profile to be [_remote_cluster]") {
            return Interface::Transport { remote_cluster_server: Some(true) };
        }
        if mentions("missing authentication credentials for action") || mentions("is unauthorized for user") {
            return Interface::Transport { remote_cluster_server: None };
        }
    }
    Interface::Unknown
}
