//! What keeps a chain from counting, one finding a cause.

use super::authorities::unreadable;
use super::issuer::{incomplete, trust_fix, untrusted};
use super::subject::Subject;
use super::words::{breach, mend, sentence};
use crate::catalogue::certificate as catalogue;
use crate::classify::chain::{Cause, ChainFault, ChainVerdict};
use crate::model::finding::{Certainty, Finding, Severity};
use crate::model::link::Trust;
use crate::model::text::safe;
use crate::rules::expiry::{day, moment};
use crate::x509::{Certificate, Jdk, Place};

/// Every reason for which the JDK refuses the chain.
pub(super) fn findings(subject: &Subject<'_>) -> Vec<Finding> {
    let (faults, most) = match subject.verdict {
        ChainVerdict::Refused(faults) => (faults, subject.certainty_of_trust()),
        // Were the leaf itself trusted, the JDK would not look at any of it.
        ChainVerdict::TrustUnknown(faults) => (faults, Certainty::Likely),
        ChainVerdict::Trusted { directly: true, .. } => return expired_and_trusted(subject).into_iter().collect(),
        ChainVerdict::Trusted { .. } | ChainVerdict::Undecided { .. } | ChainVerdict::NotChecked => return Vec::new(),
    };
    let old_accepts = subject.analysis.verdict(Jdk::V17).accepts() == Some(true);
    faults
        .iter()
        .map(|fault| {
            let mut finding = of(subject, fault);
            // What a certificate is by itself does not rest on whom the link trusts.
            if about_trust(&fault.cause) || matches!(subject.verdict, ChainVerdict::TrustUnknown(_)) {
                finding = finding.at_most(most);
                if most < Certainty::Certain {
                    finding = finding.observed(match subject.verdict {
                        ChainVerdict::TrustUnknown(_) => {
                            "whom the local cluster trusts was not given and could not be read"
                        }
                        _ => "whom the local cluster trusts was not given: public authorities are assumed",
                    });
                    if about_trust(&fault.cause) {
                        finding = finding.fix("or, if the local nodes trust it already, give farlink the file they do it by: --ca-file, or ca_file in farlink.yml");
                    }
                }
            }
            // How much it takes in a handshake is not a matter of the path.
            if old_accepts && !matches!(fault.cause, Cause::TooMany { .. } | Cause::TooLarge { .. }) {
                finding.detail.push_str(" A local cluster on JDK 17 still accepts it.");
            }
            finding
        })
        .collect()
}

const fn about_trust(cause: &Cause) -> bool {
    matches!(cause, Cause::SelfSigned | Cause::Untrusted { .. } | Cause::Incomplete { .. } | Cause::TooLongOutOfOrder)
}

