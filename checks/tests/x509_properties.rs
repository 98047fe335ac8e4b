//! Properties of the analyser of certificates: whatever is served, it says something that holds together,
//! is short and safe to show, and comes to an end.

#![allow(clippy::unwrap_used, missing_docs)]

#[path = "../../tests/fuzz/inputs/certificates.rs"]
mod input;
mod pki;

use std::sync::LazyLock;

use farlink_checks::model::evidence::Der;
use farlink_checks::x509::{Jdk, Verdict};
use input::{judge, judge_chain};
use pki::{Authority, Chain, Invented, NAME, chain, cross_signed, leaf, noise, params, tlv};
use proptest::prelude::*;
use proptest::sample::Index;
use rcgen::{
    CidrSubnet, CustomExtension, GeneralSubtree, KeyPair, NameConstraints, PKCS_ECDSA_P256_SHA256, PKCS_ED25519,
};

/// A chain with every kind of extension in it.
static RICH: LazyLock<Chain> = LazyLock::new(|| {
    let root = Authority::new("Lab Root", &PKCS_ED25519);
    let middle = Authority::new("Lab CA", &PKCS_ED25519);
    let names = NameConstraints {
        permitted_subtrees: vec![
            GeneralSubtree::DnsName("lab.example".into()),
            GeneralSubtree::IpAddress(CidrSubnet::from_v4_prefix([10, 0, 0, 0], 8)),
            GeneralSubtree::DirectoryName(params("Lab").distinguished_name),
        ],
        excluded_subtrees: vec![GeneralSubtree::Rfc822Name("lab.example".into())],
    };
    let mut between = params("Lab CA");
    between.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Constrained(0));
    between.name_constraints = Some(names);
    let mut end = leaf(&[NAME.to_owned(), "10.0.0.1".to_owned()]);
    let usage = tlv(3, &[5, 0b1010_0000]);
    let policies = tlv(0x30, &tlv(0x30, &[6, 3, 0x55, 0x1d, 0x20]));
    end.custom_extensions = vec![
        CustomExtension::from_oid_content(&[2, 16, 840, 1, 113_730, 1, 1], usage),
        CustomExtension::from_oid_content(&[2, 5, 29, 32], policies),
        CustomExtension::from_oid_content(&[2, 5, 29, 36], tlv(0x30, &[0x80, 1, 3])),
    ];
    let served =
        vec![middle.sign(end, &KeyPair::generate_for(&PKCS_ED25519).unwrap()), root.sign(between, &middle.key)];
    Chain { served, root: root.signed_by(&root) }
});

/// Authorities for random sets; some have the same name.
static AUTHORITIES: LazyLock<Vec<Authority>> = LazyLock::new(|| {
    let name = |n: usize| format!("Lab {}", n % 5);
    (0..8).map(|n| Authority::new(&name(n), if n % 3 == 0 { &PKCS_ECDSA_P256_SHA256 } else { &PKCS_ED25519 })).collect()
});

/// Bytes that look like DER from afar.
fn elements() -> impl Strategy<Value = Vec<u8>> {
    const SIMPLE: [u8; 10] = [0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0c, 0x13, 0x17, 0x18];
    const NESTED: [u8; 6] = [0x30, 0x31, 0x80, 0x82, 0xa0, 0xa3];
    let leaf = (proptest::sample::select(&SIMPLE[..]), proptest::collection::vec(any::<u8>(), 0..20))
        .prop_map(|(tag, content)| tlv(tag, &content));
    leaf.prop_recursive(6, 64, 8, |inner| {
        (proptest::sample::select(&NESTED[..]), proptest::collection::vec(inner, 0..8))
            .prop_map(|(tag, parts)| tlv(tag, &parts.concat()))
    })
}

#[derive(Clone, Debug)]
enum Change {
    Set(Index, u8),
    Flip(Index, u8),
    Insert(Index, Vec<u8>),
    Remove(Index, usize),
    Repeat(Index, usize),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        (any::<Index>(), any::<u8>()).prop_map(|(at, value)| Change::Set(at, value)),
        (any::<Index>(), 0..8u8).prop_map(|(at, bit)| Change::Flip(at, bit)),
        (any::<Index>(), proptest::collection::vec(any::<u8>(), 1..6)).prop_map(|(at, new)| Change::Insert(at, new)),
        (any::<Index>(), 1..6usize).prop_map(|(at, count)| Change::Remove(at, count)),
        (any::<Index>(), 1..40usize).prop_map(|(at, count)| Change::Repeat(at, count)),
    ]
}

