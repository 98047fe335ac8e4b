//! What makes the JDK refuse to read a certificate (`sun.security.x509.X509CertImpl`).

use std::collections::BTreeSet;

use x509_parser::extensions::{GeneralName, ParsedExtension};
use x509_parser::oid_registry::OID_X509_EXT_NAME_CONSTRAINTS;
use x509_parser::prelude::X509Certificate;

use super::constraints::NameConstraints;
use super::{Key, KeyAlgorithm};

/// Why a certificate cannot be read.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Fault {
    /// Not a certificate at all.
    NotACertificate,
    /// Its version has no such fields as it has.
    WrongVersion,
    /// The serial number has no digit.
    EmptySerial,
    /// An extension stands in it twice.
    DuplicateExtension,
    /// The two fields that name the signature algorithm differ.
    SignatureAlgorithmsDiffer,
    /// The issuer has no attribute.
    EmptyIssuer,
    /// The subject has no attribute, and no critical subject alternative name takes its place.
    EmptySubject,
    /// The elliptic curve's parameters are spelled out instead of named.
    ExplicitCurve,
    /// The elliptic curve is none that the JDK knows.
    UnknownCurve,
    /// The public key is not one of its kind.
    BadKey,
    /// A critical extension has a form that its type does not have.
    MalformedExtension,
}

impl Fault {
    /// Which field is at fault, and how.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::NotACertificate => "it is not a DER-encoded X.509 certificate",
            Self::WrongVersion => "its version is not 3, and it has fields of version 3",
            Self::EmptySerial => "its serialNumber has no content",
            Self::DuplicateExtension => "an extension stands in it twice",
            Self::SignatureAlgorithmsDiffer => "its two signatureAlgorithm fields differ",
            Self::EmptyIssuer => "its issuer field is empty",
            Self::EmptySubject => {
                "its subject field is empty, and its subjectAlternativeName is missing or not marked critical"
            }
            Self::ExplicitCurve => {
                "its subjectPublicKeyInfo spells out the curve's parameters instead of naming the curve"
            }
            Self::UnknownCurve => "its subjectPublicKeyInfo names a curve that the JDK does not know",
            Self::BadKey => "its subjectPublicKey is not a valid key of its kind",
            Self::MalformedExtension => "a critical extension in it is malformed",
        }
    }
}

/// The first fault of `certificate`, whose public key is `key`.
pub(super) fn judge(certificate: &X509Certificate<'_>, key: &Key) -> Option<Fault> {
    let mut seen = BTreeSet::new();
    let extensions = certificate.extensions();
    if certificate.raw_serial().is_empty() {
        return Some(Fault::EmptySerial);
    }
    if !fits_version(certificate) {
        return Some(Fault::WrongVersion);
    }
    if extensions.iter().any(|extension| !seen.insert(extension.oid.as_bytes())) {
        return Some(Fault::DuplicateExtension);
    }
    if certificate.signature_algorithm != certificate.tbs_certificate.signature {
        return Some(Fault::SignatureAlgorithmsDiffer);
    }
    if certificate.issuer().iter().next().is_none() {
        return Some(Fault::EmptyIssuer);
    }
    let critical_names = || {
        extensions.iter().any(|extension| {
            extension.critical && matches!(extension.parsed_extension(), ParsedExtension::SubjectAlternativeName(_))
        })
    };
    if certificate.subject().iter().next().is_none() && !critical_names() {
        return Some(Fault::EmptySubject);
    }
    match key.algorithm {
        KeyAlgorithm::EcExplicit => return Some(Fault::ExplicitCurve),
        KeyAlgorithm::Ec(_) if key.bits == 0 => return Some(Fault::UnknownCurve),
        // `sun.security.rsa.RSAKeyFactory.checkRSAProviderKeyLengths` takes 512 to 16384 bits, in whole bytes.
        KeyAlgorithm::Rsa | KeyAlgorithm::RsaPss if !(505..=16384).contains(&key.bits) => return Some(Fault::BadKey),
        KeyAlgorithm::Ec(_) if !is_point(key) => return Some(Fault::BadKey),
        _ => {}
    }
    let malformed = extensions.iter().any(|extension| match extension.parsed_extension() {
        // The parser wants at least one subtree in a list of name constraints, the JDK none.
        _ if extension.oid == OID_X509_EXT_NAME_CONSTRAINTS => {
            extension.critical && NameConstraints::read(extension.value).is_none()
        }
        ParsedExtension::ParseError { .. } => extension.critical,
        // The JDK keeps a malformed extension that is not critical, unread.
        ParsedExtension::SubjectAlternativeName(names) => extension.critical && !are_names(&names.general_names),
        _ => false,
    });
    malformed.then_some(Fault::MalformedExtension)
}

/// Identifiers of issuer and subject are of version 2, and extensions of version 3 and no other
/// (`sun.security.x509.X509CertInfo`).
fn fits_version(certificate: &X509Certificate<'_>) -> bool {
    let inner = &certificate.tbs_certificate;
    match certificate.version().0 {
        0 => inner.issuer_uid.is_none() && inner.subject_uid.is_none() && inner.extensions().is_empty(),
        2 => true,
        _ => inner.extensions().is_empty(),
    }
}

/// Whether the JDK takes these as alternative names; one that it does not take costs all of them, and
/// it wants at least one (`sun.security.x509.GeneralNames`).
pub(super) fn are_names(names: &[GeneralName<'_>]) -> bool {
    let is_name = |name: &GeneralName<'_>| match name {
        GeneralName::IPAddress(bytes) => matches!(bytes.len(), 4 | 16),
        GeneralName::URI(uri) => uri.split_once(':').is_some_and(|(scheme, _)| !scheme.is_empty()),
        // The JDK does not look at the characters of mailboxes and host names here.
        GeneralName::Invalid(tag, _) => matches!(tag.0, 1 | 2),
        _ => true,
    };
    !names.is_empty() && names.iter().all(is_name)
}

/// Whether the key's bytes have the form of an uncompressed point of its curve (SEC 1 section 2.3.3).
fn is_point(key: &Key) -> bool {
    let Ok(field) = usize::try_from(key.bits.div_ceil(8)) else { return false };
    matches!(key.bytes.split_first(), Some((4, coordinates)) if coordinates.len() == 2 * field)
}
