//! Keys and signatures, also weak and rare ones.

use super::{Book, Presented};
use crate::forge::{Certificate, DIGITAL_SIGNATURE, EXPECTED, KEY_ENCIPHERMENT, Kind, Signature, cn, key_usage};

pub fn write(book: &mut Book<'_>) {
    keys(book);
    signatures(book);
    itself(book);
}

const KINDS: &[(&str, Kind)] = &[
    ("rsa-512", Kind::Rsa(512)),
    ("rsa-768", Kind::Rsa(768)),
    ("rsa-1016", Kind::Rsa(1016)),
    ("rsa-1024", Kind::Rsa(1024)),
    ("rsa-2048", Kind::Rsa(2048)),
    ("rsa-3072", Kind::Rsa(3072)),
    ("rsa-4096", Kind::Rsa(4096)),
    ("rsa-pss-1024", Kind::RsaPss(1024)),
    ("rsa-pss-2048", Kind::RsaPss(2048)),
    ("dsa-1024", Kind::Dsa(1024)),
    ("dsa-2048", Kind::Dsa(2048)),
    ("p-192", Kind::Curve("P-192")),
    ("p-224", Kind::Curve("P-224")),
    ("p-256", Kind::P256),
    ("p-256-explicit", Kind::ExplicitP256),
    ("p-384", Kind::Curve("P-384")),
    ("p-521", Kind::Curve("P-521")),
    ("secp256k1", Kind::Curve("secp256k1")),
    ("brainpool-256", Kind::Curve("brainpoolP256r1")),
    ("sect283r1", Kind::Curve("sect283r1")),
    ("ed25519", Kind::Ed25519),
    ("ed448", Kind::Ed448),
];

/// Who takes part in a handshake in which the server has this key.
fn shown(kind: Kind) -> Presented {
    match kind {
        Kind::P256 | Kind::Ed25519 | Kind::Curve("P-384" | "P-521") => Presented::Everyone,
        Kind::Rsa(512) => Presented::Nobody("too short for the padding of TLS"),
        Kind::Rsa(_) | Kind::RsaPss(_) => Presented::Everyone,
        Kind::Curve(_) => Presented::Nobody("no client offers the curve"),
        Kind::ExplicitP256 | Kind::Dsa(_) | Kind::Ed448 => Presented::Jdk("rustls has no such algorithm"),
    }
}

fn keys(book: &mut Book<'_>) {
    let forge = book.forge;
    for (name, kind) in KINDS {
        let key = forge.shared_key(*kind);
        let root = book.root.clone();

        let leaf = forge.leaf().key(&key).signed_by(&book.middle);
        book.leaf(format!("algorithms/leaf-{name}"), &leaf).presented(shown(*kind)).dial("127.0.0.1", Some(EXPECTED));
        book.case(format!("algorithms/leaf-{name}-trusted-itself"), &[&leaf, &book.middle.clone()], &[&leaf])
            .presented(shown(*kind));

        let middle = forge.authority("Odd CA").key(&key).signed_by(&root);
        let leaf = forge.leaf().signed_by(&middle);
        book.case(format!("algorithms/intermediate-{name}"), &[&leaf, &middle], &[&root]);
        book.case(format!("algorithms/intermediate-{name}-trusted"), &[&leaf, &middle], &[&middle]);
        let lower = forge.authority("Lower CA").signed_by(&middle);
        let deep = forge.leaf().signed_by(&lower);
        book.case(format!("algorithms/upper-{name}"), &[&deep, &lower, &middle], &[&root]);

        let odd = forge.authority("Odd Root").key(&key).self_signed();
        let middle = forge.authority("Lab Issuing CA").signed_by(&odd);
        let leaf = forge.leaf().signed_by(&middle);
        book.case(format!("algorithms/root-{name}"), &[&leaf, &middle], &[&odd]);
        book.case(format!("algorithms/root-{name}-served"), &[&leaf, &middle, &odd], &[&odd]);
        let leaf = forge.leaf().signed_by(&odd);
        book.case(format!("algorithms/root-{name}-of-the-leaf"), &[&leaf], &[&odd]);
        book.case(format!("algorithms/root-{name}-of-a-trusted-leaf"), &[&leaf], &[&leaf]);
    }
    let key = forge.shared_key(Kind::Rsa(2048));
    let usage = key_usage(&[KEY_ENCIPHERMENT]);
    book.leaf("algorithms/rsa-for-encipherment", &forge.leaf().key(&key).with(usage).signed_by(&book.middle));
    let usage = key_usage(&[DIGITAL_SIGNATURE]);
    book.leaf("algorithms/rsa-for-signature", &forge.leaf().key(&key).with(usage).signed_by(&book.middle));
}

