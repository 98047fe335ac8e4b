//! Whether a certificate is for a name, as `sun.security.util.HostnameChecker` decides it for TLS.
//!
//! Names count against the DNS names of the subject alternative name extension, and against the
//! most specific common name when it has none, be there other kinds of names or not. An address
//! counts against the addresses only.

use std::net::IpAddr;

use super::{Certificate, Jdk, unassigned};

/// How a certificate covers a name.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Covered {
    /// By a subject alternative name.
    ByAlternativeName,
    /// By its common name, which stricter clients ignore.
    ByCommonName,
}

/// Why a certificate does not cover a name.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Mismatch {
    /// None of its names is that name.
    OtherNames {
        /// The most similar of its names, safe to show.
        nearest: Option<String>,
        /// Why the nearest one does not count, where that is a rule worth knowing.
        because: Option<Because>,
    },
    /// It has no name that could count.
    NoNames,
    /// The name is no host name to the JDK, so that no certificate can cover it.
    NotAHostName,
    /// The extension with the names is malformed.
    Unreadable,
}

/// A rule that keeps a similar name from counting.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Because {
    /// A wildcard stands for exactly one label.
    WildcardDepth,
    /// A wildcard counts in the left-most label only.
    WildcardPlace,
    /// An address was dialled, and host names do not count for it.
    AddressDialled,
    /// The address stands among the DNS names, where it does not count.
    AddressAmongDnsNames,
    /// The common name has it, and does not count beside DNS names.
    CommonNameBesideDnsNames,
}

/// Whether `certificate` is for `name`, a host name or an address as it is dialled or set.
///
/// # Errors
/// [`Mismatch`] says why it is not.
pub fn check(certificate: &Certificate, name: &str, jdk: Jdk) -> Result<Covered, Mismatch> {
    // `X509TrustManagerImpl.checkIdentity` takes one dot off the end.
    let name = name.strip_suffix('.').unwrap_or(name);
    let literal = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(name);
    match literal.parse::<IpAddr>() {
        Ok(address) => check_address(certificate, address),
        Err(_) => check_name(certificate, name, jdk),
    }
}

fn check_address(certificate: &Certificate, address: IpAddr) -> Result<Covered, Mismatch> {
    // Java takes an IPv4 address that is mapped into IPv6 for the IPv4 address.
    if certificate.addresses().any(|other| other.to_canonical() == address.to_canonical()) {
        return Ok(Covered::ByAlternativeName);
    }
    let text = address.to_string();
    if certificate.dns_names().any(|name| name == text) {
        return Err(Mismatch::OtherNames { nearest: Some(text), because: Some(Because::AddressAmongDnsNames) });
    }
    match certificate.names().first() {
        None => Err(Mismatch::NoNames),
        Some(first) => {
            let is_address = first.parse::<IpAddr>().is_ok();
            let because = (!is_address).then_some(Because::AddressDialled);
            Err(Mismatch::OtherNames { nearest: Some(first.clone()), because })
        }
    }
}

fn check_name(certificate: &Certificate, name: &str, jdk: Jdk) -> Result<Covered, Mismatch> {
    let name = ascii(name).filter(|name| has_host_labels(name)).ok_or(Mismatch::NotAHostName)?;
    if certificate.names_malformed && jdk == Jdk::V25 {
        return Err(Mismatch::Unreadable);
    }
    // JDK 17 reads a malformed extension as if it were not there.
    let names: Vec<String> = match certificate.names_malformed {
        true => Vec::new(),
        false => certificate.dns_names().filter_map(ascii).collect(),
    };
    let has_names = !certificate.names_malformed && certificate.dns_names().next().is_some();
    if names.iter().any(|pattern| matches(pattern, &name, jdk)) {
        return Ok(Covered::ByAlternativeName);
    }
    let common = certificate.subject.common_name().and_then(ascii);
    let by_common = common.as_ref().is_some_and(|pattern| matches(pattern, &name, jdk));
    match (has_names, by_common) {
        (false, true) => Ok(Covered::ByCommonName),
        (true, true) => Err(Mismatch::OtherNames { nearest: common, because: Some(Because::CommonNameBesideDnsNames) }),
        (_, false) => Err(nearest(names.into_iter().chain(common), &name)),
    }
}

/// `java.net.IDN.toASCII`, in lower case; `None` where the name has no such form.
fn ascii(name: &str) -> Option<String> {
    if name.is_ascii() {
        return Some(name.to_ascii_lowercase());
    }
    // The JDK has IDNA 2003, whose names have no character that came after Unicode 3.2, and which maps what
    // IDNA 2008 keeps apart.
    if name.chars().any(unassigned::is_unassigned) {
        return None;
    }
    let mapped = name.replace('\u{df}', "ss").replace('\u{3c2}', "\u{3c3}").replace(['\u{200c}', '\u{200d}'], "");
    idna::domain_to_ascii(&mapped).ok()
}

/// The JDK's wildcard rule: `*` stands for any text within one label, whole or in part; JDK 17 takes
/// it in every label, JDK 25 in the left-most one only.
fn matches(pattern: &str, name: &str, jdk: Jdk) -> bool {
    if !is_host_name_in_unicode(pattern) {
        return false;
    }
    if !pattern.contains('*') {
        return has_host_labels(pattern) && pattern == name;
    }
    // "*", "*." and "*com" are refused (`HostnameChecker.hasIllegalWildcard`).
    let dot_after_last = pattern.rfind('*').and_then(|last| pattern[last..].find('.'));
    if pattern == "*." || dot_after_last.is_none() || !has_host_labels(&pattern.replace('*', "z")) {
        return false;
    }
    let (patterns, labels): (Vec<&str>, Vec<&str>) = (pattern.split('.').collect(), name.split('.').collect());
    patterns.len() == labels.len()
        && patterns.iter().zip(&labels).enumerate().all(|(place, (pattern, label))| {
            let wild = pattern.contains('*') && (place == 0 || jdk == Jdk::V17);
            // Labels are compared in Unicode, where an encoded one has no prefix to match.
            if wild { label_matches(pattern, &idna::domain_to_unicode(label).0) } else { pattern == label }
        })
}

