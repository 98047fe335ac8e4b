//! Served certificates, and the authority file they are measured with.

use super::certificates::{Authority, USUAL, Years, self_signed, trusting};
use super::staging::*;

const HOST: &str = "eu.example:9443";

/// A link that is in order up to its certificate.
pub(super) fn full(trust: Trust) -> Link {
    let mut link = link(HOST, None);
    link.verification_mode = Some(Sourced::given(VerificationMode::Full));
    link.trust = trust;
    link
}

pub(super) fn served(link: Link, chain: &[&Der]) -> Diagnosis {
    let mut main = with_tls(Question::AsElasticsearch, Some("eu.example"), TlsOutcome::Completed);
    let tls = main.tls.as_mut().unwrap();
    tls.chain = chain.iter().copied().cloned().collect();
    tls.key_proven = true;
    judged(&evidence(link, vec![says(main, Said::Ping, Heard::Pong)]))
}

pub(super) fn example() -> Authority {
    Authority::root("Example", "Example CA", USUAL)
}

#[test]
fn a_certificate_in_order_says_nothing_of_itself() {
    let ca = example();
    let diagnosis = served(full(trusting(&[&ca.der])), &[&ca.leaf("node", &["eu.example"], USUAL)]);
    assert!(diagnosis.findings.iter().all(|f| !f.id.starts_with("certificate-")), "{:?}", ids(&diagnosis));
}

#[test]
fn dates_are_judged_at_the_instant_of_the_run() {
    let ca = example();
    let cases: [(Years, &str, Severity); 2] = [
        ((2024, 2026), "certificate-expired", Severity::Error),
        ((2027, 2034), "certificate-not-yet-valid", Severity::Error),
    ];
    for (years, id, severity) in cases {
        let diagnosis = served(full(trusting(&[&ca.der])), &[&ca.leaf("node", &["eu.example"], years)]);
        assert_eq!(diagnosis.root_cause, Some(id));
        assert_eq!(found(&diagnosis, id).severity, severity);
        // A trusted leaf is trusted by itself, whatever its dates: so does the JDK.
        let leaf = ca.leaf("node", &["eu.example"], years);
        assert_eq!(served(full(trusting(&[&leaf])), &[&leaf]).root_cause, None);
    }
}

#[test]
fn a_certificate_with_few_days_left_is_a_warning() {
    let ca = example();
    let leaf = ca.leaf("node", &["eu.example"], (2024, 2027));
    let mut main = with_tls(Question::AsElasticsearch, Some("eu.example"), TlsOutcome::Completed);
    let tls = main.tls.as_mut().unwrap();
    (tls.chain, tls.key_proven) = (vec![leaf], true);
    let evidence = evidence(full(trusting(&[&ca.der])), vec![says(main, Said::Ping, Heard::Pong)]);
    let soon = judged_at(&evidence, "2026-12-20T12:00:00Z");
    assert_eq!(found(&soon, "certificate-expiring").severity, Severity::Warning);
    assert_eq!(soon.root_cause, None);
    assert!(!ids(&judged(&evidence)).contains(&"certificate-expiring"));
}

#[test]
fn who_signed_is_told_from_who_is_missing() {
    let (ca, other) = (example(), Authority::root("Other", "Other CA", USUAL));
    let again = example();
    let between = ca.intermediate("Example", "Example Issuing CA");
    let leaf = between.leaf("node", &["eu.example"], USUAL);
    let own = self_signed("eu.example");
    let by_other = other.leaf("node", &["eu.example"], USUAL);
    let by_again = again.leaf("node", &["eu.example"], USUAL);
    let cases: [(&str, Vec<&Der>, Option<&str>); 6] = [
        ("whole", vec![&leaf, &between.der], None),
        ("without its intermediate", vec![&leaf], Some("certificate-chain-incomplete")),
        ("vouching for itself", vec![&own], Some("certificate-self-signed")),
        ("of another authority", vec![&by_other, &other.der], Some("certificate-untrusted")),
        ("of another authority, alone", vec![&by_other], Some("certificate-untrusted")),
        ("of an authority made anew under its name", vec![&by_again], Some("certificate-untrusted")),
    ];
    for (name, chain, id) in cases {
        assert_eq!(served(full(trusting(&[&ca.der])), &chain).root_cause, id, "{name}");
    }
}

#[test]
fn a_name_is_judged_in_full_mode_only() {
    let ca = example();
    let leaf = ca.leaf("node", &["*.us.example", "127.0.0.1"], USUAL);
    let mut link = full(trusting(&[&ca.der]));
    assert_eq!(served(link.clone(), &[&leaf]).root_cause, Some("certificate-name-mismatch"));
    link.verification_mode = Some(Sourced::given(VerificationMode::Certificate));
    assert_eq!(served(link, &[&leaf]).root_cause, None);
}

#[test]
fn a_name_that_only_the_common_name_bears_is_accepted_and_told() {
    let ca = example();
    let diagnosis = served(full(trusting(&[&ca.der])), &[&ca.leaf("eu.example", &[], USUAL)]);
    assert_eq!(diagnosis.root_cause, None);
    assert_ne!(found(&diagnosis, "certificate-common-name-only").severity, Severity::Error);
}

#[test]
fn an_authority_beyond_its_dates_still_counts_for_elasticsearch() {
    let ca = Authority::root("Example", "Example CA", (2015, 2025));
    let diagnosis = served(full(trusting(&[&ca.der])), &[&ca.leaf("node", &["eu.example"], USUAL)]);
    assert_eq!(diagnosis.root_cause, None);
    assert_ne!(found(&diagnosis, "certificate-authority-expired").severity, Severity::Error);
}

