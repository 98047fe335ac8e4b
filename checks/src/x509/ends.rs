//! What is wrong with the two ends of a path, whatever stands between them.

use super::anchors::Anchor;
use super::path::Terms;
use super::readable::Fault;
use super::{Certificate, Jdk, Place, Purpose, Reason, Refusal};

/// How many usages are shown at most.
const SHOWN: usize = 16;

/// What `sun.security.validator.PKIXValidator.verifyTrustAnchor` finds, whatever path ends there.
pub(super) fn anchor_fault(anchor: Anchor<'_>) -> Option<Refusal> {
    let certificate = anchor.certificate().filter(|anchor| anchor.version >= 3)?;
    let reason = match certificate.key_usage {
        _ if !certificate.is_authority() => Reason::NotAnAuthority,
        Some(usage) if !usage.key_cert_sign() => Reason::MayNotSign(usage),
        _ => return None,
    };
    Some(Refusal { place: Place::Anchor, reason })
}

/// What `sun.security.provider.certpath.ForwardBuilder.getMatchingCACerts` finds: it looks at the dates of an
/// authority, although it says that it does not, from its second call on: for every certificate but the leaf.
pub(super) fn anchor_date(anchor: Anchor<'_>, terms: Terms) -> Option<Refusal> {
    let certificate = anchor.certificate()?;
    let reason = match terms.at {
        at if at < certificate.not_before => Reason::NotYetValid,
        at if at > certificate.not_after => Reason::Expired,
        _ => return None,
    };
    Some(Refusal { place: Place::Anchor, reason })
}

/// What `sun.security.validator.EndEntityChecker` finds.
pub(super) fn leaf_faults(leaf: &Certificate, terms: Terms) -> Vec<Refusal> {
    let purpose = terms.purpose;
    let mut found = Vec::new();
    let mut fault = |reason| found.push(Refusal { place: Place::Served(0), reason });
    let netscape = match purpose {
        Purpose::Client => 0x80,
        Purpose::Server => 0x40,
    };
    if leaf.netscape_usage.is_some_and(|usage| usage & netscape == 0) {
        fault(Reason::WrongNetscapeType { purpose });
    }
    if leaf.usages_malformed && terms.jdk == Jdk::V25 {
        fault(Reason::Unreadable(Fault::MalformedExtension));
    }
    if let Some(permits) = &leaf.extended_key_usage {
        let wanted = [purpose.usage(), "anyExtendedKeyUsage"];
        // Server gated cryptography counts as server authentication.
        let gated = ["1.3.6.1.4.1.311.10.3.3", "2.16.840.1.113730.4.1"];
        let permitted = |usage: &String| {
            wanted.contains(&usage.as_str()) || purpose == Purpose::Server && gated.contains(&usage.as_str())
        };
        if !permits.iter().any(permitted) {
            fault(Reason::WrongExtendedUsage { purpose, permits: permits.iter().take(SHOWN).cloned().collect() });
        }
    }
    if let Some(usage) = leaf.key_usage.filter(|usage| !usage.digital_signature()) {
        fault(Reason::NoDigitalSignature(usage));
    }
    found
}
