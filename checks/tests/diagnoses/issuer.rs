//! Whom a chain leads to, and what is known of an authority that is not trusted.

use super::certificate::{example, full, served};
use super::certificates::{Authority, USUAL, self_signed, trusting};
use super::chain::{noted, refused};
use super::staging::*;

const NAMES: &[&str] = &["eu.example"];

fn public(source: Source) -> Trust {
    Trust::PublicRoots { source }
}

/// The chain of a public web site, as it was served in 2023 (C2SP/x509-limbo, `cryptographydotio-chain`).
fn of_a_public_authority() -> Vec<Der> {
    let cases = include_str!("../../../tests/conformance/data/x509-limbo.jsonl");
    let line = cases.lines().find(|line| line.contains("\"webpki::cryptographydotio-chain\"")).unwrap();
    let case: serde_json::Value = serde_json::from_str(line).unwrap();
    serde_json::from_value(case["served"].clone()).unwrap()
}

#[test]
fn an_authority_that_is_not_trusted_is_told_by_its_relation_to_those_that_are() {
    let (ca, other, again) = (example(), Authority::root("Other", "Other CA", USUAL), example());
    let id = "certificate-untrusted";
    let key_id = |authority: &Authority| {
        authority.leaf_with("node", NAMES, |params| params.use_authority_key_identifier_extension = true)
    };
    let leaf = |authority: &Authority| authority.leaf("node", NAMES, USUAL);
    let judged = |trusted: &Der, chain: &[&Der]| served(full(trusting(&[trusted])), chain);

    let stranger = judged(&ca.der, &[&leaf(&other), &other.der]);
    refused(
        "stranger",
        &stranger,
        id,
        &["the chain at eu.example:9443 ends at \"CN=Other CA", "which this link does not trust"],
    );
    refused("same name", &judged(&ca.der, &[&leaf(&again)]), id, &["another \"", "made anew"]);
    let renamed = ca.with_other_key_id("Example CA");
    refused(
        "other key id",
        &judged(&renamed, &[&key_id(&ca)]),
        id,
        &["subjectKeyIdentifier", "authorityKeyIdentifier"],
    );
    let private = served(full(public(Source::Given)), &[&leaf(&ca)]);
    refused("private", &private, id, &["private authority", "public ones only"]);

    let chain = of_a_public_authority();
    let mut link = full(trusting(&[&ca.der]));
    link.server_name = Some("cryptography.io".into());
    let mut main = with_tls(Question::AsElasticsearch, Some("cryptography.io"), TlsOutcome::Completed);
    let tls = main.tls.as_mut().unwrap();
    (tls.chain, tls.key_proven) = (chain, true);
    let mut evidence = evidence(link, vec![says(main, Said::Ping, Heard::Pong)]);
    let diagnosis = judged_at(&evidence, "2023-07-10T00:00:00Z");
    // Nodes trust one another by the authorities of the transport interface: they must stay.
    refused(
        "public",
        &diagnosis,
        id,
        &["public authority", "replaces the public roots", "leave the authorities that are there"],
    );
    evidence.link.model = Some(Sourced::given(Model::ApiKey));
    let by_key = judged_at(&evidence, "2023-07-10T00:00:00Z");
    refused(
        "public, by key",
        &by_key,
        id,
        &["remote_cluster_client.ssl.certificate_authorities", "or, if no other remote needs"],
    );
}

#[test]
fn what_rests_on_an_assumed_trust_is_likely_at_most() {
    let ca = example();
    let leaf = ca.leaf("node", NAMES, USUAL);
    for (source, certainty) in [(Source::Assumed, Certainty::Likely), (Source::Read, Certainty::Certain)] {
        let diagnosis = served(full(public(source)), &[&leaf]);
        assert_eq!(found(&diagnosis, "certificate-untrusted").certainty, certainty);
        let alone = served(full(public(source)), &[&self_signed("eu.example")]);
        let finding = found(&alone, "certificate-self-signed");
        assert_eq!(finding.certainty, certainty);
        let asks = finding.fix.iter().any(|fix| fix.contains("--ca-file"));
        assert_eq!(asks, source == Source::Assumed, "{finding:?}");
    }
}

