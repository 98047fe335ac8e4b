//! Whether a served chain leads to somebody the link trusts, and if not, everything that is in the way.
//!
//! The judgement itself is the JDK's ([`crate::x509`]). Here look-alikes are weighed: a certificate
//! whose issuer is nowhere to be seen is either missing an intermediate or comes from a stranger.

use std::sync::Arc;

use jiff::Timestamp;

use crate::model::evidence::Der;
use crate::model::link::{Source, Trust, VerificationMode};
use crate::x509::{
    Analysis, AnchorFacts, Anchors, Certificate, Fault, Jdk, Place, Purpose, Reason, Refusal, Verdict, analyse, limits,
};

/// Whether the chain leads to a trusted authority.
#[derive(Clone, Debug)]
pub enum ChainVerdict {
    /// It does.
    Trusted {
        /// The authority, or the leaf itself when it is trusted directly.
        anchor: AnchorFacts,
        /// The leaf itself stands in the trust file; the JDK then asks no more.
        directly: bool,
    },
    /// It does not, for each of these reasons, the most telling first.
    Refused(Vec<ChainFault>),
    /// The path could not be judged as the JDK would.
    Undecided {
        /// Why.
        reason: String,
    },
    /// It is not known whom the link trusts; what is wrong whoever that is.
    TrustUnknown(Vec<ChainFault>),
    /// The link does not look at chains.
    NotChecked,
}

impl ChainVerdict {
    /// What was found wrong with the chain.
    pub fn faults(&self) -> &[ChainFault] {
        match self {
            Self::Refused(faults) | Self::TrustUnknown(faults) => faults,
            Self::Trusted { .. } | Self::Undecided { .. } | Self::NotChecked => &[],
        }
    }
}

/// Something that keeps a chain from counting.
#[derive(Clone, Debug)]
pub struct ChainFault {
    /// The certificate it is about, where there is one that can be read.
    pub certificate: Option<Arc<Certificate>>,
    /// Its place.
    pub place: Place,
    /// What it is.
    pub cause: Cause,
}

/// What keeps a chain from counting.
#[derive(Clone, Debug)]
pub enum Cause {
    /// Past its end of validity.
    Expired,
    /// Before its begin of validity.
    NotYetValid,
    /// An intermediate certificate is not served.
    Incomplete {
        /// The name of the certificate that is missing.
        missing: String,
        /// A certificate of that name is served, and its key is another one.
        other_key: bool,
        /// The trusted authority that it may lead to.
        towards: Option<String>,
    },
    /// The leaf vouches for itself and is not trusted.
    SelfSigned,
    /// The chain ends at somebody who is not trusted.
    Untrusted {
        /// The name at its end.
        issuer: String,
        /// What is known about that authority.
        relation: Relation,
    },
    /// Out of order the JDK looks for five intermediates at most.
    TooLongOutOfOrder,
    /// The server sends more certificates than the JDK takes.
    TooMany {
        /// How many it takes.
        limit: usize,
    },
    /// The server sends more bytes of certificates than the JDK takes.
    TooLarge {
        /// The size of the message that they make.
        bytes: usize,
        /// How much it takes.
        limit: usize,
    },
    /// The trusted certificate is no authority.
    AuthorityIsLeaf,
    /// Basic constraints, path length, key usage of an authority, policies or name constraints.
    Constraint(Reason),
    /// A critical extension that the JDK does not process.
    UnknownExtension(Vec<String>),
    /// The JDK cannot read it.
    Malformed(Fault),
    /// Not for this side of TLS.
    WrongUsage(Reason),
    /// A key or signature that the JDK refuses.
    Weak(String),
}

/// What is known about an authority that is not trusted.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Relation {
    /// Nothing.
    Stranger,
    /// A trusted authority has its name and another key.
    SameName,
    /// A trusted certificate has its name and key, and not the key identifier that the chain names.
    OtherKeyId,
    /// A public authority, while the link trusts the authorities of a file only.
    Public,
    /// A private authority, while the link trusts public ones only.
    Private,
}

/// The trusted authorities of a link.
pub fn anchors(trust: &Trust) -> Anchors {
    match trust {
        Trust::Unknown => Anchors::default(),
        Trust::Authorities { certificates, .. } => Anchors::of_file(certificates),
        Trust::PublicRoots { .. } => Anchors::public_roots(),
    }
}

