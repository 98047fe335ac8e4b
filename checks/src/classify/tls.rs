//! How the TLS handshake of a link went, and what an ending without an explanation means.
//!
//! A connection closed after ClientHello has many causes that look alike. They are told apart by
//! what the counterfactual questions found; where those do not decide, the verdict says so.

use super::listener::{self, Listener};
use super::members::{self, Members};
use super::offers::{self, Choice, Support};
use super::reach::{self, Reach};
use crate::model::evidence::{AddressEvidence, Attempt, End, Heard, HttpAnswer, Question, Said, Tls, TlsOutcome};
use crate::model::finding::Certainty;

/// How the TLS handshake went.
#[derive(Clone, Debug, PartialEq)]
pub enum TlsVerdict {
    /// The link dials without TLS.
    NotUsed,
    /// The link dials without TLS and the port speaks TLS.
    NotUsedButRequired,
    /// Established. A refused client certificate is the listener's answer.
    Established,
    /// The port speaks the transport protocol without TLS.
    PlainTransport,
    /// The port answers HTTP without TLS.
    PlainHttp(HttpAnswer),
    /// A name router refuses this server name.
    NameUnknown(Certainty),
    /// A name router refuses a ClientHello without a server name.
    NameRequired(Certainty),
    /// The name is known and what is behind it does not answer.
    NoBackend(Certainty),
    /// The peer expects a PROXY protocol header.
    ProxyHeaderExpected,
    /// This connection was cut, and another one, made in the same way, was not.
    AnotherMemberAnswers,
    /// The peer wants a client certificate, or another one.
    ClientCertificate {
        /// The alert's number; `None` when it closed without one.
        alert: Option<u8>,
    },
    /// No common protocol version.
    Version {
        /// What it chose from hellos in older versions; empty when none was answered.
        spoken: Vec<Choice>,
    },
    /// No common cipher suite.
    Cipher {
        /// What it chose from hellos with every suite; empty when only the alert says so.
        chosen: Vec<Choice>,
    },
    /// A common suite with Elasticsearch on a JDK before 24 only, and none with our TLS library.
    OldJdkOnly(Choice),
    /// Elasticsearch agrees with the server on any JDK, and our TLS library does not.
    JdkOnly(Choice),
    /// No answer to ClientHello.
    Stalled {
        /// A few bytes do come through, so that large answers get lost.
        large_only: bool,
    },
    /// Another protocol answers.
    Foreign(crate::model::evidence::Bytes),
    /// The server name cannot be sent.
    BadServerName,
    /// Closed without an alert, and nothing tells why.
    Closed,
    /// An alert that does not tell why.
    Alert(u8),
    /// Our TLS library refuses the peer's answer.
    Refused {
        /// In its words.
        error: String,
    },
    /// Not tried.
    NotTried,
}

/// Judges the handshakes at `address`, which `reach` says is open.
pub fn judge(address: &AddressEvidence) -> TlsVerdict {
    let Some(main) = address.main() else { return TlsVerdict::NotTried };
    let Some(tls) = &main.tls else { return without_tls(address, main) };
    match &tls.outcome {
        // A chain is worth nothing from somebody who does not hold the leaf's key.
        TlsOutcome::Completed if !tls.key_proven && !tls.chain.is_empty() => {
            TlsVerdict::Refused { error: "the peer did not prove that it holds the certificate's key".to_owned() }
        }
        TlsOutcome::Completed => TlsVerdict::Established,
        TlsOutcome::BadServerName => TlsVerdict::BadServerName,
        TlsOutcome::OldVersion => by_offers(address, TlsVerdict::Version { spoken: Vec::new() }),
        TlsOutcome::TimedOut => stalled(address),
        TlsOutcome::Alert { code } => alert(address, tls, *code),
        TlsOutcome::NotTls { received } => {
            if let Some(answer) = plain_http(address) {
                TlsVerdict::PlainHttp(answer)
            } else if speaks_plain_transport(address) {
                TlsVerdict::PlainTransport
            } else {
                TlsVerdict::Foreign(received.clone())
            }
        }
        TlsOutcome::Closed | TlsOutcome::Reset | TlsOutcome::Failed { .. } => closed(address, main, tls),
        TlsOutcome::Refused { error, .. } => by_offers(address, TlsVerdict::Refused { error: error.clone() }),
        TlsOutcome::ServerHello { .. } => TlsVerdict::Refused { error: "the handshake was not continued".to_owned() },
    }
}

