//! What is wrong with a given certificate, in words.

use jiff::Timestamp;

use crate::classify::given_certificate::Flaw;
use crate::model::text::list;
use crate::rules::expiry::day;
use crate::x509::{Certificate, Reason};

/// What the flawed certificate is and does, to follow `which` or a file's name: `expired on 2026-01-31`.
pub(super) fn predicate(flaw: &Flaw) -> String {
    let certificate = flaw.certificate.as_ref();
    let date = |of: fn(&Certificate) -> Timestamp| certificate.map(|c| day(of(c))).unwrap_or_default();
    match &flaw.reason {
        Reason::Expired => format!("expired on {}", date(|certificate| certificate.not_after)),
        Reason::NotYetValid => format!("is not valid before {}", date(|certificate| certificate.not_before)),
        Reason::WrongExtendedUsage { .. } | Reason::WrongNetscapeType { .. } => "is not for clients".to_owned(),
        Reason::NoDigitalSignature(_) | Reason::EmptyKeyUsage => "may not sign TLS handshakes".to_owned(),
        Reason::WeakKey { key } => format!("has a key that the JDK refuses ({key})"),
        Reason::WeakSignature { algorithm } => format!("has a signature that the JDK refuses ({algorithm})"),
        Reason::NotAnAuthority | Reason::MayNotSign(_) => "is no authority, and stands above another one".to_owned(),
        Reason::PathTooLong { .. } => "has more authorities below it than it allows".to_owned(),
        Reason::NameNotAllowed { .. } => "has a name that an authority above it does not allow".to_owned(),
        Reason::UnknownCriticalExtension { .. } => "has a critical extension that the JDK does not know".to_owned(),
        Reason::Unreadable(_) => "cannot be read by the JDK".to_owned(),
        _ => "is refused by the JDK".to_owned(),
    }
}

/// The field that shows it, as one fact.
pub(super) fn fact(flaw: &Flaw) -> String {
    let Some(certificate) = &flaw.certificate else { return "a certificate of the file cannot be read".to_owned() };
    let name = certificate.label();
    match &flaw.reason {
        Reason::Expired => format!("{name} has notAfter {}", certificate.not_after),
        Reason::NotYetValid => format!("{name} has notBefore {}", certificate.not_before),
        Reason::WrongExtendedUsage { purpose, permits } => {
            format!("{name} has extendedKeyUsage {} without {}", list(permits), purpose.usage())
        }
        Reason::NoDigitalSignature(usage) => format!("{name} has keyUsage {usage} without digitalSignature"),
        Reason::UnknownCriticalExtension { oids } => format!("{name} has the critical extension {}", list(oids)),
        Reason::PathTooLong { allowed } => format!("{name} has pathLenConstraint {allowed}"),
        Reason::Unreadable(fault) => format!("{name}: {}", fault.sentence()),
        _ => format!("{name} {}", predicate(flaw)),
    }
}

/// What to do about it.
pub(super) fn fix(flaw: &Flaw) -> String {
    let what = match &flaw.reason {
        Reason::Expired if !flaw.is_leaf => "one of a renewed authority, with that authority's certificate after it",
        Reason::Expired => "a renewed one",
        Reason::NotYetValid => {
            return "wait for that day, or set the clock right on the machine that issues certificates".to_owned();
        }
        Reason::WrongExtendedUsage { .. } | Reason::WrongNetscapeType { .. } => {
            "one whose extendedKeyUsage has serverAuth and clientAuth, as elasticsearch-certutil issues them"
        }
        Reason::NoDigitalSignature(_) | Reason::EmptyKeyUsage => "one whose keyUsage has digitalSignature",
        Reason::WeakKey { .. } => "one with an RSA key of 2048 bits or an EC key on secp256r1, or more",
        Reason::WeakSignature { .. } => "one that is signed with SHA-256",
        _ => "a new one, as elasticsearch-certutil issues it",
    };
    format!("on every local node set xpack.security.transport.ssl.certificate (and key) to {what}")
}
