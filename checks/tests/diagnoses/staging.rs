//! Evidence to judge, built from what a row says and what is usual.

use std::net::SocketAddr;

use farlink_checks::judge::diagnose;
pub(crate) use farlink_checks::model::diagnosis::{Diagnosis, Status, Verdict};
pub(crate) use farlink_checks::model::evidence::*;
pub(crate) use farlink_checks::model::finding::{Certainty, Finding, Severity};
pub(crate) use farlink_checks::model::link::*;
use farlink_checks::model::stage::Stage;

use super::certificates::{Authority, USUAL, trusting};

pub(crate) const NOW: &str = "2026-03-01T12:00:00Z";

pub(crate) fn link(address: &str, server_name: Option<&str>) -> Link {
    let mut link = Link::new("eu", Mode::Proxy, vec![Target::parse(address)]);
    link.server_name = server_name.map(str::to_owned);
    link.model = Some(Sourced::given(Model::Certificate));
    link.transport_tls = Some(Sourced::given(true));
    link.verification_mode = Some(Sourced::given(VerificationMode::Certificate));
    link
}

/// A link of the API-key model, by its firm word.
pub(crate) fn key_link(address: &str) -> Link {
    let mut link = link(address, None);
    link.model = Some(Sourced::given(Model::ApiKey));
    link
}

pub(crate) fn tcp(outcome: TcpOutcome) -> Tcp {
    Tcp { outcome, seconds: 0.01 }
}

pub(crate) fn attempt(question: Question) -> Attempt {
    Attempt {
        question,
        port: None,
        seconds_ago: None,
        tcp: tcp(TcpOutcome::Connected),
        quiet: None,
        tls: None,
        exchanges: vec![],
    }
}

pub(crate) fn tls(name: Option<&str>, outcome: TlsOutcome) -> Tls {
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

pub(crate) fn with_tls(question: Question, name: Option<&str>, outcome: TlsOutcome) -> Attempt {
    Attempt { tls: Some(tls(name, outcome)), ..attempt(question) }
}

pub(crate) fn quiet(question: Question, end: End, seconds: f64) -> Attempt {
    Attempt { quiet: Some(Quiet { end, received: Bytes::default(), seconds }), ..attempt(question) }
}

pub(crate) fn says(mut attempt: Attempt, said: Said, heard: Heard) -> Attempt {
    attempt.exchanges.push(Exchange { said, heard, seconds: 0.001, seconds_ago: None });
    attempt
}

pub(crate) fn evidence(link: Link, attempts: Vec<Attempt>) -> LinkEvidence {
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

pub(crate) fn judged(evidence: &LinkEvidence) -> Diagnosis {
    judged_at(evidence, NOW)
}

pub(crate) fn judged_at(evidence: &LinkEvidence, at: &str) -> Diagnosis {
    let diagnosis = diagnose(evidence, at.parse().unwrap());
    super::coverage::note(&diagnosis);
    for address in &diagnosis.addresses {
        let reached = address.stages.iter().all(|s| s.stage != Stage::Tcp || s.status != Status::Failed);
        for stage in address.stages.iter().filter(|stage| stage.stage > Stage::Tcp) {
            assert!(reached || stage.status == Status::NotTested, "passed without a test: {stage:?}");
        }
    }
    diagnosis
}

/// The finding `id` of a diagnosis that has it.
pub(crate) fn found<'a>(diagnosis: &'a Diagnosis, id: &str) -> &'a Finding {
    let found = diagnosis.findings.iter().find(|finding| finding.id == id);
    found.unwrap_or_else(|| unreachable!("{id} is not among {:?}", ids(diagnosis)))
}

pub(crate) fn ids(diagnosis: &Diagnosis) -> Vec<&'static str> {
    diagnosis.findings.iter().map(|finding| finding.id).collect()
}

pub(crate) fn root(link: Link, attempts: Vec<Attempt>) -> Option<&'static str> {
    judged(&evidence(link, attempts)).root_cause
}

pub(crate) const A: &str = "127.0.0.1:9400";

pub(crate) fn asked_for_certificate(alert: u8, in_handshake: bool, presented: bool) -> Attempt {
    let outcome = if in_handshake { TlsOutcome::Alert { code: alert } } else { TlsOutcome::Completed };
    let mut main = with_tls(Question::AsElasticsearch, None, outcome);
    main.tls.as_mut().unwrap().client_certificate = Some(ClientCertificateRequest { authorities: vec![], presented });
    if in_handshake { main } else { says(main, Said::Ping, Heard::Alert { code: alert }) }
}

/// A node of 9.5.3 behind TLS, up to its release.
pub(crate) fn transport_port() -> Attempt {
    let main = with_tls(Question::AsElasticsearch, None, TlsOutcome::Completed);
    let main = says(main, Said::Ping, Heard::Pong);
    let main = says(main, Said::TcpHandshake, Heard::Handshake { version: 9_458_007, release: None });
    says(main, Said::ReleaseHandshake, Heard::Handshake { version: 9_458_007, release: Some("9.5.3".into()) })
}

/// The same node's remote cluster server, asked without credentials.
pub(crate) fn remote_cluster_server() -> Attempt {
    let words = ["[n][127.0.0.1:9443][a]", "failed to extract credentials from headers"];
    says(transport_port(), Said::RemoteClusterHandshake, exception(&words))
}

/// An exception with these messages, outermost first.
pub(crate) fn exception(messages: &[&str]) -> Heard {
    let classes = ["RemoteTransportException", "ElasticsearchSecurityException", "IllegalArgumentException"];
    let classes = classes.into_iter().chain(std::iter::repeat("IllegalArgumentException"));
    let cause =
        |(message, class): (&&str, &str)| Cause { class: class.into(), message: (*message).into(), unsuccessful: None };
    Heard::Exception { causes: messages.iter().zip(classes).map(cause).collect(), closed: true }
}

/// A link of the API-key model on which everything was tested and passed.
pub(crate) fn healthy() -> LinkEvidence {
    let authority = Authority::root("Example", "Example CA", USUAL);
    let mut link = key_link("127.0.0.1:9443");
    link.trust = trusting(&[&authority.der]);
    link.api_key = KeyPresence::Given { id: "good".into(), withheld: false };
    let mut main = transport_port();
    let tls = main.tls.as_mut().unwrap();
    (tls.chain, tls.key_proven) = (vec![authority.leaf("node", &["eu.example"], USUAL)], true);
    let accepted = "Cross cluster requests through the dedicated remote cluster server port require transport header \
                    [_cross_cluster_access_subject_info] but none found";
    let main = says(main, Said::KeyHandshake, exception(&["[n][127.0.0.1:9443][a]", accepted]));
    let node = Heard::Node { name: "n".into(), cluster: "eu".into(), version: 9_05_03_99, address: None };
    evidence(link, vec![says(main, Said::SubjectHandshake, node)])
}

pub(crate) fn asked(connected: bool, error: Option<&str>) -> ClusterView {
    let info = RemoteInfo { connected, credentials: true, ..RemoteInfo::default() };
    ClusterView {
        cluster: "prod".into(),
        before: Ok(Some(info.clone())),
        resolve: Some(Ok(Some(Resolve { connected, error: error.map(str::to_owned), version: None }))),
        after: Some(Ok(Some(info))),
        replication: None,
        unreadable: vec![],
        date: None,
    }
}
