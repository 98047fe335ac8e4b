//! Whom a certificate is for, and what its names give away.

use super::certificate::{example, full, served};
use super::certificates::{Authority, USUAL, trusting};
use super::staging::*;

#[test]
fn a_name_that_almost_fits_says_which_rule_keeps_it_from_counting() {
    let ca = example();
    let judged = |host: &str, common_name: &str, names: &[&str]| {
        let mut link = full(trusting(&[&ca.der]));
        link.targets = vec![Target::parse(&format!("{host}:9443"))];
        served(link, &[&ca.leaf(common_name, names, USUAL)])
    };
    for (host, common_name, names, words, fix) in [
        ("a.eu.example", "x", &["*.example"][..], "exactly one label", "a name the certificate covers"),
        ("example", "x", &["*.example"], "exactly one label", "a name the certificate covers"),
        (
            "a.eu.example",
            "x",
            &["a.*.example"],
            "left-most label only",
            "install a certificate that covers a.eu.example",
        ),
        ("192.0.2.7", "x", &["eu.example"], "only IP entries", "server_name to eu.example"),
        ("eu.example", "eu.example", &["us.example"], "does not count beside DNS names", "server_name to us.example"),
        ("eu.example", "x", &["us.example", "192.0.2.7"], "as it is written", "server_name to us.example"),
    ] {
        let diagnosis = judged(host, common_name, names);
        assert_eq!(diagnosis.root_cause, Some("certificate-name-mismatch"), "{host} {names:?}");
        let finding = found(&diagnosis, "certificate-name-mismatch");
        assert!(finding.detail.contains(words), "{host} {names:?}: {}", finding.detail);
        assert!(finding.fix.join("\n").contains(fix), "{host} {names:?}: {:?}", finding.fix);
    }
}

#[test]
fn an_address_among_the_dns_names_does_not_count() {
    let ca = example();
    let leaf = ca.leaf_with("node", &[], |params| {
        params.subject_alt_names = vec![rcgen::SanType::DnsName("192.0.2.7".try_into().unwrap())];
    });
    let mut link = full(trusting(&[&ca.der]));
    link.targets = vec![Target::parse("192.0.2.7:9443")];
    let diagnosis = served(link, &[&leaf]);
    assert_eq!(diagnosis.root_cause, Some("certificate-name-mismatch"));
    assert!(found(&diagnosis, "certificate-name-mismatch").detail.contains("stands among its DNS names"));
}

#[test]
fn whose_certificate_it_is_shows_in_its_names_and_is_likely_at_most() {
    let ca = example();
    let rest = ["quickstart-es-http.default.svc", "quickstart-es-http"];
    let transport = ["node-1.node.quickstart.default.es.local"];
    let transport_like = Authority::root("Example", "Example CA", USUAL);
    let enterprise = Authority::root("Elastic", "elastic ce admin console root", USUAL);
    let stranger = example();
    for (trusted, leaf, port, id, severity, words) in [
        (&ca, ca.leaf("x", &rest, USUAL), 9443, "certificate-rest-layer", Severity::Warning, "REST interface"),
        (
            &ca,
            transport_like.leaf("x", &transport, USUAL),
            9443,
            "certificate-rest-layer",
            Severity::Warning,
            "transport interface",
        ),
        (
            &enterprise,
            enterprise.leaf("x", &["*.ip.es.io"], USUAL),
            9443,
            "certificate-built-in",
            Severity::Info,
            "ip.es.io",
        ),
        (
            &stranger,
            enterprise.leaf("x", &["*.ip.es.io"], USUAL),
            9443,
            "certificate-built-in",
            Severity::Warning,
            "ip.es.io",
        ),
    ] {
        let mut link = full(trusting(&[&trusted.der]));
        link.targets = vec![Target::parse(&format!("eu.example:{port}"))];
        let diagnosis = served(link, &[&leaf]);
        let finding = found(&diagnosis, id);
        assert_eq!((finding.severity, finding.certainty), (severity, Certainty::Likely), "{words}");
        assert!(format!("{} {}", finding.title, finding.detail).contains(words), "{finding:?}");
    }
    // On the port of the transport interface its own certificate is as it should be.
    let mut link = full(trusting(&[&ca.der]));
    link.targets = vec![Target::parse("eu.example:9300")];
    let diagnosis = served(link, &[&ca.leaf("x", &transport, USUAL)]);
    assert!(!ids(&diagnosis).contains(&"certificate-rest-layer"));
}
