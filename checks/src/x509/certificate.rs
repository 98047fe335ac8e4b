//! The facts of one certificate, read once from its DER.

use std::fmt;
use std::ops::Range;
use std::sync::OnceLock;

use jiff::Timestamp;
use x509_parser::prelude::{FromDer, X509Certificate};

use super::constraints::NameConstraints;
use super::policies::Policies;
use super::readable::{self, Fault};
use super::{DistinguishedName, GeneralName, Key, KeyUsage, SignatureAlgorithm};
use crate::model::evidence::Der;
use crate::model::text::safe;

/// SHA-256 of a structure; shown as hexadecimal.
#[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Fingerprint(pub(super) [u8; 32]);

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The basic constraints extension (RFC 5280 section 4.2.1.9).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct BasicConstraints {
    /// It may issue certificates.
    pub authority: bool,
    /// How many authorities may stand below it.
    pub path_length: Option<u32>,
}

/// What a certificate says.
#[derive(Clone, Debug)]
pub struct Certificate {
    /// SHA-256 of the whole certificate.
    pub fingerprint: Fingerprint,
    /// 1, 2 or 3.
    pub version: u32,
    /// The serial number, hexadecimal, as it is encoded.
    pub serial: String,
    /// Whom it is for.
    pub subject: DistinguishedName,
    /// Who issued it.
    pub issuer: DistinguishedName,
    /// First instant of validity.
    pub not_before: Timestamp,
    /// Last instant of validity.
    pub not_after: Timestamp,
    /// Its public key.
    pub key: Key,
    /// What it was signed with.
    pub signature: SignatureAlgorithm,
    /// The subject alternative names, where it has the extension.
    pub alternative_names: Option<Vec<GeneralName>>,
    /// Whether it is an authority.
    pub basic_constraints: Option<BasicConstraints>,
    /// What its key may do.
    pub key_usage: Option<KeyUsage>,
    /// What it is for, by the names of RFC 5280.
    pub extended_key_usage: Option<Vec<String>>,
    /// Which names its subordinates may have.
    pub name_constraints: Option<NameConstraints>,
    /// Its key's identifier.
    pub subject_key_id: Option<Vec<u8>>,
    /// Its issuer's key's identifier.
    pub authority_key_id: Option<Vec<u8>>,
    /// Where its issuer's certificate can be had, as it says; never fetched.
    pub issuer_url: Option<String>,
    /// It is in a public log of certificates (RFC 6962), as those of public authorities are.
    pub is_logged: bool,
    /// Critical extensions that the JDK's path validation does not process.
    pub unknown_critical: Vec<String>,
    /// The subject alternative name extension has a form that its type does not have.
    pub names_malformed: bool,
    pub(super) usages_malformed: bool,
    pub(super) authority_serial: Option<Vec<u8>>,
    /// The Netscape certificate type: TLS client is the first bit, TLS server the second.
    pub(super) netscape_usage: Option<u8>,
    pub(super) policies: Policies,
    /// It has the extension with its key's identifier, well formed or not.
    pub(super) has_subject_key_id: bool,
    pub(super) fault: Option<Fault>,
    self_issued: OnceLock<bool>,
    pub(super) der: Der,
    pub(super) signed: Range<usize>,
    pub(super) signature_value: Range<usize>,
}

impl Certificate {
    /// Reads `der`; `None` when it is not a certificate.
    pub fn read(der: &Der) -> Option<Self> {
        Self::read_named(der, Fingerprint::of(&der.0))
    }

    /// The same, when its fingerprint is known.
    pub(super) fn read_named(der: &Der, fingerprint: Fingerprint) -> Option<Self> {
        let (rest, parsed) = X509Certificate::from_der(&der.0).ok()?;
        if !rest.is_empty() {
            return None;
        }
        // The parser gives parts of the input itself.
        let place = |part: &[u8]| {
            let start = (part.as_ptr() as usize).checked_sub(der.0.as_ptr() as usize)?;
            der.0.get(start..start + part.len()).map(|_| start..start + part.len())
        };
        let mut certificate = Self {
            fingerprint,
            version: parsed.version().0 + 1,
            serial: hex::encode(parsed.raw_serial()),
            subject: DistinguishedName::of(parsed.subject()),
            issuer: DistinguishedName::of(parsed.issuer()),
            not_before: instant(parsed.validity().not_before.timestamp()),
            not_after: instant(parsed.validity().not_after.timestamp()),
            key: Key::read(parsed.public_key()),
            signature: SignatureAlgorithm::read(&parsed.signature_algorithm),
            alternative_names: None,
            basic_constraints: None,
            key_usage: None,
            extended_key_usage: None,
            name_constraints: None,
            subject_key_id: None,
            authority_key_id: None,
            issuer_url: None,
            is_logged: false,
            unknown_critical: Vec::new(),
            names_malformed: false,
            usages_malformed: false,
            authority_serial: None,
            netscape_usage: None,
            policies: Policies::default(),
            has_subject_key_id: false,
            fault: None,
            self_issued: OnceLock::new(),
            der: der.clone(),
            signed: place(parsed.tbs_certificate.as_ref())?,
            signature_value: place(parsed.signature_value.as_ref())?,
        };
        for extension in parsed.extensions() {
            certificate.take(extension);
        }
        certificate.fault = readable::judge(&parsed, &certificate.key);
        Some(certificate)
    }

    /// The encoded certificate.
    pub fn der(&self) -> &Der {
        &self.der
    }

    /// Basic constraints say it is an authority.
    pub fn is_authority(&self) -> bool {
        self.basic_constraints.is_some_and(|constraints| constraints.authority)
    }

    /// Subject and issuer are the same name.
    pub fn is_self_issued(&self) -> bool {
        *self.self_issued.get_or_init(|| self.subject == self.issuer)
    }

    /// The host names of the subject alternative name extension.
    pub fn dns_names(&self) -> impl Iterator<Item = &str> {
        self.alternative_names.iter().flatten().filter_map(|name| match name {
            GeneralName::Dns(name) => Some(name.as_str()),
            _ => None,
        })
    }

    /// The addresses of the same extension.
    pub fn addresses(&self) -> impl Iterator<Item = std::net::IpAddr> {
        self.alternative_names.iter().flatten().filter_map(GeneralName::address)
    }

    /// The names it is for, as a reader wants them, safe to show: alternative names, and the common
    /// name where no host name stands among them.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.dns_names().map(|name| safe(name, 255)).collect();
        if names.is_empty() {
            names.extend(self.subject.common_name().map(str::to_owned));
        }
        names.extend(self.addresses().map(|address| address.to_string()));
        names
    }

    /// A short name to tell it from others: the common name, else the first name, else the subject.
    pub fn label(&self) -> String {
        match (self.subject.common_name(), self.dns_names().next()) {
            (Some(name), _) => format!("CN={name}"),
            (None, Some(name)) => safe(name, 255),
            (None, None) => self.subject.to_string(),
        }
    }

    /// The part that its issuer signed.
    pub(super) fn signed_bytes(&self) -> &[u8] {
        &self.der.0[self.signed.clone()]
    }

    /// The serial number's bytes as they are encoded.
    pub(super) fn serial_bytes(&self) -> Vec<u8> {
        hex::decode(&self.serial).unwrap_or_default()
    }
}

fn instant(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap_or(if seconds < 0 { Timestamp::MIN } else { Timestamp::MAX })
}
