//! What a certificate or key file holds, certificates kept even when something else is in it.
//!
//! Elasticsearch reads PEM here (`PemUtils`, `SslConfigurationKeys`); the other things people put
//! in its place are told apart by their first bytes.

use std::sync::Arc;

use farlink_checks::model::evidence::Der;
use farlink_checks::model::link::{ClientCertificate, FileFault, Source, Trust};
use farlink_checks::x509::Certificate;
use rustls::crypto::aws_lc_rs::default_provider;
use rustls::sign::CertifiedKey;
use rustls::{Error, InconsistentKeys};
use rustls_pki_types::pem::{PemObject, SectionKind};
use rustls_pki_types::{CertificateDer, PrivateKeyDer};

/// The authorities in `bytes`, which the file shown as `file` holds.
pub fn authorities(bytes: &[u8], file: &str) -> Trust {
    let content = Content::of(bytes);
    Trust::Authorities {
        certificates: content.certificates,
        file: file.to_owned(),
        faults: content.faults,
        source: Source::Given,
    }
}

/// The PEM certificates in `bytes`, and what else is in it.
pub(super) fn certificates(bytes: &[u8]) -> (Vec<Der>, Vec<FileFault>) {
    let content = Content::of(bytes);
    (content.certificates, content.faults)
}

/// The client certificate in `certificate` with the private key in `key`, and the pair for the TLS
/// library where nothing is wrong with it.
pub fn client(certificate: &[u8], file: &str, key: &[u8]) -> (ClientCertificate, Option<Arc<CertifiedKey>>) {
    // A private key beside the certificate does no harm here.
    let content = Content::of(certificate);
    let fault = content.faults.into_iter().find(|fault| *fault != FileFault::PrivateKey);
    let pair = match fault {
        Some(fault) => Err(fault),
        None => pair(&content.certificates, key),
    };
    let client = |fault| ClientCertificate { chain: content.certificates, file: file.to_owned(), fault };
    match pair {
        Ok(pair) => (client(None), Some(Arc::new(pair))),
        Err(fault) => (client(Some(fault)), None),
    }
}

fn pair(chain: &[Der], key: &[u8]) -> Result<CertifiedKey, FileFault> {
    if chain.is_empty() {
        return Err(FileFault::NotACertificate);
    }
    let chain = chain.iter().map(|der| CertificateDer::from(der.0.clone())).collect();
    let key = PrivateKeyDer::from_pem_slice(key).map_err(|_| FileFault::UnusableKey)?;
    let key = default_provider().key_provider.load_private_key(key).map_err(|_| FileFault::UnusableKey)?;
    let pair = CertifiedKey::new(chain, key);
    match pair.keys_match() {
        Ok(()) | Err(Error::InconsistentKeys(InconsistentKeys::Unknown)) => Ok(pair),
        Err(Error::InconsistentKeys(_)) => Err(FileFault::KeyDiffers),
        Err(_) => Err(FileFault::NotACertificate),
    }
}

/// The certificates of a file in its order, and each kind of other thing in it once.
struct Content {
    certificates: Vec<Der>,
    faults: Vec<FileFault>,
}

impl Content {
    fn of(bytes: &[u8]) -> Self {
        let mut content = Self { certificates: Vec::new(), faults: Vec::new() };
        let labels = labels(bytes);
        if labels.is_empty() {
            let fault = not_pem(bytes);
            // The JDK reads one certificate in DER as well as PEM.
            let der = Der(bytes.to_vec());
            if fault == FileFault::Der && Certificate::read(&der).is_some() {
                content.certificates.push(der);
            }
            content.fault(fault);
            return content;
        }
        for section in <(SectionKind, Vec<u8>)>::pem_slice_iter(bytes) {
            match section {
                Ok((SectionKind::Certificate, der)) if is_sequence(&der) => {
                    content.certificates.push(Der(der));
                }
                Ok((SectionKind::PrivateKey | SectionKind::RsaPrivateKey | SectionKind::EcPrivateKey, _)) => {
                    content.fault(FileFault::PrivateKey);
                }
                // Damaged base64 or a missing end: nothing after it can be trusted to be whole.
                Ok(_) | Err(_) => content.fault(FileFault::NotACertificate),
            }
        }
        // Labels the PEM reader passes over in silence.
        for label in labels {
            match label {
                "CERTIFICATE" => {}
                label if label.ends_with("PRIVATE KEY") => content.fault(FileFault::PrivateKey),
                _ => content.fault(FileFault::NotACertificate),
            }
        }
        content
    }

