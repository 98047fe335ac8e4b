//! Names.

use super::staging::*;

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