const SIGNATURES: &[(&str, Kind, Signature)] = &[
    ("rsa-md5", Kind::Rsa(2048), Signature::Rsa("md5")),
    ("rsa-sha1", Kind::Rsa(2048), Signature::Rsa("sha1")),
    ("rsa-sha224", Kind::Rsa(2048), Signature::Rsa("sha224")),
    ("rsa-sha384", Kind::Rsa(2048), Signature::Rsa("sha384")),
    ("rsa-sha512", Kind::Rsa(2048), Signature::Rsa("sha512")),
    ("rsa-1024-md5", Kind::Rsa(1024), Signature::Rsa("md5")),
    ("rsa-1024-sha1", Kind::Rsa(1024), Signature::Rsa("sha1")),
    ("rsa-pss-sha256", Kind::Rsa(2048), Signature::RsaPss("sha256")),
    ("rsa-pss-sha1", Kind::Rsa(2048), Signature::RsaPss("sha1")),
    ("ecdsa-p-256-sha1", Kind::P256, Signature::Ecdsa("sha1")),
    ("ecdsa-p-256-sha224", Kind::P256, Signature::Ecdsa("sha224")),
    ("ecdsa-p-256-sha384", Kind::P256, Signature::Ecdsa("sha384")),
    ("ecdsa-p-256-sha512", Kind::P256, Signature::Ecdsa("sha512")),
    ("ecdsa-p-384-sha256", Kind::Curve("P-384"), Signature::Ecdsa("sha256")),
    ("ecdsa-p-521-sha256", Kind::Curve("P-521"), Signature::Ecdsa("sha256")),
    ("dsa-sha1", Kind::Dsa(2048), Signature::Dsa("sha1")),
];

fn signatures(book: &mut Book<'_>) {
    let forge = book.forge;
    for (name, kind, signature) in SIGNATURES {
        let key = forge.shared_key(*kind);
        let odd = forge.authority("Odd Root").key(&key).signature(*signature).self_signed();
        let middle = forge.authority("Lab Issuing CA").signature(*signature).signed_by(&odd);
        let leaf = forge.leaf().signed_by(&middle);
        book.case(format!("algorithms/intermediate-signed-{name}"), &[&leaf, &middle], &[&odd]);
        book.case(format!("algorithms/intermediate-signed-{name}-trusted"), &[&leaf, &middle], &[&middle]);

        // A JDK lists the signatures it takes in certificates, and OpenSSL holds a leaf back that has another.
        let shown = match signature {
            Signature::Rsa("md5") | Signature::RsaPss("sha1") => Presented::Nobody("OpenSSL holds it back"),
            _ => Presented::Everyone,
        };
        let leaf = forge.leaf().signature(*signature).signed_by(&odd);
        book.case(format!("algorithms/leaf-signed-{name}"), &[&leaf], &[&odd]).presented(shown);
        book.case(format!("algorithms/leaf-signed-{name}-root-served"), &[&leaf, &odd], &[&odd]).presented(shown);
        book.case(format!("algorithms/leaf-signed-{name}-trusted-itself"), &[&leaf], &[&leaf]).presented(shown);
        let root = book.root.clone();
        let middle = forge.authority("Odd CA").key(&key).signed_by(&root);
        let leaf = forge.leaf().signature(*signature).signed_by(&middle);
        book.case(format!("algorithms/leaf-signed-{name}-by-intermediate"), &[&leaf, &middle], &[&root])
            .presented(shown);

        let plain = forge.leaf().signed_by(&odd);
        book.case(format!("algorithms/root-signed-{name}"), &[&plain], &[&odd]);
        book.case(format!("algorithms/root-signed-{name}-served"), &[&plain, &odd], &[&odd]);
    }
    let mut leaf = forge.leaf().signed_by(&book.middle);
    // The algorithm named outside is not the one that is signed over.
    let sha256 = [0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2];
    let at = leaf.der.windows(8).rposition(|bytes| bytes == sha256).unwrap();
    leaf.der[at + 7] = 3;
    book.leaf("algorithms/leaf-two-algorithm-identifiers", &leaf)
        .presented(Presented::Nobody("OpenSSL does not load it"));
}

fn itself(book: &mut Book<'_>) {
    let forge = book.forge;
    for (name, kind) in KINDS {
        let key = forge.shared_key(*kind);
        let leaf: Certificate = forge.leaf().subject(cn("es-1")).key(&key).self_signed();
        book.case(format!("algorithms/self-signed-{name}-trusted"), &[&leaf], &[&leaf]).presented(shown(*kind));
    }
}
