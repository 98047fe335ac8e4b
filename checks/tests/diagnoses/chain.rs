//! What the JDK refuses in a chain, and what it only lets pass: one row a rule.

use rcgen::{
    BasicConstraints, CertificateParams, CustomExtension, ExtendedKeyUsagePurpose, GeneralSubtree, IsCa,
    KeyUsagePurpose, NameConstraints,
};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;

use super::certificate::{example, full, served};
use super::certificates::{Authority, USUAL, trusting};
use super::staging::*;

const NAMES: &[&str] = &["eu.example"];

/// The finding that leads, which is certain, an error, and says each of `words`.
pub(super) fn refused(name: &str, diagnosis: &Diagnosis, id: &str, words: &[&str]) {
    assert_eq!(
        (diagnosis.verdict, diagnosis.root_cause),
        (Verdict::Broken, Some(id)),
        "{name}: {:?}",
        diagnosis.findings
    );
    let finding = found(diagnosis, id);
    assert_eq!((finding.severity, finding.certainty), (Severity::Error, Certainty::Certain), "{name}");
    assert!(!finding.fix.is_empty() && finding.addresses == ["127.0.0.1:9443"], "{name}: {finding:?}");
    let text = format!("{}\n{}\n{}", finding.title, finding.detail, finding.fix.join("\n"));
    words.iter().for_each(|words| assert!(text.contains(words), "{name}: {words:?} in {text}"));
}

/// A finding that leaves the link in order, and says each of `words`.
pub(super) fn noted(name: &str, diagnosis: &Diagnosis, id: &str, severity: Severity, words: &[&str]) {
    assert_eq!(diagnosis.root_cause, None, "{name}: {:?}", diagnosis.findings);
    let finding = found(diagnosis, id);
    assert_eq!(finding.severity, severity, "{name}");
    let text = format!("{}\n{}\n{}", finding.title, finding.detail, finding.fix.join("\n"));
    words.iter().for_each(|words| assert!(text.contains(words), "{name}: {words:?} in {text}"));
}

#[test]
fn a_rule_of_its_chain_that_a_certificate_breaks_is_named_with_the_certificate() {
    let ca = example();
    let id = "certificate-constraint-violated";
    let below = |authority: &Authority| authority.leaf("node", NAMES, USUAL);

    let no_authority = ca.intermediate_with("Example Issuing CA", |params| params.is_ca = IsCa::ExplicitNoCa);
    let chain = [&below(&no_authority), &no_authority.der];
    refused(
        "not a CA",
        &served(full(trusting(&[&ca.der])), &chain),
        id,
        &[
            "the intermediate certificate CN=Example Issuing CA at eu.example:9443 issued a certificate and is no authority",
            "CA:TRUE",
        ],
    );

    let lowest_but_one = ca.intermediate_with("Example Issuing CA", |params| {
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    });
    let lowest = lowest_but_one.intermediate("Example", "Example Lowest CA");
    let chain = [&below(&lowest), &lowest.der, &lowest_but_one.der];
    let diagnosis = served(full(trusting(&[&ca.der])), &chain);
    refused("path length", &diagnosis, id, &["CN=Example Issuing CA", "pathLenConstraint 0"]);

    let signs_no_certificate = ca.intermediate_with("Example Issuing CA", |params| {
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::CrlSign];
    });
    let chain = [&below(&signs_no_certificate), &signs_no_certificate.der];
    refused("keyCertSign", &served(full(trusting(&[&ca.der])), &chain), id, &["keyUsage", "keyCertSign"]);

    let narrow = ca.intermediate_with("Example Issuing CA", |params| {
        let permitted_subtrees = vec![GeneralSubtree::DnsName("us.example".into())];
        params.name_constraints = Some(NameConstraints { permitted_subtrees, excluded_subtrees: vec![] });
    });
    let chain = [&below(&narrow), &narrow.der];
    refused(
        "name constraints",
        &served(full(trusting(&[&ca.der])), &chain),
        id,
        &[
            "does not allow the name DNS:eu.example of the certificate CN=node",
            "permits only DNS:us.example (nameConstraints)",
        ],
    );
}

#[test]
fn a_certificate_for_something_else_says_what_it_is_for() {
    let ca = example();
    let id = "certificate-wrong-usage";
    type Change = fn(&mut CertificateParams);
    let cases: [(&str, Change, &[&str]); 3] = [
        (
            "for clients only",
            |params| params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth],
            &["extendedKeyUsage permits clientAuth", "serverAuth"],
        ),
        (
            "for code",
            |params| params.extended_key_usages = vec![ExtendedKeyUsagePurpose::CodeSigning],
            &["extendedKeyUsage permits codeSigning"],
        ),
        (
            "for signing certificates",
            |params| params.key_usages = vec![KeyUsagePurpose::KeyCertSign],
            &["keyUsage permits keyCertSign", "digitalSignature"],
        ),
    ];
    for (name, change, words) in cases {
        let leaf = ca.leaf_with("node", NAMES, change);
        refused(name, &served(full(trusting(&[&ca.der])), &[&leaf]), id, words);
    }
    let both = ca.leaf_with("node", NAMES, |params| {
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth];
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    });
    assert_eq!(served(full(trusting(&[&ca.der])), &[&both]).root_cause, None);
}

