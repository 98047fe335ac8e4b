//! Chains and cross-signed sets for tests and benches.

#![allow(dead_code, clippy::unwrap_used)]

use farlink_checks::model::evidence::Der;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose, PublicKeyData,
    SignatureAlgorithm, SigningKey, date_time_ymd,
};

/// The host name that every leaf is for.
pub const NAME: &str = "es.lab.example";

/// An instant at which everything here is valid.
pub const AT: &str = "2026-01-01T00:00:00Z";

/// A leaf's chain as a server would send it, and the root that is trusted.
pub struct Chain {
    pub served: Vec<Der>,
    pub root: Der,
}

/// The name and the key of an authority.
pub struct Authority<K = KeyPair> {
    pub name: String,
    pub key: K,
}

impl Authority {
    pub fn new(name: &str, algorithm: &'static SignatureAlgorithm) -> Self {
        Self { name: name.to_owned(), key: KeyPair::generate_for(algorithm).unwrap() }
    }
}

impl<K: SigningKey> Authority<K> {
    /// Its certificate from `issuer`, which may be itself.
    pub fn signed_by(&self, issuer: &Self) -> Der {
        let mut params = params(&self.name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        issuer.sign(params, &self.key)
    }

    /// Signs a certificate with these contents.
    pub fn sign(&self, mut params: CertificateParams, key: &impl PublicKeyData) -> Der {
        let above = self::params(&self.name);
        params.use_authority_key_identifier_extension = true;
        let issuer = Issuer::from_params(&above, &self.key);
        Der(params.signed_by(key, &issuer).unwrap().der().to_vec())
    }
}

/// Contents with this common name.
pub fn params(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::OrganizationName, "Lab");
    params.distinguished_name.push(DnType::CommonName, name);
    params.not_before = date_time_ymd(2025, 1, 1);
    params.not_after = date_time_ymd(2035, 1, 1);
    params
}

/// Contents of a leaf with these alternative names.
pub fn leaf(names: &[String]) -> CertificateParams {
    let mut params = CertificateParams::new(names).unwrap();
    let named = self::params(NAME);
    params.distinguished_name = named.distinguished_name;
    (params.not_before, params.not_after) = (named.not_before, named.not_after);
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ServerAuth];
    params
}

/// A chain of `length` with its root, served without it; the leaf has `names` alternative names.
pub fn chain(length: usize, names: usize, algorithm: &'static SignatureAlgorithm) -> Chain {
    let mut above = Authority::new("Lab Root", algorithm);
    let root = above.signed_by(&above);
    let mut served = Vec::new();
    for place in 2..length {
        let authority = Authority::new(&format!("Lab CA {place}"), algorithm);
        served.push(authority.signed_by(&above));
        above = authority;
    }
    let names: Vec<String> = (1..names).map(|n| format!("n{n}.lab.example")).chain([NAME.to_owned()]).collect();
    served.push(above.sign(leaf(&names), &KeyPair::generate_for(algorithm).unwrap()));
    served.reverse();
    Chain { served, root }
}

/// A leaf and `count` authorities of which each has a certificate from every other one.
pub fn cross_signed(count: usize, algorithm: &'static SignatureAlgorithm) -> (Vec<Authority>, Vec<Der>) {
    let authorities: Vec<Authority> = (0..count).map(|n| Authority::new(&format!("Lab {n}"), algorithm)).collect();
    let key = KeyPair::generate_for(algorithm).unwrap();
    let mut served = vec![authorities[0].sign(leaf(&[NAME.to_owned()]), &key)];
    for (place, subject) in authorities.iter().enumerate() {
        let others = authorities.iter().enumerate().filter(|(other, _)| *other != place);
        served.extend(others.map(|(_, issuer)| subject.signed_by(issuer)));
    }
    (authorities, served)
}

/// A key of this size that nobody made: checking a signature with it takes as long as with a real one
/// and always fails.
pub struct Invented {
    bytes: Vec<u8>,
}

impl Invented {
    /// RSA with a modulus of `bits` bits, and the longest exponent that is checked where `slow`.
    pub fn rsa(bits: usize, seed: u64, slow: bool) -> Self {
        let mut modulus = noise(bits / 8, seed);
        modulus[0] |= 0x80;
        modulus[bits / 8 - 1] |= 1;
        modulus.insert(0, 0);
        let exponent: &[u8] = if slow { &[1, 0xff, 0xff, 0xff, 0xff] } else { &[1, 0, 1] };
        Self { bytes: tlv(0x30, &[tlv(2, &modulus), tlv(2, exponent)].concat()) }
    }
}

impl PublicKeyData for Invented {
    fn der_bytes(&self) -> &[u8] {
        &self.bytes
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        &rcgen::PKCS_RSA_SHA256
    }
}

impl SigningKey for Invented {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        let mut signature = noise(self.bytes.len() & !0xff, message.len() as u64);
        signature[0] = 0;
        Ok(signature)
    }
}

/// A DER element.
pub fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut der = vec![tag];
    match content.len() {
        length @ 0..=0x7f => der.push(length as u8),
        length => {
            let bytes = length.to_be_bytes();
            let from = bytes.iter().position(|byte| *byte != 0).unwrap_or(0);
            der.push(0x80 | (bytes.len() - from) as u8);
            der.extend_from_slice(&bytes[from..]);
        }
    }
    der.extend_from_slice(content);
    der
}

/// Bytes that are the same in every run (xorshift).
pub fn noise(count: usize, seed: u64) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 32) as u8
    };
    (0..count).map(|_| next()).collect()
}