#[test]
fn an_intermediate_that_is_missing_is_told_from_an_older_one_of_its_name() {
    let ca = example();
    let (between, again) = (ca.intermediate("Example", "Issuing CA"), ca.intermediate("Example", "Issuing CA"));
    let leaf = between.leaf("node", NAMES, USUAL);
    let id = "certificate-chain-incomplete";
    for (name, chain, words) in [
        ("nothing served", vec![&leaf], &["does not serve", "Issuing CA", "CN=Example CA"][..]),
        ("an older one served", vec![&leaf, &again.der], &["another \"CN=Issuing CA", "another key signed"]),
    ] {
        let diagnosis = served(full(trusting(&[&ca.der])), &chain);
        assert_eq!(diagnosis.root_cause, Some(id), "{name}");
        let finding = found(&diagnosis, id);
        assert_eq!((finding.severity, finding.certainty), (Severity::Error, Certainty::Likely), "{name}");
        let text = format!("{}\n{}", finding.title, finding.detail);
        words.iter().for_each(|words| assert!(text.contains(words), "{name}: {words:?} in {text}"));
    }
}

#[test]
fn a_certificate_that_is_trusted_by_itself_is_judged_by_nothing_else() {
    let ca = example();
    let leaf = ca.leaf("node", NAMES, (2024, 2026));
    let diagnosis = served(full(trusting(&[&leaf])), &[&leaf]);
    noted("expired", &diagnosis, "certificate-expired", Severity::Warning, &["is trusted by itself"]);
    noted("no authority", &diagnosis, "certificate-authority-is-leaf", Severity::Warning, &["CN=node"]);
}

#[test]
fn without_known_trust_only_what_is_wrong_by_itself_counts_and_is_likely() {
    let ca = example();
    let judged = |years| served(full(Trust::Unknown), &[&ca.leaf("node", NAMES, years)]);
    let fine = judged(USUAL);
    assert_eq!((fine.verdict, fine.root_cause), (Verdict::Unknown, None));
    assert!(fine.findings.iter().all(|finding| !finding.id.starts_with("certificate-")), "{:?}", ids(&fine));
    for (years, id) in [((2024, 2026), "certificate-expired"), ((2027, 2034), "certificate-not-yet-valid")] {
        let diagnosis = judged(years);
        assert_eq!(diagnosis.root_cause, Some(id));
        assert_eq!(found(&diagnosis, id).certainty, Certainty::Likely);
    }
}

#[test]
fn each_verification_mode_judges_what_elasticsearch_judges_in_it() {
    let (ca, other) = (example(), Authority::root("Other", "Other CA", USUAL));
    let wrong = other.leaf("node", &["us.example"], (2024, 2026));
    let misnamed = ca.leaf("node", &["us.example"], USUAL);
    let judged = |mode, leaf: &Der| {
        let mut link = full(trusting(&[&ca.der]));
        link.verification_mode = Some(Sourced::given(mode));
        served(link, &[leaf])
    };
    let none = judged(VerificationMode::None, &wrong);
    assert!(none.findings.iter().all(|finding| !finding.is_error()), "{:?}", ids(&none));
    assert_eq!(judged(VerificationMode::Certificate, &misnamed).root_cause, None);
    assert_eq!(judged(VerificationMode::Full, &misnamed).root_cause, Some("certificate-name-mismatch"));
    let both = judged(VerificationMode::Certificate, &wrong);
    assert!(ids(&both).contains(&"certificate-untrusted") && ids(&both).contains(&"certificate-expired"));
    assert!(!ids(&both).contains(&"certificate-name-mismatch"));
}
