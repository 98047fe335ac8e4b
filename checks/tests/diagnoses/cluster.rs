//! The local cluster's own word.

use super::staging::*;

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
fn a_link_that_fails_there_and_works_here_has_its_fault_on_the_way_from_there() {
    let mut evidence = healthy();
    assert_eq!(judged(&evidence).verdict, Verdict::Ok);
    evidence.cluster = Some(asked(false, None));
    let diagnosis = judged(&evidence);
    assert_eq!((diagnosis.verdict, diagnosis.root_cause), (Verdict::Broken, Some("cluster-local-path-differs")));
    assert_eq!(found(&diagnosis, "cluster-disconnected").explained_by, Some("cluster-local-path-differs"));
}

#[test]
fn a_link_that_is_opened_by_its_first_use_is_fine() {
    let mut evidence = healthy();
    let mut view = asked(true, None);
    view.before = Ok(Some(RemoteInfo::default()));
    evidence.cluster = Some(view);
    let diagnosis = judged(&evidence);
    assert_eq!(diagnosis.verdict, Verdict::Ok);
    assert_eq!(found(&diagnosis, "cluster-connected-lazily").severity, Severity::Info);
}

#[test]
fn a_cluster_that_cannot_be_asked_is_a_warning_with_the_reason() {
    let reason = || "no".to_owned();
    for (error, id) in [
        (ReadError::Unreachable { error: reason() }, "cluster-unreachable"),
        (ReadError::TimedOut { seconds: 20 }, "cluster-unreachable"),
        (ReadError::CredentialsRefused { reason: reason(), sent: true }, "cluster-credentials-refused"),
        (ReadError::CredentialsRefused { reason: reason(), sent: false }, "cluster-credentials-refused"),
        (ReadError::Forbidden { reason: reason() }, "cluster-credentials-refused"),
        (ReadError::Status { status: 503, reason: reason() }, "cluster-answer-unusable"),
        (ReadError::TooLarge { limit_bytes: 32 << 20 }, "cluster-answer-unusable"),
        (ReadError::Html { title: Some("Kibana".into()) }, "cluster-answer-unusable"),
        (ReadError::Shape { error: reason() }, "cluster-answer-unusable"),
        (ReadError::Redirect { location: "https://sso.example".into() }, "cluster-answer-unusable"),
    ] {
        let mut evidence = LinkEvidence::new(Link::new("prod", Mode::Proxy, vec![]));
        evidence.cluster =
            Some(ClusterView { before: Err(error.clone()), resolve: None, after: None, ..asked(false, None) });
        let diagnosis = judged(&evidence);
        assert_eq!(found(&diagnosis, id).severity, Severity::Warning, "{error:?}");
        assert_eq!((diagnosis.verdict, diagnosis.root_cause), (Verdict::Unknown, None), "{error:?}");
    }
}
