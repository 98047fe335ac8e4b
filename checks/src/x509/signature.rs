//! Whether one certificate's key signed another certificate.

use aws_lc_rs::signature::{self as algorithms, UnparsedPublicKey, VerificationAlgorithm};

use super::{Certificate, Digest, Key, KeyAlgorithm, SignatureAlgorithm};

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
    let Some(algorithm) = algorithm(&certificate.signature, key) else {
        return if fits(&certificate.signature, &key.algorithm) { Signature::Unsupported } else { Signature::Invalid };
    };
    let signature = &certificate.der.0[certificate.signature_value.clone()];
    match UnparsedPublicKey::new(algorithm, &key.bytes).verify(certificate.signed_bytes(), signature) {
        Ok(()) => Signature::Valid,
        Err(_) => Signature::Invalid,
    }
}

/// About how many microseconds [`check`] takes.
pub(super) fn cost(certificate: &Certificate, key: &Key) -> u32 {
    if algorithm(&certificate.signature, key).is_none() {
        return 1;
    }
    let hashing = u32::try_from(certificate.signed.len() / 512).unwrap_or(u32::MAX);
    let checking = match &key.algorithm {
        KeyAlgorithm::Ec(curve) if curve == "secp384r1" => 160,
        KeyAlgorithm::Ec(curve) if curve == "secp521r1" => 260,
        KeyAlgorithm::Rsa | KeyAlgorithm::RsaPss => {
            // The exponents 65537 and 3; others may have twice the bits.
            let usual = key.bytes.ends_with(&[2, 3, 1, 0, 1]) || key.bytes.ends_with(&[2, 1, 3]);
            let kilobits = key.bits.div_ceil(1024);
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
        (KeyAlgorithm::Rsa | KeyAlgorithm::RsaPss, SignatureAlgorithm::RsaPss(digest)) => pss((*digest)?, key.bits),
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

fn pss(digest: Digest, bits: u32) -> Option<&'static dyn VerificationAlgorithm> {
    if !(2048..=8192).contains(&bits) {
        return None;
    }
    match digest {
        Digest::Sha256 => Some(&algorithms::RSA_PSS_2048_8192_SHA256),
        Digest::Sha384 => Some(&algorithms::RSA_PSS_2048_8192_SHA384),
        Digest::Sha512 => Some(&algorithms::RSA_PSS_2048_8192_SHA512),
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
