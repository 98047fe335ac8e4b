//! What the remote cluster's REST API says of a key, beside what the port answers to the key itself.

use super::api_key::asked_at_wire;
use super::staging::*;

const EXPIRING: &str = "api-key-expiring";
const SEARCH: &str = "api-key-lacks-search";
const REPLICATION: &str = "api-key-lacks-replication";
const COVERED: &str = "api-key-indices-not-covered";

/// `evidence` with this answer of the remote's REST API.
fn told(mut evidence: LinkEvidence, key: Read<Option<KeyFacts>>) -> LinkEvidence {
    evidence.remote = Some(RemoteView { cluster: "eu-cluster".into(), key, own_keys_only: false, indices: None });
    evidence
}

/// A cross-cluster key that ends at `end`.
fn until(end: Option<&str>) -> KeyFacts {
    let expiration = end.map(|end| end.parse().unwrap());
    KeyFacts { name: Some("eu".into()), kind: Some(KeyKind::CrossCluster), expiration, ..KeyFacts::default() }
}

fn may(search: &[&str], replication: &[&str]) -> KeyFacts {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let access = KeyAccess { search: names(search), replication: names(replication), cut_short: false };
    KeyFacts { access: Some(access), ..until(None) }
}

/// A link on which the port could not be asked, with a key.
fn unreached() -> LinkEvidence {
    let refused = Attempt { tcp: tcp(TcpOutcome::Refused), ..attempt(Question::AsElasticsearch) };
    LinkEvidence { link: healthy().link, ..evidence(key_link("127.0.0.1:9443"), vec![refused]) }
}

/// A link whose key was kept back.
fn withheld() -> LinkEvidence {
    let mut evidence = healthy();
    evidence.link.api_key = KeyPresence::Given { id: "good".into(), withheld: true };
    let main = &mut evidence.addresses[0].attempts[0];
    main.exchanges.retain(|exchange| !exchange.said.has_key());
    evidence
}

#[test]
fn the_end_of_a_key_is_told_at_each_step_of_the_link_and_changes_no_verdict() {
    for (end, steps, words) in [
        ("2026-04-01T12:00:00Z", &[30, 14, 7][..], None),
        ("2026-03-31T12:00:00Z", &[30, 14, 7], None),
        ("2026-03-31T11:59:59Z", &[30, 14, 7], Some(("expires on 2026-03-31, in 29 days", "period of 30 days"))),
        ("2026-03-15T11:00:00Z", &[30, 14, 7], Some(("expires on 2026-03-15, in 13 days", "period of 14 days"))),
        ("2026-03-06T13:00:00Z", &[30, 14, 7], Some(("expires on 2026-03-06, in 5 days", "period of 7 days"))),
        (
            "2026-03-01T18:00:00Z",
            &[7],
            Some(("expires on 2026-03-01 18:00 UTC, in less than a day", "period of 7 days")),
        ),
        ("2026-03-15T11:00:00Z", &[7], None),
        ("2026-05-15T11:00:00Z", &[90], Some(("expires on 2026-05-15, in 74 days", "period of 90 days"))),
    ] {
        let mut evidence = told(healthy(), Ok(Some(until(Some(end)))));
        evidence.link.expiry_days = steps.to_vec();
        let diagnosis = judged(&evidence);
        assert_eq!((diagnosis.verdict, diagnosis.root_cause), (Verdict::Ok, None), "{end}");
        match words {
            None => assert!(ids(&diagnosis).is_empty(), "{end}: {:?}", ids(&diagnosis)),
            Some((title, detail)) => {
                let finding = found(&diagnosis, EXPIRING);
                assert_eq!((finding.severity, finding.certainty), (Severity::Warning, Certainty::Likely), "{end}");
                assert!(
                    finding.title.starts_with("the API key good ") && finding.title.ends_with(title),
                    "{}",
                    finding.title
                );
                assert!(finding.detail.contains(detail), "{}", finding.detail);
                assert!(finding.fix[1].contains("cluster.remote.eu.credentials"), "{:?}", finding.fix);
            }
        }
    }
    assert!(ids(&judged(&told(healthy(), Ok(Some(until(None)))))).is_empty(), "a key without an end");
}

#[test]
fn the_end_is_told_whatever_else_is_wrong_with_the_link() {
    let diagnosis = judged(&told(unreached(), Ok(Some(until(Some("2026-03-06T13:00:00Z"))))));
    assert_eq!((diagnosis.verdict, diagnosis.root_cause), (Verdict::Broken, Some("tcp-refused")));
    assert_eq!(found(&diagnosis, EXPIRING).severity, Severity::Warning);
}

