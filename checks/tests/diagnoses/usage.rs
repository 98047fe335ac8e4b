//! What uses a link: followers and auto-follow patterns, on both sides of every boundary.

use farlink_checks::lag::lag_before;
use farlink_checks::model::replication::*;

use super::staging::*;

fn follower() -> Follower {
    Follower {
        name: "copy".into(),
        leader: "orders".into(),
        lag: Some(0),
        copied: Some(500),
        last_read_milliseconds: Some(20),
        ..Follower::default()
    }
}

fn failing(retries: u64) -> Follower {
    Follower { reading: Some(ReadTrouble { retries, reason: "unauthorized".into() }), ..follower() }
}

fn stopped() -> Follower {
    Follower { fatal: Some("operations are no longer available".into()), ..follower() }
}

fn behind(lag: u64, copied: u64) -> Follower {
    Follower { lag: Some(lag), copied: Some(copied), ..follower() }
}

/// A link on which everything works, with this replication over it.
fn with(replication: Replication) -> LinkEvidence {
    let mut evidence = healthy();
    evidence.cluster = Some(ClusterView { replication: Some(replication), ..asked(true, None) });
    evidence
}

fn following(followers: Vec<Follower>) -> LinkEvidence {
    with(Replication { followers, ..Replication::default() })
}

/// The usage findings of `evidence`, each with its severity.
fn usage(evidence: &LinkEvidence) -> Vec<(&'static str, Severity)> {
    let of_use = |finding: &&Finding| finding.stage == farlink_checks::model::stage::Stage::Usage;
    judged(evidence).findings.iter().filter(of_use).map(|finding| (finding.id, finding.severity)).collect()
}

#[test]
fn each_state_of_a_follower_is_told_and_the_harmless_ones_beside_it_are_not() {
    use Severity::{Error, Info, Warning};
    let unread = |lag, millis| Follower { last_read_milliseconds: Some(millis), ..behind(lag, 500) };
    let paused = Follower { paused: true, lag: None, ..follower() };
    for (follower, expected) in [
        (follower(), None),
        (stopped(), Some(("follower-failed", Error))),
        (failing(9), None),
        (failing(10), Some(("follower-failed", Warning))),
        // A large lag alone is that of a busy index.
        (unread(1_000_000, 299_999), None),
        (unread(999, 300_000), None),
        (unread(1_000, 300_000), Some(("follower-lagging", Info))),
        (Follower { lag: None, last_read_milliseconds: Some(900_000), ..follower() }, None),
        (paused, Some(("follower-paused", Info))),
    ] {
        assert_eq!(usage(&following(vec![follower.clone()])), Vec::from_iter(expected), "{follower:?}");
    }
    assert_eq!(usage(&healthy()), []);
}

#[test]
fn a_stopped_follower_degrades_a_link_that_works_and_breaks_none() {
    let evidence = following(vec![stopped()]);
    let diagnosis = judged(&evidence);
    assert_eq!((diagnosis.verdict, diagnosis.root_cause), (Verdict::Degraded, Some("follower-failed")));
    let finding = found(&diagnosis, "follower-failed");
    assert_eq!(finding.title, "follower index \"copy\" has stopped copying for good");
    assert!(finding.evidence[0].contains("no longer available"), "{:?}", finding.evidence);
    // Nobody can say whether this link works, and a follower cannot either.
    let mut unknown = evidence.clone();
    unknown.addresses.clear();
    let view = unknown.cluster.as_mut().unwrap();
    (view.resolve, view.after) = (None, None);
    view.before = Ok(Some(RemoteInfo::default()));
    let diagnosis = judged(&unknown);
    assert_eq!(diagnosis.verdict, Verdict::Unknown);
    assert_eq!(found(&diagnosis, "follower-failed").severity, Severity::Error);
    for harmless in [failing(50), Follower { paused: true, ..follower() }] {
        assert_eq!(judged(&following(vec![harmless])).verdict, Verdict::Ok);
    }
}

#[test]
fn a_probe_that_finds_fault_on_its_own_way_does_not_excuse_a_stopped_follower() {
    let mut evidence = following(vec![stopped()]);
    evidence.addresses[0].attempts = vec![attempt(Question::AsElasticsearch)];
    evidence.addresses[0].attempts[0].tcp = tcp(TcpOutcome::Refused);
    let diagnosis = judged(&evidence);
    assert_eq!((diagnosis.verdict, diagnosis.root_cause), (Verdict::Degraded, Some("follower-failed")));
    assert_eq!(found(&diagnosis, "tcp-refused").severity, Severity::Info);
}

