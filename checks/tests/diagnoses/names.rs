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
        ("a.eu.example", "x", &["*.example"][..], "exactly one label", "of the form *.example"),
        ("example", "x", &["*.example"], "exactly one label", "of the form *.example"),
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
    let finding = found(&diagnosis, "certificate-name-mismatch");
    assert_eq!(finding.title, "the certificate at 192.0.2.7:9443 has 192.0.2.7 as a DNS name and not as an address");
    assert_eq!(finding.fix, ["on the remote install a certificate that covers 192.0.2.7"]);
}

#[test]
fn sniff_mode_has_no_server_name_to_set() {
    let ca = example();
    let mut link = full(trusting(&[&ca.der]));
    link.mode = Mode::Sniff;
    let diagnosis = served(link, &[&ca.leaf("node", &["us.example"], USUAL)]);
    let fix = found(&diagnosis, "certificate-name-mismatch").fix.join("\n");
    assert!(fix.contains("(seeds) by us.example") && !fix.contains("server_name"), "{fix}");
}

#[test]
fn whose_certificate_it_is_shows_in_its_names_and_is_likely_at_most() {
    let ca = example();
    let rest = ["quickstart-es-http.default.svc", "quickstart-es-http"];
    let transport = ["node-1.node.quickstart.default.es.local"];
    let transport_like = Authority::root("Example", "Example CA", USUAL);
    let enterprise = Authority::root("Elastic", "elastic ce admin console root", USUAL);
    let stranger = example();
    for (trusted, leaf, id, severity, words) in [
        (&ca, ca.leaf("x", &rest, USUAL), "certificate-rest-layer", Severity::Warning, "REST interface"),
        (
            &ca,
            transport_like.leaf("x", &transport, USUAL),
            "certificate-rest-layer",
            Severity::Warning,
            "transport interface",
        ),
        (&enterprise, enterprise.leaf("x", &["*.ip.es.io"], USUAL), "certificate-built-in", Severity::Info, "ip.es.io"),
        (
            &stranger,
            enterprise.leaf("x", &["*.ip.es.io"], USUAL),
            "certificate-built-in",
            Severity::Warning,
            "ip.es.io",
        ),
    ] {
        let diagnosis = served(full(trusting(&[&trusted.der])), &[&leaf]);
        let finding = found(&diagnosis, id);
        assert_eq!((finding.severity, finding.certainty), (severity, Certainty::Likely), "{words}");
        assert!(format!("{} {}", finding.title, finding.detail).contains(words), "{finding:?}");
    }
    // What is accepted there was given to the port on purpose.
    let accepted = ca.leaf("x", &["quickstart-es-http", "quickstart-es-http.default.svc", "eu.example"], USUAL);
    assert!(!ids(&served(full(trusting(&[&ca.der])), &[&accepted])).contains(&"certificate-rest-layer"));
    // On the port of the transport interface its own certificate is as it should be.
    let mut link = full(trusting(&[&ca.der]));
    link.targets = vec![Target::parse("eu.example:9300")];
    let diagnosis = served(link, &[&ca.leaf("x", &transport, USUAL)]);
    assert!(!ids(&diagnosis).contains(&"certificate-rest-layer"));
}
