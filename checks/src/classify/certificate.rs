//! The facts of one certificate that judging needs, read once from its DER.

use std::net::IpAddr;

use aws_lc_rs::digest;
use jiff::Timestamp;
use x509_parser::extensions::{GeneralName, ParsedExtension};
use x509_parser::prelude::{FromDer, X509Certificate, X509Name};

use crate::model::evidence::Der;
use crate::model::text::safe;

/// What a certificate says.
#[derive(Clone, Debug, PartialEq)]
pub struct Certificate {
    /// The subject's distinguished name, safe to show.
    pub subject: String,
    /// The issuer's distinguished name, safe to show.
    pub issuer: String,
    /// The subject's last common name.
    pub common_name: Option<String>,
    /// DNS names of the subject alternative name extension.
    pub dns_names: Vec<String>,
    /// IP addresses of the same extension.
    pub addresses: Vec<IpAddr>,
    /// First instant of validity.
    pub not_before: Timestamp,
    /// Last instant of validity.
    pub not_after: Timestamp,
    /// Basic constraints say it is an authority.
    pub is_authority: bool,
    /// Subject and issuer are the same name.
    pub is_self_issued: bool,
    /// SHA-256 of the DER, hexadecimal.
    pub fingerprint: String,
    issuer_raw: Vec<u8>,
    subject_raw: Vec<u8>,
}

impl Certificate {
    /// Reads `der`; `None` when it is not a certificate.
    pub fn read(der: &Der) -> Option<Self> {
        let (_, parsed) = X509Certificate::from_der(&der.0).ok()?;
        let mut dns_names = Vec::new();
        let mut addresses = Vec::new();
        let mut is_authority = false;
        for extension in parsed.extensions() {
            match extension.parsed_extension() {
                ParsedExtension::SubjectAlternativeName(names) => {
                    for name in &names.general_names {
                        match name {
                            GeneralName::DNSName(name) => dns_names.push(safe(name, 255)),
                            GeneralName::IPAddress(bytes) => addresses.extend(address(bytes)),
                            _ => {}
                        }
                    }
                }
                ParsedExtension::BasicConstraints(constraints) => is_authority = constraints.ca,
                _ => {}
            }
        }
        Some(Self {
            subject: shown(parsed.subject()),
            issuer: shown(parsed.issuer()),
            common_name: parsed
                .subject()
                .iter_common_name()
                .last()
                .and_then(|name| name.as_str().ok())
                .map(|name| safe(name, 255)),
            dns_names,
            addresses,
            not_before: instant(parsed.validity().not_before.timestamp()),
            not_after: instant(parsed.validity().not_after.timestamp()),
            is_authority,
            is_self_issued: parsed.subject().as_raw() == parsed.issuer().as_raw(),
            fingerprint: fingerprint(der),
            issuer_raw: parsed.issuer().as_raw().to_vec(),
            subject_raw: parsed.subject().as_raw().to_vec(),
        })
    }

    /// Whether `other` bears the name this certificate was issued by.
    pub fn names_as_issuer(&self, other: &Self) -> bool {
        self.issuer_raw == other.subject_raw
    }

    /// Whether `name`, a distinguished name in DER, is its issuer.
    pub fn is_issued_by(&self, name: &Der) -> bool {
        self.issuer_raw == name.0
    }

    /// The names it is for, as a reader wants them: alternative names, else the common name.
    pub fn names(&self) -> Vec<String> {
        let mut names = self.dns_names.clone();
        names.extend(self.addresses.iter().map(ToString::to_string));
        if names.is_empty() {
            names.extend(self.common_name.clone());
        }
        names
    }

    /// A short name to tell it from others: the common name, else the first name, else the subject.
    pub fn label(&self) -> String {
        let cn = self.common_name.as_ref().map(|cn| format!("CN={cn}"));
        cn.or_else(|| self.dns_names.first().cloned()).unwrap_or_else(|| self.subject.clone())
    }
}

/// SHA-256 of a DER structure, hexadecimal.
pub fn fingerprint(der: &Der) -> String {
    hex::encode(digest::digest(&digest::SHA256, &der.0))
}

/// A distinguished name in DER, safe to show.
pub fn distinguished_name(der: &Der) -> String {
    X509Name::from_der(&der.0).map_or_else(|_| "(unreadable name)".to_owned(), |(_, name)| shown(&name))
}

fn shown(name: &X509Name<'_>) -> String {
    safe(&name.to_string(), 300)
}

fn instant(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap_or(if seconds < 0 { Timestamp::MIN } else { Timestamp::MAX })
}

fn address(bytes: &[u8]) -> Option<IpAddr> {
    match bytes.len() {
        4 => <[u8; 4]>::try_from(bytes).ok().map(IpAddr::from),
        16 => <[u8; 16]>::try_from(bytes).ok().map(IpAddr::from),
        _ => None,
    }
}
