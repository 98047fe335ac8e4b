//! A certificate chain as reports show it: from the leaf to the authority, with the trouble at its place.

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A chain, and what is said of it.
#[derive(Clone, Debug, JsonSchema, PartialEq, Serialize)]
pub struct Chain {
    /// The addresses that served it, sorted; empty for a file.
    pub addresses: Vec<String>,
    /// What each verifier says.
    pub verification: Verification,
    /// From the leaf upwards, then what was served and is not part of the path.
    pub certificates: Vec<ChainLink>,
}

/// What Elasticsearch's `verification_mode` would do, and what stricter clients would.
#[derive(Clone, Debug, JsonSchema, PartialEq, Serialize)]
pub struct Verification {
    /// `verification_mode: full`, on the newest JDK; null without a name or without known trust.
    pub full: Option<Word>,
    /// `verification_mode: certificate`, on the newest JDK; null without known trust.
    pub certificate: Option<Word>,
    /// A client that keeps to RFC 5280 and RFC 9525; for the name, where there is one.
    pub strict: Option<Word>,
    /// Why a strict client refuses.
    pub strict_reason: Option<String>,
    /// The same two modes by the JDK's version.
    pub by_jdk: BTreeMap<String, ByMode>,
}

/// The two verification modes that look at certificates.
#[derive(Clone, Copy, Debug, JsonSchema, PartialEq, Serialize)]
pub struct ByMode {
    /// Chain and name.
    pub full: Option<Word>,
    /// Chain only.
    pub certificate: Option<Word>,
}

/// Whether a verifier takes a chain.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Word {
    /// It does.
    Accept,
    /// It does not.
    Reject,
}

impl Word {
    /// `Accept` for true.
    pub const fn of(accepts: bool) -> Self {
        if accepts { Self::Accept } else { Self::Reject }
    }

    /// The word used in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Reject => "reject",
        }
    }
}

/// One certificate of a chain.
#[derive(Clone, Debug, JsonSchema, PartialEq, Serialize)]
pub struct ChainLink {
    /// What it is to the path.
    pub role: Role,
    /// Its place among the served certificates, from 1; null for what was not served.
    pub served: Option<usize>,
    /// A short name, such as `CN=proxy`.
    pub label: String,
    /// What is wrong with it, a few words each.
    pub trouble: Vec<String>,
    /// What it says; null where it is missing, cannot be read, or is a public root.
    pub facts: Option<CertificateFacts>,
}

/// What a certificate is to the path.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// The certificate of the server or client itself.
    Leaf,
    /// Between the leaf and the authority.
    Intermediate,
    /// The trusted authority at the end.
    Authority,
    /// Needed, and neither served nor trusted.
    Missing,
    /// Served, and not part of the path.
    Unused,
}

impl Role {
    /// The word used in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Leaf => "leaf",
            Self::Intermediate => "intermediate",
            Self::Authority => "authority",
            Self::Missing => "missing",
            Self::Unused => "not part of the path",
        }
    }
}

/// What a certificate says.
#[derive(Clone, Debug, JsonSchema, PartialEq, Serialize)]
pub struct CertificateFacts {
    /// Whom it is for.
    pub subject: String,
    /// Who issued it.
    pub issuer: String,
    /// The serial number, hexadecimal.
    pub serial: String,
    /// First instant of validity.
    pub not_before: Timestamp,
    /// Last instant of validity.
    pub not_after: Timestamp,
    /// Subject alternative names, each with its kind: `DNS:es.example`, `IP:10.0.0.5`, `URI:…`, `otherName:…`.
    pub names: Vec<String>,
    /// How many more names there are.
    pub more_names: usize,
    /// Its key, such as `RSA 2048` or `EC secp256r1`.
    pub key: String,
    /// What it was signed with.
    pub signature: String,
    /// Whether basicConstraints say that it is an authority; null without the extension.
    pub authority: Option<bool>,
    /// pathLenConstraint.
    pub path_length: Option<u32>,
    /// keyUsage; null without the extension.
    pub key_usage: Option<Vec<String>>,
    /// extendedKeyUsage; null without the extension.
    pub extended_key_usage: Option<Vec<String>>,
    /// Names that nameConstraints permit to certificates below it.
    pub permitted_names: Vec<String>,
    /// Names that nameConstraints exclude.
    pub excluded_names: Vec<String>,
    /// subjectKeyIdentifier, hexadecimal.
    pub subject_key_id: Option<String>,
    /// authorityKeyIdentifier, hexadecimal.
    pub authority_key_id: Option<String>,
    /// Where its issuer's certificate can be had, as it says.
    pub issuer_url: Option<String>,
    /// SHA-256 of the certificate, hexadecimal.
    pub fingerprint: String,
    /// SHA-256 of its public key (SubjectPublicKeyInfo), hexadecimal.
    pub key_fingerprint: String,
}