#[test]
fn reads_that_fail_while_the_link_is_broken_are_part_of_the_outage_and_a_stopped_follower_is_not() {
    let failed = |id: &str, mut evidence: LinkEvidence, followers: Vec<Follower>| {
        let view = evidence.cluster.take().unwrap();
        let replication = Some(Replication { followers, ..Replication::default() });
        evidence.cluster = Some(ClusterView { replication, ..view });
        let diagnosis = judged(&evidence);
        assert_eq!(diagnosis.verdict, Verdict::Broken);
        assert_eq!(diagnosis.root_cause, Some(id));
        found(&diagnosis, "follower-failed").explained_by
    };
    let mut refused = healthy();
    refused.addresses[0].attempts = vec![attempt(Question::AsElasticsearch)];
    refused.addresses[0].attempts[0].tcp = tcp(TcpOutcome::Refused);
    refused.cluster = Some(asked(false, Some("connect_timeout")));
    assert_eq!(failed("tcp-refused", refused.clone(), vec![failing(50)]), Some("tcp-refused"));
    assert_eq!(failed("tcp-refused", refused, vec![stopped()]), None);
    let mut key = healthy();
    key.cluster = Some(asked(false, Some("api key is expired")));
    assert_eq!(failed("api-key-expired", key, vec![failing(50)]), Some("api-key-expired"));
    let works = judged(&following(vec![failing(50)]));
    assert_eq!(found(&works, "follower-failed").explained_by, None);
}

/// Whether the last of `runs`, each a lag and what was copied, `seconds` apart, warns.
fn warns(runs: &[(u64, u64)], seconds: f64) -> bool {
    let mut last: Option<LinkEvidence> = None;
    for (place, (lag, copied)) in runs.iter().enumerate() {
        // Each is read anew, as the time of the last read shows.
        let read = Some(place as u64);
        let mut now = following(vec![Follower { last_read_milliseconds: read, ..behind(*lag, *copied) }]);
        let replication = now.cluster.as_ref().and_then(|view| view.replication.as_ref());
        now.lag_before = last.and_then(|last| lag_before(&last, replication, seconds));
        last = Some(now);
    }
    usage(&last.unwrap()).contains(&("follower-lagging", Severity::Warning))
}

#[test]
fn a_lag_that_only_grows_for_ten_minutes_warns_and_one_that_comes_down_does_not() {
    for (runs, seconds, expected) in [
        // Growing, from nothing or from something, in three runs over ten minutes.
        (&[(0, 1), (1_000, 2), (2_000, 3)][..], 300.0, true),
        (&[(0, 1), (1_000, 2), (2_000, 3)], 299.0, false),
        (&[(0, 1), (999, 2), (2_000, 3)], 300.0, false),
        (&[(2_000, 1), (4_000, 2), (9_000, 3)], 300.0, true),
        (&[(2_000, 1), (3_999, 2), (9_000, 3)], 300.0, false),
        // A burst that only the last run saw, after a long quiet time.
        (&[(0, 1), (0, 2), (0, 3), (500_000, 4)], 3_000.0, false),
        (&[(5, 1), (5, 2), (5, 3), (500_000, 4)], 3_000.0, false),
        // One that made up for some of it.
        (&[(0, 1), (5_000, 2), (9_000, 3), (8_999, 4)], 300.0, false),
        // One that copies nothing, and the same lag of one that copies.
        (&[(7, 1), (7, 1), (7, 1)], 300.0, true),
        (&[(7, 1), (7, 1), (7, 1)], 299.0, false),
        (&[(7, 1), (7, 2), (7, 3)], 300.0, false),
        // Nothing is written and nothing is behind.
        (&[(0, 1), (0, 1), (0, 1)], 300.0, false),
    ] {
        assert_eq!(warns(runs, seconds), expected, "{runs:?} {seconds}");
    }
}

