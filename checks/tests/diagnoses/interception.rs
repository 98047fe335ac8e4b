//! Devices that end TLS on the way, told from authorities that are merely unknown.

use farlink_checks::questions;

use super::certificates::{Authority, USUAL, trusting};
use super::staging::*;

const IMPOSSIBLE: &str = "farlink-no-such-name.invalid";

fn serving(mut attempt: Attempt, chain: &[Der]) -> Attempt {
    let tls = attempt.tls.as_mut().unwrap();
    (tls.chain, tls.key_proven) = (chain.to_vec(), true);
    attempt
}

fn impossible(chain: &[Der]) -> Attempt {
    serving(with_tls(Question::ImpossibleServerName, Some(IMPOSSIBLE), TlsOutcome::Completed), chain)
}

fn trusted_by(trust: Trust) -> Link {
    let mut link = key_link("127.0.0.1:9443");
    link.trust = trust;
    link
}

#[test]
fn a_certificate_for_a_name_that_cannot_exist_tells_a_device_from_an_unknown_authority() {
    let (ours, device) = (Authority::root("Ours", "Our CA", USUAL), Authority::root("Corp", "Corp Gateway", USUAL));
    let seen = device.leaf("eu.example", &["eu.example"], USUAL);
    let closed = || {
        let main = with_tls(Question::AsElasticsearch, Some("eu.example"), TlsOutcome::Completed);
        says(main, Said::Ping, Heard::Closed)
    };
    let minted = device.leaf(IMPOSSIBLE, &[IMPOSSIBLE], USUAL);
    let cases: [(&str, Vec<Der>, Option<&str>); 4] = [
        ("made for it", vec![minted], Some("tls-intercepted")),
        ("the same as before", vec![seen.clone()], None),
        ("another one, for another name", vec![device.leaf("x", &["default.example"], USUAL)], None),
        ("none", vec![], None),
    ];
    for (name, chain, id) in cases {
        for main in [closed(), transport_port()] {
            let attempts = vec![serving(main, &[seen.clone(), device.der.clone()]), impossible(&chain)];
            let diagnosis = judged(&evidence(trusted_by(trusting(&[&ours.der])), attempts));
            assert_eq!(diagnosis.root_cause, Some(id.unwrap_or("certificate-untrusted")), "{name}");
            if let Some(id) = id {
                assert_eq!(found(&diagnosis, id).certainty, Certainty::Certain);
                let others = diagnosis.findings.iter().filter(|finding| finding.is_error() && finding.id != id);
                others.for_each(|other| assert_eq!(other.explained_by, Some(id), "{}", other.id));
            }
        }
    }
    // Nobody said whom the link trusts, and what is behind does not answer.
    let attempts = vec![serving(closed(), &[seen]), impossible(&[device.leaf("x", &[IMPOSSIBLE], USUAL)])];
    assert_eq!(root(link(A, None), attempts), Some("tls-intercepted"));
}

#[test]
fn the_name_that_cannot_exist_is_asked_for_once_and_only_where_it_may_tell() {
    let (ours, device) = (Authority::root("Ours", "Our CA", USUAL), Authority::root("Corp", "Corp Gateway", USUAL));
    let chain = [device.leaf("eu.example", &["eu.example"], USUAL)];
    let wanted = |link: Link, main: Attempt| {
        let mut evidence = evidence(link, vec![main]);
        let mut asked = Vec::new();
        while let Some(question) = questions::next(&evidence.link, &evidence.addresses[0]) {
            asked.push(question);
            // Every member of the address answers alike, and no other question is answered.
            let answer = match question {
                Question::Member(_) => Attempt { question, ..evidence.addresses[0].attempts[0].clone() },
                _ => with_tls(question, None, TlsOutcome::Closed),
            };
            evidence.addresses[0].attempts.push(answer);
        }
        asked.contains(&Question::ImpossibleServerName)
    };
    let main = || serving(transport_port(), &chain);
    let unanswered = || {
        let main = with_tls(Question::AsElasticsearch, None, TlsOutcome::Completed);
        says(serving(main, &chain), Said::Ping, Heard::Closed)
    };
    let rest = || {
        let main = with_tls(Question::AsElasticsearch, None, TlsOutcome::Completed);
        let answer = HttpAnswer { status: 400, elastic: true, ..HttpAnswer::default() };
        says(serving(main, &chain), Said::Ping, Heard::Http(answer))
    };
    let mutual = || {
        let mut main = unanswered();
        main.tls.as_mut().unwrap().client_certificate =
            Some(ClientCertificateRequest { authorities: vec![], presented: false });
        main
    };
    let unverified = || {
        let mut link = trusted_by(trusting(&[&ours.der]));
        link.verification_mode = Some(Sourced::given(VerificationMode::None));
        link
    };
    for (name, link, main, expected) in [
        ("of a stranger", trusted_by(trusting(&[&ours.der])), main(), true),
        (
            "private, where public ones are trusted",
            trusted_by(Trust::PublicRoots { source: Source::Assumed }),
            main(),
            true,
        ),
        ("trusted", trusted_by(trusting(&[&device.der])), main(), false),
        ("trusted, and closed", trusted_by(trusting(&[&device.der])), unanswered(), false),
        ("trust unknown, and it answers", trusted_by(Trust::Unknown), main(), false),
        ("trust unknown, and it is closed", trusted_by(Trust::Unknown), unanswered(), true),
        ("trust unknown, and a REST interface answers", trusted_by(Trust::Unknown), rest(), false),
        ("a client certificate is asked for", trusted_by(trusting(&[&ours.der])), mutual(), false),
        ("not verified", unverified(), unanswered(), false),
    ] {
        assert_eq!(wanted(link, main), expected, "{name}");
    }
}

#[test]
fn the_name_of_a_product_in_the_issuer_makes_interception_likely() {
    let (ours, device) =
        (Authority::root("Ours", "Our CA", USUAL), Authority::root("Zscaler Inc.", "Zscaler Root", USUAL));
    let chain = [device.leaf("eu.example", &["eu.example"], USUAL)];
    let diagnosis = judged(&evidence(trusted_by(trusting(&[&ours.der])), vec![serving(transport_port(), &chain)]));
    assert_eq!(diagnosis.root_cause, Some("tls-intercepted"));
    assert_eq!(found(&diagnosis, "tls-intercepted").certainty, Certainty::Likely);
    assert_eq!(found(&diagnosis, "certificate-untrusted").explained_by, Some("tls-intercepted"));
    // A local cluster that trusts the device gets through as far as the device lets it.
    let accepted = judged(&evidence(trusted_by(trusting(&[&device.der])), vec![serving(transport_port(), &chain)]));
    assert_eq!(accepted.root_cause, None);
    assert_eq!(found(&accepted, "tls-intercepted").severity, Severity::Warning);
}
