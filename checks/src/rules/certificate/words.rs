//! Reasons in words, each naming the field that it is about.

use jiff::Timestamp;

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
            "its name {} is not allowed: the nameConstraints of {} {}",
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

/// A day in UTC, `2027-03-01`.
pub(super) fn day(instant: Timestamp) -> String {
    instant.strftime("%Y-%m-%d").to_string()
}
