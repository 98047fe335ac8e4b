//! Where seeds lead in sniff mode: the nodes that the remote lists and the addresses that they publish.

use super::staging::*;

const SEED: &str = "127.0.0.1:9443";

fn node(name: &str, address: &str, version: i32, roles: &[&str]) -> ListedNode {
    let roles = roles.iter().map(|&role| role.to_owned()).collect();
    ListedNode { name: name.into(), address: address.parse().unwrap(), version, roles }
}

fn data(name: &str, address: &str) -> ListedNode {
    node(name, address, 9_05_03_99, &["data_hot", "ingest", "master"])
}

/// A healthy API-key link in sniff mode whose seed is `own` and lists `nodes`.
fn seed(own: &str, nodes: Vec<ListedNode>) -> LinkEvidence {
    let mut evidence = healthy();
    evidence.link.mode = Mode::Sniff;
    let main = &mut evidence.addresses[0].attempts[0];
    for exchange in &mut main.exchanges {
        if let Heard::Node { address, .. } = &mut exchange.heard {
            *address = Some(own.parse().unwrap());
        }
    }
    let of = nodes.len();
    *main = says(main.clone(), Said::RemoteClusterNodes, Heard::Nodes { nodes, of });
    evidence
}

fn dialled(mut evidence: LinkEvidence, outcomes: &[(&str, TcpOutcome)]) -> LinkEvidence {
    for (address, outcome) in outcomes {
        evidence.published.push(Published { address: address.parse().unwrap(), tcp: tcp(outcome.clone()) });
    }
    evidence
}

#[test]
fn a_seed_whose_own_publish_address_is_dead_leads_nowhere() {
    let evidence = seed("192.0.2.1:9443", vec![data("es01", "192.0.2.1:9443"), data("es02", "10.0.0.2:9443")]);
    let outcomes = [("192.0.2.1:9443", TcpOutcome::TimedOut), ("10.0.0.2:9443", TcpOutcome::Connected)];
    let diagnosis = judged(&dialled(evidence, &outcomes));
    assert_eq!(diagnosis.verdict, Verdict::Broken);
    assert_eq!(diagnosis.root_cause, Some("transport-publish-address-unreachable"));
    let finding = found(&diagnosis, "transport-publish-address-unreachable");
    assert!(finding.title.contains("192.0.2.1:9443") && finding.title.contains("from here"), "{}", finding.title);
    assert!(finding.fix[0].contains("remote_cluster.publish_host"), "{:?}", finding.fix);
    assert_eq!(finding.certainty, Certainty::Likely);
}

#[test]
fn a_dead_publish_address_among_living_ones_is_a_warning_and_all_dead_ones_an_error() {
    let nodes = || vec![data("es01", SEED), data("es02", "10.0.0.2:9443"), data("es03", "10.0.0.3:9443")];
    let some = [("10.0.0.2:9443", TcpOutcome::Refused), ("10.0.0.3:9443", TcpOutcome::Connected)];
    let diagnosis = judged(&dialled(seed(SEED, nodes()), &some));
    assert_eq!(diagnosis.verdict, Verdict::Ok);
    assert_eq!(found(&diagnosis, "transport-publish-address-unreachable").severity, Severity::Warning);

    // A balancer as seed, and nodes that publish addresses of their own network.
    let own = vec![data("es02", "10.0.0.2:9443"), data("es03", "10.0.0.3:9443")];
    let all = [("10.0.0.2:9443", TcpOutcome::HostUnreachable), ("10.0.0.3:9443", TcpOutcome::Refused)];
    let diagnosis = judged(&dialled(seed("10.0.0.2:9443", own), &all));
    assert_eq!(diagnosis.root_cause, Some("transport-publish-address-unreachable"));
    let alive = [("10.0.0.2:9443", TcpOutcome::Connected), ("10.0.0.3:9443", TcpOutcome::Connected)];
    assert_eq!(judged(&dialled(seed(SEED, nodes()), &alive)).findings, []);
}

