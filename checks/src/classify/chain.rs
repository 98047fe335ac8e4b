//! Whether a served chain leads to somebody the link trusts.
//!
//! The path is built without regard to dates, which are judged on their own, so that a chain that is
//! both expired and untrusted shows both faults. A leaf that is itself trusted is accepted without
//! a path, as the JDK does.

use std::time::Duration;

use rustls_pki_types::{CertificateDer, UnixTime};
use webpki::{ALL_VERIFICATION_ALGS, EndEntityCert, KeyUsage, anchor_from_trusted_cert};

use super::certificate::Certificate;
use crate::model::evidence::Der;
use crate::model::link::{Source, Trust, VerificationMode};

/// Whether the chain leads to a trusted authority.
#[derive(Clone, Debug, PartialEq)]
pub enum ChainVerdict {
    /// It does.
    Trusted {
        /// The authority, or the leaf itself when it is trusted directly.
        anchor: String,
        /// The leaf itself stands in the trust file; the JDK then asks no more.
        directly: bool,
    },
    /// An intermediate certificate is not served and not trusted.
    Incomplete {
        /// The name of the certificate that is missing.
        missing: String,
    },
    /// The leaf vouches for itself and is not trusted.
    SelfSigned,
    /// The chain is whole and ends at somebody who is not trusted.
    Untrusted {
        /// The name at its end.
        issuer: String,
        /// A trusted authority has that name and another key.
        same_name: bool,
    },
    /// The path could not be judged as the JDK would.
    Undecided {
        /// Why.
        reason: String,
    },
    /// It is not known whom the link trusts.
    TrustUnknown,
    /// The link does not look at chains.
    NotChecked,
}

/// Judges the served `chain`, leaf first; `served` is what could be read of it.
pub fn judge(chain: &[Der], served: &[Certificate], trust: &Trust, mode: Option<VerificationMode>) -> ChainVerdict {
    if mode == Some(VerificationMode::None) {
        return ChainVerdict::NotChecked;
    }
    let (Some(leaf), Some(leaf_der)) = (served.first(), chain.first()) else {
        return ChainVerdict::Undecided { reason: "the served certificate cannot be read".into() };
    };
    let (anchors, public): (&[Der], bool) = match trust {
        Trust::Unknown => return ChainVerdict::TrustUnknown,
        Trust::Authorities { certificates, .. } => (certificates, false),
        Trust::PublicRoots { .. } => (&[], true),
    };
    if anchors.contains(leaf_der) {
        return ChainVerdict::Trusted { anchor: leaf.label(), directly: true };
    }
    let anchor_ders: Vec<CertificateDer<'_>> = anchors.iter().map(|der| der.0.as_slice().into()).collect();
    let mut roots: Vec<_> = anchor_ders.iter().filter_map(|der| anchor_from_trusted_cert(der).ok()).collect();
    if public {
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    }
    let intermediates: Vec<CertificateDer<'_>> = chain.iter().skip(1).map(|der| der.0.as_slice().into()).collect();
    let leaf_bytes = CertificateDer::from(leaf_der.0.as_slice());
    let verified = EndEntityCert::try_from(&leaf_bytes).and_then(|end| {
        end.verify_for_usage(
            ALL_VERIFICATION_ALGS,
            &roots,
            &intermediates,
            within_validity(served),
            KeyUsage::server_auth(),
            None,
            None,
        )
        .map(|path| anchor_name(path.anchor().subject.as_ref()))
    });
    match verified {
        Ok(anchor) => ChainVerdict::Trusted { anchor, directly: false },
        // An authority made anew has the name of the trusted one, and another key.
        Err(webpki::Error::UnknownIssuer | webpki::Error::InvalidSignatureForPublicKey) => {
            unknown_issuer(served, anchors)
        }
        Err(error) => ChainVerdict::Undecided { reason: format!("the path check stopped at: {error}") },
    }
}

/// How firm it is whom the link trusts.
pub fn trust_source(trust: &Trust) -> Option<Source> {
    match trust {
        Trust::Authorities { source, .. } | Trust::PublicRoots { source } => Some(*source),
        Trust::Unknown => None,
    }
}

fn unknown_issuer(served: &[Certificate], anchors: &[Der]) -> ChainVerdict {
    let trusted: Vec<Certificate> = anchors.iter().filter_map(Certificate::read).collect();
    let Some(leaf) = served.first() else { return ChainVerdict::SelfSigned };
    if leaf.is_self_issued {
        return ChainVerdict::SelfSigned;
    }
    // Walk from the leaf upwards as far as the served certificates go.
    let mut end = leaf;
    for _ in 0..served.len() {
        match served.iter().skip(1).find(|c| end.names_as_issuer(c) && !std::ptr::eq(*c, end)) {
            Some(next) => end = next,
            None => break,
        }
        if end.is_self_issued {
            break;
        }
    }
    let same_name = trusted.iter().any(|anchor| end.names_as_issuer(anchor));
    if end.is_self_issued || same_name {
        return ChainVerdict::Untrusted { issuer: end.issuer.clone(), same_name };
    }
    // What signed the last certificate is neither served nor trusted: either an intermediate of a
    // trusted authority is missing, or the authority is simply another one. A leaf alone whose
    // issuer has the organisation of a trusted authority is the first; else nobody can say.
    if served.len() == 1 && trusted.iter().any(|anchor| same_family(anchor, end)) {
        return ChainVerdict::Incomplete { missing: end.issuer.clone() };
    }
    ChainVerdict::Untrusted { issuer: end.issuer.clone(), same_name: false }
}

fn same_family(anchor: &Certificate, end: &Certificate) -> bool {
    let organisation = |name: &str| name.split(", ").find(|part| part.starts_with("O=")).map(str::to_owned);
    organisation(&anchor.subject).is_some_and(|o| organisation(&end.issuer) == Some(o))
}

/// An instant at which every served certificate is valid, if there is one.
fn within_validity(served: &[Certificate]) -> UnixTime {
    let latest_start = served.iter().map(|c| c.not_before.as_second()).max().unwrap_or(0);
    UnixTime::since_unix_epoch(Duration::from_secs(u64::try_from(latest_start).unwrap_or(0)))
}

fn anchor_name(subject: &[u8]) -> String {
    // A trust anchor holds the content of the name without its outer SEQUENCE.
    let mut der = vec![0x30];
    match subject.len() {
        n @ 0..=0x7f => der.push(n as u8),
        n @ 0x80..=0xff => der.extend([0x81, n as u8]),
        n => der.extend([0x82, (n >> 8) as u8, n as u8]),
    }
    der.extend_from_slice(subject);
    super::certificate::distinguished_name(&Der(der))
}
