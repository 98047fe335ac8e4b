//! Addresses that are reached or not.

use super::staging::*;

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
fn a_connection_that_takes_a_second_is_a_warning_and_no_fault() {
    let slow = |seconds| {
        let main = Attempt { tcp: Tcp { outcome: TcpOutcome::Connected, seconds }, ..remote_cluster_server() };
        ids(&judged(&evidence(key_link("127.0.0.1:9443"), vec![main])))
    };
    assert!(slow(1.02).contains(&"tcp-latency-high"));
    assert!(!slow(0.3).contains(&"tcp-latency-high"));
}
