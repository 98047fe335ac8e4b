//! Reasons in words, each naming the field that it is about.

use super::subject::Origin;
use crate::x509::{Place, Purpose, Reason};

/// The field at fault and what it says, as a sentence about the certificate.
pub(super) fn sentence(reason: &Reason) -> String {
    match reason {
        Reason::NotAnAuthority => "its basicConstraints do not say that it is an authority (cA), yet it issued another certificate of the chain".to_owned(),
        Reason::MayNotSign(usage) => {
            format!("its keyUsage permits {usage} and not keyCertSign, yet it issued another certificate of the chain")
        }
        Reason::EmptyKeyUsage => "its keyUsage permits nothing that TLS needs".to_owned(),
        Reason::PathTooLong { allowed } => format!(
            "its basicConstraints allow {} below it (pathLenConstraint {allowed}), and the chain has more",
            match allowed {
                0 => "no further authority".to_owned(),
                1 => "one further authority".to_owned(),
                n => format!("{n} further authorities"),
            }
        ),
        Reason::NameNotAllowed { by, breach } => format!(
            "its name {} is not allowed: {} {} (nameConstraints)",
            breach.name,
            match by {
                Place::Served(place) => format!("certificate {} of the chain", place + 1),
                Place::Anchor => "the trusted authority".to_owned(),
            },
            breach.rule
        ),
        Reason::PolicyMissing => {
            "the policyConstraints of an authority above demand certificatePolicies all the way down, and no policy holds all the way".to_owned()
        }
        Reason::SelfIssuedInARow => "it and its issuer have the same name as their issuers, and the chain is out of order, so that the JDK looks no further".to_owned(),
        Reason::OutlivesAuthority => "it is valid for longer than the trusted authority, whose certificate is older than version 3, and the chain is out of order".to_owned(),
        Reason::AnyPolicyMapped => "its policyMappings rename anyPolicy, which no policy may be".to_owned(),
        Reason::WrongExtendedUsage { purpose, permits } => {
            let permits = if permits.is_empty() { "nothing".to_owned() } else { permits.join(", ") };
            format!("its extendedKeyUsage permits {permits} and not {}", purpose.usage())
        }
        Reason::NoDigitalSignature(usage) => format!("its keyUsage permits {usage} and not digitalSignature"),
        Reason::WrongNetscapeType { purpose } => format!(
            "its Netscape certificate type does not permit TLS {}",
            match purpose {
                Purpose::Server => "servers",
                Purpose::Client => "clients",
            }
        ),
        // The others have findings with words of their own.
        other => format!("the JDK refuses it ({other:?})"),
    }
}

/// What breaks which rule of the chain, to stand alone: `who` is the certificate, `origin` where it is.
pub(super) fn breach(reason: &Reason, who: &str, origin: &Origin) -> String {
    match reason {
        Reason::NotAnAuthority => format!("{who} {origin} issued a certificate and is no authority"),
        Reason::MayNotSign(_) => format!("{who} {origin} issued a certificate and may not (keyUsage)"),
        Reason::PathTooLong { .. } => format!("the chain {origin} has more authorities than {who} allows"),
        Reason::NameNotAllowed { breach, .. } => {
            format!("an authority does not allow the name {} of {who} {origin}", breach.name)
        }
        Reason::EmptyKeyUsage => format!("the keyUsage of {who} {origin} permits nothing"),
        _ => format!("{who} {origin} lacks certificate policies that an authority demands"),
    }
}

/// What mends it, to follow the side that has to.
pub(super) fn mend(reason: &Reason, label: &str) -> String {
    match reason {
        Reason::NotAnAuthority | Reason::MayNotSign(_) => {
            format!(
                "issue {label} again with basicConstraints CA:TRUE and keyUsage keyCertSign, or let an authority sign the certificate below it"
            )
        }
        Reason::PathTooLong { allowed } => {
            format!(
                "issue {label} again with a pathLenConstraint above {allowed}, or let it sign the server's certificate itself"
            )
        }
        Reason::NameNotAllowed { .. } => {
            format!(
                "issue {label} again with names that the authority permits, or by an authority without that constraint"
            )
        }
        Reason::EmptyKeyUsage => {
            format!("issue {label} again with keyUsage digitalSignature, or keyCertSign for an authority")
        }
        _ => format!("issue {label} again with certificatePolicies, or by an authority that demands none"),
    }
}
