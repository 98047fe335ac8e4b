//! Handshakes, and what a closed one means.

use super::certificates::{Authority, USUAL};
use super::staging::*;

/// A connection closed after ClientHello, and what the counterfactuals say.
#[test]
fn one_closed_handshake_has_many_causes_and_the_counterfactuals_tell_them_apart() {
    let main = || with_tls(Question::AsElasticsearch, Some("eu.example"), TlsOutcome::Closed);
    let nameless = || with_tls(Question::AsElasticsearch, None, TlsOutcome::Closed);
    let open = || quiet(Question::StayQuiet, End::Silence, 0.7);
    let waits = || quiet(Question::PartialHello, End::Silence, 0.7);
    let refused = |question| with_tls(question, None, TlsOutcome::Closed);
    let served = |question| {
        let mut attempt = with_tls(question, None, TlsOutcome::Completed);
        attempt.tls.as_mut().unwrap().chain.push(Der(vec![0x30, 0]));
        attempt
    };
    let pong = || says(attempt(Question::PlainTransport), Said::Ping, Heard::Pong);
    let http = |elastic| {
        says(
            attempt(Question::PlainHttp),
            Said::Http,
            Heard::Http(HttpAnswer { status: 400, elastic, ..HttpAnswer::default() }),
        )
    };
    let cases: Vec<(&str, Vec<Attempt>, &str)> = vec![
        (
            "nothing behind, closed at once",
            vec![main(), quiet(Question::StayQuiet, End::Closed, 0.001)],
            "tcp-closed-on-connect",
        ),
        ("rejected", vec![main(), quiet(Question::StayQuiet, End::Reset, 0.001)], "tcp-reset-on-connect"),
        ("plain transport", vec![main(), open(), pong()], "tls-not-enabled"),
        ("REST port", vec![main(), open(), http(true)], "transport-rest-endpoint"),
        ("HTTP proxy", vec![main(), open(), http(false)], "proxy-speaks-http"),
        (
            "another name is served",
            vec![main(), open(), served(Question::WithoutServerName)],
            "proxy-server-name-unknown",
        ),
        (
            "no name is served, the hello is read",
            vec![
                main(),
                open(),
                refused(Question::WithoutServerName),
                refused(Question::ImpossibleServerName),
                waits(),
            ],
            "proxy-server-name-unknown",
        ),
        (
            "no name was sent, the dialled host is served",
            vec![nameless(), open(), served(Question::DialledHostAsServerName)],
            "proxy-server-name-required",
        ),
        (
            "no name was sent, the hello is read",
            vec![nameless(), open(), refused(Question::ImpossibleServerName), waits()],
            "proxy-server-name-required",
        ),
        ("PROXY header expected", vec![main(), open(), served(Question::ProxyHeader)], "proxy-protocol-mismatch"),
        ("nothing decides", vec![main(), open(), quiet(Question::PartialHello, End::Closed, 0.001)], "tls-closed"),
    ];
    for (name, attempts, id) in cases {
        assert_eq!(root(link(A, Some("eu.example")), attempts), Some(id), "{name}");
    }
}

#[test]
fn a_close_that_takes_as_long_in_silence_as_in_speech_is_a_missing_backend() {
    let mut main = with_tls(Question::AsElasticsearch, Some("eu.example"), TlsOutcome::Closed);
    main.tls.as_mut().unwrap().seconds = 3.0;
    let attempts = vec![main, quiet(Question::StayQuiet, End::Closed, 3.01)];
    assert_eq!(root(link(A, Some("eu.example")), attempts), Some("proxy-no-backend"));
}

#[test]
fn a_name_router_that_loses_patience_is_not_a_missing_backend() {
    let main = with_tls(Question::AsElasticsearch, Some("eu.example"), TlsOutcome::Closed);
    let attempts =
        vec![main, quiet(Question::StayQuiet, End::Closed, 5.0), quiet(Question::PartialHello, End::Silence, 0.7)];
    assert_eq!(root(link(A, Some("eu.example")), attempts), Some("proxy-server-name-unknown"));
}

#[test]
fn a_missing_client_certificate_is_a_warning_in_every_dialect_of_alert() {
    for (alert, in_handshake) in [(42, true), (40, true), (42, false), (116, false)] {
        let diagnosis = judged(&evidence(link(A, None), vec![asked_for_certificate(alert, in_handshake, false)]));
        assert_eq!(diagnosis.verdict, Verdict::Unknown, "{alert}");
        let finding = diagnosis.findings.iter().find(|f| f.id == "tls-client-certificate-required").unwrap();
        assert_eq!(finding.severity, Severity::Warning);
    }
}

