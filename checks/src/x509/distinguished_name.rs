//! Distinguished names, compared as `javax.security.auth.x500.X500Principal` compares them.

use std::fmt;
use std::sync::OnceLock;

use icu_normalizer::DecomposingNormalizerBorrowed;
use x509_parser::asn1_rs::{Tag, oid};
use x509_parser::oid_registry::OID_X509_COMMON_NAME;
use x509_parser::prelude::{AttributeTypeAndValue, FromDer, X509Name};
use x509_parser::x509::RelativeDistinguishedName;

use crate::model::text::safe;

/// The name of a subject or issuer.
#[derive(Clone)]
pub struct DistinguishedName {
    der: Vec<u8>,
    // Many names are never shown, and most are compared by their bytes only.
    shown: OnceLock<String>,
    common_name: OnceLock<Option<String>>,
    canonical: OnceLock<Vec<String>>,
}

impl DistinguishedName {
    /// A name as the parser has it.
    pub(super) fn of(name: &X509Name<'_>) -> Self {
        Self::read(name.as_raw())
    }

    /// Reads a `Name` structure; what cannot be read is shown as such.
    pub fn read(der: &[u8]) -> Self {
        Self { der: der.to_vec(), shown: OnceLock::new(), common_name: OnceLock::new(), canonical: OnceLock::new() }
    }

    /// The encoded name.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The most specific common name, safe to show.
    pub fn common_name(&self) -> Option<&str> {
        let read = || common_name(&self.parsed()?).map(|name| safe(&name, 255));
        self.common_name.get_or_init(read).as_deref()
    }

    /// Whether it has no attribute.
    pub fn is_empty(&self) -> bool {
        self.relative_names().is_empty()
    }

    /// The value of the first attribute with this prefix as it is shown, such as `O=`.
    pub fn attribute(&self, prefix: &str) -> Option<&str> {
        self.shown().split(", ").find_map(|part| part.strip_prefix(prefix))
    }

    /// Whether it is `other` or lies below it (`sun.security.x509.X500Name.isWithinSubtree`).
    pub(super) fn is_within(&self, other: &Self) -> bool {
        self.relative_names().starts_with(other.relative_names())
    }

    /// The e-mail addresses among its attributes (PKCS #9 `emailAddress`).
    pub(super) fn email_addresses(&self) -> Vec<String> {
        let Some(name) = self.parsed() else { return Vec::new() };
        name.iter_email().filter_map(text).collect()
    }

    /// Each relative name in the form that counts for comparing, which also names it in maps.
    pub(super) fn relative_names(&self) -> &[String] {
        self.canonical.get_or_init(|| match self.parsed() {
            Some(name) => name.iter().map(canonical).collect(),
            None => vec![hex::encode(&self.der)],
        })
    }

    fn shown(&self) -> &str {
        self.shown.get_or_init(|| match self.parsed() {
            Some(name) => safe(&name.to_string(), 300),
            None => "(unreadable name)".to_owned(),
        })
    }

    fn parsed(&self) -> Option<X509Name<'_>> {
        X509Name::from_der(&self.der).ok().map(|(_, name)| name)
    }
}

impl PartialEq for DistinguishedName {
    fn eq(&self, other: &Self) -> bool {
        self.der == other.der || self.relative_names() == other.relative_names()
    }
}

impl Eq for DistinguishedName {}

impl fmt::Display for DistinguishedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.shown())
    }
}

impl fmt::Debug for DistinguishedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.shown())
    }
}

/// The one that counts: the first in the last relative name that has one
/// (`sun.security.x509.X500Name.findMostSpecificAttribute`).
fn common_name(name: &X509Name<'_>) -> Option<String> {
    let names: Vec<_> = name.iter().collect();
    let is_common = |attribute: &&AttributeTypeAndValue<'_>| *attribute.attr_type() == OID_X509_COMMON_NAME;
    names.iter().rev().find_map(|name| name.iter().find(is_common)).and_then(text)
}

/// An attribute's text, whichever string type it has.
fn text(attribute: &AttributeTypeAndValue<'_>) -> Option<String> {
    let bytes = attribute.as_slice();
    match attribute.attr_value().tag() {
        Tag::BmpString => {
            let units = bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
            char::decode_utf16(units).collect::<Result<_, _>>().ok()
        }
        Tag::UniversalString => bytes
            .chunks_exact(4)
            .map(|four| char::from_u32(u32::from_be_bytes([four[0], four[1], four[2], four[3]])))
            .collect(),
        Tag::TeletexString => Some(bytes.iter().map(|byte| char::from(*byte)).collect()),
        _ => std::str::from_utf8(bytes).ok().map(str::to_owned),
    }
}

