//! Certificate authorities and the identities they issue, all ECDSA P-256.
//! Nothing is written to disk here; what needs a file takes the PEM text.

use std::fmt;
use std::net::IpAddr;
use std::time::{Duration, SystemTime};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose, SanType,
};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

use crate::LabError;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A certificate authority: a root, or an intermediate below one.
pub struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    /// The intermediates a leaf must send along, own certificate first; empty for a root.
    intermediates: Vec<CertificateDer<'static>>,
}

impl fmt::Debug for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authority").field("intermediates", &self.intermediates.len()).finish_non_exhaustive()
    }
}

/// What a leaf certificate says.
#[derive(Clone, Debug)]
pub struct LeafOptions {
    /// DNS names of the subject alternative name extension.
    pub dns: Vec<String>,
    /// IP addresses of the subject alternative name extension.
    pub ips: Vec<IpAddr>,
    /// Common name of the subject.
    pub common_name: String,
    /// Start of validity.
    pub not_before: SystemTime,
    /// End of validity.
    pub not_after: SystemTime,
}

impl Default for LeafOptions {
    /// No names, `CN=node`, valid from yesterday for a year.
    fn default() -> Self {
        let now = SystemTime::now();
        Self {
            dns: Vec::new(),
            ips: Vec::new(),
            common_name: "node".to_owned(),
            not_before: now - DAY,
            not_after: now + 365 * DAY,
        }
    }
}

impl LeafOptions {
    /// A leaf for these DNS names, the first of which is also the common name.
    pub fn dns(names: &[&str]) -> Self {
        Self {
            dns: names.iter().map(|&name| name.to_owned()).collect(),
            common_name: names.first().copied().unwrap_or("node").to_owned(),
            ..Self::default()
        }
    }

    /// The same leaf, expired yesterday.
    pub fn expired(self) -> Self {
        let now = SystemTime::now();
        Self { not_before: now - 400 * DAY, not_after: now - DAY, ..self }
    }
}

impl Authority {
    /// A new self-signed root named `common_name`, valid for ten years.
    pub fn new(common_name: &str) -> Result<Self, LabError> {
        let (params, key) = authority_parts(common_name)?;
        let issuer = CertifiedIssuer::self_signed(params, key).map_err(certificate(common_name))?;
        Ok(Self { issuer, intermediates: Vec::new() })
    }

    /// An intermediate named `common_name` below this authority.
    pub fn intermediate(&self, common_name: &str) -> Result<Self, LabError> {
        let (params, key) = authority_parts(common_name)?;
        let issuer = CertifiedIssuer::signed_by(params, key, &self.issuer).map_err(certificate(common_name))?;
        let mut intermediates = vec![issuer.der().clone()];
        intermediates.extend(self.intermediates.iter().cloned());
        Ok(Self { issuer, intermediates })
    }

    /// Issues a leaf usable as server and as client.
    pub fn issue(&self, options: &LeafOptions) -> Result<Identity, LabError> {
        let wrap = certificate(&options.common_name);
        let build = || {
            let key = KeyPair::generate()?;
            let mut params = CertificateParams::new(options.dns.clone())?;
            params.subject_alt_names.extend(options.ips.iter().map(|&ip| SanType::IpAddress(ip)));
            params.distinguished_name = rcgen::DistinguishedName::new();
            params.distinguished_name.push(DnType::CommonName, options.common_name.as_str());
            params.not_before = options.not_before.into();
            params.not_after = options.not_after.into();
            params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
            params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth];
            params.use_authority_key_identifier_extension = true;
            let leaf = params.signed_by(&key, &self.issuer)?;
            let mut chain = vec![leaf.der().clone()];
            chain.extend(self.intermediates.iter().cloned());
            Ok(Identity { chain, key_der: key.serialize_der(), key_pem: key.serialize_pem() })
        };
        build().map_err(wrap)
    }

    /// This authority's own certificate.
    pub fn certificate(&self) -> CertificateDer<'static> {
        self.issuer.der().clone()
    }

    /// This authority's own certificate as PEM.
    pub fn ca_pem(&self) -> String {
        self.issuer.pem()
    }
}

/// A leaf certificate with its chain and its private key.
#[derive(Clone)]
pub struct Identity {
    chain: Vec<CertificateDer<'static>>,
    key_der: Vec<u8>,
    key_pem: String,
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity").field("chain", &self.chain.len()).finish_non_exhaustive()
    }
}

impl Identity {
    /// The chain as sent: leaf first, without the root.
    pub fn chain(&self) -> &[CertificateDer<'static>] {
        &self.chain
    }

    /// The private key in PKCS #8.
    pub fn key(&self) -> PrivateKeyDer<'static> {
        PrivatePkcs8KeyDer::from(self.key_der.clone()).into()
    }

    /// The chain as PEM, leaf first.
    pub fn certificate_pem(&self) -> String {
        self.chain.iter().map(|der| pem("CERTIFICATE", der)).collect()
    }

    /// The private key as PEM.
    pub fn key_pem(&self) -> &str {
        &self.key_pem
    }

    /// The same identity that forgets to send its intermediates.
    pub fn without_intermediates(mut self) -> Self {
        self.chain.truncate(1);
        self
    }
}

fn authority_parts(common_name: &str) -> Result<(CertificateParams, KeyPair), LabError> {
    let key = KeyPair::generate().map_err(certificate(common_name))?;
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, common_name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let now = SystemTime::now();
    // Older than an expired leaf, so that only the leaf is out of date.
    params.not_before = (now - 500 * DAY).into();
    params.not_after = (now + 3650 * DAY).into();
    params.use_authority_key_identifier_extension = true;
    Ok((params, key))
}

fn certificate(subject: &str) -> impl Fn(rcgen::Error) -> LabError {
    let subject = subject.to_owned();
    move |source| LabError::Certificate { subject: subject.clone(), source }
}

fn pem(label: &str, der: &[u8]) -> String {
    use base64::Engine as _;
    let text = base64::engine::general_purpose::STANDARD.encode(der);
    let mut out = format!("-----BEGIN {label}-----\n");
    for line in text.as_bytes().chunks(64) {
        out.extend(line.iter().map(|&byte| char::from(byte)));
        out.push('\n');
    }
    out.push_str(&format!("-----END {label}-----\n"));
    out
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;
    use rustls_pki_types::pem::PemObject;

    #[test]
    fn a_leaf_below_an_intermediate_sends_it_unless_told_not_to() {
        let root = Authority::new("Lab CA").unwrap();
        let below = root.intermediate("Lab Intermediate").unwrap();
        let leaf = below.issue(&LeafOptions::dns(&["eu.lab.example"])).unwrap();
        let from_pem: Vec<_> =
            CertificateDer::pem_slice_iter(leaf.certificate_pem().as_bytes()).map(Result::unwrap).collect();
        assert_eq!(from_pem, leaf.chain());
        assert_eq!(leaf.chain()[1], below.certificate());
        assert!(PrivateKeyDer::from_pem_slice(leaf.key_pem().as_bytes()).is_ok());
        assert_eq!(leaf.without_intermediates().chain().len(), 1);
        assert!(root.ca_pem().starts_with("-----BEGIN CERTIFICATE-----"));
    }
}
