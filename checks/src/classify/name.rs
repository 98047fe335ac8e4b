//! Whether a certificate is for the name a link dials, by the JDK's rule.
//!
//! With `verification_mode: full` Elasticsearch accepts a certificate that covers either the
//! `server_name` or the dialled host as it is written (`sun.security.ssl.X509TrustManagerImpl`
//! checks the server name indication first and the peer host second). A name counts against the
//! DNS names, and against the common name when there are none (`sun.security.util.HostnameChecker`).

use std::net::IpAddr;

use super::certificate::Certificate;
use crate::model::link::{Host, Link, VerificationMode};

/// Whether the served certificate bears a name that the link accepts.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum NameVerdict {
    /// It does.
    Matches {
        /// The expected name that it covers.
        name: String,
        /// Only its common name covers it.
        by_common_name: bool,
    },
    /// It does not.
    Differs {
        /// The names the link accepts, `server_name` first.
        expected: Vec<String>,
    },
    /// The link's verification mode does not look at names.
    NotChecked,
    /// The verification mode is not known.
    Unknown,
}

/// Judges `leaf` against the names that `link` accepts when it dials `host`.
pub fn judge(link: &Link, host: &Host, leaf: &Certificate) -> NameVerdict {
    match link.verification_mode.map(|mode| mode.value) {
        Some(VerificationMode::Full) => {}
        Some(VerificationMode::Certificate | VerificationMode::None) => return NameVerdict::NotChecked,
        None => return NameVerdict::Unknown,
    }
    let mut expected: Vec<String> = link.server_name.iter().cloned().collect();
    let dialled = host.to_string();
    if !expected.contains(&dialled) {
        expected.push(dialled);
    }
    for name in &expected {
        if let Some(by_common_name) = covers(leaf, name) {
            return NameVerdict::Matches { name: name.clone(), by_common_name };
        }
    }
    NameVerdict::Differs { expected }
}

/// Whether `leaf` covers `name`; `Some(true)` when only its common name does.
fn covers(leaf: &Certificate, name: &str) -> Option<bool> {
    if let Ok(ip) = name.parse::<IpAddr>() {
        return leaf.addresses.contains(&ip).then_some(false);
    }
    // An underscore is no host name to the JDK, so `full` never matches it.
    if name.contains('_') {
        return None;
    }
    if leaf.dns_names.is_empty() {
        return leaf.common_name.as_deref().is_some_and(|cn| matches(cn, name)).then_some(true);
    }
    leaf.dns_names.iter().any(|pattern| matches(pattern, name)).then_some(false)
}

/// The JDK's wildcard rule for TLS: `*` stands for a whole or partial left-most label, never for a dot.
fn matches(pattern: &str, name: &str) -> bool {
    let (pattern, name) = (pattern.to_ascii_lowercase(), name.to_ascii_lowercase());
    let Some((first_pattern, rest_pattern)) = pattern.split_once('.') else { return pattern == name };
    let Some((first, rest)) = name.split_once('.') else { return false };
    if rest_pattern != rest {
        return false;
    }
    match first_pattern.split_once('*') {
        None => first_pattern == first,
        Some((head, tail)) => {
            !tail.contains('*')
                && first.len() >= head.len() + tail.len()
                && first.starts_with(head)
                && first.ends_with(tail)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wildcard_covers_exactly_one_label() {
        for (pattern, name, covered) in [
            ("*.lab.example", "b.lab.example", true),
            ("*.example", "b.lab.example", false),
            ("*.lab.example", "lab.example", false),
            ("es-*.example", "es-1.example", true),
            ("B.LAB.EXAMPLE", "b.lab.example", true),
            ("localhost", "localhost", true),
        ] {
            assert_eq!(matches(pattern, name), covered, "{pattern} {name}");
        }
    }
}
