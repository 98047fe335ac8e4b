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
