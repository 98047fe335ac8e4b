//! Whether one certificate's key signed another certificate.

use aws_lc_rs::digest;
use aws_lc_rs::signature::{self as algorithms, UnparsedPublicKey, VerificationAlgorithm};

use super::algorithm::Pss;
use super::{Certificate, Digest, Key, KeyAlgorithm, SignatureAlgorithm, numbers};

/// What checking a signature found.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Signature {
    /// The key signed it.
    Valid,
    /// Another key did, or it was changed afterwards.
    Invalid,
    /// Nothing here can check this combination of key and algorithm.
    Unsupported,
}

/// Checks whether `key` signed `certificate`.
pub(super) fn check(certificate: &Certificate, key: &Key) -> Signature {
    let (message, signature) = (certificate.signed_bytes(), &certificate.der.0[certificate.signature_value.clone()]);
    let checked = match algorithm(&certificate.signature, key) {
        Some(algorithm) if !numbers::has_large_exponent(key) => {
            Some(UnparsedPublicKey::new(algorithm, &key.bytes).verify(message, signature).is_ok())
        }
        _ => otherwise(&certificate.signature, key, message, signature),
    };
    match checked {
        Some(true) => Signature::Valid,
        None if fits(&certificate.signature, &key.algorithm) => Signature::Unsupported,
        Some(false) | None => Signature::Invalid,
    }
}

/// Checks what the library has no name for; `None` where nothing here can.
fn otherwise(algorithm: &SignatureAlgorithm, key: &Key, message: &[u8], signature: &[u8]) -> Option<bool> {
    match (&key.algorithm, algorithm) {
        (KeyAlgorithm::Rsa, SignatureAlgorithm::Rsa(hash)) => numbers::pkcs1(&key.bytes, *hash, message, signature),
        (KeyAlgorithm::Rsa | KeyAlgorithm::RsaPss, SignatureAlgorithm::RsaPss(Some(pss))) => {
            numbers::pss(&key.bytes, *pss, message, signature)
        }
        (KeyAlgorithm::Dsa, SignatureAlgorithm::Dsa(hash)) => {
            numbers::dsa(&key.parameters, &key.bytes, *hash, message, signature)
        }
        (KeyAlgorithm::Ec(curve), SignatureAlgorithm::Ecdsa(hash)) => {
            let (algorithm, size): (&dyn VerificationAlgorithm, _) = match curve.as_str() {
                "secp256r1" => (&algorithms::ECDSA_P256_SHA256_ASN1, &digest::SHA256),
                "secp384r1" => (&algorithms::ECDSA_P384_SHA384_ASN1, &digest::SHA384),
                _ => return None,
            };
            // A hash that is shorter than the curve's order is a number like any other (SEC 1 section 4.1.4).
            let hashed = digest::digest(hash.algorithm()?, message);
            let zeros = size.output_len().checked_sub(hashed.as_ref().len())?;
            let number = [&vec![0; zeros], hashed.as_ref()].concat();
            let number = digest::Digest::import_less_safe(&number, size).ok()?;
            Some(UnparsedPublicKey::new(algorithm, &key.bytes).verify_digest(&number, signature).is_ok())
        }
        _ => None,
    }
}

/// About how many microseconds [`check`] takes.
pub(super) fn cost(certificate: &Certificate, key: &Key) -> u32 {
    let kilobits = key.bits.div_ceil(1024);
    let by_arithmetic = match &key.algorithm {
        KeyAlgorithm::Dsa => Some(250 * kilobits * kilobits),
        _ if numbers::has_large_exponent(key) => Some(80 * kilobits * kilobits),
        KeyAlgorithm::Rsa | KeyAlgorithm::RsaPss => Some(20 * kilobits * kilobits),
        KeyAlgorithm::Ec(_) => Some(200),
        _ => None,
    };
    let by_arithmetic =
        by_arithmetic.filter(|_| algorithm(&certificate.signature, key).is_none() || numbers::has_large_exponent(key));
    if let Some(cost) = by_arithmetic {
        return if fits(&certificate.signature, &key.algorithm) { cost } else { 1 };
    }
    let hashing = u32::try_from(certificate.signed.len() / 512).unwrap_or(u32::MAX);
    let checking = match &key.algorithm {
        KeyAlgorithm::Ec(curve) if curve == "secp384r1" => 160,
        KeyAlgorithm::Ec(curve) if curve == "secp521r1" => 260,
        KeyAlgorithm::Rsa | KeyAlgorithm::RsaPss => {
            // The exponents 65537 and 3; others may have twice the bits.
            let usual = key.bytes.ends_with(&[2, 3, 1, 0, 1]) || key.bytes.ends_with(&[2, 1, 3]);
            4 * kilobits * kilobits * if usual { 1 } else { 3 }
        }
        KeyAlgorithm::Ed25519 => 30,
        _ => 45,
    };
    hashing.saturating_add(checking)
}