fn changed(der: &Der, changes: &[Change]) -> Der {
    let mut bytes = der.0.clone();
    for change in changes.iter().filter(|_| !der.0.is_empty()) {
        let end = |at: usize, count: usize, all: usize| (at + count).min(all);
        match change {
            _ if bytes.is_empty() => {}
            Change::Set(at, value) => *at.get_mut(&mut bytes) = *value,
            Change::Flip(at, bit) => *at.get_mut(&mut bytes) ^= 1 << bit,
            Change::Insert(at, new) => {
                let at = at.index(bytes.len());
                bytes.splice(at..at, new.iter().copied());
            }
            Change::Remove(at, count) => {
                let at = at.index(bytes.len());
                bytes.drain(at..end(at, *count, bytes.len()));
            }
            Change::Repeat(at, count) => {
                let at = at.index(bytes.len());
                bytes.extend_from_within(at..end(at, *count, bytes.len()));
            }
        }
    }
    Der(bytes)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_judged(data in proptest::collection::vec(any::<u8>(), 0..400)) {
        judge(&data);
    }

    #[test]
    fn any_elements_are_judged(data in proptest::collection::vec(elements(), 0..4)) {
        judge(&data.concat());
    }

    #[test]
    fn a_changed_certificate_is_judged(which in 0..3usize, changes in proptest::collection::vec(change(), 1..4)) {
        let mut all = [RICH.served[0].clone(), RICH.served[1].clone(), RICH.root.clone()];
        all[which] = changed(&all[which], &changes);
        let analysis = judge_chain(&all[..2], &all[2..]);
        let untouched = all[..2] == RICH.served[..] && all[2] == RICH.root;
        prop_assert!(untouched || which == 2 || analysis.verdict(Jdk::V25).accepts() != Some(true));
    }

}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_graph_of_authorities_is_judged(
        edges in proptest::collection::vec((0..8usize, 0..8usize), 0..24),
        trusted in proptest::collection::vec((0..8usize, 0..8usize), 0..4),
    ) {
        let certificate = |(subject, issuer): &(usize, usize)| AUTHORITIES[*subject].signed_by(&AUTHORITIES[*issuer]);
        let end = AUTHORITIES[0].sign(leaf(&[NAME.to_owned()]), &AUTHORITIES[1].key);
        let served: Vec<Der> = [end].into_iter().chain(edges.iter().map(certificate)).collect();
        let trusted: Vec<Der> = trusted.iter().map(certificate).collect();
        let analysis = judge_chain(&served, &trusted);
        prop_assert!(analysis.verdict(Jdk::V25).accepts().is_some(), "a small set is never left open");
    }
}

#[test]
fn ten_thousand_names_are_judged() {
    let chain = chain(3, 10_000, &PKCS_ED25519);
    assert_eq!(judge_chain(&chain.served, &[chain.root]).verdict(Jdk::V25).accepts(), Some(true));
}

#[test]
fn a_file_full_of_certificates_in_order_is_left_open_and_a_hundred_are_judged() {
    let long = chain(3200, 1, &PKCS_ED25519);
    assert!(long.served.iter().map(|der| der.0.len()).sum::<usize>() > 1 << 20);
    assert!(judge_chain(&long.served, &[long.root]).verdict(Jdk::V25).accepts().is_none());
    let short = chain(100, 1, &PKCS_ED25519);
    assert_eq!(judge_chain(&short.served, &[short.root]).verdict(Jdk::V25).accepts(), Some(true));
}

#[test]
fn authorities_that_all_sign_each_other_are_judged_when_one_is_trusted_and_when_none_is() {
    let (authorities, served) = cross_signed(8, &PKCS_ED25519);
    let accepts = |trusted: &[Der]| judge_chain(&served, trusted).verdict(Jdk::V25).accepts();
    assert_eq!(accepts(&[authorities[7].signed_by(&authorities[7])]), Some(true));
    let stranger = Authority::new("Stranger", &PKCS_ED25519);
    assert_eq!(accepts(&[stranger.signed_by(&stranger)]), Some(false));
    let mut lame = params("Lab 7");
    lame.is_ca = rcgen::IsCa::NoCa;
    assert_eq!(accepts(&[authorities[7].sign(lame, &authorities[7].key)]), Some(false), "every path ends at it");
}

