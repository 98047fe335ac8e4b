//! What a port says to the client certificate that was given, or to its absence.
//!
//! The alert alone tells little. Measured on the transport port of 9.5.3 (JDK 25.0.3) and 8.19.21
//! (JDK 17.0.15) with client authentication required (`sun.security.ssl.CertificateMessage`); under
//! TLS 1.3 the handshake completes first, and the alert answers what is said next:
//!
//! | certificate | JDK 17, TLS 1.2 and 1.3 | JDK 25, TLS 1.2 | JDK 25, TLS 1.3 |
//! | --- | --- | --- | --- |
//! | none | 42 bad_certificate | 40 handshake_failure | 116 certificate_required |
//! | of an authority that is not trusted | 46 certificate_unknown | 46 | 46 |
//! | of another authority of a trusted one's name | 46 | 46 | 46 |
//! | of a trusted authority's intermediate, not sent | 46 | 46 | 46 |
//! | without `clientAuth` in extendedKeyUsage | 46 | 46 | 46 |
//! | without `digitalSignature` in keyUsage | 46 | 46 | 46 |
//! | expired, or not yet valid | 46 | 46 | 46 |
//! | right | none | none | none |
//!
//! So what is wrong with a refused certificate shows in the certificate and in the authorities that the
//! port announces (those of its trust file, in both versions). OpenSSL, which proxies use, has an alert
//! for most of these: 48 `unknown_ca`, 45 `certificate_expired`, 44 `certificate_revoked`.

use std::sync::Arc;

use jiff::Timestamp;

use super::given_certificate::{Flaw, Given};
use super::listener::{self, Listener};
use crate::model::evidence::{AddressEvidence, ClientCertificateRequest, Der, TlsOutcome};
use crate::model::link::{Link, Trust};
use crate::x509::{Anchors, Certificate, DistinguishedName, Purpose, Reason, analyse};

/// What the port said.
#[derive(Clone, Debug)]
pub enum ClientVerdict {
    /// It asked for none, or the handshake did not come so far.
    NotAsked,
    /// It asked, and went on with what it got.
    LetIn,
    /// It asked, none was given, and it ended the connection.
    Missing {
        /// The alert's number; `None` when it closed without one.
        alert: Option<u8>,
    },
    /// It asked, the one that was given could not be sent, and it ended the connection.
    NotSent {
        /// Why not.
        why: NotSent,
        /// The alert's number; `None` when it closed without one.
        alert: Option<u8>,
    },
    /// It was sent, and the port ended the connection.
    Refused {
        /// Why, as far as it shows.
        why: Refused,
        /// The alert's number; `None` when it closed without one.
        alert: Option<u8>,
    },
}

/// Why a given certificate was not sent.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum NotSent {
    /// Certificate or key could not be used.
    Unusable,
    /// Its key makes none of the signatures that the port takes.
    NoCommonSignature,
}

/// Why a certificate that was sent is refused.
#[derive(Clone, Debug)]
pub enum Refused {
    /// For what is wrong with it, whoever looks at it.
    Flawed(Flaw),
    /// The alert names a fault that does not show in the certificate.
    Told(Told),
    /// The port announces its authorities, and those of the certificate are not among them.
    NotAnnounced,
    /// The port announces an authority of its issuer's name and refuses it all the same.
    Namesake {
        /// The name.
        authority: String,
        /// The authority of this name in the link's trust file did not sign it either.
        by_trust_file: bool,
    },
    /// The port announces no authority.
    Untold,
}

/// A fault that an alert names.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Told {
    /// 43, `unsupported_certificate`.
    Unsupported,
    /// 44, `certificate_revoked`.
    Revoked,
    /// 45, `certificate_expired`.
    Expired,
}

/// Whether the authorities that a port announces include one of the given certificate's.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Announced {
    /// One of them issued a certificate of the chain.
    Ours,
    /// None of them did, so that a JDK sends no certificate at all (`sun.security.ssl.SunX509KeyManagerImpl`;
    /// seen with 17.0.15 and 25.0.3 as clients). farlink sends it all the same, to hear the answer.
    OthersOnly,
    /// None are announced, or more than are kept, or there is no certificate to compare.
    Unknown,
}