fn of(subject: &Subject<'_>, fault: &ChainFault) -> Finding {
    let certificate = fault.certificate.as_ref();
    let about = subject.about(certificate);
    let (noun, origin) = (subject.noun(fault.place), &subject.origin);
    let label = certificate.map(|certificate| certificate.label()).unwrap_or_default();
    let key = certificate.map_or_else(|| subject.place.clone(), |certificate| certificate.fingerprint.to_string());
    let finding = match &fault.cause {
        Cause::Expired => Finding::new(
            &catalogue::CERTIFICATE_EXPIRED,
            about,
            format!(
                "the {noun} {origin} expired on {}",
                certificate.map(|c| moment(c.not_after, subject.at)).unwrap_or_default()
            ),
        )
        .detail(format!(
            "{label} was valid until {} (notAfter). Elasticsearch refuses it in verification_mode full and certificate.",
            certificate.map(|certificate| certificate.not_after.to_string()).unwrap_or_default()
        ))
        .fix(format!("{} install a renewed {noun} for {label}", subject.side())),
        Cause::NotYetValid => Finding::new(
            &catalogue::CERTIFICATE_NOT_YET_VALID,
            about,
            format!(
                "the {noun} {origin} is not valid before {}",
                certificate.map(|c| moment(c.not_before, subject.at)).unwrap_or_default()
            ),
        )
        .detail(format!(
            "{label} is valid from {} on (notBefore). Either it was issued for later, or the clock of this host is behind.",
            certificate.map(|certificate| certificate.not_before.to_string()).unwrap_or_default()
        ))
        .or(&["certificate-clock-skew"])
        .fix("compare the clocks of this host and of the local nodes with a time server")
        .fix(format!("if they are right, wait until then, or {} issue it again with a notBefore in the past", subject.side())),
        Cause::Incomplete { missing, other_key, towards } => incomplete(subject, about, missing, *other_key, towards.as_deref()),
        Cause::SelfSigned => Finding::new(
            &catalogue::CERTIFICATE_SELF_SIGNED,
            about,
            format!("the {noun} {origin} is self-signed and not trusted"),
        )
        .detail(format!("It vouches for itself and is not among {}.", subject.trusted()))
        .fix(trust_fix(subject, "this certificate, or better a certificate of an authority you trust")),
        Cause::Untrusted { issuer, relation } => return untrusted(subject, about, fault.place, issuer, *relation),
        Cause::TooLongOutOfOrder => Finding::new(
            &catalogue::CERTIFICATE_CHAIN_DISORDERED,
            about,
            format!("the chain {origin} is out of order and too long for the JDK to sort"),
        )
        .severity(Severity::Error)
        .detail("Out of order the JDK looks for a path with at most five intermediate certificates; in order it takes the path as it is served.")
        .fix(format!("{} write the certificate file in order: the certificate, then each issuer of the one before", subject.side())),
        Cause::TooMany { limit } => Finding::new(
            &catalogue::CERTIFICATE_CHAIN_DISORDERED,
            about,
            format!("{} certificates are served {origin}, and the JDK takes {limit}", subject.analysis.served.len()),
        )
        .severity(Severity::Error)
        .detail("The JDK ends the handshake when a peer sends a longer chain, whether the certificates belong to it or not.")
        .fix(format!("{} leave out the certificates that do not belong to the chain, and the root", subject.side())),
        Cause::TooLarge { bytes, limit } => Finding::new(
            &catalogue::CERTIFICATE_CHAIN_DISORDERED,
            about,
            format!("the certificates served {origin} are {bytes} bytes in one message, and the JDK takes {limit}"),
        )
        .severity(Severity::Error)
        .detail("The JDK ends the handshake when a message is larger (jdk.tls.maxHandshakeMessageSize), whatever the certificates are.")
        .fix(format!("{} issue the certificate with fewer names, and leave out certificates that do not belong to the chain", subject.side())),
        Cause::AuthorityIsLeaf => Finding::new(
            &catalogue::CERTIFICATE_AUTHORITY_IS_LEAF,
            about,
            format!("the trusted certificate {label} is no authority, yet it would have to vouch for the {} {origin}", subject.noun(crate::x509::Place::Served(0))),
        )
        .severity(Severity::Error)
        .detail("Its basicConstraints do not say cA, and the JDK takes only authorities as the end of a path.")
        .fix(match certificate.is_some_and(|certificate| certificate.is_self_issued()) {
            true => format!("issue {label} again as an authority (basicConstraints CA:TRUE), and trust the new one on every local node"),
            false => trust_fix(subject, "the authority that issued it"),
        }),
        Cause::Constraint(reason) => Finding::new(
            &catalogue::CERTIFICATE_CONSTRAINT_VIOLATED,
            about,
            breach(reason, &format!("the {noun} {label}"), origin),
        )
        .detail(format!("The JDK refuses {label}: {}.", sentence(reason)))
        .fix(format!("{} {}", subject.side(), mend(reason, &label))),
        Cause::UnknownExtension(oids) => Finding::new(
            &catalogue::CERTIFICATE_EXTENSION_UNKNOWN,
            about,
            format!("the {noun} {label} {origin} has a critical extension the JDK does not know"),
        )
        .detail(format!("The extension {} is marked critical, and the path validation of the JDK does not process it.", oids.join(", ")))
        .fix(format!("{} issue {label} again with that extension not critical, or without it", subject.side())),
        Cause::Malformed(unread) if fault.place == Place::Anchor => {
            let file = match subject.trust {
                Trust::Authorities { file, .. } => safe(file, 200),
                Trust::PublicRoots { .. } | Trust::Unknown => String::new(),
            };
            return unreadable(&file, *unread);
        }
        Cause::Malformed(fault) => Finding::new(
            &catalogue::CERTIFICATE_MALFORMED,
            about,
            format!("a certificate of the chain {origin} cannot be read by the JDK"),
        )
        .detail(format!("The JDK refuses {}: {}.", if label.is_empty() { "it" } else { &label }, fault.sentence()))
        .fix(format!("{} issue the certificate again with a tool that keeps to RFC 5280", subject.side())),
        Cause::WrongUsage(reason) => Finding::new(
            &catalogue::CERTIFICATE_WRONG_USAGE,
            about,
            format!("the certificate {origin} may not be used for TLS {}", match subject.purpose {
                crate::x509::Purpose::Server => "servers",
                crate::x509::Purpose::Client => "clients",
            }),
        )
        .detail(format!("The JDK refuses {label}: {}.", sentence(reason)))
        .fix(format!(
            "{} issue the certificate with extendedKeyUsage serverAuth and clientAuth (or none) and keyUsage digitalSignature",
            subject.side()
        )),
        Cause::Weak(what) => Finding::new(
            &catalogue::CERTIFICATE_WEAK,
            about,
            format!("the {noun} {label} {origin} has {what}, which the JDK refuses"),
        )
        .detail("The JDK switches it off by its security properties jdk.certpath.disabledAlgorithms and jdk.tls.disabledAlgorithms, or has dropped it.")
        .fix(format!("{} issue it again with RSA 2048 or P-256 and SHA-256", subject.side())),
    };
    finding.keyed(key)
}

/// The leaf stands in the trust file, so that the JDK does not look at its dates.
fn expired_and_trusted(subject: &Subject<'_>) -> Option<Finding> {
    let leaf = subject.leaf().filter(|leaf| leaf.not_after < subject.at)?;
    Some(
        Finding::new(
            &catalogue::CERTIFICATE_EXPIRED,
            subject.about(Some(leaf)),
            format!(
                "the certificate {} expired on {}, and is trusted by itself",
                subject.origin,
                moment(leaf.not_after, subject.at)
            ),
        )
        .severity(Severity::Warning)
        .keyed(leaf.fingerprint.to_string())
        .detail("It stands in the trust file, and the JDK does not look at the dates of a certificate that is trusted by itself. Other clients refuse it.")
        .fix(format!("{} install a renewed certificate, and trust its authority instead", subject.side())),
    )
}

/// What was seen of the leaf, for every finding about its chain.
pub(super) fn fact(leaf: &Certificate) -> String {
    format!("served certificate: {}, issued by {}, valid until {}", leaf.subject, leaf.issuer, day(leaf.not_after))
}
