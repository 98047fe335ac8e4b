//! Why a path does not count, and where on it.

use super::certificate::Fingerprint;
use super::constraints::Breach;
use super::readable::Fault;
use super::{KeyUsage, Purpose};

/// One fault of a path.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Refusal {
    /// The certificate at fault.
    pub place: Place,
    /// What is wrong with it.
    pub reason: Reason,
}

/// A certificate of a path.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Place {
    /// By its place among the served ones; 0 is the leaf.
    Served(usize),
    /// The authority at the path's end.
    Anchor,
}

/// What is wrong with a certificate of a path.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Reason {
    /// The JDK cannot read it.
    Unreadable(Fault),
    /// Its notAfter has passed.
    Expired,
    /// Its notBefore has not come.
    NotYetValid,
    /// The key of the next certificate did not sign it.
    SignatureInvalid,
    /// Nothing here can check its signature; the JDK might.
    SignatureUnchecked {
        /// The algorithm.
        algorithm: String,
    },
    /// Signatures or names that nothing here checks, because there are too many; the JDK might.
    TooMuch,
    /// It was signed with an algorithm that the JDK disables.
    WeakSignature {
        /// The algorithm.
        algorithm: String,
    },
    /// The key that should have signed it lies on a curve on which the JDK checks no signature.
    CurveNotSupported {
        /// The curve.
        curve: String,
    },
    /// Its key is one that the JDK disables.
    WeakKey {
        /// The key.
        key: String,
    },
    /// It stands above another certificate, and its basicConstraints do not say CA.
    NotAnAuthority,
    /// More authorities stand below it than its pathLenConstraint allows.
    PathTooLong {
        /// How many it allows.
        allowed: u32,
    },
    /// It stands above another certificate, and its keyUsage lacks keyCertSign.
    MayNotSign(KeyUsage),
    /// Its keyUsage has no bit that stands for any cryptography.
    EmptyKeyUsage,
    /// An authority above it does not allow one of its names.
    NameNotAllowed {
        /// That authority.
        by: Place,
        /// Which name, by which rule.
        breach: Breach,
    },
    /// It has a critical extension that the JDK does not process.
    UnknownCriticalExtension {
        /// Its object identifiers.
        oids: Vec<String>,
    },
    /// An authority above it demands certificate policies, and none holds all the way down to it.
    PolicyMissing,
    /// Its policy mappings rename `anyPolicy`, or rename to it.
    AnyPolicyMapped,
    /// Its extendedKeyUsage lacks the purpose.
    WrongExtendedUsage {
        /// What it is used for.
        purpose: Purpose,
        /// What it permits.
        permits: Vec<String>,
    },
    /// Its keyUsage lacks digitalSignature.
    NoDigitalSignature(KeyUsage),
    /// Its Netscape certificate type lacks the purpose.
    WrongNetscapeType {
        /// What it is used for.
        purpose: Purpose,
    },
    /// It names its authority's key by an identifier that the trusted certificate does not have.
    KeyIdentifierDiffers {
        /// The trusted certificate.
        authority: Fingerprint,
        /// Whether that certificate's key signed it all the same.
        signed: bool,
    },
    /// A certificate of its issuer's name is there, and another key signed it.
    IssuerKeyDiffers {
        /// Whether that certificate is a trusted one.
        trusted: bool,
    },
    /// It is its own issuer and not trusted.
    SelfIssued,
    /// No certificate of its issuer's name is served or trusted.
    IssuerMissing,
    /// Served out of order, the path has more intermediates than the JDK looks for.
    TooLongOutOfOrder,
    /// Served out of order, it and its issuer are both self-issued, and the JDK looks no further.
    SelfIssuedInARow,
    /// Served out of order, it is valid for longer than its authority, whose certificate is older than version 3.
    OutlivesAuthority,
    /// More certificates are presented than the JDK takes in a handshake.
    TooManyCertificates {
        /// How many it takes.
        limit: usize,
    },
    /// All certificates together are more than the JDK takes in one message of a handshake.
    MessageTooLarge {
        /// The message's size.
        bytes: usize,
        /// How much it takes.
        limit: usize,
    },
}

impl Reason {
    /// Whether it leaves open what the JDK would say.
    pub const fn is_open(&self) -> bool {
        matches!(self, Self::SignatureUnchecked { .. } | Self::TooMuch)
    }
}
