//! Several members behind one address, and proxies with nobody behind them.

use farlink_checks::questions::next;

use super::staging::*;

fn as_member(number: u8, main: Attempt) -> Attempt {
    Attempt { question: Question::Member(number), ..main }
}

fn transport_port_of(node: &str, words: &str) -> Attempt {
    let node = format!("[{node}][10.0.0.1:9300][cluster:internal/remote_cluster/handshake]");
    says(transport_port(), Said::RemoteClusterHandshake, exception(&[&node, words]))
}

/// TLS is established, and the first word closes the connection.
fn closed_inside() -> Attempt {
    let mut main = with_tls(Question::AsElasticsearch, None, TlsOutcome::Completed);
    main.tls.as_mut().unwrap().key_proven = true;
    says(main, Said::Ping, Heard::Closed)
}

const OFF: &str = "No handler for action [cluster:internal/remote_cluster/handshake]";

#[test]
fn members_that_differ_are_named_and_explain_what_one_of_them_says() {
    let off = || transport_port_of("es02", OFF);
    for (main, other) in [
        (off(), remote_cluster_server()),
        (asked_for_certificate(116, false, false), remote_cluster_server()),
        (closed_inside(), remote_cluster_server()),
        (with_tls(Question::AsElasticsearch, None, TlsOutcome::Closed), remote_cluster_server()),
    ] {
        let attempts = vec![main.clone(), as_member(1, main), as_member(2, other)];
        let diagnosis = judged(&evidence(key_link("127.0.0.1:9443"), attempts));
        assert_eq!(diagnosis.root_cause, Some("proxy-members-differ"), "{:?}", diagnosis.findings);
        let title = &found(&diagnosis, "proxy-members-differ").title;
        assert!(title.contains("1 of 3 reach a remote cluster server"), "{title}");
        let unexplained =
            diagnosis.findings.iter().filter(|f| f.severity == Severity::Error && f.explained_by.is_none());
        assert_eq!(unexplained.count(), 1, "{:?}", ids(&diagnosis));
    }
}

#[test]
fn members_that_differ_degrade_a_link_that_works_for_the_local_cluster_now() {
    let off = || transport_port_of("es02", OFF);
    let mut evidence = evidence(key_link("127.0.0.1:9443"), vec![off(), as_member(1, remote_cluster_server())]);
    evidence.cluster = Some(asked(true, None));
    let diagnosis = judged(&evidence);
    assert_eq!((diagnosis.verdict, diagnosis.root_cause), (Verdict::Degraded, Some("proxy-members-differ")));
}

#[test]
fn members_that_are_all_alike_keep_their_finding_and_say_how_many_were_met() {
    let attempts = vec![
        transport_port_of("es01", OFF),
        as_member(1, transport_port_of("es02", OFF)),
        as_member(2, transport_port_of("es01", OFF)),
    ];
    let diagnosis = judged(&evidence(key_link("127.0.0.1:9443"), attempts));
    assert_eq!(diagnosis.root_cause, Some("config-remote-server-disabled"));
    let evidence = &found(&diagnosis, "config-remote-server-disabled").evidence;
    assert!(evidence.iter().any(|line| line.contains("node es01 and node es02")), "{evidence:?}");
}

#[test]
fn other_members_are_looked_for_only_where_something_is_wrong_and_a_proxy_may_stand() {
    let asked = |link: &Link, attempts: Vec<Attempt>| {
        let evidence = evidence(link.clone(), attempts);
        next(link, &evidence.addresses[0])
    };
    let link = key_link("127.0.0.1:9443");
    assert_eq!(asked(&link, vec![remote_cluster_server()]), None);
    let off = transport_port_of("es02", OFF);
    assert_eq!(asked(&link, vec![off.clone()]), Some(Question::Member(1)));
    assert_eq!(asked(&link, vec![off.clone(), as_member(1, off.clone())]), Some(Question::Member(2)));
    assert_eq!(asked(&link, vec![off.clone(), as_member(1, remote_cluster_server())]), None);
    let mut sniff = link.clone();
    sniff.mode = Mode::Sniff;
    assert_eq!(asked(&sniff, vec![off]), None);
    // A proxy that tries its server first would take the time of all other questions.
    let mut slow = with_tls(Question::AsElasticsearch, None, TlsOutcome::Closed);
    slow.tls.as_mut().unwrap().seconds = 1.0;
    assert_eq!(asked(&link, vec![slow]), Some(Question::StayQuiet));
}

#[test]
fn tls_that_is_closed_before_a_word_is_a_proxy_without_a_backend_and_after_a_word_is_not() {
    let quiet = |end| {
        let tls = closed_inside().tls;
        Attempt { tls, ..quiet(Question::QuietInsideTls, end, 0.01) }
    };
    let diagnosis = judged(&evidence(key_link("127.0.0.1:9443"), vec![closed_inside(), quiet(End::Closed)]));
    assert_eq!(diagnosis.root_cause, Some("proxy-no-backend"));
    assert_eq!(found(&diagnosis, "proxy-no-backend").certainty, Certainty::Likely);
    let diagnosis = judged(&evidence(key_link("127.0.0.1:9443"), vec![closed_inside(), quiet(End::Silence)]));
    assert_eq!(diagnosis.root_cause, Some("transport-closed"));
    assert!(found(&diagnosis, "transport-closed").alternatives.contains(&"proxy-no-backend"));
    // In the certificate model that TLS ends there is the fault to name, whatever is behind.
    let attempts = vec![closed_inside(), quiet(End::Closed)];
    assert_eq!(root(link(A, None), attempts), Some("proxy-terminates-tls"));
}
