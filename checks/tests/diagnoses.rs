//! From evidence to root cause: one row a situation, and its look-alikes beside it.

#![allow(clippy::unwrap_used, missing_docs)]

use std::net::SocketAddr;

use farlink_checks::judge::diagnose;
use farlink_checks::model::diagnosis::{Diagnosis, Status, Verdict};
use farlink_checks::model::evidence::*;
use farlink_checks::model::finding::Severity;
use farlink_checks::model::link::*;
use farlink_checks::model::stage::Stage;

const NOW: &str = "2026-03-01T12:00:00Z";

fn link(address: &str, server_name: Option<&str>) -> Link {
    let mut link = Link::new("eu", Mode::Proxy, vec![Target::parse(address)]);
    link.server_name = server_name.map(str::to_owned);
    link.model = Some(Sourced::given(Model::Certificate));
    link.transport_tls = Some(Sourced::given(true));
    link.verification_mode = Some(Sourced::given(VerificationMode::Certificate));
    link
}

fn tcp(outcome: TcpOutcome) -> Tcp {
    Tcp { outcome, seconds: 0.01 }
}

fn attempt(question: Question) -> Attempt {
    Attempt { question, port: None, tcp: tcp(TcpOutcome::Connected), quiet: None, tls: None, exchanges: vec![] }
}

fn tls(name: Option<&str>, outcome: TlsOutcome) -> Tls {
    Tls {
        server_name: name.map(str::to_owned),
        outcome,
        version: None,
        cipher: None,
        alpn: None,
        chain: vec![],
        key_proven: false,
        client_certificate: None,
        received_bytes: 0,
        seconds: 0.002,
    }
}

fn with_tls(question: Question, name: Option<&str>, outcome: TlsOutcome) -> Attempt {
    Attempt { tls: Some(tls(name, outcome)), ..attempt(question) }
}

fn quiet(question: Question, end: End, seconds: f64) -> Attempt {
    Attempt { quiet: Some(Quiet { end, received: Bytes::default(), seconds }), ..attempt(question) }
}

fn says(mut attempt: Attempt, said: Said, heard: Heard) -> Attempt {
    attempt.exchanges.push(Exchange { said, heard, seconds: 0.001 });
    attempt
}

fn evidence(link: Link, attempts: Vec<Attempt>) -> LinkEvidence {
    let target = link.targets[0].valid().unwrap().clone();
    let address: SocketAddr = SocketAddr::new([127, 0, 0, 1].into(), target.port);
    let mut evidence = LinkEvidence::new(link);
    evidence.resolutions.push(Resolution {
        target: target.clone(),
        by: Resolver::Literal,
        a: Answer::Addresses { addresses: vec![address.ip()] },
        aaaa: Answer::NotAsked,
        system: None,
        seconds: 0.0,
    });
    evidence.addresses.push(AddressEvidence { target, address, attempts });
    evidence
}

fn judged(evidence: &LinkEvidence) -> Diagnosis {
    let diagnosis = diagnose(evidence, NOW.parse().unwrap());
    for address in &diagnosis.addresses {
        let reached = address.stages.iter().all(|s| s.stage != Stage::Tcp || s.status != Status::Failed);
        for stage in address.stages.iter().filter(|stage| stage.stage > Stage::Tcp) {
            assert!(reached || stage.status == Status::NotTested, "passed without a test: {stage:?}");
        }
    }
    diagnosis
}

fn root(link: Link, attempts: Vec<Attempt>) -> Option<&'static str> {
    judged(&evidence(link, attempts)).root_cause
}

const A: &str = "127.0.0.1:9400";

#[test]
fn each_way_of_not_being_reached_has_its_own_root_cause() {
    for (outcome, id) in [
        (TcpOutcome::Refused, "tcp-refused"),
        (TcpOutcome::TimedOut, "tcp-timeout"),
        (TcpOutcome::HostUnreachable, "tcp-unreachable"),
        (TcpOutcome::NetworkUnreachable, "tcp-unreachable"),
    ] {
        let main = Attempt { tcp: tcp(outcome), ..attempt(Question::AsElasticsearch) };
        assert_eq!(root(link(A, None), vec![main]), Some(id));
    }
}

