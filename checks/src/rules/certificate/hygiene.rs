//! What Elasticsearch accepts and others may not, and what the names give away.

use std::sync::Arc;

use super::subject::Subject;
use crate::catalogue::certificate as catalogue;
use crate::catalogue::tls::TLS_INTERCEPTED;
use crate::classify::certified::{self, Certified};
use crate::classify::chain::ChainVerdict;
use crate::classify::name::NameVerdict;
use crate::model::finding::{Certainty, Finding, Severity};
use crate::model::link::Model;
use crate::x509::{Certificate, Digest, KeyAlgorithm};

/// Order, strength and provenance of the chain.
pub(super) fn findings(subject: &Subject<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let ChainVerdict::Trusted { directly: false, .. } = subject.verdict {
        findings.extend(order(subject));
        findings.extend(weak(subject));
    }
    findings.extend(provenance(subject));
    findings
}

/// Out of order, or with certificates that do not belong to the path.
fn order(subject: &Subject<'_>) -> Option<Finding> {
    let candidate = subject.analysis.candidates.first()?;
    let served: Vec<&Arc<Certificate>> = subject.analysis.served.iter().flatten().collect();
    let anchor = candidate.anchor.as_ref().and_then(|anchor| anchor.certificate.as_ref());
    // The root itself may follow; that is not needed and does no harm.
    let is_root = |c: &Certificate| anchor.is_some_and(|anchor| anchor.key.fingerprint == c.key.fingerprint);
    let extra: Vec<String> = served
        .iter()
        .enumerate()
        .filter(|(place, certificate)| {
            !candidate.path.contains(place) && !is_root(certificate) && !certificate.is_self_issued()
        })
        .map(|(_, certificate)| certificate.label())
        .collect();
    let sorted = candidate.path.windows(2).all(|pair| pair[0] < pair[1]);
    let title = match (sorted, extra.as_slice()) {
        (true, []) => return None,
        (false, _) => format!("the chain {} is served out of order", subject.origin),
        (true, _) => format!("certificates that do not belong to the chain are served {}", subject.origin),
    };
    let detail = match extra.as_slice() {
        [] => "Elasticsearch sorts it; some other clients refuse it.".to_owned(),
        extra => format!(
            "Not part of the path: {}. Elasticsearch passes over it; some other clients refuse the chain.",
            crate::model::text::list(&extra.iter().take(4).cloned().collect::<Vec<_>>())
        ),
    };
    let leaf = subject.leaf()?;
    Some(
        Finding::new(&catalogue::CERTIFICATE_CHAIN_DISORDERED, subject.about(Some(leaf)), title)
            .keyed(leaf.fingerprint.to_string())
            .detail(detail)
            .fix(format!(
                "{} write the certificate file in this order: the certificate, then each issuer of the one before, and nothing else",
                subject.side()
            )),
    )
}

/// Keys and signatures that the JDK still accepts under a private authority.
fn weak(subject: &Subject<'_>) -> Option<Finding> {
    let candidate = subject.analysis.candidates.first()?;
    let (certificate, what) = candidate.path.iter().find_map(|place| {
        let certificate = subject.analysis.served.get(*place)?.as_ref()?;
        Some((certificate, weakness(certificate)?))
    })?;
    Some(
        Finding::new(
            &catalogue::CERTIFICATE_WEAK,
            subject.about(Some(certificate)),
            format!("the certificate {} {} has {what}", certificate.label(), subject.origin),
        )
        .severity(Severity::Warning)
        .keyed(certificate.fingerprint.to_string())
        .detail("The JDK accepts it under a private authority. Stricter clients refuse it, and later releases of the JDK may.")
        .fix(format!("{} issue it again with RSA 2048 or P-256 and SHA-256", subject.side())),
    )
}

fn weakness(certificate: &Certificate) -> Option<String> {
    let short =
        matches!(certificate.key.algorithm, KeyAlgorithm::Rsa | KeyAlgorithm::RsaPss) && certificate.key.bits < 2048;
    if short {
        return Some(format!("a weak key ({})", certificate.key));
    }
    (certificate.signature.digest() == Some(Digest::Sha1))
        .then(|| format!("a weak signature ({})", certificate.signature))
}

/// What the names say about whose certificate it is.
fn provenance(subject: &Subject<'_>) -> Option<Finding> {
    let leaf = subject.leaf()?;
    let about = subject.about(Some(leaf));
    let fact = format!("subject {}, issuer {}", leaf.subject, leaf.issuer);
    let refused = matches!(subject.verdict, ChainVerdict::Refused(_));
    // What the local cluster accepts may have been given to this port on purpose.
    let fits = matches!(subject.verdict, ChainVerdict::Trusted { .. } | ChainVerdict::NotChecked)
        && matches!(subject.name, Some(NameVerdict::Matches { .. } | NameVerdict::NotChecked));
    let finding = match certified::judge(leaf) {
        Certified::Inspection { product } => Finding::new(
            &TLS_INTERCEPTED,
            about,
            format!("the certificate {} was made by {product}, which inspects TLS", subject.origin),
        )
        .severity(if refused { Severity::Error } else { Severity::Warning })
        .detail("Its issuer has the name of a product that ends TLS on the way and makes a certificate for each name. The transport protocol and client certificates do not survive that.")
        .fix(super::interception::EXEMPT),
        Certified::Enterprise => Finding::new(
            &catalogue::CERTIFICATE_BUILT_IN,
            about,
            format!("the certificate {} is the one Elastic Cloud Enterprise made for itself", subject.origin),
        )
        .severity(if refused { Severity::Warning } else { Severity::Info })
        .detail("It is good for the default domain ip.es.io only, and its authority is trusted nowhere else unless it was copied there.")
        .fix("on the remote upload a wildcard certificate for the deployment domain under Platform > Settings > TLS certificates > Proxy"),
        Certified::Rest | Certified::Transport if fits => return None,
        Certified::Rest => Finding::new(
            &catalogue::CERTIFICATE_REST_LAYER,
            about,
            format!("the certificate {} is that of a REST interface", subject.origin),
        )
        .detail("Its names are those of the REST interface (port 9200), not of the remote cluster server (9443) or the transport interface (9300, 9400). Either the address leads to the REST interface, or the port has the certificate of the wrong one.")
        .fix("on the local cluster set the address to the remote's port 9443 (API key), or 9400 behind a proxy and 9300 direct (certificate)")
        .fix("or, if that is the port, on the remote give xpack.security.remote_cluster_server.ssl (9443) or xpack.security.transport.ssl (9300) a certificate with the names that local clusters dial"),
        Certified::Transport if subject.port == Some(9443) || subject.model == Some(Model::ApiKey) => Finding::new(
            &catalogue::CERTIFICATE_REST_LAYER,
            about,
            format!("the certificate {} is that of a transport interface", subject.origin),
        )
        .detail("Its names are those of a node's transport interface. The remote cluster server (port 9443) has a certificate of its own, which need not come from the same authority.")
        .fix("on the remote set xpack.security.remote_cluster_server.ssl to a certificate with the names that local clusters dial"),
        Certified::Transport | Certified::RemoteClusterServer | Certified::Unknown => return None,
    };
    Some(finding.keyed(leaf.fingerprint.to_string()).at_most(Certainty::Likely).observed(fact))
}