#[test]
fn a_refused_client_certificate_is_an_error() {
    let diagnosis = judged(&evidence(link(A, None), vec![asked_for_certificate(46, false, true)]));
    assert_eq!(diagnosis.root_cause, Some("tls-client-certificate-untrusted"));
}

#[test]
fn what_the_peer_says_in_its_alert_is_taken_for_as_much_as_it_tells() {
    for (outcome, id) in [
        (TlsOutcome::OldVersion, "tls-version-unsupported"),
        (TlsOutcome::Alert { code: 70 }, "tls-version-unsupported"),
        (TlsOutcome::Alert { code: 71 }, "tls-no-shared-cipher"),
        (TlsOutcome::Alert { code: 40 }, "tls-handshake-failed"),
        (TlsOutcome::Alert { code: 80 }, "tls-handshake-failed"),
        (TlsOutcome::Alert { code: 112 }, "proxy-server-name-unknown"),
    ] {
        let main = with_tls(Question::AsElasticsearch, Some("eu.example"), outcome.clone());
        assert_eq!(root(link(A, Some("eu.example")), vec![main]), Some(id), "{outcome:?}");
    }
}

#[test]
fn a_handshake_without_an_answer_is_stalled_and_a_small_answer_that_comes_through_says_why() {
    let main = || with_tls(Question::AsElasticsearch, None, TlsOutcome::TimedOut);
    let small = with_tls(Question::SmallAnswer, None, TlsOutcome::Alert { code: 70 });
    let stalled = judged(&evidence(link(A, None), vec![main()]));
    let large = judged(&evidence(link(A, None), vec![main(), small]));
    assert_eq!((stalled.root_cause, large.root_cause), (Some("tls-stalled"), Some("tls-stalled")));
    assert!(found(&stalled, "tls-stalled").certainty < found(&large, "tls-stalled").certainty);
}

#[test]
fn a_handshake_that_takes_long_is_a_warning() {
    let mut main = remote_cluster_server();
    main.tls.as_mut().unwrap().seconds = 3.0;
    let diagnosis = judged(&evidence(key_link("127.0.0.1:9443"), vec![main]));
    assert_eq!(found(&diagnosis, "tls-slow").severity, Severity::Warning);
}

#[test]
fn a_client_certificate_that_is_refused_by_its_kind_is_told_from_one_of_an_unknown_authority() {
    for (alert, id) in [
        (42, "tls-client-certificate-untrusted"),
        (43, "tls-client-certificate-invalid"),
        (44, "tls-client-certificate-invalid"),
        (45, "tls-client-certificate-invalid"),
        (48, "tls-client-certificate-untrusted"),
    ] {
        assert_eq!(root(link(A, None), vec![asked_for_certificate(alert, false, true)]), Some(id), "{alert}");
    }
}

#[test]
fn a_client_certificate_file_that_cannot_be_used_is_a_warning_about_the_agent() {
    let mut link = link(A, None);
    link.client_certificate =
        Some(ClientCertificate { chain: vec![], file: "c.pem".into(), fault: Some(FileFault::KeyDiffers) });
    let diagnosis = judged(&evidence(link, vec![asked_for_certificate(116, false, false)]));
    assert_eq!(found(&diagnosis, "tls-client-certificate-invalid").severity, Severity::Warning);
    assert_eq!(diagnosis.verdict, Verdict::Unknown);
}

#[test]
fn a_port_that_lists_other_authorities_than_the_certificates_is_told() {
    let (ours, theirs) = (Authority::root("Ours", "Our CA", USUAL), Authority::root("Theirs", "Their CA", USUAL));
    let seen = |listed: &Authority| {
        let mut link = link(A, None);
        let chain = vec![ours.leaf("local node", &[], USUAL)];
        link.client_certificate = Some(ClientCertificate { chain, file: "c.pem".into(), fault: None });
        let mut main = asked_for_certificate(48, false, true);
        main.tls.as_mut().unwrap().client_certificate =
            Some(ClientCertificateRequest { authorities: vec![listed.name()], presented: true });
        ids(&judged(&evidence(link, vec![main]))).contains(&"tls-client-ca-not-accepted")
    };
    assert!(seen(&theirs) && !seen(&ours));
}
