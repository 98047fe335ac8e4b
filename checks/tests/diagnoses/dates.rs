//! How early the end of a certificate's validity is told, and what an authority's own end means.

use super::certificate::{example, full};
use super::certificates::{Authority, USUAL, trusting};
use super::chain::noted;
use super::staging::*;

/// A link over which `leaf` is served, and which warns at these `days`.
fn serving(ca: &Authority, leaf: &Der, days: &[u16]) -> LinkEvidence {
    let mut link = full(trusting(&[&ca.der]));
    link.expiry_days = days.to_vec();
    let mut main = with_tls(Question::AsElasticsearch, Some("eu.example"), TlsOutcome::Completed);
    let tls = main.tls.as_mut().unwrap();
    (tls.chain, tls.key_proven) = (vec![leaf.clone()], true);
    evidence(link, vec![says(main, Said::Ping, Heard::Pong)])
}

#[test]
fn the_end_of_a_certificate_is_told_at_each_step_of_the_link() {
    let ca = example();
    // It ends with the year 2026.
    let leaf = ca.leaf("node", &["eu.example"], (2024, 2027));
    for (days, at, words) in [
        (&[30, 14, 7][..], "2026-11-30T12:00:00Z", None),
        (&[30, 14, 7], "2026-12-02T12:00:00Z", Some(&["29 days are left", "period of 30 days"])),
        (&[30, 14, 7], "2026-12-20T12:00:00Z", Some(&["11 days are left", "period of 14 days"])),
        (&[30, 14, 7], "2026-12-30T12:00:00Z", Some(&["1 day is left", "period of 7 days"])),
        (&[30, 14, 7], "2026-12-31T12:00:00Z", Some(&["Less than a day is left", "period of 7 days"])),
        (&[90], "2026-11-01T12:00:00Z", Some(&["60 days are left", "period of 90 days"])),
        (&[1], "2026-12-20T12:00:00Z", None),
    ] {
        let diagnosis = judged_at(&serving(&ca, &leaf, days), at);
        match words {
            Some(words) => noted(at, &diagnosis, "certificate-expiring", Severity::Warning, words),
            None => assert!(!ids(&diagnosis).contains(&"certificate-expiring"), "{at} {days:?}"),
        }
    }
}

#[test]
fn the_end_of_a_trusted_authority_is_worth_a_warning_and_no_more() {
    for (years, at, id, severity, words) in [
        ((2015, 2025), NOW, "certificate-authority-expired", Severity::Warning, "expired on 2025-01-01"),
        ((2015, 2027), "2026-12-20T12:00:00Z", "certificate-authority-expiring", Severity::Warning, "11 days are left"),
        ((2015, 2030), NOW, "certificate-authority-expiring", Severity::Info, "valid until 2034-01-01"),
    ] {
        let ca = Authority::root("Example", "Example CA", years);
        let evidence = serving(&ca, &ca.leaf("node", &["eu.example"], USUAL), &[30, 14, 7]);
        noted(at, &judged_at(&evidence, at), id, severity, &["CN=Example CA", "ca.pem", words]);
    }
}