/// Judges what was seen at `address` of `link` at the instant `at`.
pub fn judge(link: &Link, address: &AddressEvidence, at: Timestamp) -> ClientVerdict {
    let Some(main) = address.main() else { return ClientVerdict::NotAsked };
    let request = main.tls.as_ref().and_then(|tls| tls.client_certificate.as_ref());
    let (Some(tls), Some(request)) = (&main.tls, request) else { return ClientVerdict::NotAsked };
    let alert = match &tls.outcome {
        TlsOutcome::Alert { code } => Some(*code),
        TlsOutcome::Closed | TlsOutcome::Reset | TlsOutcome::Failed { .. } => None,
        TlsOutcome::Completed => match listener::judge(main) {
            Listener::ClientCertificate { alert } => alert,
            Listener::NotAsked | Listener::Silent => return ClientVerdict::NotAsked,
            _ => return ClientVerdict::LetIn,
        },
        _ => return ClientVerdict::NotAsked,
    };
    match &link.client_certificate {
        given if request.presented => {
            let given = given.as_ref().map(|given| Given::read(given, at)).unwrap_or_default();
            ClientVerdict::Refused { why: refused(link, request, &given, alert, at), alert }
        }
        None => ClientVerdict::Missing { alert },
        Some(given) if given.fault.is_some() => ClientVerdict::NotSent { why: NotSent::Unusable, alert },
        Some(_) => ClientVerdict::NotSent { why: NotSent::NoCommonSignature, alert },
    }
}

/// Compares the authorities in `request` with the issuers of the given `chain`.
pub fn announced(request: &ClientCertificateRequest, chain: &[Arc<Certificate>]) -> Announced {
    match issuer_announced(request, chain) {
        Some(_) => Announced::Ours,
        None if request.authorities.is_empty() || chain.is_empty() => Announced::Unknown,
        None if request.authorities.len() >= ClientCertificateRequest::AUTHORITIES => Announced::Unknown,
        None => Announced::OthersOnly,
    }
}

/// The first issuer of `chain` that `request` names.
fn issuer_announced<'c>(
    request: &ClientCertificateRequest,
    chain: &'c [Arc<Certificate>],
) -> Option<&'c DistinguishedName> {
    let names: Vec<DistinguishedName> =
        request.authorities.iter().map(|Der(name)| DistinguishedName::read(name)).collect();
    chain.iter().map(|certificate| &certificate.issuer).find(|issuer| names.contains(issuer))
}

fn refused(
    link: &Link,
    request: &ClientCertificateRequest,
    given: &Given,
    alert: Option<u8>,
    at: Timestamp,
) -> Refused {
    if let Some(flaw) = given.flaws.first() {
        return Refused::Flawed(flaw.clone());
    }
    match alert {
        Some(43) => return Refused::Told(Told::Unsupported),
        Some(44) => return Refused::Told(Told::Revoked),
        Some(45) => return Refused::Told(Told::Expired),
        _ => {}
    }
    // A certificate that is itself trusted is announced by its own name.
    let own = given.chain.first().filter(|leaf| request.authorities.iter().any(|name| leaf.subject.der() == name.0));
    match announced(request, &given.chain) {
        _ if own.is_some() => Refused::Untold,
        Announced::OthersOnly => Refused::NotAnnounced,
        Announced::Unknown => Refused::Untold,
        Announced::Ours => {
            let authority = issuer_announced(request, &given.chain).map(ToString::to_string).unwrap_or_default();
            Refused::Namesake { authority, by_trust_file: differs_from_trust_file(link, at) }
        }
    }
}

/// Whether the link's trust file has an authority of the certificate's issuer's name and another key.
fn differs_from_trust_file(link: &Link, at: Timestamp) -> bool {
    let (Some(given), Trust::Authorities { certificates, .. }) = (&link.client_certificate, &link.trust) else {
        return false;
    };
    let analysis = analyse(&given.chain, &Anchors::of_file(certificates), Purpose::Client, at);
    let another = |reason: &Reason| {
        matches!(
            reason,
            Reason::IssuerKeyDiffers { trusted: true }
                | Reason::KeyIdentifierDiffers { signed: false, .. }
                | Reason::SignatureInvalid
        )
    };
    analysis.candidates.first().is_some_and(|way| way.faults.iter().any(|refusal| another(&refusal.reason)))
}