/// Whether the handshake of `attempt` got an answer that only a TLS server gives.
pub fn is_answered(attempt: &Attempt) -> bool {
    attempt.tls.as_ref().is_some_and(|tls| {
        !tls.chain.is_empty()
            || matches!(tls.outcome, TlsOutcome::Completed | TlsOutcome::OldVersion)
            || matches!(tls.outcome, TlsOutcome::Alert { code } if code != UNRECOGNIZED_NAME)
    })
}

/// Whether the connection was cut before the peer had sent a byte.
pub fn is_cut(tls: &Tls) -> bool {
    matches!(tls.outcome, TlsOutcome::Closed | TlsOutcome::Reset) && tls.received_bytes == 0
}

// RFC 8446 section 6.2, RFC 5246 section 7.2.2.
const HANDSHAKE_FAILURE: u8 = 40;
pub(crate) const PROTOCOL_VERSION: u8 = 70;
const INSUFFICIENT_SECURITY: u8 = 71;
pub(crate) const UNRECOGNIZED_NAME: u8 = 112;

fn without_tls(address: &AddressEvidence, main: &Attempt) -> TlsVerdict {
    let answered = matches!(
        listener::judge(main),
        Listener::Transport { .. } | Listener::OpenSearch { .. } | Listener::Rest(_) | Listener::Http(_)
    );
    match address.attempt(Question::TlsInstead) {
        Some(attempt) if !answered && is_answered(attempt) => TlsVerdict::NotUsedButRequired,
        _ => TlsVerdict::NotUsed,
    }
}

fn alert(address: &AddressEvidence, tls: &Tls, code: u8) -> TlsVerdict {
    if tls.client_certificate.is_some() {
        return TlsVerdict::ClientCertificate { alert: Some(code) };
    }
    match code {
        UNRECOGNIZED_NAME if tls.server_name.is_some() => TlsVerdict::NameUnknown(Certainty::Certain),
        UNRECOGNIZED_NAME => TlsVerdict::NameRequired(Certainty::Certain),
        PROTOCOL_VERSION => by_offers(address, TlsVerdict::Version { spoken: Vec::new() }),
        _ if another_name_passes(address) => match tls.server_name {
            Some(_) => TlsVerdict::NameUnknown(Certainty::Certain),
            None => TlsVerdict::NameRequired(Certainty::Certain),
        },
        INSUFFICIENT_SECURITY => by_offers(address, TlsVerdict::Cipher { chosen: Vec::new() }),
        code => by_offers(address, TlsVerdict::Alert(code)),
    }
}

/// What the hand-built hellos tell of a server that does not agree with our library, else `untold`.
fn by_offers(address: &AddressEvidence, untold: TlsVerdict) -> TlsVerdict {
    match offers::judge(address) {
        Support::Untold => untold,
        // The library's own words say more.
        Support::EveryJdk(_) if matches!(untold, TlsVerdict::Refused { .. }) => untold,
        Support::EveryJdk(choice) => TlsVerdict::JdkOnly(choice),
        Support::OldJdk(choice) => TlsVerdict::OldJdkOnly(choice),
        Support::Unshared(chosen) => TlsVerdict::Cipher { chosen },
        Support::OldVersions(spoken) => TlsVerdict::Version { spoken },
    }
}

fn stalled(address: &AddressEvidence) -> TlsVerdict {
    if let Some(answer) = plain_http(address) {
        return TlsVerdict::PlainHttp(answer);
    }
    if speaks_plain_transport(address) {
        return TlsVerdict::PlainTransport;
    }
    let small = address.attempt(Question::SmallAnswer).and_then(|attempt| attempt.tls.as_ref());
    let large_only = small.is_some_and(|tls| matches!(tls.outcome, TlsOutcome::Alert { .. } | TlsOutcome::Completed));
    TlsVerdict::Stalled { large_only }
}

