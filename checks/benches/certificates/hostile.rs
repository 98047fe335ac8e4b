//! Chains that are made to be slow to judge.

use farlink_checks::model::evidence::Der;
use rcgen::{
    CertificateParams, CustomExtension, GeneralSubtree, KeyPair, NameConstraints, PKCS_ECDSA_P256_SHA256, PKCS_ED25519,
};

use crate::pki::{Authority, Invented, NAME, cross_signed, leaf, params, tlv};

type Set = (&'static str, Vec<Der>, Vec<Der>);

/// What a file may have.
const FILE: usize = 1 << 20;

/// Every set: what it is, what is served, and what is trusted.
pub fn sets() -> Vec<Set> {
    let (reached, served) = cross_signed(16, &PKCS_ECDSA_P256_SHA256);
    let stranger = Authority::new("Stranger", &PKCS_ECDSA_P256_SHA256);
    let unreached = vec![stranger.signed_by(&stranger)];
    let mut namesakes = reached.last().map(|last| vec![last.signed_by(last)]).unwrap_or_default();
    // The authority at every path's end may not sign, so that each whole path fails.
    let mut lame = params("Lab 15");
    lame.is_ca = rcgen::IsCa::NoCa;
    let failing = reached.last().map(|last| vec![last.sign(lame, &last.key)]).unwrap_or_default();
    namesakes.truncate(1);
    vec![
        ("16 authorities that all sign each other, one of them trusted", served.clone(), namesakes),
        ("the same, and the trusted one may not sign", served.clone(), failing),
        ("the same, and none of them is trusted", served, unreached),
        invented("RSA 8192, one name, long exponents", 64, 8192, true),
        invented("RSA 8192, one name", 64, 8192, false),
        invented("RSA 2048, one name", FILE / 900, 2048, false),
        one_name(63, "one name, every one signed by the next"),
        one_name(FILE / 370, "one name, every one signed by the next"),
        spread(),
        names(2000, 1000, 20),
        names(10_000, 3000, 5),
        in_order(),
        odd("a leaf with 60,000 usages", |leaf| {
            leaf.extended_key_usages.clear();
            let usages = tlv(0x30, &tlv(6, &[0x2b, 6, 1, 4, 1, 0x82, 0x37, 9]).repeat(60_000));
            leaf.custom_extensions = vec![CustomExtension::from_oid_content(&[2, 5, 29, 37], usages)];
        }),
        odd("a leaf with 60,000 extensions", |leaf| {
            let extension = |n| CustomExtension::from_oid_content(&[1, 3, 6, 1, 4, 1, n], vec![5, 0]);
            leaf.custom_extensions = (0..60_000).map(extension).collect();
            leaf.custom_extensions.iter_mut().for_each(|extension| extension.set_criticality(true));
        }),
        odd("a leaf with long names beyond ASCII", |leaf| {
            let names =
                [tlv(0x82, "é".repeat(200_000).as_bytes()), tlv(0x82, "é.".repeat(1000).as_bytes()).repeat(200)];
            leaf.subject_alt_names.clear();
            leaf.custom_extensions =
                vec![CustomExtension::from_oid_content(&[2, 5, 29, 17], tlv(0x30, &names.concat()))];
        }),
        odd("a leaf with a subject of 500,000 bytes", |leaf| {
            leaf.distinguished_name.push(rcgen::DnType::OrganizationalUnitName, "Ab+ ".repeat(125_000));
        }),
    ]
}

/// Authorities of one name with invented keys, so that each may have signed each.
fn invented(label: &'static str, count: usize, bits: usize, slow: bool) -> Set {
    let authorities: Vec<Authority<Invented>> = (0..count)
        .map(|n| Authority { name: "Lab".to_owned(), key: Invented::rsa(bits, n as u64 + 1, slow) })
        .collect();
    let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
    // Something of another name in between, so that the served order is no path.
    let mut served = vec![authorities[0].sign(leaf(&[NAME.to_owned()]), &key), stray()];
    served.extend(authorities.windows(2).map(|pair| pair[0].signed_by(&pair[1])));
    let trusted = vec![authorities[count - 1].signed_by(&authorities[count - 1])];
    (label, served, trusted)
}

/// Authorities of one name in one long chain that is served upside down.
fn one_name(count: usize, label: &'static str) -> Set {
    let authorities: Vec<Authority> = (0..count).map(|_| Authority::new("Lab", &PKCS_ED25519)).collect();
    let key = KeyPair::generate_for(&PKCS_ED25519).unwrap();
    let mut served = vec![authorities[0].sign(leaf(&[NAME.to_owned()]), &key), stray()];
    served.extend(authorities.windows(2).rev().map(|pair| pair[0].signed_by(&pair[1])));
    let trusted = authorities.last().map(|last| last.signed_by(last));
    (label, served, trusted.into_iter().collect())
}

fn stray() -> Der {
    let stray = Authority::new("Stray", &PKCS_ED25519);
    stray.signed_by(&stray)
}

/// A file full of authorities that have names of their own and nothing to do with each other.
fn spread() -> Set {
    let root = Authority::new("Lab", &PKCS_ED25519);
    let key = KeyPair::generate_for(&PKCS_ED25519).unwrap();
    let mut served = vec![root.sign(leaf(&[NAME.to_owned()]), &key)];
    for n in 0..FILE / 370 {
        served.push(Authority::new(&format!("Lab {n}"), &PKCS_ED25519).signed_by(&root));
    }
    ("nothing to do with each other", served, vec![root.signed_by(&root)])
}

/// A leaf with many names below authorities with many constraints.
fn names(names: usize, constraints: usize, authorities: usize) -> Set {
    let mut above = Authority::new("Lab Root", &PKCS_ED25519);
    let root = above.signed_by(&above);
    let mut served = Vec::new();
    for n in 0..authorities {
        let authority = Authority::new(&format!("Lab {n}"), &PKCS_ED25519);
        let mut params = params(&authority.name);
        params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        let excluded = (0..constraints).map(|n| GeneralSubtree::DnsName(format!("x{n}"))).collect();
        params.name_constraints = Some(NameConstraints { permitted_subtrees: vec![], excluded_subtrees: excluded });
        params.custom_extensions = vec![CustomExtension::from_oid_content(&[1, 3, 6, 1, 4, 1, 1], vec![5, 0])];
        served.push(above.sign(params, &authority.key));
        above = authority;
    }
    let names: Vec<String> = (1..names).map(|n| format!("n{n}")).chain([NAME.to_owned()]).collect();
    served.push(above.sign(leaf(&names), &KeyPair::generate_for(&PKCS_ED25519).unwrap()));
    served.reverse();
    ("many names under many constraints", served, vec![root])
}

/// A leaf that is odd by itself below the authorities that all sign each other.
fn odd(label: &'static str, change: impl Fn(&mut CertificateParams)) -> Set {
    let (authorities, mut served) = cross_signed(16, &PKCS_ED25519);
    let mut leaf = leaf(&[NAME.to_owned()]);
    change(&mut leaf);
    served[0] = authorities[0].sign(leaf, &authorities[0].key);
    (label, served, authorities.last().map(|last| last.signed_by(last)).into_iter().collect())
}

/// As many certificates in order as a file may have.
fn in_order() -> Set {
    let made = crate::pki::chain(FILE / 370, 1, &PKCS_ECDSA_P256_SHA256);
    ("in order", made.served, vec![made.root])
}
