//! Certificates and authorities that expire soon, and authorities that have.

use super::subject::Subject;
use crate::catalogue::certificate as catalogue;
use crate::classify::chain::ChainVerdict;
use crate::model::finding::{Finding, Severity};
use crate::model::link::Trust;
use crate::rules::expiry::{Left, day, moment};
use crate::x509::{Certificate, Place};

/// Everything on the path that ends within the warning period.
pub(super) fn findings(subject: &Subject<'_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = match subject.verdict {
        // What is trusted by itself is not judged by its dates; ending soon is worth no warning of its own.
        ChainVerdict::NotChecked | ChainVerdict::Trusted { directly: true, .. } => return Vec::new(),
        _ => expiring(subject),
    };
    findings.extend(authorities(subject));
    findings
}

fn expiring(subject: &Subject<'_>) -> Vec<Finding> {
    let path = subject.analysis.candidates.first().map(|candidate| candidate.path.clone()).unwrap_or_default();
    let on_path = path.into_iter().filter_map(|place| Some((place, subject.analysis.served.get(place)?.as_ref()?)));
    on_path
        // A root's dates are not judged by the JDK.
        .filter(|(place, certificate)| *place == 0 || !certificate.is_self_issued())
        .filter_map(|(place, certificate)| {
            let left = days_left(subject, certificate)?;
            let noun = subject.noun(Place::Served(place));
            Some(
                Finding::new(
                    &catalogue::CERTIFICATE_EXPIRING,
                    subject.about(Some(certificate)),
                    format!("the {noun} {} expires on {}", subject.origin, moment(certificate.not_after, subject.at)),
                )
                .keyed(certificate.fingerprint.to_string())
                .detail(left.sentence("The link works until then"))
                .fix(format!("{} renew the {noun} for {}", subject.side(), certificate.label())),
            )
        })
        .collect()
}

/// The JDK does not look at a trusted authority's own dates; stricter clients do.
fn authorities(subject: &Subject<'_>) -> Vec<Finding> {
    let (Trust::Authorities { file, .. }, ChainVerdict::Trusted { anchor, directly: false }) =
        (subject.trust, subject.verdict)
    else {
        return Vec::new();
    };
    let Some(authority) = &anchor.certificate else { return Vec::new() };
    let file = crate::model::text::safe(file, 200);
    let (label, key) = (authority.label(), authority.fingerprint.to_string());
    if authority.not_after < subject.at {
        return vec![
            Finding::new(
                &catalogue::CERTIFICATE_AUTHORITY_EXPIRED,
                &file,
                format!("the authority {label} in {file} expired on {}", moment(authority.not_after, subject.at)),
            )
            .keyed(key)
            .detail("Elasticsearch does not judge the dates of an authority it trusts, so the link works; stricter clients refuse it.")
            .fix("renew the authority and the certificates it signs"),
        ];
    }
    let expiring =
        |title: String| Finding::new(&catalogue::CERTIFICATE_AUTHORITY_EXPIRING, &file, title).keyed(key.clone());
    if let Some(left) = days_left(subject, authority) {
        return vec![
            expiring(format!("the authority {label} in {file} expires on {}", moment(authority.not_after, subject.at)))
                .detail(left.sentence("Elasticsearch does not judge the dates of an authority it trusts"))
                .fix(format!("add the renewed authority to {} before the remote moves to it", subject.trust_setting())),
        ];
    }
    match subject.leaf().filter(|leaf| authority.not_after < leaf.not_after) {
        None => Vec::new(),
        Some(leaf) => vec![
            expiring(format!(
                "the authority {label} in {file} expires on {}, before what it issued",
                day(authority.not_after)
            ))
            .severity(Severity::Info)
            .detail(format!(
                "The certificate {} is valid until {}. Stricter clients refuse it once its authority has expired.",
                leaf.label(),
                day(leaf.not_after)
            ))
            .fix("renew the authority first, then the certificates it signs"),
        ],
    }
}

fn days_left(subject: &Subject<'_>, certificate: &Certificate) -> Option<Left> {
    Left::of(certificate.not_after, subject.at, subject.expiry_days)
}