#[test]
fn what_hinders_the_agent_itself_and_what_the_mode_does_not_dial_is_no_finding() {
    let nodes = || vec![data("es01", "10.0.0.2:9443")];
    let own = dialled(seed("10.0.0.2:9443", nodes()), &[("10.0.0.2:9443", TcpOutcome::Forbidden)]);
    assert_eq!(judged(&own).verdict, Verdict::Ok);
    let mut proxy = dialled(seed("10.0.0.2:9443", nodes()), &[("10.0.0.2:9443", TcpOutcome::Refused)]);
    proxy.link.mode = Mode::Proxy;
    assert_eq!(judged(&proxy).verdict, Verdict::Ok);
    let mut redirected = dialled(seed("10.0.0.2:9443", nodes()), &[("10.0.0.2:9443", TcpOutcome::Refused)]);
    redirected.link.oddities.push(Oddity::LegacyProxy { value: "h:9400".into() });
    assert_eq!(judged(&redirected).verdict, Verdict::Ok);
}

#[test]
fn the_local_clusters_word_outranks_what_cannot_be_reached_from_here() {
    let mut evidence = dialled(
        seed("192.0.2.1:9443", vec![data("es01", "192.0.2.1:9443")]),
        &[("192.0.2.1:9443", TcpOutcome::TimedOut)],
    );
    evidence.cluster = Some(asked(true, None));
    let diagnosis = judged(&evidence);
    assert_eq!(diagnosis.verdict, Verdict::Ok);
    assert!(ids(&diagnosis).contains(&"cluster-agent-path-differs"));
    evidence.cluster = Some(asked(false, None));
    assert_eq!(judged(&evidence).root_cause, Some("transport-publish-address-unreachable"));
}

#[test]
fn a_list_without_a_node_that_may_be_a_gateway_is_named_with_the_reasons() {
    let master = |name| node(name, SEED, 9_05_03_99, &["master", "remote_cluster_client"]);
    for (nodes, local, title) in [
        (vec![], None, "lists no node with a remote cluster server"),
        (vec![master("m1"), master("m2")], None, "dedicated masters only"),
        (vec![master("m1"), node("old", SEED, 8_17_02_99, &["data"])], Some("9.5.3"), "none of the nodes"),
    ] {
        let mut evidence = seed(SEED, nodes);
        evidence.link.releases.local = local.map(|local| Sourced::given(local.to_owned()));
        let diagnosis = judged(&evidence);
        assert_eq!(diagnosis.root_cause, Some("transport-no-gateway-node"), "{title}");
        let finding = found(&diagnosis, "transport-no-gateway-node");
        assert!(finding.title.contains(title), "{}", finding.title);
        assert_eq!(diagnosis.verdict, Verdict::Broken);
    }
    // Coordinating only, ingest, frozen data and a voting-only master with data are gateways.
    for roles in [&[][..], &["ingest"], &["data_frozen", "master"], &["master", "ingest"], &["search", "master"]] {
        assert_eq!(judged(&seed(SEED, vec![node("n", SEED, 9_05_03_99, roles)])).verdict, Verdict::Ok, "{roles:?}");
    }
}

#[test]
fn what_a_list_leaves_out_is_not_judged() {
    let mut evidence = seed(SEED, vec![node("m", SEED, 9_05_03_99, &["master"])]);
    if let Some(Heard::Nodes { of, .. }) =
        evidence.addresses[0].attempts[0].exchanges.last_mut().map(|exchange| &mut exchange.heard)
    {
        *of = 90;
    }
    assert_eq!(judged(&evidence).verdict, Verdict::Ok);
}

#[test]
fn only_publish_addresses_of_gateways_are_dialled_each_once_and_few() {
    use farlink_checks::classify::gateways::publish_addresses;
    let mut nodes = vec![
        data("es01", SEED),
        data("es02", "10.0.0.2:9443"),
        data("twin", "10.0.0.2:9443"),
        data("any", "0.0.0.0:9443"),
        data("none", "10.0.0.9:0"),
        node("m", "10.0.0.3:9443", 9_05_03_99, &["master"]),
    ];
    let evidence = seed(SEED, nodes.clone());
    let wanted = publish_addresses(&evidence.link, &evidence.addresses);
    assert_eq!(wanted, ["10.0.0.2:9443".parse().unwrap()]);
    nodes.extend((10..60).map(|last| data("n", &format!("10.0.1.{last}:9443"))));
    let evidence = seed(SEED, nodes);
    assert_eq!(publish_addresses(&evidence.link, &evidence.addresses).len(), 16);
}
