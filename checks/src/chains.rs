//! Served chains as reports show them: each certificate with the trouble at its place.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use crate::classify::chain::{Cause, ChainFault, ChainVerdict, Relation};
use crate::classify::name::NameVerdict;
use crate::model::chain::{ByMode, CertificateFacts, Chain, ChainLink, Role, Verification, Word};
use crate::model::link::Trust;
use crate::rules::Context;
use crate::rules::certificate::Subject;
use crate::x509::{Anchors, Certificate, Jdk, Place, hostname, strict};

/// How many names of a certificate are shown.
const NAMES: usize = 50;

/// The chains of a link's addresses; the same chain at several addresses is one.
pub(crate) fn of_contexts(contexts: &[Context<'_>], anchors: &Anchors) -> Vec<Chain> {
    let mut chains: Vec<(Vec<&[u8]>, Chain)> = Vec::new();
    for context in contexts {
        let Some(subject) = context.subject() else { continue };
        let served: Vec<&[u8]> =
            context.handshake().into_iter().flat_map(|tls| &tls.chain).map(|der| der.0.as_slice()).collect();
        match chains.iter_mut().find(|(known, _)| *known == served) {
            Some((_, chain)) => chain.addresses.push(context.place()),
            None => {
                let dialled = context.address.target.host.to_string();
                let expected: Vec<&str> =
                    context.link.server_name.as_deref().into_iter().chain([dialled.as_str()]).collect();
                let mut chain = of_subject(&subject, anchors, &expected);
                chain.addresses.push(context.place());
                chains.push((served, chain));
            }
        }
    }
    chains
        .into_iter()
        .map(|(_, mut chain)| {
            chain.addresses.sort();
            chain.addresses.dedup();
            chain
        })
        .collect()
}

/// The chain of `subject` against `anchors`, for a peer that may have any of the `expected` names.
pub(crate) fn of_subject(subject: &Subject<'_>, anchors: &Anchors, expected: &[&str]) -> Chain {
    Chain {
        addresses: Vec::new(),
        verification: verification(subject, anchors, expected),
        certificates: certificates(subject),
    }
}

/// The authorities of a file, side by side: nothing vouches for them, so there is nothing to verify.
pub(crate) fn of_authorities(authorities: &[Arc<Certificate>], at: Timestamp) -> Chain {
    let trouble = |certificate: &Certificate| match (certificate.not_before > at, certificate.not_after < at) {
        (true, _) => vec!["not yet valid".to_owned()],
        (_, true) => vec!["expired".to_owned()],
        (false, false) => Vec::new(),
    };
    let link = |(place, certificate): (usize, &Arc<Certificate>)| ChainLink {
        role: Role::Authority,
        served: Some(place + 1),
        label: certificate.label(),
        trouble: trouble(certificate),
        facts: Some(facts(certificate)),
    };
    let verification =
        Verification { full: None, certificate: None, strict: None, strict_reason: None, by_jdk: BTreeMap::new() };
    Chain { addresses: Vec::new(), verification, certificates: authorities.iter().enumerate().map(link).collect() }
}

fn verification(subject: &Subject<'_>, anchors: &Anchors, expected: &[&str]) -> Verification {
    let known = !matches!(subject.trust, Trust::Unknown);
    let by_mode = |jdk| {
        // The JDK refuses such a chain before its trust manager sees it.
        let unseen = |fault: &ChainFault| matches!(fault.cause, Cause::TooMany { .. } | Cause::TooLarge { .. });
        let too_many = matches!(subject.verdict, ChainVerdict::Refused(faults) if faults.iter().any(unseen));
        let path = subject.analysis.verdict(jdk).accepts().filter(|_| known).map(|accepts| accepts && !too_many);
        let named = subject.leaf().map(|leaf| expected.iter().any(|name| hostname::check(leaf, name, jdk).is_ok()));
        let named = if expected.is_empty() { None } else { named.or(Some(false)) };
        let full = match (path, named) {
            (Some(false), Some(_)) | (Some(_), Some(false)) => Some(false),
            (path, Some(true)) => path,
            _ => None,
        };
        ByMode { full: full.map(Word::of), certificate: path.map(Word::of) }
    };
    let by_jdk: BTreeMap<String, ByMode> =
        Jdk::ALL.iter().map(|jdk| (jdk.version().to_owned(), by_mode(*jdk))).collect();
    let newest = by_mode(Jdk::V25);
    let strict =
        known.then(|| strict::judge(subject.analysis, anchors, expected.first().copied(), subject.purpose, subject.at));
    Verification {
        full: newest.full,
        certificate: newest.certificate,
        strict: strict.as_ref().map(|said| Word::of(said.is_ok())),
        strict_reason: strict.and_then(Result::err),
        by_jdk,
    }
}

fn certificates(subject: &Subject<'_>) -> Vec<ChainLink> {
    let analysis = subject.analysis;
    let candidate = analysis.candidates.first();
    let path: &[usize] = candidate.map(|candidate| candidate.path.as_slice()).unwrap_or_default();
    let mut links: Vec<ChainLink> = path.iter().map(|place| served(subject, *place)).collect();
    match candidate.and_then(|candidate| candidate.anchor.as_ref()) {
        // The leaf that is trusted by itself is its own authority.
        Some(_) if matches!(subject.verdict, ChainVerdict::Trusted { directly: true, .. }) => {}
        Some(anchor) => links.push(ChainLink {
            role: Role::Authority,
            served: None,
            label: anchor.certificate.as_ref().map_or_else(|| anchor.subject.clone(), |anchor| anchor.label()),
            trouble: troubles(subject, Place::Anchor),
            facts: anchor.certificate.as_ref().map(|anchor| facts(anchor)),
        }),
        None => links.extend(missing(subject)),
    }
    let unused = (0..analysis.served.len()).filter(|place| !path.contains(place));
    links.extend(unused.map(|place| ChainLink { role: Role::Unused, ..served(subject, place) }));
    links
}

fn served(subject: &Subject<'_>, place: usize) -> ChainLink {
    let certificate = subject.analysis.served.get(place).and_then(Option::as_ref);
    ChainLink {
        role: if place == 0 { Role::Leaf } else { Role::Intermediate },
        served: Some(place + 1),
        label: certificate.map_or_else(|| "(cannot be read)".to_owned(), |certificate| certificate.label()),
        trouble: troubles(subject, Place::Served(place)),
        facts: certificate.map(|certificate| facts(certificate)),
    }
}

/// Who should stand at the end of a path that ends before an authority.
fn missing(subject: &Subject<'_>) -> Option<ChainLink> {
    let ChainVerdict::Refused(faults) = subject.verdict else { return None };
    let (label, trouble) = faults.iter().find_map(|fault| match &fault.cause {
        Cause::Incomplete { missing, .. } => Some((missing.clone(), "not served")),
        Cause::Untrusted { issuer, relation } => Some((
            issuer.clone(),
            match relation {
                Relation::SameName => "trusted by name, with another key",
                Relation::OtherKeyId => "trusted, with another key identifier",
                _ => "not trusted",
            },
        )),
        _ => None,
    })?;
    Some(ChainLink { role: Role::Missing, served: None, label, trouble: vec![trouble.to_owned()], facts: None })
}

/// What is wrong at `place`, a few words each.
fn troubles(subject: &Subject<'_>, place: Place) -> Vec<String> {
    let faults = match subject.verdict {
        ChainVerdict::Refused(faults) | ChainVerdict::TrustUnknown(faults) => faults.as_slice(),
        _ => &[],
    };
    let mut troubles: Vec<String> =
        faults.iter().filter(|fault| fault.place == place).filter_map(|fault| trouble(&fault.cause)).collect();
    if place == Place::Served(0) && matches!(subject.name, Some(NameVerdict::Differs { .. })) {
        troubles.push("another name".to_owned());
    }
    troubles
}

fn trouble(cause: &Cause) -> Option<String> {
    Some(match cause {
        Cause::Expired => "expired".to_owned(),
        Cause::NotYetValid => "not yet valid".to_owned(),
        Cause::SelfSigned => "self-signed, not trusted".to_owned(),
        Cause::TooLongOutOfOrder => "out of order and too long".to_owned(),
        Cause::TooMany { limit } => format!("more than {limit} certificates"),
        Cause::TooLarge { limit, .. } => format!("more than {limit} bytes of certificates"),
        Cause::AuthorityIsLeaf => "no authority".to_owned(),
        Cause::Constraint(_) => "breaks a rule of the chain".to_owned(),
        Cause::UnknownExtension(_) => "unknown critical extension".to_owned(),
        Cause::Malformed(_) => "cannot be read by the JDK".to_owned(),
        Cause::WrongUsage(_) => "wrong usage".to_owned(),
        Cause::Weak(what) => format!("too weak: {what}"),
        // Shown at what is missing instead.
        Cause::Incomplete { .. } | Cause::Untrusted { .. } => return None,
    })
}

/// What `certificate` says, bounded and safe to show.
pub(crate) fn facts(certificate: &Certificate) -> CertificateFacts {
    let names = certificate.alternative_names.as_deref().unwrap_or_default();
    let constraints = certificate.name_constraints.clone().unwrap_or_default();
    let shown = |names: &[crate::x509::GeneralName]| names.iter().take(NAMES).map(ToString::to_string).collect();
    CertificateFacts {
        subject: certificate.subject.to_string(),
        issuer: certificate.issuer.to_string(),
        serial: certificate.serial.chars().take(64).collect(),
        not_before: certificate.not_before,
        not_after: certificate.not_after,
        names: shown(names),
        more_names: names.len().saturating_sub(NAMES),
        key: certificate.key.to_string(),
        signature: certificate.signature.to_string(),
        authority: certificate.basic_constraints.map(|constraints| constraints.authority),
        path_length: certificate.basic_constraints.and_then(|constraints| constraints.path_length),
        key_usage: certificate.key_usage.map(|usage| usage.names().into_iter().map(str::to_owned).collect()),
        extended_key_usage: certificate
            .extended_key_usage
            .as_ref()
            .map(|usages| usages.iter().take(NAMES).cloned().collect()),
        permitted_names: shown(&constraints.permitted),
        excluded_names: shown(&constraints.excluded),
        subject_key_id: certificate.subject_key_id.as_ref().map(|id| hex::encode(&id[..id.len().min(64)])),
        authority_key_id: certificate.authority_key_id.as_ref().map(|id| hex::encode(&id[..id.len().min(64)])),
        issuer_url: certificate.issuer_url.clone(),
        fingerprint: certificate.fingerprint.to_string(),
        key_fingerprint: certificate.key.fingerprint.to_string(),
    }
}
