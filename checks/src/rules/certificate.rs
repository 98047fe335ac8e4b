//! Findings about the served certificate: its dates, its names, and whom it leads to.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::Context;
use crate::catalogue::certificate as catalogue;
use crate::classify::certificate::Certificate;
use crate::classify::chain::{self, ChainVerdict};
use crate::classify::name::NameVerdict;
use crate::model::evidence::LinkEvidence;
use crate::model::finding::{Certainty, Finding};
use crate::model::link::{Model, Source, Trust, VerificationMode};
use crate::model::text::list;

/// Warn when a certificate has fewer days than this left.
const EXPIRING_DAYS: i64 = 30;

/// The served chain.
pub(super) fn chain(context: &Context<'_>) -> Vec<Finding> {
    let (Some(leaf), Some(verdict)) = (&context.leaf, &context.chain) else { return Vec::new() };
    let mut findings = Vec::new();
    let trusted_directly = matches!(verdict, ChainVerdict::Trusted { directly: true, .. });
    if context.link.verification_mode.map(|mode| mode.value) != Some(VerificationMode::None) && !trusted_directly {
        findings.extend(dates(context, leaf));
    }
    findings.extend(path(context, leaf, verdict));
    findings.extend(name(context, leaf));
    findings.extend(expired_authority(context, verdict));
    for finding in &mut findings {
        finding.addresses.push(context.place());
        finding.evidence.push(format!(
            "served certificate: {}, issued by {}, valid until {}",
            leaf.subject,
            leaf.issuer,
            day(leaf.not_after)
        ));
    }
    findings
}

fn dates(context: &Context<'_>, leaf: &Certificate) -> Option<Finding> {
    // Roots' dates are not judged by the JDK, so a served self-issued certificate does not count.
    for (position, certificate) in context.served.iter().enumerate().filter(|(i, c)| *i == 0 || !c.is_self_issued) {
        let what = if position == 0 { "certificate" } else { "intermediate certificate" };
        let subject = format!("{} {}", context.place(), certificate.label());
        let renew =
            format!("on the remote (or the proxy that serves it) install a renewed {what} for {}", certificate.label());
        let of = |finding: Finding| finding.keyed(certificate.fingerprint.clone());
        if context.at > certificate.not_after {
            return Some(of(Finding::new(
                &catalogue::CERTIFICATE_EXPIRED,
                subject,
                format!("the {what} at {} expired on {}", context.target(), day(certificate.not_after)),
            )
            .detail(format!(
                "{} was valid until {}. Elasticsearch refuses it in verification_mode full and certificate.",
                certificate.subject, certificate.not_after
            ))
            .fix(renew)));
        }
        if context.at < certificate.not_before {
            return Some(of(Finding::new(
                &catalogue::CERTIFICATE_NOT_YET_VALID,
                subject,
                format!("the {what} at {} is not valid before {}", context.target(), day(certificate.not_before)),
            )
            .detail("Either the certificate was issued for later, or the clock of this host is behind.")
            .fix("compare the clocks of this host, the local nodes and the remote; then wait or reissue")));
        }
    }
    let days_left = (leaf.not_after.as_second() - context.at.as_second()) / 86_400;
    (days_left < EXPIRING_DAYS).then(|| {
        Finding::new(
            &catalogue::CERTIFICATE_EXPIRING,
            format!("{} {}", context.place(), leaf.label()),
            format!("the certificate at {} expires on {}", context.target(), day(leaf.not_after)),
        )
        .keyed(leaf.fingerprint.clone())
        .detail(format!("{days_left} days are left. The link works until then."))
        .fix(format!("on the remote (or the proxy that serves it) renew the certificate for {}", leaf.label()))
    })
}

fn path(context: &Context<'_>, leaf: &Certificate, verdict: &ChainVerdict) -> Option<Finding> {
    let subject = format!("{} {}", context.place(), leaf.label());
    let trust = match &context.link.trust {
        Trust::PublicRoots { .. } => "the public authorities a JDK trusts",
        _ => "the authorities of this link",
    };
    let finding = match verdict {
        ChainVerdict::Trusted { .. } | ChainVerdict::Undecided { .. } | ChainVerdict::TrustUnknown | ChainVerdict::NotChecked => return None,
        ChainVerdict::Incomplete { missing } => Finding::new(
            &catalogue::CERTIFICATE_CHAIN_INCOMPLETE,
            subject,
            format!("{} does not serve the intermediate certificate \"{missing}\"", context.target()),
        )
        .keyed(format!("{} {missing}", leaf.fingerprint))
        .detail(format!("The served chain ends before {trust}."))
        .at_most(Certainty::Likely)
        .or(&["certificate-untrusted"])
        .fix("on the remote (or the proxy that serves it) append the intermediate certificate to the certificate file"),
        ChainVerdict::SelfSigned => Finding::new(
            &catalogue::CERTIFICATE_SELF_SIGNED,
            subject,
            format!("the certificate at {} is self-signed and not trusted", context.target()),
        )
        .keyed(leaf.fingerprint.clone())
        .detail(format!("It vouches for itself and is not among {trust}."))
        .fix(trust_fix(context, "this certificate, or better a certificate of an authority you trust")),
        ChainVerdict::Untrusted { issuer, same_name } => Finding::new(
            &catalogue::CERTIFICATE_UNTRUSTED,
            subject,
            format!("the certificate at {} was issued by \"{issuer}\", which this link does not trust", context.target()),
        )
        .keyed(issuer.clone())
        .detail(if *same_name {
            "An authority of the same name is trusted, and its key did not sign this certificate: the authority was made anew, or the file holds an older one.".to_owned()
        } else {
            format!("The served chain does not lead to {trust}.")
        })
        .fix(trust_fix(context, &format!("the certificate of \"{issuer}\""))),
    };
    let assumed = chain::trust_source(&context.link.trust) == Some(Source::Assumed);
    Some(if assumed {
        finding
            .at_most(Certainty::Likely)
            .observed("whom the local cluster trusts was not given: public authorities are assumed")
    } else {
        finding
    })
}