    fn fault(&mut self, fault: FileFault) {
        if !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
    }
}

fn labels(bytes: &[u8]) -> Vec<&str> {
    bytes
        .split(|b| matches!(b, b'\n' | b'\r'))
        .filter_map(|line| {
            let label = line.trim_ascii().strip_prefix(b"-----BEGIN ")?.strip_suffix(b"-----")?;
            std::str::from_utf8(label).ok()
        })
        .collect()
}

/// Whether `bytes` begin as a JKS or JCEKS store does (`sun.security.provider.JavaKeyStore`).
pub(super) fn is_java_key_store(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0xfe, 0xed, 0xfe, 0xed]) || bytes.starts_with(&[0xce, 0xce, 0xce, 0xce])
}

/// What a file without any PEM block is.
fn not_pem(bytes: &[u8]) -> FileFault {
    if is_java_key_store(bytes) {
        return FileFault::KeyStore;
    }
    if is_sequence(bytes) {
        // A PKCS#12 store begins with its version, INTEGER 3 (RFC 7292 section 4).
        return match der_body(bytes) {
            Some([2, 1, 3, ..]) => FileFault::KeyStore,
            _ => FileFault::Der,
        };
    }
    let start = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    let is = |tag: &[u8]| start.get(..tag.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(tag));
    match start {
        [] => FileFault::Empty,
        _ if is(b"<!doctype html") || is(b"<html") || is(b"<head") => FileFault::WebPage,
        _ => FileFault::NoPem,
    }
}

/// Whether `bytes` are one DER SEQUENCE and nothing else.
fn is_sequence(bytes: &[u8]) -> bool {
    // A store may have its length left open (BER); its end is not looked for.
    bytes.starts_with(&[0x30, 0x80]) || der_body(bytes).is_some()
}