/// What the port answers and what the REST API says: verdict, cause and every finding.
#[test]
fn the_port_and_the_rest_api_never_contradict_each_other() {
    let over = || until(Some("2026-02-27T12:00:00Z"));
    let gone = || KeyFacts { invalidated: true, ..until(None) };
    let rest = || KeyFacts { kind: Some(KeyKind::Rest), ..until(None) };
    let expired = || asked_at_wire(&["api key is expired"]);
    let refused = || asked_at_wire(&["something new about the API key"]);
    let busy = || asked_at_wire(&["failed to authenticate cross cluster credentials"]);
    let unknown = || asked_at_wire(&["unable to find apikey with id good"]);
    let fine = || Some(until(None));
    const BROKEN: Verdict = Verdict::Broken;
    type Row<'a> = (&'a str, LinkEvidence, Option<KeyFacts>, Verdict, Option<&'a str>, &'a [&'a str]);
    let rows: Vec<Row<'_>> = vec![
        ("both say expired", expired(), Some(over()), BROKEN, Some("api-key-expired"), &[]),
        ("expired at the port only", expired(), fine(), BROKEN, Some("api-key-expired"), &[]),
        ("refused, and expired", refused(), Some(over()), BROKEN, Some("api-key-expired"), &[]),
        ("refused, and invalidated", refused(), Some(gone()), BROKEN, Some("api-key-invalidated"), &[]),
        ("refused, and of another type", refused(), Some(rest()), BROKEN, Some("api-key-wrong-type"), &[]),
        ("refused, and fine", refused(), fine(), BROKEN, Some("api-key-refused"), &[]),
        ("refused, and not known", refused(), None, BROKEN, Some("api-key-refused"), &[]),
        ("not checked, and expired", busy(), Some(over()), BROKEN, Some("api-key-refused"), &[]),
        ("unknown to both", unknown(), None, BROKEN, Some("api-key-unknown"), &[]),
        ("unknown at the port only", unknown(), fine(), BROKEN, Some("api-key-unknown"), &[]),
        ("accepted, and expired", healthy(), Some(over()), Verdict::Ok, None, &[EXPIRING]),
        ("accepted, and invalidated", healthy(), Some(gone()), Verdict::Ok, None, &[]),
        ("accepted, and of another type", healthy(), Some(rest()), Verdict::Ok, None, &[]),
        ("accepted, and not known", healthy(), None, Verdict::Ok, None, &["api-key-unknown"]),
        ("not tried, and expired", withheld(), Some(over()), Verdict::Unknown, None, &["api-key-expired"]),
        ("not tried, and invalidated", withheld(), Some(gone()), Verdict::Unknown, None, &["api-key-invalidated"]),
        ("not tried, and of another type", withheld(), Some(rest()), Verdict::Unknown, None, &["api-key-wrong-type"]),
        ("not tried, and not known", withheld(), None, Verdict::Unknown, None, &["api-key-unknown"]),
        ("not tried, and fine", withheld(), fine(), Verdict::Unknown, None, &[]),
    ];
    for (row, evidence, facts, verdict, root, others) in rows {
        let diagnosis = judged(&told(evidence, Ok(facts)));
        assert_eq!((diagnosis.verdict, diagnosis.root_cause), (verdict, root), "{row}");
        let expected: Vec<&str> = root.iter().chain(others).copied().collect();
        assert_eq!(ids(&diagnosis), expected, "{row}");
        assert!(diagnosis.findings.iter().all(|it| it.certainty <= Certainty::Likely), "{row}");
        assert!(diagnosis.findings.iter().all(|it| it.severity == Severity::Error || root.is_none()), "{row}");
    }
}

#[test]
fn a_refusal_shows_what_the_rest_api_says_and_which_cluster_it_may_be_instead() {
    let over = until(Some("2026-02-27T12:00:00Z"));
    let diagnosis = judged(&told(asked_at_wire(&["api key is expired"]), Ok(Some(over))));
    let evidence = &found(&diagnosis, "api-key-expired").evidence;
    assert!(
        evidence.iter().any(|it| it == "_security/api_key of eu-cluster: the key expired on 2026-02-27"),
        "{evidence:?}"
    );
    let diagnosis = judged(&told(asked_at_wire(&["unable to find apikey with id good"]), Ok(Some(until(None)))));
    let finding = found(&diagnosis, "api-key-unknown");
    assert!(finding.detail.contains("The cluster eu-cluster has a key of this id"), "{}", finding.detail);
}

#[test]
fn who_sees_only_keys_of_their_own_learns_nothing_from_not_seeing_one() {
    for evidence in [healthy(), withheld()] {
        let verdict = judged(&evidence).verdict;
        let mut evidence = told(evidence, Ok(None));
        evidence.remote.as_mut().unwrap().own_keys_only = true;
        let diagnosis = judged(&evidence);
        assert_eq!((diagnosis.verdict, ids(&diagnosis)), (verdict, vec!["cluster-privilege-missing"]));
        let finding = found(&diagnosis, "cluster-privilege-missing");
        assert_eq!(finding.severity, Severity::Info);
        assert!(finding.fix[0].contains("read_security"), "{:?}", finding.fix);
    }
}

