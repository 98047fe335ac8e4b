//! A certificate's public key.

use std::fmt;

use aws_lc_rs::digest;
use x509_parser::asn1_rs::Tag;
use x509_parser::prelude::FromDer;
use x509_parser::public_key::RSAPublicKey;
use x509_parser::x509::SubjectPublicKeyInfo;

use super::Fingerprint;
use super::curve::Curve;
use crate::model::text::safe;

/// A public key with what judging needs.
#[derive(Clone, Debug, PartialEq)]
pub struct Key {
    /// Its kind.
    pub algorithm: KeyAlgorithm,
    /// Its size in bits, as the JDK counts them.
    pub bits: u32,
    /// SHA-256 of the `SubjectPublicKeyInfo`.
    pub fingerprint: Fingerprint,
    /// The content of the `subjectPublicKey` bit string.
    pub(super) bytes: Vec<u8>,
    /// The content of the parameters of DSA (RFC 3279 section 2.3.2); empty for other kinds.
    pub(super) parameters: Vec<u8>,
}

/// A kind of public key.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub enum KeyAlgorithm {
    /// RSA.
    Rsa,
    /// RSA that may sign with PSS only.
    RsaPss,
    /// An elliptic curve, by the name that Java gives it, or its object identifier.
    Ec(String),
    /// An elliptic curve whose parameters are spelled out.
    EcExplicit,
    /// Ed25519.
    Ed25519,
    /// Ed448.
    Ed448,
    /// DSA.
    Dsa,
    /// Anything else, by its object identifier.
    Other(String),
}

impl Key {
    /// Reads a `SubjectPublicKeyInfo`.
    pub(super) fn read(info: &SubjectPublicKeyInfo<'_>) -> Self {
        let oid = info.algorithm.algorithm.to_id_string();
        let bytes = info.subject_public_key.data.to_vec();
        let (algorithm, bits) = match oid.as_str() {
            "1.2.840.113549.1.1.1" => (KeyAlgorithm::Rsa, modulus_bits(info)),
            "1.2.840.113549.1.1.10" => (KeyAlgorithm::RsaPss, modulus_bits(info)),
            "1.2.840.10045.2.1" => elliptic(info),
            "1.3.101.112" => (KeyAlgorithm::Ed25519, 255),
            "1.3.101.113" => (KeyAlgorithm::Ed448, 448),
            "1.2.840.10040.4.1" => (KeyAlgorithm::Dsa, dsa_bits(info)),
            _ => (KeyAlgorithm::Other(oid), 0),
        };
        let parameters = match (&algorithm, &info.algorithm.parameters) {
            (KeyAlgorithm::Dsa, Some(parameters)) => parameters.data.to_vec(),
            _ => Vec::new(),
        };
        let fingerprint = Fingerprint::of(info.raw);
        Self { algorithm, bits, fingerprint, bytes, parameters }
    }
}

impl fmt::Display for Key {
    /// `RSA 2048`, `EC secp256r1`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.algorithm {
            KeyAlgorithm::Rsa => write!(f, "RSA {}", self.bits),
            KeyAlgorithm::RsaPss => write!(f, "RSASSA-PSS {}", self.bits),
            KeyAlgorithm::Ec(curve) => write!(f, "EC {}", safe(curve, 80)),
            KeyAlgorithm::EcExplicit => f.write_str("EC with explicit parameters"),
            KeyAlgorithm::Ed25519 => f.write_str("Ed25519"),
            KeyAlgorithm::Ed448 => f.write_str("Ed448"),
            KeyAlgorithm::Dsa => write!(f, "DSA {}", self.bits),
            KeyAlgorithm::Other(oid) => f.write_str(&safe(oid, 80)),
        }
    }
}

impl Fingerprint {
    /// SHA-256 of `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        let mut hash = [0; 32];
        hash.copy_from_slice(digest::digest(&digest::SHA256, bytes).as_ref());
        Self(hash)
    }
}

fn modulus_bits(info: &SubjectPublicKeyInfo<'_>) -> u32 {
    // The same for keys that may sign with PSS only (RFC 4055 section 1.2).
    RSAPublicKey::from_der(&info.subject_public_key.data).map_or(0, |(_, key)| magnitude(key.modulus))
}

fn dsa_bits(info: &SubjectPublicKeyInfo<'_>) -> u32 {
    // Dss-Parms begins with the prime p (RFC 3279 section 2.3.2).
    let content = info.algorithm.parameters.as_ref().map_or(&[][..], |parameters| parameters.data);
    match content {
        [2, 0x82, high, low, rest @ ..] => {
            let length = usize::from(*high) << 8 | usize::from(*low);
            magnitude(&rest[..length.min(rest.len())])
        }
        [2, 0x81, length, rest @ ..] | [2, length, rest @ ..] => {
            magnitude(&rest[..usize::from(*length).min(rest.len())])
        }
        _ => 0,
    }
}

/// The bits of an unsigned big-endian number.
fn magnitude(number: &[u8]) -> u32 {
    let Some(first) = number.iter().position(|byte| *byte != 0) else { return 0 };
    let digits = &number[first..];
    u32::try_from(digits.len() * 8).unwrap_or(u32::MAX) - digits[0].leading_zeros()
}

fn elliptic(info: &SubjectPublicKeyInfo<'_>) -> (KeyAlgorithm, u32) {
    let parameters = info.algorithm.parameters.as_ref();
    let named = parameters.filter(|parameters| parameters.tag() == Tag::Oid);
    match named.and_then(|parameters| parameters.as_oid().ok()).map(|oid| oid.to_id_string()) {
        Some(oid) => match Curve::of(&oid) {
            Some(curve) => (KeyAlgorithm::Ec(curve.name.to_owned()), curve.bits),
            None => (KeyAlgorithm::Ec(oid), 0),
        },
        None => (KeyAlgorithm::EcExplicit, 0),
    }
}
