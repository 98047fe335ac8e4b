//! Name constraints (RFC 5280 section 4.2.1.10), enforced as `sun.security.x509.NameConstraintsExtension`
//! enforces them, a common name among the host names included.

use std::borrow::Cow;
use std::net::IpAddr;

use x509_parser::asn1_rs::Any;
use x509_parser::extensions::GeneralName as Parsed;
use x509_parser::prelude::FromDer;

use super::effort::Effort;
use super::subtree::{Relation, is_subtree, relation};
use super::{Certificate, GeneralName};

/// Comparing this many bytes counts as another comparison.
const CHUNK: usize = 128;
/// How many rules of a kind are shown at most.
const SHOWN: usize = 8;

/// Which names the certificates below an authority may have.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NameConstraints {
    /// A name of a kind in this list must lie within one of its members.
    pub permitted: Vec<GeneralName>,
    /// No name may lie within a member of this list.
    pub excluded: Vec<GeneralName>,
    /// A subtree has a minimum or maximum distance, which the JDK refuses to judge.
    pub has_distance: bool,
}

/// Why a certificate's names are not allowed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Breach {
    /// The name.
    pub name: String,
    /// The rule it breaks, such as `permits only DNS:lab.example`.
    pub rule: String,
}

/// What came of holding names against constraints.
pub(super) enum Judged {
    /// One is not allowed.
    Breach(Breach),
    /// There are too many to say.
    TooMuch,
}

impl NameConstraints {
    /// Reads the extension's value; `None` when it is malformed.
    pub(super) fn read(value: &[u8]) -> Option<Self> {
        let (_, sequence) = Any::from_der(value).ok()?;
        let mut constraints = Self::default();
        for list in elements(sequence.data)? {
            let mut subtrees = Vec::new();
            for subtree in elements(list.data)? {
                let (rest, name) = Parsed::from_der(subtree.data).ok()?;
                constraints.has_distance |= elements(rest)?.iter().any(|distance| distance.data != [0]);
                subtrees.push(GeneralName::of(&name));
            }
            if !subtrees.iter().all(is_subtree) {
                return None;
            }
            match list.tag().0 {
                0 => constraints.permitted = subtrees,
                1 => constraints.excluded = subtrees,
                _ => return None,
            }
        }
        Some(constraints)
    }

    /// The first name of `certificate` that they do not allow.
    pub(super) fn breach(&self, certificate: &Certificate, effort: &mut Effort) -> Option<Judged> {
        if self.has_distance {
            let rule = "limits names by their distance, which the JDK cannot judge".to_owned();
            return Some(Judged::Breach(Breach { name: certificate.label(), rule }));
        }
        if !effort.comparisons(1 + certificate.der().0.len() / CHUNK) {
            return Some(Judged::TooMuch);
        }
        let rules = self.permitted.len() + self.excluded.len();
        let size: usize = self.permitted.iter().chain(&self.excluded).map(GeneralName::size).sum();
        for name in names_of(certificate) {
            if !effort.comparisons(rules + (rules.saturating_mul(name.size()) + size) / CHUNK) {
                return Some(Judged::TooMuch);
            }
            if let Some(breach) = self.judge(&name) {
                return Some(Judged::Breach(breach));
            }
        }
        None
    }

    fn judge(&self, name: &GeneralName) -> Option<Breach> {
        let breach = |rule| Some(Breach { name: name.to_string(), rule });
        for excluded in &self.excluded {
            match relation(excluded, name) {
                Relation::Within => return breach(format!("excludes {excluded}")),
                Relation::Unjudged => return breach(format!("excludes {excluded}, which the JDK cannot judge")),
                Relation::OtherKind | Relation::Outside => {}
            }
        }
        let mut same_kind: Vec<&GeneralName> = Vec::new();
        for permitted in &self.permitted {
            match relation(permitted, name) {
                Relation::Within => return None,
                Relation::Unjudged => return breach(format!("permits {permitted}, which the JDK cannot judge")),
                Relation::Outside => same_kind.push(permitted),
                Relation::OtherKind => {}
            }
        }
        if same_kind.is_empty() {
            return None;
        }
        let shown: Vec<String> = same_kind.iter().take(SHOWN).map(ToString::to_string).collect();
        let more = if same_kind.len() > SHOWN { ", …" } else { "" };
        breach(format!("permits only {}{more}", shown.join(", ")))
    }
}

/// Every name that is held against constraints: the subject, the alternative names, the subject's
/// e-mail addresses where it has no alternative names, and its common name where it has no host name.
fn names_of(certificate: &Certificate) -> Vec<Cow<'_, GeneralName>> {
    let mut names = Vec::new();
    if !certificate.subject.is_empty() {
        names.push(Cow::Owned(GeneralName::Directory(certificate.subject.clone())));
    }
    match &certificate.alternative_names {
        Some(alternatives) => names.extend(alternatives.iter().map(Cow::Borrowed)),
        None => {
            let addresses = certificate.subject.email_addresses();
            names.extend(addresses.into_iter().map(|address| Cow::Owned(GeneralName::Email(address))));
        }
    }
    if let Some(name) = certificate.subject.common_name() {
        match name.parse::<IpAddr>() {
            Ok(IpAddr::V4(ip)) if certificate.addresses().next().is_none() => {
                names.push(Cow::Owned(GeneralName::Ip(ip.octets().to_vec())));
            }
            Ok(IpAddr::V6(ip)) if certificate.addresses().next().is_none() => {
                names.push(Cow::Owned(GeneralName::Ip(ip.octets().to_vec())));
            }
            Ok(_) => {}
            Err(_) if certificate.dns_names().next().is_none() && is_host_name(name) => {
                names.push(Cow::Owned(GeneralName::Dns(name.to_owned())));
            }
            Err(_) => {}
        }
    }
    names
}

/// `sun.security.x509.DNSName(String)`: labels of letters, digits and hyphens, the first may be `*`.
fn is_host_name(name: &str) -> bool {
    name.split('.').enumerate().all(|(place, label)| {
        let wildcard = place == 0 && label == "*" && name.len() >= 3;
        let begins = label.starts_with(|first: char| first.is_ascii_alphanumeric());
        wildcard || begins && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    })
}

fn elements(mut content: &[u8]) -> Option<Vec<Any<'_>>> {
    let mut elements = Vec::new();
    while !content.is_empty() {
        let (rest, element) = Any::from_der(content).ok()?;
        elements.push(element);
        content = rest;
    }
    Some(elements)
}