#[test]
fn an_authority_file_that_holds_something_else_explains_what_follows_from_it() {
    let ca = example();
    let leaf = ca.leaf("node", &["eu.example"], USUAL);
    let file = |certificates: &[&Der], faults: &[FileFault]| {
        let mut trust = trusting(certificates);
        if let Trust::Authorities { faults: theirs, .. } = &mut trust {
            theirs.extend(faults);
        }
        served(full(trust), &[&leaf])
    };
    for (fault, title, fix) in [
        (FileFault::Empty, "is empty", "BEGIN CERTIFICATE"),
        (FileFault::PrivateKey, "holds a private key", "ca.crt"),
        (FileFault::KeyStore, "PKCS#12", "openssl pkcs12 -in ca.pem -cacerts -nokeys"),
        (FileFault::Der, "in DER", "openssl x509 -inform der -in ca.pem"),
        (FileFault::WebPage, "is a web page", "download"),
        (FileFault::NoPem, "has no PEM block", "BEGIN CERTIFICATE"),
        (FileFault::NotACertificate, "holds something that is no certificate", "BEGIN CERTIFICATE"),
    ] {
        let diagnosis = file(&[], &[fault]);
        let (verdict, id) = (Verdict::Broken, "certificate-authority-file-invalid");
        assert_eq!((diagnosis.verdict, diagnosis.root_cause), (verdict, Some(id)), "{fault:?}");
        assert_eq!(found(&diagnosis, "certificate-untrusted").explained_by, Some(id));
        let finding = found(&diagnosis, id);
        assert!(finding.title.contains(title) && finding.fix[0].contains(fix), "{finding:?}");
        assert!(finding.detail.contains("does not start"), "{finding:?}");
    }
    // With the authority beside it the file serves, and the local cluster may have another one.
    for (fault, words) in [
        (FileFault::PrivateKey, "does not start"),
        (FileFault::NotACertificate, "does not start"),
        (FileFault::Der, "read it all the same"),
    ] {
        let diagnosis = file(&[&ca.der], &[fault]);
        assert_eq!(diagnosis.root_cause, None, "{fault:?}");
        let finding = found(&diagnosis, "certificate-authority-file-invalid");
        assert_eq!(finding.severity, Severity::Warning);
        assert!(finding.detail.contains(words), "{finding:?}");
    }
    let both = file(&[], &[FileFault::PrivateKey, FileFault::NotACertificate]);
    let finding = found(&both, "certificate-authority-file-invalid");
    assert!(finding.evidence.iter().any(|fact| fact.contains("no certificate, too")), "{finding:?}");
}

#[test]
fn an_authority_that_the_jdk_cannot_read_is_no_authority() {
    let ca = example();
    let leaf = ca.leaf("node", &["eu.example"], USUAL);
    let damaged = Der(vec![0x30, 3, 2, 1, 0]);
    let alone = served(full(trusting(&[&damaged])), &[&leaf]);
    assert_eq!(alone.root_cause, Some("certificate-authority-file-invalid"));
    // It costs Elasticsearch those beside it, too.
    let beside = served(full(trusting(&[&ca.der, &damaged])), &[&leaf]);
    assert_eq!(beside.root_cause, Some("certificate-authority-file-invalid"));
    assert!(
        !ids(&beside).contains(&"certificate-malformed"),
        "nothing is wrong with what is served: {:?}",
        ids(&beside)
    );
    let finding = found(&beside, "certificate-authority-file-invalid");
    assert!(finding.evidence.contains(&"it is certificate 2 of ca.pem".to_owned()), "{finding:?}");
    assert_eq!(beside.findings.iter().filter(|other| other.id == finding.id).count(), 1);
    assert_eq!(served(full(trusting(&[])), &[&leaf]).root_cause, Some("certificate-authority-file-invalid"));
}

#[test]
fn a_leaf_in_the_place_of_an_authority_works_until_it_is_renewed() {
    let ca = example();
    let leaf = ca.leaf("node", &["eu.example"], USUAL);
    let diagnosis = served(full(trusting(&[&leaf])), &[&leaf]);
    assert_eq!(diagnosis.root_cause, None);
    assert_ne!(found(&diagnosis, "certificate-authority-is-leaf").severity, Severity::Error);
    // An authority beside it, and it is one more way in.
    assert!(!ids(&served(full(trusting(&[&leaf, &ca.der])), &[&leaf])).contains(&"certificate-authority-is-leaf"));
}

#[test]
fn addresses_of_one_name_that_serve_different_certificates_are_told() {
    let ca = example();
    let mut evidence = evidence(full(trusting(&[&ca.der])), vec![]);
    for last in [1, 2] {
        let mut main = with_tls(Question::AsElasticsearch, Some("eu.example"), TlsOutcome::Completed);
        let tls = main.tls.as_mut().unwrap();
        (tls.chain, tls.key_proven) = (vec![ca.leaf("node", &["eu.example"], USUAL)], true);
        let mut address = evidence.addresses[0].clone();
        address.address = ([192, 0, 2, last], 9443).into();
        address.attempts = vec![says(main, Said::Ping, Heard::Pong)];
        evidence.addresses.push(address);
    }
    evidence.addresses.remove(0);
    let diagnosis = judged(&evidence);
    assert_eq!(found(&diagnosis, "certificate-differs-between-addresses").addresses.len(), 2);
    assert_eq!(diagnosis.root_cause, None);
}