#[test]
fn what_hinders_the_agent_itself_is_no_error_of_the_link() {
    for outcome in [TcpOutcome::Forbidden, TcpOutcome::AgentExhausted] {
        let main = Attempt { tcp: tcp(outcome), ..attempt(Question::AsElasticsearch) };
        assert_eq!(judged(&evidence(link(A, None), vec![main])).verdict, Verdict::Unknown);
    }
}

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

fn asked_for_certificate(alert: u8, in_handshake: bool, presented: bool) -> Attempt {
    let outcome = if in_handshake { TlsOutcome::Alert { code: alert } } else { TlsOutcome::Completed };
    let mut main = with_tls(Question::AsElasticsearch, None, outcome);
    main.tls.as_mut().unwrap().client_certificate = Some(ClientCertificateRequest { authorities: vec![], presented });
    if in_handshake { main } else { says(main, Said::Ping, Heard::Alert { code: alert }) }
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
fn an_api_key_link_at_a_port_that_demands_a_certificate_is_at_the_wrong_port() {
    let mut wrong = link(A, None);
    wrong.model = Some(Sourced::given(Model::ApiKey));
    assert_eq!(root(wrong, vec![asked_for_certificate(116, false, false)]), Some("config-api-key-on-certificate-port"));
}

fn remote_cluster_server() -> Attempt {
    let main = with_tls(Question::AsElasticsearch, None, TlsOutcome::Completed);
    let main = says(main, Said::Ping, Heard::Pong);
    let main = says(main, Said::TcpHandshake, Heard::Handshake { version: 9_458_007, release: None });
    let main =
        says(main, Said::ReleaseHandshake, Heard::Handshake { version: 9_458_007, release: Some("9.5.3".into()) });
    let cause = |message: &str| Cause { class: "x".into(), message: message.into() };
    says(
        main,
        Said::RemoteClusterHandshake,
        Heard::Exception {
            causes: vec![cause("[n][127.0.0.1:9443][a]"), cause("failed to extract credentials from headers")],
            closed: true,
        },
    )
}

#[test]
fn a_certificate_link_at_the_remote_cluster_server_is_named_by_its_port_number_where_that_shows_it() {
    assert_eq!(
        root(link("127.0.0.1:9443", None), vec![remote_cluster_server()]),
        Some("config-certificate-model-on-api-key-port")
    );
    assert_eq!(root(link("127.0.0.1:10443", None), vec![remote_cluster_server()]), Some("transport-wrong-port"));
}

#[test]
fn versions_too_far_apart_are_certain_and_neighbours_are_silent() {
    for (local, id) in [
        ("8.17.2", Some("version-transport-incompatible")),
        ("8.19.21", None),
        ("9.5.3", None),
        ("7.17.29", Some("version-transport-incompatible")),
    ] {
        let mut link = link("127.0.0.1:9300", None);
        link.releases.local = Some(Sourced::given(local.to_owned()));
        let main = with_tls(Question::AsElasticsearch, None, TlsOutcome::Completed);
        let main = says(main, Said::Ping, Heard::Pong);
        let main = says(main, Said::TcpHandshake, Heard::Handshake { version: 9_458_007, release: None });
        assert_eq!(root(link, vec![main]), id, "{local}");
    }
}

#[test]
fn a_proxy_that_ends_tls_shows_by_what_it_does_not_ask() {
    let main = with_tls(Question::AsElasticsearch, None, TlsOutcome::Completed);
    let attempts = vec![says(main, Said::Ping, Heard::Closed)];
    assert_eq!(root(link(A, None), attempts.clone()), Some("proxy-terminates-tls"));
    let mut key_link = link("127.0.0.1:9443", None);
    key_link.model = Some(Sourced::given(Model::ApiKey));
    assert_eq!(root(key_link, attempts), Some("transport-closed"));
}

fn asked(connected: bool, error: Option<&str>) -> ClusterView {
    let info = RemoteInfo { connected, ..RemoteInfo::default() };
    ClusterView {
        cluster: "prod".into(),
        before: Ok(Some(info.clone())),
        resolve: Some(Ok(Some(Resolve { connected, error: error.map(str::to_owned), version: None }))),
        after: Some(Ok(Some(info))),
        unreadable: vec![],
    }
}

#[test]
fn the_local_clusters_word_decides_and_the_probe_explains() {
    let refused = || vec![Attempt { tcp: tcp(TcpOutcome::Refused), ..attempt(Question::AsElasticsearch) }];
    let mut works = evidence(link(A, None), refused());
    works.cluster = Some(asked(true, None));
    let diagnosis = judged(&works);
    assert_eq!((diagnosis.verdict, diagnosis.root_cause), (Verdict::Ok, None));
    assert!(diagnosis.findings.iter().any(|f| f.id == "cluster-agent-path-differs"));
    assert!(diagnosis.findings.iter().all(|f| f.severity != Severity::Error));

    let mut fails = evidence(link(A, None), refused());
    fails.cluster = Some(asked(false, None));
    let diagnosis = judged(&fails);
    assert_eq!((diagnosis.verdict, diagnosis.root_cause), (Verdict::Broken, Some("tcp-refused")));

    let mut untested = evidence(link(A, None), vec![asked_for_certificate(116, false, false)]);
    untested.cluster = Some(asked(false, None));
    assert_eq!(judged(&untested).root_cause, Some("cluster-disconnected"));
}

#[test]
fn a_keys_verdict_from_the_cluster_itself_is_certain() {
    for (words, id) in [
        ("unable to find apikey with id nobody", "api-key-unknown"),
        ("invalid credentials for API key [good]", "api-key-wrong-secret"),
        ("api key is expired", "api-key-expired"),
        ("api key [gone] has been invalidated", "api-key-invalidated"),
        (
            "authentication expected API key type of [cross_cluster], but API key [rest] has type [rest]",
            "api-key-wrong-type",
        ),
        ("something new about the API key", "api-key-refused"),
    ] {
        let mut link = link("127.0.0.1:9443", None);
        link.model = Some(Sourced::read(Model::ApiKey));
        let mut evidence = evidence(link, vec![remote_cluster_server()]);
        evidence.cluster = Some(asked(false, Some(words)));
        assert_eq!(judged(&evidence).root_cause, Some(id), "{words}");
    }
}

#[test]
fn names_that_do_not_resolve_are_told_apart() {
    for (a, aaaa, id) in [
        (Answer::NameUnknown, Answer::NameUnknown, "dns-name-unknown"),
        (Answer::NoData, Answer::NoData, "dns-no-address"),
        (Answer::ServerFailure { code: "SERVFAIL".into() }, Answer::TimedOut, "dns-server-failure"),
        (Answer::TimedOut, Answer::TimedOut, "dns-timeout"),
    ] {
        let link = link("es.example:9400", None);
        let target = link.targets[0].valid().unwrap().clone();
        let mut evidence = LinkEvidence::new(link);
        evidence.resolutions.push(Resolution { target, by: Resolver::System, a, aaaa, system: None, seconds: 0.1 });
        let diagnosis = judged(&evidence);
        assert_eq!((diagnosis.verdict, diagnosis.root_cause), (Verdict::Broken, Some(id)));
        assert!(diagnosis.stages.iter().skip(1).all(|stage| stage.status != Status::Passed));
    }
}

#[test]
fn a_dead_address_beside_a_live_one_degrades_the_link() {
    let live = remote_cluster_server();
    let mut link = link("127.0.0.1:9443", None);
    link.model = Some(Sourced::given(Model::ApiKey));
    let mut evidence = evidence(link, vec![live]);
    let mut dead = evidence.addresses[0].clone();
    dead.address = "127.0.0.2:9443".parse().unwrap();
    dead.attempts = vec![Attempt { tcp: tcp(TcpOutcome::Refused), ..attempt(Question::AsElasticsearch) }];
    evidence.addresses.push(dead);
    let diagnosis = judged(&evidence);
    assert_eq!((diagnosis.verdict, diagnosis.root_cause), (Verdict::Degraded, Some("tcp-refused")));
}

#[test]
fn evidence_survives_being_saved() {
    let evidence =
        evidence(link(A, Some("eu.example")), vec![remote_cluster_server(), asked_for_certificate(40, true, false)]);
    let text = serde_json::to_string(&evidence).unwrap();
    assert_eq!(serde_json::from_str::<LinkEvidence>(&text).unwrap(), evidence);
}
