//! Which cluster answers, at each address and over time.

use farlink_checks::changes::led_to;

use super::staging::*;

fn named(cluster: &str) -> LinkEvidence {
    renamed(healthy(), cluster)
}

fn renamed(mut evidence: LinkEvidence, cluster: &str) -> LinkEvidence {
    for exchange in &mut evidence.addresses[0].attempts[0].exchanges {
        if let Heard::Node { cluster: name, .. } = &mut exchange.heard {
            *name = cluster.to_owned();
        }
    }
    evidence
}

#[test]
fn addresses_of_two_clusters_on_one_link_are_named_with_their_clusters() {
    let mut evidence = named("eu");
    let mut other = renamed(evidence.clone(), "us").addresses.remove(0);
    other.address = "127.0.0.2:9443".parse().unwrap();
    evidence.addresses.push(other);
    let diagnosis = judged(&evidence);
    assert_eq!((diagnosis.verdict, diagnosis.root_cause), (Verdict::Degraded, Some("transport-cluster-changed")));
    let finding = found(&diagnosis, "transport-cluster-changed");
    assert!(finding.title.contains("\"eu\" and \"us\""), "{}", finding.title);
    assert_eq!(finding.addresses, ["127.0.0.1:9443", "127.0.0.2:9443"]);
    let mut same = named("eu");
    let mut twin = same.addresses[0].clone();
    twin.address = "127.0.0.2:9443".parse().unwrap();
    same.addresses.push(twin);
    assert_eq!(judged(&same).verdict, Verdict::Ok);
}

/// What the second of two runs, 30 seconds apart, says of the change.
fn changed(before: &LinkEvidence, now: &LinkEvidence) -> Option<Finding> {
    let now = LinkEvidence { led_to: led_to(before, 30.0), ..now.clone() };
    judged(&now).findings.into_iter().find(|finding| finding.id == "transport-cluster-changed")
}

#[test]
fn another_cluster_than_in_an_earlier_run_is_a_change_and_an_unknown_one_is_not() {
    let unknown = evidence(key_link("127.0.0.1:9443"), vec![remote_cluster_server()]);
    for (before, now, is_change) in [
        (named("eu"), named("eu"), false),
        (named("eu"), named("us"), true),
        (unknown.clone(), named("us"), false),
        (named("eu"), unknown, false),
    ] {
        assert_eq!(changed(&before, &now).is_some(), is_change);
    }
    let finding = changed(&named("eu"), &named("us")).unwrap();
    assert_eq!((finding.id, finding.severity), ("transport-cluster-changed", Severity::Warning));
    assert!(finding.title.contains("led to cluster \"eu\", and now leads to cluster \"us\""), "{}", finding.title);
    let mut refused = named("us");
    refused.cluster = Some(asked(false, None));
    assert_eq!(changed(&named("eu"), &refused).unwrap().severity, Severity::Error);
}

#[test]
fn a_change_is_told_for_a_day_and_through_runs_that_hear_nobody() {
    let unknown = evidence(key_link("127.0.0.1:9443"), vec![remote_cluster_server()]);
    let mut last = named("eu");
    let mut told = Vec::new();
    for (now, seconds) in [
        (unknown.clone(), 30.0),
        (named("us"), 30.0),
        (named("us"), 80_000.0),
        (unknown, 30.0),
        (named("us"), 80_000.0),
        (named("us"), 30.0),
    ] {
        let now = LinkEvidence { led_to: led_to(&last, seconds), ..now };
        told.push(judged(&now).findings.iter().any(|finding| finding.id == "transport-cluster-changed"));
        last = now;
    }
    assert_eq!(told, [false, true, true, false, true, false]);
}

#[test]
fn a_link_between_two_clusters_that_keeps_one_of_them_has_not_changed() {
    let mut both = named("eu");
    let mut other = named("us").addresses.remove(0);
    other.address = "127.0.0.2:9443".parse().unwrap();
    both.addresses.push(other);
    let of_runs = |finding: &Finding| finding.title.starts_with("the link led to");
    assert!(!changed(&named("eu"), &both).is_some_and(|finding| of_runs(&finding)));
    assert!(!changed(&both, &named("us")).is_some_and(|finding| of_runs(&finding)));
}