/// Whether keys of this kind make signatures of this kind.
fn fits(signature: &SignatureAlgorithm, key: &KeyAlgorithm) -> bool {
    match signature {
        SignatureAlgorithm::Rsa(_) => *key == KeyAlgorithm::Rsa,
        SignatureAlgorithm::RsaPss(_) => matches!(key, KeyAlgorithm::Rsa | KeyAlgorithm::RsaPss),
        SignatureAlgorithm::Ecdsa(_) => matches!(key, KeyAlgorithm::Ec(_)),
        SignatureAlgorithm::Dsa(_) => *key == KeyAlgorithm::Dsa,
        SignatureAlgorithm::Ed25519 => *key == KeyAlgorithm::Ed25519,
        SignatureAlgorithm::Ed448 => *key == KeyAlgorithm::Ed448,
        SignatureAlgorithm::Other(_) => true,
    }
}

fn algorithm(signature: &SignatureAlgorithm, key: &Key) -> Option<&'static dyn VerificationAlgorithm> {
    match (&key.algorithm, signature) {
        (KeyAlgorithm::Rsa, SignatureAlgorithm::Rsa(digest)) => rsa(*digest, key.bits),
        (KeyAlgorithm::Rsa | KeyAlgorithm::RsaPss, SignatureAlgorithm::RsaPss(Some(parameters))) => {
            pss(*parameters, key.bits)
        }
        (KeyAlgorithm::Ec(curve), SignatureAlgorithm::Ecdsa(digest)) => ecdsa(curve, *digest),
        (KeyAlgorithm::Ed25519, SignatureAlgorithm::Ed25519) => Some(&algorithms::ED25519),
        _ => None,
    }
}

fn rsa(digest: Digest, bits: u32) -> Option<&'static dyn VerificationAlgorithm> {
    // The library's bounds; below 1024 bits the JDK refuses the key anyway.
    if !(1024..=8192).contains(&bits) {
        return None;
    }
    let large = bits >= 2048;
    match digest {
        Digest::Sha1 => Some(&algorithms::RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY),
        Digest::Sha256 => Some(&algorithms::RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY),
        Digest::Sha384 if large => Some(&algorithms::RSA_PKCS1_2048_8192_SHA384),
        Digest::Sha512 => Some(&algorithms::RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY),
        _ => None,
    }
}

fn pss(parameters: Pss, bits: u32) -> Option<&'static dyn VerificationAlgorithm> {
    let usual = |salt: u32| parameters.digest == parameters.mask && parameters.salt == salt;
    if !(2048..=8192).contains(&bits) {
        return None;
    }
    match parameters.digest {
        Digest::Sha256 if usual(32) => Some(&algorithms::RSA_PSS_2048_8192_SHA256),
        Digest::Sha384 if usual(48) => Some(&algorithms::RSA_PSS_2048_8192_SHA384),
        Digest::Sha512 if usual(64) => Some(&algorithms::RSA_PSS_2048_8192_SHA512),
        _ => None,
    }
}

fn ecdsa(curve: &str, digest: Digest) -> Option<&'static dyn VerificationAlgorithm> {
    match (curve, digest) {
        ("secp256r1", Digest::Sha1) => Some(&algorithms::ECDSA_P256_SHA1_ASN1),
        ("secp256r1", Digest::Sha256) => Some(&algorithms::ECDSA_P256_SHA256_ASN1),
        ("secp256r1", Digest::Sha384) => Some(&algorithms::ECDSA_P256_SHA384_ASN1),
        ("secp256r1", Digest::Sha512) => Some(&algorithms::ECDSA_P256_SHA512_ASN1),
        ("secp384r1", Digest::Sha256) => Some(&algorithms::ECDSA_P384_SHA256_ASN1),
        ("secp384r1", Digest::Sha384) => Some(&algorithms::ECDSA_P384_SHA384_ASN1),
        ("secp384r1", Digest::Sha512) => Some(&algorithms::ECDSA_P384_SHA512_ASN1),
        ("secp521r1", Digest::Sha1) => Some(&algorithms::ECDSA_P521_SHA1_ASN1),
        ("secp521r1", Digest::Sha224) => Some(&algorithms::ECDSA_P521_SHA224_ASN1),
        ("secp521r1", Digest::Sha256) => Some(&algorithms::ECDSA_P521_SHA256_ASN1),
        ("secp521r1", Digest::Sha384) => Some(&algorithms::ECDSA_P521_SHA384_ASN1),
        ("secp521r1", Digest::Sha512) => Some(&algorithms::ECDSA_P521_SHA512_ASN1),
        _ => None,
    }
}