fn canonical(name: &RelativeDistinguishedName<'_>) -> String {
    let mut attributes: Vec<String> = name.iter().map(canonical_attribute).collect();
    attributes.sort_unstable();
    match attributes.pop() {
        Some(one) if attributes.is_empty() => one,
        Some(last) => attributes.join("+") + "+" + &last,
        None => String::new(),
    }
}

/// CN, C, L, ST, O, OU, STREET, DC, UID.
const NAMED: [&[u8]; 9] = [
    &oid!(raw 2.5.4.3),
    &oid!(raw 2.5.4.6),
    &oid!(raw 2.5.4.7),
    &oid!(raw 2.5.4.8),
    &oid!(raw 2.5.4.10),
    &oid!(raw 2.5.4.11),
    &oid!(raw 2.5.4.9),
    &oid!(raw 0.9.2342.19200300.100.1.25),
    &oid!(raw 0.9.2342.19200300.100.1.1),
];

/// `sun.security.x509.AVA.toRFC2253CanonicalString`: the attributes of RFC 2253 as Printable or UTF-8
/// strings are compared without regard to case, repeated spaces and composition, everything else by its
/// bytes.
fn canonical_attribute(attribute: &AttributeTypeAndValue<'_>) -> String {
    let oid = attribute.attr_type().as_bytes();
    let value = attribute.attr_value();
    let is_text = matches!(value.tag(), Tag::PrintableString | Tag::Utf8String);
    let mut out = hex::encode(oid);
    match std::str::from_utf8(value.data) {
        Ok(text) if is_text && NAMED.contains(&oid) => {
            out.push('=');
            out.push_str(&folded(text));
            // A separator of relative names must not be forged by a value.
            if out.contains(['\\', '+']) { out.replace('\\', "\\\\").replace('+', "\\+") } else { out }
        }
        _ => format!("{out}=#{:02x}{}", value.tag().0, hex::encode(value.data)),
    }
}

/// One space for many, none at the ends, upper case and then lower, and NFKD.
fn folded(text: &str) -> String {
    let mut single = String::with_capacity(text.len());
    for c in text.chars() {
        if c != ' ' || !single.ends_with(' ') {
            single.push(c);
        }
    }
    let trimmed = single.trim_matches(|c| c <= ' ');
    if trimmed.is_ascii() {
        return trimmed.to_ascii_lowercase();
    }
    let cased = trimmed.to_uppercase().to_lowercase();
    DecomposingNormalizerBorrowed::new_nfkd().normalize(&cased).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `CN=text`, with the string type of this tag.
    fn cn(tag: u8, text: &[u8]) -> DistinguishedName {
        let tlv = |tag: u8, content: &[u8]| [&[tag, content.len() as u8], content].concat();
        let attribute = tlv(0x30, &[&[6, 3, 0x55, 4, 3][..], &tlv(tag, text)].concat());
        DistinguishedName::read(&tlv(0x30, &tlv(0x31, &attribute)))
    }

    #[test]
    fn case_spaces_and_the_common_string_types_do_not_tell_names_apart() {
        assert_eq!(cn(0x13, b"Lab CA"), cn(0x0c, b" lab  ca"));
        assert_ne!(cn(0x13, b"Lab CA"), cn(0x13, b"Lab CB"));
        assert_eq!(cn(0x0c, "B\u{fc}cher CA".as_bytes()), cn(0x0c, "BU\u{308}cher CA".as_bytes()));
        assert_ne!(cn(0x13, b"Lab CA"), cn(0x14, b"Lab CA"), "a TeletexString is compared by its bytes");
    }

    #[test]
    fn a_name_that_cannot_be_read_is_still_only_equal_to_itself() {
        let broken = DistinguishedName::read(&[0x30, 5, 1]);
        assert_eq!(broken, DistinguishedName::read(&[0x30, 5, 1]));
        assert_ne!(broken, DistinguishedName::read(&[0x30, 0]));
        assert!(DistinguishedName::read(&[0x30, 0]).is_empty());
    }
}