#[test]
fn what_the_jdk_cannot_process_or_read_is_named() {
    let ca = example();
    let unknown = ca.leaf_with("node", NAMES, |params| {
        let mut extension = CustomExtension::from_oid_content(&[1, 3, 6, 1, 4, 1, 99_999, 1], vec![5, 0]);
        extension.set_criticality(true);
        params.custom_extensions = vec![extension];
    });
    let diagnosis = served(full(trusting(&[&ca.der])), &[&unknown]);
    refused("extension", &diagnosis, "certificate-extension-unknown", &["1.3.6.1.4.1.99999.1", "critical"]);

    let twice = ca.leaf_with("node", NAMES, |params| {
        let extension = || CustomExtension::from_oid_content(&[1, 3, 6, 1, 4, 1, 99_999, 1], vec![5, 0]);
        params.custom_extensions = vec![extension(), extension()];
    });
    let diagnosis = served(full(trusting(&[&ca.der])), &[&twice]);
    refused("twice", &diagnosis, "certificate-malformed", &["an extension stands in it twice"]);
}

#[test]
fn keys_and_signatures_are_weak_where_the_jdk_switched_them_off_and_soon_to_be_elsewhere() {
    let pem = include_bytes!("data/weak.pem");
    let all: Vec<Der> = CertificateDer::pem_slice_iter(pem).map(|read| Der(read.unwrap().to_vec())).collect();
    let [ca, rsa768, rsa1024, sha1, md5] = all.as_slice() else { unreachable!("{}", all.len()) };
    let judged = |leaf: &Der| served(full(trusting(&[ca])), &[leaf]);
    let id = "certificate-weak";
    refused("RSA 768", &judged(rsa768), id, &["a weak key (RSA 768)", "RSA 2048"]);
    refused("MD5", &judged(md5), id, &["a weak signature (MD5withRSA)", "SHA-256"]);
    noted("RSA 1024", &judged(rsa1024), id, Severity::Warning, &["RSA 1024"]);
    noted("SHA-1", &judged(sha1), id, Severity::Warning, &["SHA1withRSA"]);
}

#[test]
fn an_order_that_others_refuse_is_information_until_the_jdk_refuses_it_too() {
    let ca = example();
    let id = "certificate-chain-disordered";
    // A leaf below as many authorities, the lowest first.
    let below = |count: usize| {
        let mut authorities = vec![ca.intermediate("Example", "Example CA 1")];
        for number in 2..=count {
            let next = authorities[number - 2].intermediate("Example", &format!("Example CA {number}"));
            authorities.push(next);
        }
        let leaf = authorities[count - 1].leaf("node", NAMES, USUAL);
        let mut chain: Vec<Der> = vec![leaf];
        chain.extend(authorities.iter().rev().map(|authority| authority.der.clone()));
        chain
    };
    let judged = |chain: &[Der]| served(full(trusting(&[&ca.der])), &chain.iter().collect::<Vec<_>>());
    let swapped = |count: usize| {
        let mut chain = below(count);
        chain.swap(1, 2);
        chain
    };
    noted("two swapped", &judged(&swapped(2)), id, Severity::Info, &["out of order"]);
    let with_root: Vec<Der> = below(2).into_iter().chain([ca.der.clone()]).collect();
    assert!(!ids(&judged(&with_root)).contains(&id), "the root may follow");
    let other = Authority::root("Other", "Other CA", USUAL).intermediate("Other", "Other Issuing CA");
    let with_other: Vec<Der> = below(1).into_iter().chain([other.der]).collect();
    noted("one of another chain", &judged(&with_other), id, Severity::Info, &["CN=Other Issuing CA"]);
    assert_eq!(judged(&below(6)).root_cause, None, "in order any length will do");
    refused("six out of order", &judged(&swapped(6)), id, &["at most five"]);
    let twice: Vec<Der> = below(1).into_iter().cycle().take(11).collect();
    let eleven = judged(&twice);
    refused("eleven", &eleven, id, &["11 certificates", "takes 10"]);
    assert!(!found(&eleven, id).detail.contains("JDK 17"), "no JDK takes them: {:?}", found(&eleven, id));
}

#[test]
fn the_trusted_certificate_has_to_be_an_authority() {
    let no_authority = Authority::root_with("Example CA", |params| params.is_ca = IsCa::ExplicitNoCa);
    let diagnosis = served(full(trusting(&[&no_authority.der])), &[&no_authority.leaf("node", NAMES, USUAL)]);
    refused("not a CA", &diagnosis, "certificate-authority-is-leaf", &["CN=Example CA", "no authority"]);
}
