//! Signature algorithms of certificates, by the names that Java gives them.

use std::fmt;

use aws_lc_rs::digest;
use x509_parser::signature_algorithm::RsaSsaPssParams;
use x509_parser::x509::AlgorithmIdentifier;

use super::Jdk;
use crate::model::text::safe;

/// A hash function inside a signature algorithm.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Digest {
    /// MD2.
    Md2,
    /// MD5.
    Md5,
    /// SHA-1.
    Sha1,
    /// SHA-224.
    Sha224,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl Digest {
    const fn name(self) -> &'static str {
        match self {
            Self::Md2 => "MD2",
            Self::Md5 => "MD5",
            Self::Sha1 => "SHA1",
            Self::Sha224 => "SHA224",
            Self::Sha256 => "SHA256",
            Self::Sha384 => "SHA384",
            Self::Sha512 => "SHA512",
        }
    }

    /// The one with this object identifier, among those of `RSASSA-PSS-params`.
    fn of(oid: &str) -> Option<Self> {
        Some(match oid {
            "1.3.14.3.2.26" => Self::Sha1,
            "2.16.840.1.101.3.4.2.4" => Self::Sha224,
            "2.16.840.1.101.3.4.2.1" => Self::Sha256,
            "2.16.840.1.101.3.4.2.2" => Self::Sha384,
            "2.16.840.1.101.3.4.2.3" => Self::Sha512,
            _ => return None,
        })
    }

    /// The function itself, where it is at hand.
    pub(super) fn algorithm(self) -> Option<&'static digest::Algorithm> {
        Some(match self {
            Self::Md2 | Self::Md5 => return None,
            Self::Sha1 => &digest::SHA1_FOR_LEGACY_USE_ONLY,
            Self::Sha224 => &digest::SHA224,
            Self::Sha256 => &digest::SHA256,
            Self::Sha384 => &digest::SHA384,
            Self::Sha512 => &digest::SHA512,
        })
    }
}

/// The parameters of PSS padding (RFC 4055 section 3.1).
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Pss {
    /// The hash function.
    pub digest: Digest,
    /// The hash function of the mask.
    pub mask: Digest,
    /// How many bytes of salt.
    pub salt: u32,
}

/// What a certificate was signed with.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub enum SignatureAlgorithm {
    /// RSA with PKCS #1 v1.5 padding.
    Rsa(Digest),
    /// RSA with PSS padding; `None` for parameters that are not understood.
    RsaPss(Option<Pss>),
    /// ECDSA.
    Ecdsa(Digest),
    /// DSA.
    Dsa(Digest),
    /// Ed25519.
    Ed25519,
    /// Ed448.
    Ed448,
    /// Anything else, by its object identifier.
    Other(String),
}

impl SignatureAlgorithm {
    /// Reads an `AlgorithmIdentifier` (RFC 3279, RFC 4055, RFC 5758, RFC 8410).
    pub(super) fn read(algorithm: &AlgorithmIdentifier<'_>) -> Self {
        let oid = algorithm.algorithm.to_id_string();
        match oid.as_str() {
            "1.2.840.113549.1.1.2" => Self::Rsa(Digest::Md2),
            "1.2.840.113549.1.1.4" => Self::Rsa(Digest::Md5),
            "1.2.840.113549.1.1.5" | "1.3.14.3.2.29" => Self::Rsa(Digest::Sha1),
            "1.2.840.113549.1.1.14" => Self::Rsa(Digest::Sha224),
            "1.2.840.113549.1.1.11" => Self::Rsa(Digest::Sha256),
            "1.2.840.113549.1.1.12" => Self::Rsa(Digest::Sha384),
            "1.2.840.113549.1.1.13" => Self::Rsa(Digest::Sha512),
            "1.2.840.113549.1.1.10" => Self::RsaPss(pss(algorithm)),
            "1.2.840.10045.4.1" => Self::Ecdsa(Digest::Sha1),
            "1.2.840.10045.4.3.1" => Self::Ecdsa(Digest::Sha224),
            "1.2.840.10045.4.3.2" => Self::Ecdsa(Digest::Sha256),
            "1.2.840.10045.4.3.3" => Self::Ecdsa(Digest::Sha384),
            "1.2.840.10045.4.3.4" => Self::Ecdsa(Digest::Sha512),
            "1.2.840.10040.4.3" => Self::Dsa(Digest::Sha1),
            "2.16.840.1.101.3.4.3.1" => Self::Dsa(Digest::Sha224),
            "2.16.840.1.101.3.4.3.2" => Self::Dsa(Digest::Sha256),
            "2.16.840.1.101.3.4.3.3" => Self::Dsa(Digest::Sha384),
            "2.16.840.1.101.3.4.3.4" => Self::Dsa(Digest::Sha512),
            "1.3.101.112" => Self::Ed25519,
            "1.3.101.113" => Self::Ed448,
            _ => Self::Other(oid),
        }
    }

    /// Whether it is among those that this JDK offers in a handshake, which are also the only ones that
    /// it takes in certificates (`sun.security.ssl.SSLAlgorithmConstraints`).
    pub(super) const fn is_offered(&self, jdk: Jdk) -> bool {
        match self {
            Self::Rsa(Digest::Sha224) | Self::Ecdsa(Digest::Sha224) => matches!(jdk, Jdk::V17),
            Self::Dsa(Digest::Sha1 | Digest::Sha224 | Digest::Sha256) => matches!(jdk, Jdk::V17),
            Self::Dsa(_) | Self::Other(_) => false,
            Self::Rsa(_) | Self::RsaPss(_) | Self::Ecdsa(_) | Self::Ed25519 | Self::Ed448 => true,
        }
    }

    /// The hash function, where it has one of its own.
    pub const fn digest(&self) -> Option<Digest> {
        match self {
            Self::Rsa(digest) | Self::Ecdsa(digest) | Self::Dsa(digest) => Some(*digest),
            Self::RsaPss(Some(pss)) => Some(pss.digest),
            Self::RsaPss(None) | Self::Ed25519 | Self::Ed448 | Self::Other(_) => None,
        }
    }
}

impl fmt::Display for SignatureAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rsa(digest) => write!(f, "{}withRSA", digest.name()),
            Self::RsaPss(Some(pss)) => write!(f, "RSASSA-PSS with {}", pss.digest.name()),
            Self::RsaPss(None) => f.write_str("RSASSA-PSS"),
            Self::Ecdsa(digest) => write!(f, "{}withECDSA", digest.name()),
            Self::Dsa(digest) => write!(f, "{}withDSA", digest.name()),
            Self::Ed25519 => f.write_str("Ed25519"),
            Self::Ed448 => f.write_str("Ed448"),
            Self::Other(oid) => f.write_str(&safe(oid, 80)),
        }
    }
}

/// `RSASSA-PSS-params` (RFC 4055 section 3.1), whose defaults are those of SHA-1.
fn pss(algorithm: &AlgorithmIdentifier<'_>) -> Option<Pss> {
    let parameters = RsaSsaPssParams::try_from(algorithm.parameters.as_ref()?).ok()?;
    let mask = parameters.mask_gen_algorithm().ok()?;
    let is_mgf1 = mask.mgf.to_id_string() == "1.2.840.113549.1.1.8";
    if !is_mgf1 || parameters.trailer_field() != 1 {
        return None;
    }
    Some(Pss {
        digest: Digest::of(&parameters.hash_algorithm_oid().to_id_string())?,
        mask: Digest::of(&mask.hash.to_id_string())?,
        salt: parameters.salt_length(),
    })
}