#[test]
fn a_remote_that_cannot_be_asked_is_a_warning_with_what_is_missing_and_no_more() {
    let reason = || "no".to_owned();
    for (error, id) in [
        (ReadError::Forbidden { reason: reason() }, "cluster-privilege-missing"),
        (ReadError::CredentialsRefused { reason: reason(), sent: true }, "cluster-credentials-refused"),
        (ReadError::CredentialsRefused { reason: reason(), sent: false }, "cluster-credentials-refused"),
        (ReadError::Unreachable { error: reason() }, "cluster-unreachable"),
        (ReadError::TimedOut { seconds: 20 }, "cluster-unreachable"),
        (ReadError::Status { status: 503, reason: reason() }, "cluster-answer-unusable"),
        (ReadError::TooLarge { limit_bytes: 32 << 20 }, "cluster-answer-unusable"),
        (ReadError::Html { title: Some("Kibana".into()) }, "cluster-answer-unusable"),
        (ReadError::Shape { error: reason() }, "cluster-answer-unusable"),
        (ReadError::Redirect { location: "https://sso.example".into() }, "cluster-answer-unusable"),
    ] {
        let diagnosis = judged(&told(healthy(), Err(error.clone())));
        assert_eq!((diagnosis.verdict, ids(&diagnosis)), (Verdict::Ok, vec![id]), "{error:?}");
        let finding = found(&diagnosis, id);
        assert_eq!(finding.severity, Severity::Warning, "{error:?}");
        assert!(finding.title.contains("the remote cluster eu-cluster"), "{}", finding.title);
    }
    let forbidden = judged(&told(healthy(), Err(ReadError::Forbidden { reason: reason() })));
    assert!(found(&forbidden, "cluster-privilege-missing").fix[0].contains("cluster privilege read_security"));
}

#[test]
fn what_the_key_may_do_is_held_against_what_the_link_is_used_for() {
    let all = || may(&["*"], &["*"]);
    type Row = (&'static str, KeyFacts, Option<&'static str>, &'static [(&'static str, Severity)]);
    let rows: Vec<Row> = vec![
        ("everything, no use known", all(), None, &[]),
        ("everything", all(), Some("logs-*"), &[]),
        ("search only", may(&["*"], &[]), Some("logs-*"), &[(REPLICATION, Severity::Info)]),
        ("replication only, no use known", may(&[], &["*"]), None, &[(SEARCH, Severity::Info)]),
        ("replication only, to be searched", may(&[], &["*"]), Some("logs-*"), &[(SEARCH, Severity::Warning)]),
        ("part of the pattern", may(&["logs-a-*"], &["*"]), Some("logs-*"), &[(COVERED, Severity::Warning)]),
        ("all of the pattern", may(&["logs-*"], &["*"]), Some("logs-a-*"), &[]),
        ("less than the key covers", may(&["logs-*", "x"], &["*"]), Some("logs-a,x"), &[]),
        ("other indices, no use known", may(&["logs-a-*"], &["*"]), None, &[]),
        ("what cannot be compared", may(&["logs-a-*"], &["*"]), Some("<logs-{now/d}>"), &[]),
        ("a release that does not say it", until(None), Some("logs-*"), &[]),
    ];
    for (row, facts, indices, expected) in rows {
        let mut evidence = told(healthy(), Ok(Some(facts)));
        evidence.remote.as_mut().unwrap().indices = indices.map(str::to_owned);
        let diagnosis = judged(&evidence);
        assert_eq!(diagnosis.verdict, Verdict::Ok, "{row}");
        let made: Vec<_> = diagnosis.findings.iter().map(|it| (it.id, it.severity)).collect();
        assert_eq!(made, expected, "{row}");
    }
    let mut cut = may(&["logs-a-*"], &[]);
    cut.access.as_mut().unwrap().cut_short = true;
    let mut evidence = told(healthy(), Ok(Some(cut)));
    evidence.remote.as_mut().unwrap().indices = Some("logs-*".into());
    assert!(ids(&judged(&evidence)).is_empty(), "an access that is not known in whole");
}

#[test]
fn a_link_without_a_key_or_of_the_certificate_model_has_no_key_to_speak_of() {
    let mut keyless = told(healthy(), Ok(Some(until(Some("2026-03-06T13:00:00Z")))));
    keyless.link.api_key = KeyPresence::NotGiven;
    let mut certificates = told(unreached(), Ok(Some(until(Some("2026-03-06T13:00:00Z")))));
    certificates.link.model = Some(Sourced::given(Model::Certificate));
    for evidence in [keyless, certificates] {
        assert!(!ids(&judged(&evidence)).contains(&EXPIRING));
    }
}

#[test]
fn names_from_the_remote_cannot_move_a_cursor() {
    let mut facts = until(Some("2026-03-06T13:00:00Z"));
    facts.name = Some("a\u{1b}[2J".into());
    facts.access = Some(KeyAccess { search: vec!["b\u{1b}[2J".into()], ..KeyAccess::default() });
    let mut evidence = told(healthy(), Ok(Some(facts)));
    evidence.remote.as_mut().unwrap().indices = Some("logs-*\u{1b}[2J".into());
    let diagnosis = judged(&evidence);
    assert_eq!(diagnosis.findings.len(), 3);
    assert!(!serde_json::to_string(&diagnosis).unwrap().contains("\\u001b"));
}