/// How firm it is whom the link trusts.
pub fn trust_source(trust: &Trust) -> Option<Source> {
    match trust {
        Trust::Authorities { source, .. } | Trust::PublicRoots { source } => Some(*source),
        Trust::Unknown => None,
    }
}

/// Weighs the `analysis` of the served `chain` against the `anchors` of `trust`, as a link with this
/// verification mode would see it at the instant `at`.
pub fn judge(
    chain: &[Der],
    analysis: &Analysis,
    trust: &Trust,
    anchors: &Anchors,
    mode: Option<VerificationMode>,
    purpose: Purpose,
    at: Timestamp,
) -> ChainVerdict {
    if mode == Some(VerificationMode::None) {
        return ChainVerdict::NotChecked;
    }
    let weigh = Weigh { chain, analysis, trust, anchors, purpose, at };
    if matches!(trust, Trust::Unknown) {
        return ChainVerdict::TrustUnknown(weigh.by_itself());
    }
    if let Some(cause) = limits::refusal(chain, purpose).and_then(|reason| limit(&reason)) {
        let fault = ChainFault { certificate: analysis.leaf().cloned(), place: Place::Served(0), cause };
        return ChainVerdict::Refused(vec![fault]);
    }
    match analysis.verdict(Jdk::V25) {
        Verdict::Accepted { directly } => match analysis.candidates.first().and_then(|c| c.anchor.clone()) {
            Some(anchor) => ChainVerdict::Trusted { anchor, directly: *directly },
            None => ChainVerdict::Undecided { reason: "the authority at the end of the path is not known".into() },
        },
        Verdict::Refused(refusals) => ChainVerdict::Refused(weigh.faults(refusals)),
        Verdict::Open { because } => ChainVerdict::Undecided { reason: because.clone() },
    }
}

/// What ends the handshake before anybody looks at the certificates.
const fn limit(reason: &Reason) -> Option<Cause> {
    match reason {
        Reason::TooManyCertificates { limit } => Some(Cause::TooMany { limit: *limit }),
        Reason::MessageTooLarge { bytes, limit } => Some(Cause::TooLarge { bytes: *bytes, limit: *limit }),
        _ => None,
    }
}

struct Weigh<'a> {
    chain: &'a [Der],
    analysis: &'a Analysis,
    trust: &'a Trust,
    anchors: &'a Anchors,
    purpose: Purpose,
    at: Timestamp,
}

