//! Clocks that differ, and certificates whose dates then differ too.

use rcgen::date_time_ymd;

use super::certificates::{Authority, USUAL, trusting};
use super::staging::*;

/// An hour before the day on which the certificates of these rows begin or end.
const LATE: &str = "2026-03-01T23:00:00Z";

/// A link that was asked for by its local cluster, whose clock shows `date` ten seconds after `LATE`.
fn cluster_of(date: &str, word: ClusterView) -> Option<ClusterView> {
    let date = ServerDate { date: date.parse().unwrap(), after_milliseconds: 10_000 };
    Some(ClusterView { date: Some(date), ..word })
}

/// A link over which a certificate is served that is valid from one day of March 2026 to another; from
/// the year before where the first is none.
fn dated((from, until): (u8, u8), cluster: Option<ClusterView>) -> LinkEvidence {
    let ca = Authority::root("Example", "Example CA", USUAL);
    let leaf = ca.leaf_with("node", &["eu.example"], |params| {
        params.not_before = if from == 0 { date_time_ymd(2025, 1, 1) } else { date_time_ymd(2026, 3, from) };
        params.not_after = date_time_ymd(2026, 3, until);
    });
    let mut link = link("eu.example:9443", None);
    link.trust = trusting(&[&ca.der]);
    link.expiry_days = vec![];
    let mut main = transport_port();
    let tls = main.tls.as_mut().unwrap();
    (tls.chain, tls.key_proven) = (vec![leaf], true);
    let mut evidence = evidence(link, vec![main]);
    evidence.cluster = cluster;
    evidence
}

#[test]
fn a_clock_that_differs_by_more_than_a_minute_is_told_with_its_side_and_by_how_much() {
    for (date, title) in [
        ("2026-03-02T01:00:10Z", Some("the clock of the local cluster prod is 2 h ahead of this host's")),
        ("2026-03-01T20:55:10Z", Some("the clock of the local cluster prod is 2 h 5 min behind this host's")),
        ("2026-03-01T23:01:20Z", Some("the clock of the local cluster prod is 70 s ahead of this host's")),
        ("2025-03-01T23:00:10Z", Some("the clock of the local cluster prod is 365 days behind this host's")),
        ("2026-03-01T23:01:10Z", None),
        ("2026-03-01T22:59:30Z", None),
    ] {
        let diagnosis = judged_at(&dated((1, 30), cluster_of(date, asked(true, None))), LATE);
        assert_eq!((diagnosis.verdict, diagnosis.root_cause), (Verdict::Ok, None), "{date}");
        let skew = diagnosis.findings.iter().find(|finding| finding.id == "certificate-clock-skew");
        assert_eq!(skew.map(|finding| finding.title.as_str()), title);
        assert!(skew.is_none_or(|finding| finding.severity == Severity::Warning));
    }
}

#[test]
fn what_is_valid_by_the_local_clusters_clock_is_no_error_of_the_link() {
    let idle = || ClusterView { resolve: None, after: None, ..asked(false, None) };
    for (days, ahead, id) in [
        ((2, 30), "2026-03-02T01:00:10Z", "certificate-not-yet-valid"),
        ((0, 1), "2026-02-28T23:00:00Z", "certificate-expired"),
    ] {
        for (word, verdict) in [(asked(true, None), Verdict::Ok), (idle(), Verdict::Ok)] {
            let diagnosis = judged_at(&dated(days, cluster_of(ahead, word)), LATE);
            assert_eq!((diagnosis.verdict, diagnosis.root_cause), (verdict, None), "{id}");
            let finding = found(&diagnosis, id);
            assert_eq!((finding.severity, finding.certainty), (Severity::Warning, Certainty::Likely));
            assert_eq!(finding.explained_by, Some("certificate-clock-skew"));
            assert!(finding.detail.contains("may well accept it"), "{finding:?}");
        }
        // It fails there all the same.
        let diagnosis = judged_at(&dated(days, cluster_of(ahead, asked(false, Some("x")))), LATE);
        assert_eq!((diagnosis.verdict, diagnosis.root_cause), (Verdict::Broken, Some(id)));
        assert_eq!(found(&diagnosis, id).certainty, Certainty::Likely);
        // Neither clock helps.
        let same = judged_at(&dated(days, cluster_of("2026-03-01T23:00:10Z", idle())), LATE);
        assert_eq!((same.root_cause, found(&same, id).certainty), (Some(id), Certainty::Certain));
    }
    let both = judged_at(&dated((20, 30), cluster_of("2026-03-02T01:00:10Z", idle())), LATE);
    assert_eq!(both.root_cause, Some("certificate-not-yet-valid"));
    assert_eq!(found(&both, "certificate-not-yet-valid").explained_by, None);
}

#[test]
fn what_the_local_cluster_refuses_by_its_clock_is_said_with_the_clock() {
    let diagnosis = judged_at(&dated((1, 30), cluster_of("2026-02-28T22:00:00Z", asked(true, None))), LATE);
    let skew = found(&diagnosis, "certificate-clock-skew");
    assert!(skew.detail.contains("CN=node at 127.0.0.1:9443, which is not valid before 2026-03-01"), "{skew:?}");
}

#[test]
fn a_peers_clock_only_says_that_one_of_two_is_wrong() {
    let mut evidence = dated((2, 30), None);
    let date = ServerDate { date: "2026-03-02T01:00:10Z".parse().unwrap(), after_milliseconds: 10_000 };
    let answer = HttpAnswer { status: 400, date: Some(date), ..HttpAnswer::default() };
    evidence.addresses[0].attempts.push(says(attempt(Question::PlainHttp), Said::Http, Heard::Http(answer)));
    let diagnosis = judged_at(&evidence, LATE);
    assert!(found(&diagnosis, "certificate-clock-skew").title.contains("the server at 127.0.0.1:9443 is 2 h ahead"));
    let finding = found(&diagnosis, "certificate-not-yet-valid");
    assert_eq!((finding.severity, finding.certainty), (Severity::Error, Certainty::Likely));
    assert_eq!((diagnosis.root_cause, finding.explained_by), (Some(finding.id), None));
}

#[test]
fn a_certificate_that_begins_within_a_day_may_be_a_matter_of_clocks() {
    let diagnosis = judged_at(&dated((2, 30), None), LATE);
    assert_eq!(diagnosis.root_cause, Some("certificate-not-yet-valid"));
    let finding = found(&diagnosis, "certificate-not-yet-valid");
    assert_eq!(finding.alternatives, ["certificate-clock-skew"]);
    assert!(
        finding.title.ends_with("is not valid before 2026-03-02 00:00 UTC"),
        "the day alone would not tell: {finding:?}"
    );
    assert!(!ids(&diagnosis).contains(&"certificate-clock-skew"));
}