#[test]
fn what_was_not_read_again_proves_nothing_and_a_gap_in_what_is_known_is_bridged() {
    let run = |last: &LinkEvidence, mut now: LinkEvidence| {
        let replication = now.cluster.as_ref().and_then(|view| view.replication.as_ref());
        now.lag_before = lag_before(last, replication, 400.0);
        now
    };
    let read = |millis| following(vec![Follower { last_read_milliseconds: Some(millis), ..behind(7, 1) }]);
    let is_told = |evidence: &LinkEvidence| usage(evidence).contains(&("follower-lagging", Severity::Warning));
    let mut same = read(1);
    for _ in 0..5 {
        same = run(&same, read(1));
        assert!(!is_told(&same), "{:?}", same.lag_before);
    }
    assert!(is_told(&run(&same, read(2))));
    let mut silent = read(1);
    silent.cluster.as_mut().unwrap().replication = None;
    let between = run(&read(1), silent);
    assert!(!is_told(&between));
    assert!(is_told(&run(&between, read(2))));
}

fn pattern(errors: Vec<AutoFollowError>) -> AutoFollow {
    AutoFollow { name: Some("logs".into()), remote: "eu".into(), paused: false, errors }
}

fn error(at: Option<&str>) -> AutoFollowError {
    AutoFollowError {
        about: "logs:logs-1".into(),
        reason: "cannot follow".into(),
        at: at.map(|at| at.parse().unwrap()),
    }
}

#[test]
fn an_auto_follow_error_of_the_last_hour_warns_and_an_older_one_or_a_paused_pattern_does_not() {
    for (errors, paused, expected) in [
        (vec![], false, false),
        (vec![error(Some("2026-03-01T11:00:01Z"))], false, true),
        (vec![error(Some("2026-03-01T11:00:00Z"))], false, false),
        (vec![error(Some("2026-03-01T11:00:00Z")), error(Some("2026-03-01T11:59:59Z"))], false, true),
        // The local cluster's clock is ahead, or its release gives no time.
        (vec![error(Some("2026-03-01T14:00:00Z"))], false, true),
        (vec![error(None)], false, true),
        (vec![error(None)], true, false),
    ] {
        let patterns = vec![AutoFollow { paused, ..pattern(errors) }];
        let evidence = with(Replication { patterns, ..Replication::default() });
        let wanted = expected.then_some(("auto-follow-failing", Severity::Warning));
        assert_eq!(usage(&evidence), Vec::from_iter(wanted), "{evidence:?}");
        assert_eq!(judged(&evidence).verdict, Verdict::Ok);
    }
}

#[test]
fn a_pattern_for_a_remote_that_is_not_there_is_told_and_one_that_is_paused_is_not() {
    let stray = |paused| AutoFollow { remote: "gone".into(), paused, ..pattern(vec![]) };
    let evidence = with(Replication { strays: vec![stray(false), stray(true)], ..Replication::default() });
    let diagnosis = judged(&evidence);
    assert_eq!(diagnosis.verdict, Verdict::Ok);
    let finding = found(&diagnosis, "auto-follow-remote-unknown");
    assert_eq!((finding.severity, finding.evidence.len()), (Severity::Warning, 1));
    assert_eq!(finding.title, "auto-follow pattern \"logs\" follows remote \"gone\", which the cluster does not have");
    let harmless =
        with(Replication { patterns: vec![pattern(vec![])], strays: vec![stray(true)], ..Replication::default() });
    assert_eq!(usage(&harmless), []);

    // Asked for by its name, a remote that does not exist explains the pattern for it.
    let mut link = Link::new("gone", Mode::Sniff, vec![]);
    link.oddities.push(Oddity::RemoteUnknown { known: vec!["eu".into()] });
    let mut unknown = LinkEvidence::new(link);
    let replication = Some(Replication { patterns: vec![stray(false)], ..Replication::default() });
    unknown.cluster = Some(ClusterView {
        before: Ok(None),
        resolve: Some(Ok(None)),
        after: Some(Ok(None)),
        replication,
        ..asked(false, None)
    });
    let diagnosis = judged(&unknown);
    assert_eq!(diagnosis.root_cause, Some("config-remote-unknown"));
    assert_eq!(found(&diagnosis, "auto-follow-remote-unknown").explained_by, Some("config-remote-unknown"));
}

#[test]
fn names_and_reasons_that_a_peer_wrote_cannot_move_the_cursor() {
    let hostile = "\u{1b}[2J".to_owned();
    let mut bad = stopped();
    (bad.name, bad.leader, bad.fatal) = (hostile.clone(), hostile.clone(), Some(hostile));
    let diagnosis = judged(&following(vec![bad]));
    let finding = found(&diagnosis, "follower-failed");
    assert!(!format!("{}{:?}{:?}", finding.title, finding.fix, finding.evidence).contains('\u{1b}'));
}