impl Weigh<'_> {
    fn faults(&self, refusals: &[Refusal]) -> Vec<ChainFault> {
        let mut faults: Vec<ChainFault> = Vec::new();
        for refusal in refusals {
            let Some(cause) = self.cause(refusal) else { continue };
            let same = |other: &ChainFault| {
                other.place == refusal.place && std::mem::discriminant(&other.cause) == std::mem::discriminant(&cause)
            };
            if !faults.iter().any(same) {
                faults.push(ChainFault { certificate: self.certificate(refusal.place), place: refusal.place, cause });
            }
        }
        faults
    }

    /// What is wrong with the served certificates whoever is trusted.
    fn by_itself(&self) -> Vec<ChainFault> {
        let refusals = self.analysis.verdict(Jdk::V25).refusals();
        let about_trust = |reason: &Reason| {
            matches!(
                reason,
                Reason::IssuerMissing
                    | Reason::SelfIssued
                    | Reason::IssuerKeyDiffers { .. }
                    | Reason::KeyIdentifierDiffers { .. }
                    | Reason::TooLongOutOfOrder
                    | Reason::SignatureInvalid
            )
        };
        let own: Vec<Refusal> = refusals.iter().filter(|refusal| !about_trust(&refusal.reason)).cloned().collect();
        self.faults(&own)
    }

    fn certificate(&self, place: Place) -> Option<Arc<Certificate>> {
        match place {
            Place::Served(place) => self.analysis.served.get(place).cloned().flatten(),
            Place::Anchor => self.analysis.candidates.first()?.anchor.as_ref()?.certificate.clone(),
        }
    }

    fn cause(&self, refusal: &Refusal) -> Option<Cause> {
        Some(match &refusal.reason {
            Reason::Unreadable(fault) => Cause::Malformed(*fault),
            Reason::Expired => Cause::Expired,
            Reason::NotYetValid => Cause::NotYetValid,
            Reason::WeakSignature { algorithm } => Cause::Weak(format!("a weak signature ({algorithm})")),
            Reason::WeakKey { key } => Cause::Weak(format!("a weak key ({key})")),
            Reason::CurveNotSupported { curve } => Cause::Weak(format!("a signature by a key on the curve {curve}")),
            Reason::NotAnAuthority if refusal.place == Place::Anchor => Cause::AuthorityIsLeaf,
            Reason::NotAnAuthority
            | Reason::MayNotSign(_)
            | Reason::EmptyKeyUsage
            | Reason::PathTooLong { .. }
            | Reason::NameNotAllowed { .. }
            | Reason::PolicyMissing
            | Reason::AnyPolicyMapped
            | Reason::SelfIssuedInARow
            | Reason::OutlivesAuthority => Cause::Constraint(refusal.reason.clone()),
            Reason::UnknownCriticalExtension { oids } => Cause::UnknownExtension(oids.clone()),
            Reason::WrongExtendedUsage { .. } | Reason::NoDigitalSignature(_) | Reason::WrongNetscapeType { .. } => {
                Cause::WrongUsage(refusal.reason.clone())
            }
            Reason::TooLongOutOfOrder => Cause::TooLongOutOfOrder,
            Reason::TooManyCertificates { .. } | Reason::MessageTooLarge { .. } => limit(&refusal.reason)?,
            Reason::SignatureInvalid | Reason::IssuerKeyDiffers { .. } => self.other_key(refusal.place)?,
            Reason::KeyIdentifierDiffers { signed, .. } => {
                let relation = if *signed { Relation::OtherKeyId } else { Relation::SameName };
                Cause::Untrusted { issuer: self.issuer(refusal.place)?, relation }
            }
            Reason::SelfIssued if refusal.place == Place::Served(0) => Cause::SelfSigned,
            Reason::SelfIssued | Reason::IssuerMissing => self.stranger(refusal.place)?,
            Reason::SignatureUnchecked { .. } | Reason::TooMuch => return None,
        })
    }

    /// A certificate of the issuer's name is at hand, and its key did not sign this one.
    fn other_key(&self, place: Place) -> Option<Cause> {
        let certificate = self.certificate(place)?;
        let issuer = certificate.issuer.to_string();
        let trusted = self.anchors.certificates().iter().any(|anchor| anchor.subject == certificate.issuer);
        if trusted {
            return Some(Cause::Untrusted { issuer, relation: Relation::SameName });
        }
        Some(Cause::Incomplete { missing: issuer, other_key: true, towards: None })
    }

    /// Nobody of the issuer's name is served or trusted, or the chain ends at its own root.
    fn stranger(&self, place: Place) -> Option<Cause> {
        let top = self.certificate(place)?;
        let issuer = top.issuer.to_string();
        if self.leads_to_public_roots() {
            return Some(Cause::Untrusted { issuer, relation: Relation::Public });
        }
        let relative = self.anchors.certificates().iter().find(|anchor| is_of_one_house(anchor, &top));
        // A leaf alone whose issuer is of the house of a trusted authority, or that comes from a public
        // authority, of which a server always has to send the intermediate.
        let public = matches!(self.trust, Trust::PublicRoots { .. });
        let alone = self.analysis.served.len() == 1 && !top.is_self_issued();
        let towards = match relative {
            Some(anchor) if alone => Some(anchor.label()),
            None if public && !top.is_self_issued() && top.is_logged => Some("a public authority".to_owned()),
            _ => None,
        };
        if towards.is_some() {
            return Some(Cause::Incomplete { missing: issuer, other_key: false, towards });
        }
        let relation = if public { Relation::Private } else { Relation::Stranger };
        Some(Cause::Untrusted { issuer, relation })
    }

    fn leads_to_public_roots(&self) -> bool {
        let private = matches!(self.trust, Trust::Authorities { .. });
        let public = || analyse(self.chain, &Anchors::public_roots(), self.purpose, self.at);
        let reaches = |analysis: Analysis| analysis.candidates.iter().any(|candidate| candidate.anchor.is_some());
        private && reaches(public())
    }

    fn issuer(&self, place: Place) -> Option<String> {
        self.certificate(place).map(|certificate| certificate.issuer.to_string())
    }
}

/// Whether `anchor` has the organisation of the issuer of `certificate`.
fn is_of_one_house(anchor: &Certificate, certificate: &Certificate) -> bool {
    anchor.subject.attribute("O=").is_some_and(|house| certificate.issuer.attribute("O=") == Some(house))
}
