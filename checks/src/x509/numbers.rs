//! Signatures that AWS-LC does not check and the JDK does, by arithmetic: RSA with old hashes, short
//! keys or other parameters of PSS, and DSA. Everything here is public, so that time tells nothing.

use aws_lc_rs::digest;
use num_bigint::BigUint;
use x509_parser::asn1_rs::{Any, FromDer, Tag};

use super::algorithm::Pss;
use super::{Digest, Key, KeyAlgorithm};

/// Sizes that `sun.security.rsa.RSAKeyFactory` takes, and exponents of the length it takes for all.
const MODULUS: std::ops::RangeInclusive<u64> = 512..=16384;
const EXPONENT: u64 = 64;
/// The longest prime of DSA (FIPS 186-4) and its subgroup's.
const PRIMES: (u64, u64) = (3072, 256);

/// Whether it is a key of RSA with an exponent that AWS-LC does not take.
pub(super) fn has_large_exponent(key: &Key) -> bool {
    matches!(key.algorithm, KeyAlgorithm::Rsa | KeyAlgorithm::RsaPss)
        && sequence(&key.bytes).and_then(integers).is_some_and(|[_, exponent]| exponent.bits() > 33)
}

/// RSA with PKCS #1 v1.5 padding (RFC 8017 section 8.2.2); `None` where it cannot be checked.
pub(super) fn pkcs1(key: &[u8], hash: Digest, message: &[u8], signature: &[u8]) -> Option<bool> {
    let prefix: &[u8] = match hash {
        Digest::Md2 | Digest::Md5 => return None,
        Digest::Sha1 => &[0x30, 0x21, 0x30, 9, 6, 5, 0x2b, 0x0e, 3, 2, 0x1a, 5, 0, 4, 0x14],
        Digest::Sha224 => &[0x30, 0x2d, 0x30, 0x0d, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 4, 5, 0, 4, 0x1c],
        Digest::Sha256 => &[0x30, 0x31, 0x30, 0x0d, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1, 5, 0, 4, 0x20],
        Digest::Sha384 => &[0x30, 0x41, 0x30, 0x0d, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 2, 5, 0, 4, 0x30],
        Digest::Sha512 => &[0x30, 0x51, 0x30, 0x0d, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 3, 5, 0, 4, 0x40],
    };
    let hashed = digest::digest(hash.algorithm()?, message);
    let (opened, _) = open(key, signature)?;
    let Some(opened) = opened else { return Some(false) };
    let tail = [&[0], prefix, hashed.as_ref()].concat();
    let filling = opened.strip_prefix(&[0, 1]).and_then(|rest| rest.strip_suffix(tail.as_slice()));
    Some(filling.is_some_and(|filling| filling.len() >= 8 && filling.iter().all(|byte| *byte == 0xff)))
}

/// RSA with PSS padding (RFC 8017 section 9.1.2); `None` where it cannot be checked.
pub(super) fn pss(key: &[u8], parameters: Pss, message: &[u8], signature: &[u8]) -> Option<bool> {
    let (hash, mask) = (parameters.digest.algorithm()?, parameters.mask.algorithm()?);
    let (opened, bits) = open(key, signature)?;
    let Some(opened) = opened else { return Some(false) };
    // The encoded message has one bit less than the modulus.
    let (length, spare) = ((bits - 1).div_ceil(8), (8 - (bits - 1) % 8) % 8);
    let (zeros, encoded) = opened.split_at(opened.len() - length);
    let salt = usize::try_from(parameters.salt).ok()?;
    let Some((body, [.., 0xbc])) = encoded.split_last_chunk::<1>() else { return Some(false) };
    let (hash_length, needed) = (hash.output_len(), hash.output_len().checked_add(salt)?.checked_add(1)?);
    if zeros.iter().any(|byte| *byte != 0) || body.len() < needed {
        return Some(false);
    }
    let (masked, hashed) = body.split_at(body.len() - hash_length);
    let keep = 0xff >> spare;
    let mut block: Vec<u8> = masked.iter().zip(mgf1(mask, hashed, masked.len())).map(|(a, b)| a ^ b).collect();
    if masked[0] & !keep != 0 {
        return Some(false);
    }
    block[0] &= keep;
    let (filling, salt) = block.split_at(block.len() - salt);
    let is_filling = matches!(filling, [zeros @ .., 1] if zeros.iter().all(|byte| *byte == 0));
    let mut context = digest::Context::new(hash);
    context.update(&[0; 8]);
    context.update(digest::digest(hash, message).as_ref());
    context.update(salt);
    Some(is_filling && context.finish().as_ref() == hashed)
}

