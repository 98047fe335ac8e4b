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

/// `name` with these addresses, which all accept connections unless `dead` names them.
fn resolved(name: &str, by: Resolver, addresses: &[&str], dead: &[&str]) -> LinkEvidence {
    let link = link(name, None);
    let target = link.targets[0].valid().unwrap().clone();
    let addresses: Vec<std::net::IpAddr> = addresses.iter().map(|address| address.parse().unwrap()).collect();
    let of = |v6: bool| {
        let addresses: Vec<_> = addresses.iter().copied().filter(|address| address.is_ipv6() == v6).collect();
        if addresses.is_empty() { Answer::NoData } else { Answer::Addresses { addresses } }
    };
    let mut evidence = LinkEvidence::new(link);
    let (a, aaaa) = (of(false), of(true));
    evidence.resolutions.push(Resolution { target: target.clone(), by, a, aaaa, system: None, seconds: 0.01 });
    for address in addresses {
        let refused = dead.iter().any(|dead| *dead == address.to_string());
        let outcome = if refused { TcpOutcome::Refused } else { TcpOutcome::Connected };
        let main = Attempt { tcp: tcp(outcome), ..remote_cluster_server() };
        let main = if refused { Attempt { tls: None, exchanges: vec![], ..main } } else { main };
        let address = (address, target.port).into();
        evidence.addresses.push(AddressEvidence { target: target.clone(), address, attempts: vec![main] });
    }
    evidence
}

#[test]
fn a_name_of_this_host_itself_is_told_unless_it_is_called_so() {
    let seen =
        |name: &str, by| ids(&judged(&resolved(name, by, &["127.0.0.1"], &[]))).contains(&"dns-loopback-address");
    assert!(seen("es.example:9443", Resolver::System));
    assert!(!seen("localhost:9443", Resolver::System) && !seen("es.localhost:9443", Resolver::System));
    assert!(!seen("es.example:9443", Resolver::HostsFile));
}

#[test]
fn a_name_that_says_its_address_and_has_another_is_told() {
    let seen = |address: &str| {
        let evidence = resolved("abc.10.0.0.5.ip.es.io:9443", Resolver::System, &[address], &[]);
        ids(&judged(&evidence)).contains(&"dns-encoded-address-differs")
    };
    assert!(seen("10.0.0.6") && !seen("10.0.0.5"));
}

#[test]
fn a_private_address_of_elastics_cloud_is_information() {
    let seen = |name: &str, address: &str| {
        ids(&judged(&resolved(name, Resolver::System, &[address], &[]))).contains(&"dns-private-address")
    };
    let cloud = "x.eu-west-1.aws.found.io:9443";
    assert!(seen(cloud, "10.0.0.5") && seen(cloud, "fd00::5"));
    assert!(!seen(cloud, "203.0.113.5") && !seen("es.example:9443", "10.0.0.5"));
}

#[test]
fn a_family_that_is_dead_as_a_whole_is_told_from_some_dead_addresses() {
    for (addresses, dead, id) in [
        (vec!["192.0.2.1", "2001:db8::1"], vec!["2001:db8::1"], "dns-family-broken"),
        (vec!["192.0.2.1", "2001:db8::1"], vec!["192.0.2.1"], "dns-family-broken"),
        (vec!["192.0.2.1", "2001:db8::1", "2001:db8::2"], vec!["2001:db8::2"], "tcp-some-addresses-dead"),
        (vec!["192.0.2.1", "192.0.2.2"], vec!["192.0.2.2"], "tcp-some-addresses-dead"),
    ] {
        let mut evidence = resolved("es.example:9443", Resolver::System, &addresses, &dead);
        evidence.link.model = Some(Sourced::given(Model::ApiKey));
        let diagnosis = judged(&evidence);
        assert_eq!((diagnosis.verdict, diagnosis.root_cause), (Verdict::Degraded, Some("tcp-refused")), "{dead:?}");
        assert_eq!(found(&diagnosis, id).addresses.len(), dead.len(), "{dead:?}");
    }
}