/// The content of the SEQUENCE that `bytes` are, at most 16 MiB (X.690 section 8.1).
fn der_body(bytes: &[u8]) -> Option<&[u8]> {
    match bytes {
        [0x30, 0x80, body @ ..] => Some(body),
        [0x30, short @ ..0x80, body @ ..] => (usize::from(*short) == body.len()).then_some(body),
        [0x30, long @ 0x81..=0x83, rest @ ..] => {
            let (length, body) = rest.split_at_checked(usize::from(long & 0x7f))?;
            let length = length.iter().fold(0_usize, |sum, b| sum << 8 | usize::from(*b));
            (length == body.len()).then_some(body)
        }
        _ => None,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use rcgen::{CertificateParams, KeyPair, generate_simple_self_signed};

    use super::*;

    fn faults(bytes: &[u8]) -> (usize, Vec<FileFault>) {
        match authorities(bytes, "ca.pem") {
            Trust::Authorities { certificates, faults, .. } => (certificates.len(), faults),
            other => unreachable!("{other:?}"),
        }
    }

    #[test]
    fn each_thing_that_is_no_authority_file_has_its_own_fault() {
        let made = generate_simple_self_signed(["es.example".to_owned()]).unwrap();
        let (pem, key) = (made.cert.pem(), made.signing_key.serialize_pem());
        let der = made.cert.der().to_vec();
        let cases: Vec<(&str, Vec<u8>, usize, Vec<FileFault>)> = vec![
            ("one certificate", pem.clone().into(), 1, vec![]),
            ("two, with Windows line ends", format!("{pem}\n{pem}").replace('\n', "\r\n").into(), 2, vec![]),
            ("text around it", format!("subject: CN=x\n{pem}\nend").into(), 1, vec![]),
            ("nothing", b" \n".to_vec(), 0, vec![FileFault::Empty]),
            ("a key", key.clone().into(), 0, vec![FileFault::PrivateKey]),
            ("a certificate and a key", format!("{pem}{key}").into(), 1, vec![FileFault::PrivateKey]),
            (
                "an encrypted key",
                b"-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIB\n-----END ENCRYPTED PRIVATE KEY-----\n".to_vec(),
                0,
                vec![FileFault::PrivateKey],
            ),
            ("PKCS#12", vec![0x30, 0x06, 2, 1, 3, 0x30, 1, 0], 0, vec![FileFault::KeyStore]),
            ("PKCS#12 in BER", vec![0x30, 0x80, 2, 1, 3, 0x30, 0x80], 0, vec![FileFault::KeyStore]),
            ("JKS", vec![0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2], 0, vec![FileFault::KeyStore]),
            ("DER", der, 1, vec![FileFault::Der]),
            ("DER of something else", vec![0x30, 3, 2, 1, 0], 0, vec![FileFault::Der]),
            ("a web page", b"\n<!DOCTYPE HTML><html>".to_vec(), 0, vec![FileFault::WebPage]),
            ("words", b"hello".to_vec(), 0, vec![FileFault::NoPem]),
            (
                "a public key",
                b"-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----\n".to_vec(),
                0,
                vec![FileFault::NotACertificate],
            ),
            (
                "damaged base64",
                b"-----BEGIN CERTIFICATE-----\n****\n-----END CERTIFICATE-----\n".to_vec(),
                0,
                vec![FileFault::NotACertificate],
            ),
            ("cut off", pem.as_bytes()[..200].to_vec(), 0, vec![FileFault::NotACertificate]),
            (
                "not a sequence",
                b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".to_vec(),
                0,
                vec![FileFault::NotACertificate],
            ),
        ];
        for (name, bytes, certificates, expected) in cases {
            assert_eq!(faults(&bytes), (certificates, expected), "{name}");
        }
    }

    #[test]
    fn a_client_certificate_is_usable_only_with_its_own_key() {
        let made = generate_simple_self_signed(["agent".to_owned()]).unwrap();
        let (pem, key) = (made.cert.pem(), made.signing_key.serialize_pem());
        let other = KeyPair::generate().unwrap();
        let authority = CertificateParams::default().self_signed(&other).unwrap().pem();
        let encrypted = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIB\n-----END ENCRYPTED PRIVATE KEY-----\n";
        let cases: Vec<(&str, String, String, usize, Option<FileFault>)> = vec![
            ("a pair", pem.clone(), key.clone(), 1, None),
            ("a chain", format!("{pem}{authority}"), key.clone(), 2, None),
            ("one file for both", format!("{pem}{key}"), format!("{pem}{key}"), 1, None),
            ("another key", pem.clone(), other.serialize_pem(), 1, Some(FileFault::KeyDiffers)),
            ("no key", pem.clone(), String::new(), 1, Some(FileFault::UnusableKey)),
            ("a certificate as key", pem.clone(), pem.clone(), 1, Some(FileFault::UnusableKey)),
            ("an encrypted key", pem.clone(), encrypted.into(), 1, Some(FileFault::UnusableKey)),
            ("a key as certificate", key.clone(), key.clone(), 0, Some(FileFault::NotACertificate)),
            ("nothing", String::new(), key.clone(), 0, Some(FileFault::Empty)),
        ];
        for (name, certificate, key, length, fault) in cases {
            let (client, pair) = client(certificate.as_bytes(), "client.pem", key.as_bytes());
            assert_eq!((client.chain.len(), client.fault), (length, fault), "{name}");
            assert_eq!(pair.is_some(), fault.is_none(), "{name}");
        }
    }
}