#[test]
fn large_keys_of_one_name_that_may_all_have_signed_each_other_are_left_open() {
    let key = |n: u64| Invented::rsa(8192, n + 1, true);
    let authorities: Vec<_> = (0..64).map(|n| Authority { name: "Lab".to_owned(), key: key(n) }).collect();
    let stray = Authority::new("Stray", &PKCS_ED25519);
    let mut served = vec![authorities[0].sign(leaf(&[NAME.to_owned()]), &stray.key), stray.signed_by(&stray)];
    served.extend(authorities.windows(2).map(|pair| pair[0].signed_by(&pair[1])));
    let trusted = authorities[63].signed_by(&authorities[63]);
    assert!(matches!(judge_chain(&served, &[trusted]).verdict(Jdk::V25), Verdict::Open { .. }));
}

#[test]
fn a_long_way_of_authorities_that_share_a_name_comes_to_an_end() {
    let authorities: Vec<Authority> = (0..300).map(|_| Authority::new("Lab", &PKCS_ED25519)).collect();
    let stray = Authority::new("Stray", &PKCS_ED25519);
    let mut served = vec![authorities[0].sign(leaf(&[NAME.to_owned()]), &stray.key), stray.signed_by(&stray)];
    served.extend(authorities.windows(2).rev().map(|pair| pair[0].signed_by(&pair[1])));
    judge_chain(&served, &[authorities[299].signed_by(&authorities[299])]);
}

#[test]
fn many_names_under_many_constraints_are_left_open() {
    let root = Authority::new("Lab Root", &PKCS_ED25519);
    let middle = Authority::new("Lab CA", &PKCS_ED25519);
    let mut between = params("Lab CA");
    between.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let excluded_subtrees = (0..2000).map(|n| GeneralSubtree::DnsName(format!("x{n}.example"))).collect();
    between.name_constraints = Some(NameConstraints { permitted_subtrees: vec![], excluded_subtrees });
    let names: Vec<String> = (0..2000).map(|n| format!("n{n}.example")).collect();
    let served = [middle.sign(leaf(&names), &root.key), root.sign(between, &middle.key)];
    assert!(judge_chain(&served, &[root.signed_by(&root)]).verdict(Jdk::V25).accepts().is_none());
}

#[test]
fn whatever_stands_in_a_name_or_an_identifier_is_shown_short_and_escaped() {
    let root = Authority::new("Lab Root", &PKCS_ED25519);
    let long = "x".repeat(70_000);
    for text in ["\0", "a\0b.example", "\u{1b}[2J\r\n", "\u{202e}lab", "é\u{7f}", "=#+,\\", "", long.as_str()] {
        let dns =
            tlv(0x30, &[tlv(0x82, text.as_bytes()), tlv(0x81, text.as_bytes()), tlv(0x86, text.as_bytes())].concat());
        let oid: Vec<u8> = noise(text.len() + 20, 7).iter().map(|byte| byte | 0x80).chain([1]).collect();
        let usages = tlv(0x30, &tlv(6, &oid).repeat(1 + 10_000 / oid.len()));
        let constraints = tlv(0x30, &tlv(0xa0, &tlv(0x30, &tlv(0x82, text.as_bytes())).repeat(50)));
        let mut end = params(text);
        end.custom_extensions = vec![
            CustomExtension::from_oid_content(&[2, 5, 29, 17], dns),
            CustomExtension::from_oid_content(&[2, 5, 29, 37], usages),
            CustomExtension::from_oid_content(&[2, 5, 29, 30], constraints.clone()),
        ];
        let mut unknown = CustomExtension::from_oid_content(&[1, 3, u64::MAX, u64::MAX], vec![5, 0]);
        unknown.set_criticality(true);
        end.custom_extensions.push(unknown);
        let middle = Authority::new(text, &PKCS_ED25519);
        let mut between = params(text);
        between.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        between.custom_extensions = vec![CustomExtension::from_oid_content(&[2, 5, 29, 30], constraints)];
        let served = [middle.sign(end, &root.key), root.sign(between, &middle.key)];
        judge_chain(&served, &[root.signed_by(&root)]);
    }
}