/// DSA (FIPS 186-4 section 4.7) with the content of the key's parameters.
pub(super) fn dsa(parameters: &[u8], key: &[u8], hash: Digest, message: &[u8], signature: &[u8]) -> Option<bool> {
    let [p, q, g] = integers(parameters)?;
    let y = integer(&Any::from_der(key).ok()?.1)?;
    let zero = BigUint::ZERO;
    if p.bits() > PRIMES.0 || q.bits() > PRIMES.1 || q.bits() < 8 || p <= q {
        return None;
    }
    let hashed = digest::digest(hash.algorithm()?, message);
    let Some([r, s]) = sequence(signature).and_then(integers) else { return Some(false) };
    if r == zero || s == zero || r >= q || s >= q {
        return Some(false);
    }
    let taken = hashed.as_ref().len().min(usize::try_from(q.bits() / 8).ok()?);
    let Some(w) = s.modinv(&q) else { return Some(false) };
    let (first, second) = (BigUint::from_bytes_be(&hashed.as_ref()[..taken]) * &w % &q, &r * &w % &q);
    Some(g.modpow(&first, &p) * y.modpow(&second, &p) % &p % &q == r)
}

/// The signature to the power of the key's exponent, as long as the modulus, and the modulus's bits;
/// nothing of it for a signature that has another length.
fn open(key: &[u8], signature: &[u8]) -> Option<(Option<Vec<u8>>, usize)> {
    let [modulus, exponent] = integers(sequence(key)?)?;
    if !MODULUS.contains(&modulus.bits()) || exponent.bits() > EXPONENT {
        return None;
    }
    let (bits, length) = (usize::try_from(modulus.bits()).ok()?, usize::try_from(modulus.bits().div_ceil(8)).ok()?);
    let number = BigUint::from_bytes_be(signature);
    if signature.len() != length || number >= modulus {
        return Some((None, bits));
    }
    let digits = number.modpow(&exponent, &modulus).to_bytes_be();
    Some((Some([vec![0; length - digits.len()], digits].concat()), bits))
}

/// RFC 8017 appendix B.2.1.
fn mgf1(hash: &'static digest::Algorithm, seed: &[u8], length: usize) -> impl Iterator<Item = u8> {
    let blocks = u32::try_from(length.div_ceil(hash.output_len())).unwrap_or(u32::MAX);
    let blocks = (0..blocks).map(move |counter| digest::digest(hash, &[seed, &counter.to_be_bytes()].concat()));
    blocks.flat_map(|block| block.as_ref().to_vec()).take(length)
}

/// The content of a sequence that is all of `der`.
fn sequence(der: &[u8]) -> Option<&[u8]> {
    let (rest, sequence) = Any::from_der(der).ok()?;
    (rest.is_empty() && sequence.tag() == Tag::Sequence).then_some(sequence.data)
}

/// The numbers in `content`, which has exactly so many.
fn integers<const N: usize>(mut content: &[u8]) -> Option<[BigUint; N]> {
    let mut numbers = Vec::with_capacity(N);
    while !content.is_empty() && numbers.len() < N {
        let (rest, element) = Any::from_der(content).ok()?;
        numbers.push(integer(&element)?);
        content = rest;
    }
    numbers.try_into().ok().filter(|_| content.is_empty())
}

fn integer(element: &Any<'_>) -> Option<BigUint> {
    (element.tag() == Tag::Integer).then(|| BigUint::from_bytes_be(element.data))
}
