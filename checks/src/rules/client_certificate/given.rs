//! What shows in the given client certificate by itself, before and without a refusal.
//!
//! The local cluster may well have another one, so all of this is a warning about what the agent got.

use jiff::Timestamp;

use super::words::{fact, fix, predicate};
use crate::catalogue::certificate::CERTIFICATE_EXPIRING;
use crate::catalogue::tls::TLS_CLIENT_CERTIFICATE_INVALID;
use crate::classify::client_certificate::{self, ClientVerdict};
use crate::classify::given_certificate::{Given, only_for_the_jdk};
use crate::model::evidence::LinkEvidence;
use crate::model::finding::{Finding, Severity};
use crate::model::link::{ClientCertificate, FileFault, Link, Trust};
use crate::model::text::{list, safe};
use crate::rules::config;
use crate::rules::expiry::{Left, day};
use crate::x509::Anchors;

/// Warns of what is wrong with the link's given client certificate at the instant `at`.
pub(in crate::rules) fn given(evidence: &LinkEvidence, at: Timestamp) -> Vec<Finding> {
    let Some(certificate) = &evidence.link.client_certificate else { return Vec::new() };
    let file = safe(&certificate.file, 200);
    if let Some(fault) = certificate.fault {
        return vec![unusable(certificate, &file, fault)];
    }
    let given = Given::read(certificate, at);
    let mut findings = Vec::new();
    // A refusal says the same, with more weight.
    let refused = evidence
        .addresses
        .iter()
        .any(|address| matches!(client_certificate::judge(&evidence.link, address, at), ClientVerdict::Refused { .. }));
    if !refused {
        findings.extend(flawed(&given, &file));
    }
    findings.extend(unlinked(&evidence.link, &given, &file));
    findings.extend(expiring(&given, &evidence.link.expiry_days, at, &file));
    findings
}

fn unusable(certificate: &ClientCertificate, file: &str, fault: FileFault) -> Finding {
    let finding = |words: &str, fix: &str| {
        Finding::new(&TLS_CLIENT_CERTIFICATE_INVALID, file, format!("the client certificate {file} {words}"))
            .severity(Severity::Warning)
            .detail("It was not presented, so what needs it was not tested.")
            .fix(fix)
    };
    match only_for_the_jdk(certificate) {
        Some(key) => finding(
            &format!("has a key that farlink's TLS library does not use ({key}), and the JDK does"),
            "to test further give farlink a client certificate with an RSA key of 2048 bits or more, or an EC key",
        ),
        None => finding(
            config::describe(fault),
            "give farlink a PEM certificate and its unencrypted PEM key (--cert-file and --key-file)",
        ),
    }
}

fn flawed(given: &Given, file: &str) -> Option<Finding> {
    let flaw = given.flaws.first()?;
    let whose = match &flaw.certificate {
        Some(authority) if !flaw.is_leaf => {
            format!("the authority {} in the client certificate {file}", authority.label())
        }
        _ => format!("the client certificate {file}"),
    };
    let facts: Vec<String> = given.flaws.iter().map(fact).collect();
    let finding = Finding::new(&TLS_CLIENT_CERTIFICATE_INVALID, file, format!("{whose} {}", predicate(flaw)))
        .severity(Severity::Warning)
        .detail(format!(
            "A remote that asks for client certificates refuses it, unless it trusts this very certificate: {}. \
             If the local cluster uses it too, its links of the certificate model fail.",
            list(&facts)
        ))
        .fix(fix(flaw))
        .fix("give farlink the certificate that the local cluster uses (--cert-file and --key-file)");
    Some(facts.into_iter().fold(finding, Finding::observed))
}

fn unlinked(link: &Link, given: &Given, file: &str) -> Option<Finding> {
    let leaf = given.chain.first().filter(|_| given.is_unlinked)?;
    let known = match &link.trust {
        Trust::Authorities { certificates, .. } => Anchors::of_file(certificates).certificates().to_vec(),
        _ => Vec::new(),
    };
    if known.iter().any(|authority| authority.is_self_issued() && authority.subject == leaf.issuer) {
        return None;
    }
    let others: Vec<String> = given.chain.iter().skip(1).take(5).map(|certificate| certificate.label()).collect();
    let title = format!("the client certificate {file} is not followed by the certificate of its issuer");
    Some(
        Finding::new(&TLS_CLIENT_CERTIFICATE_INVALID, format!("{file} chain"), title)
            .severity(Severity::Warning)
            .detail(format!(
                "It was issued by {}, and what follows is {}. Where the issuer is an intermediate authority, a remote \
                 that trusts only its root cannot build the path.",
                leaf.issuer,
                list(&others)
            ))
            .fix("put the issuer's certificate right after the first one in the file of xpack.security.transport.ssl.certificate"),
    )
}

fn expiring(given: &Given, steps: &[u16], at: Timestamp, file: &str) -> Option<Finding> {
    let first = given.first_to_end.as_ref()?;
    let left = Left::of(first.not_after, at, steps)?;
    let is_leaf = given.chain.first().is_some_and(|leaf| leaf.fingerprint == first.fingerprint);
    let whose = if is_leaf { String::new() } else { format!("the authority {} in ", first.label()) };
    let title = format!("{whose}the client certificate {file} expires on {}", day(first.not_after));
    Some(
        Finding::new(&CERTIFICATE_EXPIRING, format!("{file} {}", first.label()), title)
            .severity(Severity::Warning)
            .detail(left.sentence(
                "From then on every remote refuses it. If the local cluster uses it too, its links of the certificate model fail",
            ))
            .fix("on every local node replace the file of xpack.security.transport.ssl.certificate (and key) before that day")
            .keyed(first.fingerprint.to_string())
            .observed(format!("{} has notAfter {}", first.label(), first.not_after)),
    )
}