/// The JDK does not look at a trusted authority's own dates; stricter clients do.
fn expired_authority(context: &Context<'_>, verdict: &ChainVerdict) -> Option<Finding> {
    let (Trust::Authorities { certificates, file, .. }, ChainVerdict::Trusted { directly: false, .. }) =
        (&context.link.trust, verdict)
    else {
        return None;
    };
    let expired =
        certificates.iter().filter_map(Certificate::read).find(|authority| authority.not_after < context.at)?;
    let file = crate::model::text::safe(file, 200);
    Some(
        Finding::new(
            &catalogue::CERTIFICATE_AUTHORITY_EXPIRED,
            &file,
            format!("the authority {} in {file} expired on {}", expired.label(), day(expired.not_after)),
        )
        .keyed(expired.fingerprint.clone())
        .detail("Elasticsearch does not judge the dates of an authority it trusts, so the link works; stricter clients refuse it.")
        .fix("renew the authority and the certificates it signs"),
    )
}

fn trust_fix(context: &Context<'_>, what: &str) -> String {
    let prefix = match context.model() {
        Some(Model::ApiKey) => "xpack.security.remote_cluster_client.ssl",
        _ => "xpack.security.transport.ssl",
    };
    format!("on every local node add {what} to {prefix}.certificate_authorities, and restart")
}

fn name(context: &Context<'_>, leaf: &Certificate) -> Option<Finding> {
    let subject = format!("{} {}", context.place(), leaf.label());
    match context.name.as_ref()? {
        NameVerdict::Differs { expected } => {
            let names = leaf.names();
            let shown: Vec<String> = names.iter().take(4).cloned().collect();
            let more = if names.len() > 4 { format!(" and {} more", names.len() - 4) } else { String::new() };
            let is_for = if names.is_empty() { "no name at all".to_owned() } else { format!("{}{more}", list(&shown)) };
            let finding = Finding::new(
                &catalogue::CERTIFICATE_NAME_MISMATCH,
                subject,
                format!("the certificate at {} is for {is_for}, and this link expects {}", context.target(), expected.join(" or ")),
            )
            .keyed(format!("{} {}", leaf.fingerprint, expected.join(" ")))
            .detail(
                "With verification_mode full Elasticsearch accepts a certificate that covers server_name or the dialled \
                 host as it is written. Its own message names the dialled host even when server_name is at fault.",
            );
            let finding = match names.iter().find(|name| !name.contains('*') && name.parse::<std::net::IpAddr>().is_err()) {
                Some(name) => finding.fix(format!("on the local cluster set {} to {name}", context.setting("server_name"))),
                None => finding.fix(format!("on the local cluster set {} to a name the certificate covers", context.setting("server_name"))),
            };
            let finding = finding.fix(format!("or on the remote install a certificate that covers {}", expected.first().map_or("the name", String::as_str)));
            let assumed = context.link.verification_mode.is_some_and(|mode| !mode.source.is_firm());
            Some(if assumed { finding.at_most(Certainty::Likely).observed("verification_mode was not given: full is assumed") } else { finding })
        }
        NameVerdict::Matches { name, by_common_name: true } => Some(
            Finding::new(
                &catalogue::CERTIFICATE_COMMON_NAME_ONLY,
                subject,
                format!("the certificate at {} covers {name} by its common name only", context.target()),
            )
            .keyed(leaf.fingerprint.clone())
            .detail("Elasticsearch accepts that because the certificate has no DNS name; OpenSSL, browsers and most other clients do not.")
            .fix("with the next renewal add the name as subject alternative name"),
        ),
        _ => None,
    }
}

/// The same target serves different leaves on its addresses.
pub(super) fn differs_between_addresses(evidence: &LinkEvidence) -> Vec<Finding> {
    if evidence.addresses.len() < 2 {
        return Vec::new();
    }
    let mut by_target: BTreeMap<String, BTreeMap<String, Vec<String>>> = BTreeMap::new();
    for address in &evidence.addresses {
        let leaf = address.main().and_then(|main| main.tls.as_ref()).and_then(|tls| tls.chain.first());
        if let Some(leaf) = leaf {
            let fingerprint = crate::classify::certificate::fingerprint(leaf);
            by_target
                .entry(address.target.to_string())
                .or_default()
                .entry(fingerprint)
                .or_default()
                .push(address.address.to_string());
        }
    }
    by_target
        .into_iter()
        .filter(|(_, leaves)| leaves.len() > 1)
        .map(|(target, leaves)| {
            let mut finding = Finding::new(
                &catalogue::CERTIFICATE_DIFFERS_BETWEEN_ADDRESSES,
                &target,
                format!("the addresses of {target} serve {} different certificates", leaves.len()),
            )
            .detail("Which certificate the local cluster sees depends on the address it happens to take.")
            .fix("if the addresses are members of one proxy, install the same certificate on all of them");
            finding.addresses = leaves.into_values().flatten().collect();
            finding
        })
        .collect()
}

fn day(instant: Timestamp) -> String {
    instant.strftime("%Y-%m-%d").to_string()
}
