//! The facts that a certificate's extensions have.

use x509_parser::extensions::{ParsedExtension, X509Extension};
use x509_parser::oid_registry::{
    OID_PKIX_ACCESS_DESCRIPTOR_CA_ISSUERS, OID_X509_EXT_CERT_TYPE, OID_X509_EXT_EXTENDED_KEY_USAGE,
    OID_X509_EXT_NAME_CONSTRAINTS, OID_X509_EXT_SUBJECT_ALT_NAME, OID_X509_EXT_SUBJECT_KEY_IDENTIFIER,
};
use x509_parser::prelude::FromDer;

use super::certificate::BasicConstraints;
use super::constraints::NameConstraints;
use super::usage::purpose_name;
use super::{Certificate, GeneralName, KeyUsage, readable};
use crate::model::text::safe;

/// How many extensions that nothing processes are named at most.
const UNKNOWN: usize = 16;

impl Certificate {
    /// Takes what `extension` says.
    pub(super) fn take(&mut self, extension: &X509Extension<'_>) {
        let mut processed = true;
        self.has_subject_key_id |= extension.oid == OID_X509_EXT_SUBJECT_KEY_IDENTIFIER;
        match extension.parsed_extension() {
            ParsedExtension::SubjectAlternativeName(names) => {
                self.alternative_names = Some(names.general_names.iter().map(GeneralName::of).collect());
                self.names_malformed = !readable::are_names(&names.general_names);
            }
            ParsedExtension::BasicConstraints(constraints) => {
                let path_length = constraints.path_len_constraint.filter(|_| constraints.ca);
                self.basic_constraints = Some(BasicConstraints { authority: constraints.ca, path_length });
            }
            ParsedExtension::KeyUsage(usage) => self.key_usage = Some(KeyUsage(usage.flags)),
            ParsedExtension::ExtendedKeyUsage(_) => self.extended_key_usage = Some(purposes(extension.value)),
            ParsedExtension::SubjectKeyIdentifier(id) => {
                self.subject_key_id = Some(id.0.to_vec());
                processed = false;
            }
            ParsedExtension::AuthorityKeyIdentifier(id) => {
                self.authority_key_id = id.key_identifier.as_ref().map(|id| id.0.to_vec());
                self.authority_serial = id.authority_cert_serial.map(<[u8]>::to_vec);
                processed = false;
            }
            _ if extension.oid == OID_X509_EXT_CERT_TYPE => {
                self.netscape_usage = Some(first_bits(extension.value));
                processed = false;
            }
            ParsedExtension::AuthorityInfoAccess(access) => {
                let issuers =
                    access.iter().filter(|entry| entry.access_method == OID_PKIX_ACCESS_DESCRIPTOR_CA_ISSUERS);
                self.issuer_url = issuers
                    .filter_map(|entry| match entry.access_location {
                        x509_parser::extensions::GeneralName::URI(uri) => Some(safe(uri, 300)),
                        _ => None,
                    })
                    .next();
                processed = false;
            }
            ParsedExtension::SCT(_) => {
                self.is_logged = true;
                processed = false;
            }
            policy if self.policies.take(policy) => {}
            _ if extension.oid == OID_X509_EXT_NAME_CONSTRAINTS => {
                self.name_constraints = NameConstraints::read(extension.value);
            }
            ParsedExtension::ParseError { .. } if extension.oid == OID_X509_EXT_EXTENDED_KEY_USAGE => {
                self.usages_malformed = true;
            }
            ParsedExtension::ParseError { .. } if extension.oid == OID_X509_EXT_SUBJECT_ALT_NAME => {
                self.names_malformed = true;
            }
            // One that is understood elsewhere may still be malformed here.
            _ => processed = PROCESSED.contains(&extension.oid.to_id_string().as_str()),
        }
        if extension.critical && !processed && self.unknown_critical.len() < UNKNOWN {
            self.unknown_critical.push(safe(&extension.oid.to_id_string(), 80));
        }
    }
}

/// The extensions that `sun.security.provider.certpath` takes off the list of critical ones:
/// `KeyChecker`, `ConstraintsChecker` and `PolicyChecker`.
const PROCESSED: [&str; 9] = [
    "2.5.29.15",
    "2.5.29.17",
    "2.5.29.19",
    "2.5.29.30",
    "2.5.29.32",
    "2.5.29.33",
    "2.5.29.36",
    "2.5.29.37",
    "2.5.29.54",
];

/// The first eight bits of a bit string.
fn first_bits(value: &[u8]) -> u8 {
    match value {
        [3, _, _, bits, ..] => *bits,
        _ => 0,
    }
}

fn purposes(value: &[u8]) -> Vec<String> {
    use x509_parser::asn1_rs::{Oid, Sequence};
    // The parser sorts the usages into flags; the list itself is what a reader wants.
    let Ok((_, sequence)) = Sequence::from_der(value) else { return Vec::new() };
    let mut rest: &[u8] = &sequence.content;
    let mut purposes = Vec::new();
    while let Ok((left, oid)) = Oid::from_der(rest) {
        purposes.push(purpose_name(&oid.to_id_string()));
        rest = left;
    }
    purposes
}