fn closed(address: &AddressEvidence, main: &Attempt, tls: &Tls) -> TlsVerdict {
    if tls.client_certificate.is_some() {
        return TlsVerdict::ClientCertificate { alert: None };
    }
    if matches!(members::judge(address), Members::Differ { .. }) {
        return TlsVerdict::AnotherMemberAnswers;
    }
    if speaks_plain_transport(address) {
        return TlsVerdict::PlainTransport;
    }
    if let Some(answer) = plain_http(address) {
        return TlsVerdict::PlainHttp(answer);
    }
    if let Reach::Banner(bytes) = reach::judge(address) {
        return TlsVerdict::Foreign(bytes);
    }
    if address.attempt(Question::ProxyHeader).is_some_and(is_answered) {
        return TlsVerdict::ProxyHeaderExpected;
    }
    let by_name = |certainty| match tls.server_name {
        Some(_) => TlsVerdict::NameUnknown(certainty),
        None => TlsVerdict::NameRequired(certainty),
    };
    if another_name_passes(address) {
        return by_name(Certainty::Certain);
    }
    // The name in question takes its time, a name that cannot exist is refused at once: the name is
    // known and what is behind it is not there.
    let impossible = address.attempt(Question::ImpossibleServerName).and_then(|a| a.tls.as_ref());
    if tls.server_name.is_some() && impossible.is_some_and(|i| tls.seconds >= 0.5 && i.seconds * 4.0 < tls.seconds) {
        return TlsVerdict::NoBackend(Certainty::Likely);
    }
    // It waits for the whole ClientHello and then closes at once: it read the hello and disliked it.
    let waits = address
        .attempt(Question::PartialHello)
        .and_then(|attempt| attempt.quiet.as_ref())
        .is_some_and(|quiet| quiet.end == End::Silence);
    let orderly = matches!(tls.outcome, TlsOutcome::Closed | TlsOutcome::Reset);
    if waits && orderly && tls.received_bytes == 0 && tls.seconds < 0.5 && main.quiet.is_none() {
        return by_name(Certainty::Likely);
    }
    TlsVerdict::Closed
}

/// Whether the server shows a certificate to another server name, or to none.
pub(crate) fn another_name_passes(address: &AddressEvidence) -> bool {
    [Question::WithoutServerName, Question::ImpossibleServerName, Question::DialledHostAsServerName]
        .into_iter()
        .filter_map(|question| address.attempt(question))
        .any(|attempt| attempt.tls.as_ref().is_some_and(|tls| !tls.chain.is_empty()))
}

fn speaks_plain_transport(address: &AddressEvidence) -> bool {
    address.attempt(Question::PlainTransport).is_some_and(|attempt| {
        matches!(attempt.heard(Said::Ping), Some(Heard::Pong))
            || matches!(attempt.heard(Said::TcpHandshake), Some(Heard::Handshake { .. }))
    })
}

/// The HTTP answer of the port without TLS, the most telling one first.
fn plain_http(address: &AddressEvidence) -> Option<HttpAnswer> {
    let answers = || {
        [Question::PlainHttp, Question::PlainTransport]
            .into_iter()
            .filter_map(|question| address.attempt(question))
            .flat_map(|attempt| &attempt.exchanges)
            .filter_map(|exchange| match &exchange.heard {
                Heard::Http(answer) => Some(answer),
                _ => None,
            })
    };
    // Who answers what is no HTTP with an HTTP error is the first hop. Elasticsearch puts its product
    // header on that too; a proxy in HTTP mode in front of its REST port does not.
    let first_hop = address
        .attempt(Question::PlainTransport)
        .into_iter()
        .flat_map(|attempt| &attempt.exchanges)
        .filter(|exchange| exchange.said != Said::Http)
        .find_map(|exchange| match &exchange.heard {
            Heard::Http(answer) if !answer.elastic => Some(answer),
            _ => None,
        });
    first_hop.or_else(|| answers().find(|answer| answer.elastic)).or_else(|| answers().next()).cloned()
}

/// Whether the alert is one that a peer sends when client and server share no cipher suite.
pub const fn may_be_cipher(code: u8) -> bool {
    matches!(code, HANDSHAKE_FAILURE | INSUFFICIENT_SECURITY)
}