/// `HostnameChecker.isMatched` decodes a certificate's name before it asks whether that is a host name.
fn is_host_name_in_unicode(pattern: &str) -> bool {
    pattern.split('.').filter(|label| label.starts_with("xn--")).all(|label| {
        let decoded = idna::punycode::decode_to_string(&label[4..]);
        // What is not the encoding of its decoding is left as it is.
        let decoded = decoded.filter(|decoded| ascii(decoded).as_deref() == Some(label));
        decoded.is_none_or(|decoded| {
            let is_plain = |c: char| !c.is_ascii() || c.is_ascii_alphanumeric() || c == '-';
            decoded.chars().all(is_plain) && !decoded.starts_with('-') && !decoded.ends_with('-')
        })
    })
}

/// `HostnameChecker.matchWildCards`.
fn label_matches(pattern: &str, label: &str) -> bool {
    let mut pieces = pattern.split('*');
    let Some(mut rest) = pieces.next().and_then(|first| label.strip_prefix(first)) else { return false };
    let Some(last) = pieces.next_back() else { return rest.is_empty() };
    for piece in pieces {
        let Some(at) = rest.find(piece) else { return false };
        rest = &rest[at + piece.len()..];
    }
    rest.ends_with(last)
}

/// Whether a `server_name` may be this: `javax.net.ssl.SNIHostName`, which is `IDN.toASCII` with the rules of
/// STD 3, and no dot at the end.
pub fn is_host_name(name: &str) -> bool {
    ascii(name).is_some_and(|name| has_host_labels(&name))
}

fn has_host_labels(name: &str) -> bool {
    name.len() <= 253
        && name.split('.').all(|label| {
            (1..=63).contains(&label.len())
                && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
                && !label.starts_with('-')
                && !label.ends_with('-')
        })
}

/// The name that shares the most with `wanted`, and why it still does not count.
fn nearest(names: impl Iterator<Item = String>, wanted: &str) -> Mismatch {
    let tail = |name: &str| {
        let shared = name.rsplit('.').zip(wanted.rsplit('.')).take_while(|(a, b)| a == b);
        shared.map(|(label, _)| label.len() + 1).sum::<usize>()
    };
    let Some(name) = names.max_by_key(|name| (tail(name), std::cmp::Reverse(name.len().abs_diff(wanted.len())))) else {
        return Mismatch::NoNames;
    };
    let because = match name.split_once('.') {
        Some((first, rest)) if first.contains('*') => {
            (wanted == rest || wanted.ends_with(&format!(".{rest}"))).then_some(Because::WildcardDepth)
        }
        _ if name.contains('*') => Some(Because::WildcardPlace),
        _ => None,
    };
    Mismatch::OtherNames { nearest: Some(crate::model::text::safe(&name, 255)), because }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wildcard_covers_text_within_one_label_and_only_jdk_17_takes_it_further_right() {
        for (pattern, name, on_17, on_25) in [
            ("*.lab.example", "b.lab.example", true, true),
            ("*.example", "b.lab.example", false, false),
            ("*.lab.example", "lab.example", false, false),
            ("es-*.example", "es-1.example", true, true),
            ("e*-*.example", "es-1.example", true, true),
            ("b.*.example", "b.lab.example", true, false),
            ("*", "localhost", false, false),
            ("*.", "localhost", false, false),
            ("lab.*", "lab.example", false, false),
            ("localhost", "localhost", true, true),
            ("my_host.example", "my_host.example", false, false),
            ("xn--bcher-kva.example", "xn--bcher-kva.example", true, true),
            ("xn--test--wg5h0h.example", "xn--test--wg5h0h.example", false, false),
        ] {
            assert_eq!(matches(pattern, name, Jdk::V17), on_17, "17 {pattern} {name}");
            assert_eq!(matches(pattern, name, Jdk::V25), on_25, "25 {pattern} {name}");
        }
    }

    #[test]
    fn names_beyond_ascii_are_those_of_idna_2003() {
        assert_eq!(ascii("B\u{fc}cher.example").as_deref(), Some("xn--bcher-kva.example"));
        assert_eq!(ascii("stra\u{df}e.example").as_deref(), Some("strasse.example"));
        assert_eq!(ascii("\u{1f600}.example"), None, "younger than Unicode 3.2");
        assert!(is_host_name("b\u{fc}cher.example") && !is_host_name("es_1.example") && !is_host_name("es-1."));
    }

    #[test]
    fn the_nearest_name_shares_the_most_labels_and_says_why_it_does_not_count() {
        let names = || ["a.example", "*.example", "b.lab.example"].map(str::to_owned).into_iter();
        assert_eq!(
            nearest(names(), "c.lab.example"),
            Mismatch::OtherNames { nearest: Some("b.lab.example".into()), because: None }
        );
        assert_eq!(
            nearest(names().take(2), "b.c.example"),
            Mismatch::OtherNames { nearest: Some("*.example".into()), because: Some(Because::WildcardDepth) }
        );
        assert_eq!(nearest(std::iter::empty(), "x"), Mismatch::NoNames);
    }
}
