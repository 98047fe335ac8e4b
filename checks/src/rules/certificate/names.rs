//! The certificate's names against those the link accepts.

use super::subject::Subject;
use crate::catalogue::certificate as catalogue;
use crate::classify::name::NameVerdict;
use crate::model::finding::{Certainty, Finding};
use crate::model::text::{list, safe};
use crate::x509::Certificate;
use crate::x509::hostname::{Because, Covered, Mismatch, is_host_name};

/// Whether the name fits, and how.
pub(super) fn finding(subject: &Subject<'_>) -> Option<Finding> {
    let leaf = subject.leaf()?;
    match subject.name? {
        NameVerdict::Differs { expected, on_old_jdk } => Some(differs(subject, leaf, expected, *on_old_jdk)),
        NameVerdict::Matches { name, covered: Covered::ByCommonName, .. } => Some(
            Finding::new(
                &catalogue::CERTIFICATE_COMMON_NAME_ONLY,
                subject.about(Some(leaf)),
                format!("the certificate {} covers {} by its common name only", subject.origin, safe(name, 120)),
            )
            .keyed(leaf.fingerprint.to_string())
            .detail("Elasticsearch accepts that because the certificate has no DNS name; OpenSSL, browsers and most other clients do not.")
            .fix("with the next renewal add the name as subject alternative name"),
        ),
        NameVerdict::Matches { .. } | NameVerdict::NotChecked | NameVerdict::Unknown => None,
    }
}

fn differs(subject: &Subject<'_>, leaf: &Certificate, expected: &[(String, Mismatch)], on_old_jdk: bool) -> Finding {
    let names = leaf.names();
    let shown: Vec<String> = names.iter().take(4).cloned().collect();
    let more = if names.len() > 4 { format!(" and {} more", names.len() - 4) } else { String::new() };
    let is_for = if names.is_empty() { "no name at all".to_owned() } else { format!("{}{more}", list(&shown)) };
    let wanted: Vec<String> = expected.iter().map(|(name, _)| safe(name, 120)).collect();
    let mut detail = String::new();
    for (name, mismatch) in expected {
        if let Some(reason) = reason(&safe(name, 120), mismatch) {
            detail.push_str(&reason);
            detail.push(' ');
        }
    }
    detail.push_str(
        "With verification_mode full Elasticsearch accepts a certificate that covers server_name or the dialled host as it is \
         written. Its own message names the dialled host even when server_name is at fault.",
    );
    if on_old_jdk {
        detail.push_str(" A local cluster on JDK 17 accepts it all the same.");
    }
    let among = |(name, mismatch): &(String, Mismatch)| {
        let because = Some(Because::AddressAmongDnsNames);
        matches!(mismatch, Mismatch::OtherNames { because: found, .. } if *found == because).then(|| safe(name, 120))
    };
    let title = match expected.iter().find_map(among) {
        Some(address) => {
            format!("the certificate {} has {address} as a DNS name and not as an address", subject.origin)
        }
        None => {
            format!("the certificate {} is for {is_for}, and this link expects {}", subject.origin, wanted.join(" or "))
        }
    };
    let finding = Finding::new(&catalogue::CERTIFICATE_NAME_MISMATCH, subject.about(subject.leaf()), title)
        .keyed(format!("{} {}", leaf.fingerprint, wanted.join(" ")))
        .detail(detail);
    let wildcard = leaf.dns_names().find(|name| name.strip_prefix("*.").is_some_and(is_host_name));
    let to = match (settable(leaf, expected), wildcard) {
        (Some(name), _) => Some(name),
        (None, Some(wildcard)) => Some(format!(
            "a name of the form {} that leads to this remote, one label in place of the asterisk",
            safe(wildcard, 120)
        )),
        (None, None) => None,
    };
    // Sniff mode has no server name.
    let (finding, or) = match to {
        Some(to) if subject.server_name_setting.is_empty() => {
            (finding.fix(format!("on the local cluster dial the remote (seeds) by {to}")), "or ")
        }
        Some(to) => (finding.fix(format!("on the local cluster set {} to {to}", subject.server_name_setting)), "or "),
        None => (finding, ""),
    };
    let finding = finding.fix(format!(
        "{or}on the remote install a certificate that covers {}",
        wanted.first().map_or("the name", String::as_str)
    ));
    match subject.mode_assumed {
        true => finding.at_most(Certainty::Likely).observed("verification_mode was not given: full is assumed"),
        false => finding,
    }
}

/// The nearest of the certificate's names that `server_name` can be set to; an address cannot.
fn settable(leaf: &Certificate, expected: &[(String, Mismatch)]) -> Option<String> {
    let fits = |name: &String| !name.contains('*') && is_host_name(name) && name.parse::<std::net::IpAddr>().is_err();
    let nearest = expected.iter().find_map(|(_, mismatch)| match mismatch {
        Mismatch::OtherNames { nearest, .. } => nearest.clone().filter(fits),
        _ => None,
    });
    nearest.filter(|name| leaf.names().contains(name)).or_else(|| leaf.names().into_iter().find(fits))
}

/// The rule that keeps the nearest name from counting.
fn reason(name: &str, mismatch: &Mismatch) -> Option<String> {
    match mismatch {
        Mismatch::NotAHostName => Some(format!(
            "The JDK takes \"{name}\" for no host name (letters, digits and hyphens only), so no certificate can cover it."
        )),
        Mismatch::Unreadable => Some("Its subjectAltName extension is malformed, which JDK 25 refuses.".to_owned()),
        Mismatch::NoNames => None,
        Mismatch::OtherNames { nearest, because } => {
            let nearest = nearest.as_deref().unwrap_or_default();
            Some(match because.as_ref()? {
                Because::WildcardDepth => {
                    format!("\"{nearest}\" does not cover {name}: a wildcard stands for exactly one label.")
                }
                Because::WildcardPlace => {
                    format!("\"{nearest}\" does not cover {name}: a wildcard counts in the left-most label only.")
                }
                Because::AddressDialled => {
                    format!(
                        "{name} is an address: only IP entries of subjectAltName count for it, and none of them is {name}."
                    )
                }
                Because::AddressAmongDnsNames => format!(
                    "{name} stands among its DNS names, where an address does not count: it has to be an IP entry of subjectAltName."
                ),
                Because::CommonNameBesideDnsNames => {
                    format!("Its common name is {name}, which does not count beside DNS names.")
                }
            })
        }
    }
}
