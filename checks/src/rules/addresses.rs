//! Findings from comparing the addresses of one link, and from what its address suggests.

use std::net::IpAddr;

use crate::catalogue::config::CONFIG_DIRECT_PORT_BEHIND_PROXY;
use crate::catalogue::dns::{DNS_FAMILY_BROKEN, DNS_PRIVATE_ADDRESS};
use crate::catalogue::tcp::TCP_SOME_ADDRESSES_DEAD;
use crate::model::evidence::{AddressEvidence, LinkEvidence, TcpOutcome};
use crate::model::finding::Finding;
use crate::model::link::{Host, Target};
use crate::model::text::safe;

/// Some addresses accept connections and others do not.
pub(super) fn compared(evidence: &LinkEvidence) -> Vec<Finding> {
    let connects =
        |address: &&AddressEvidence| address.main().is_some_and(|main| main.tcp.outcome == TcpOutcome::Connected);
    let (alive, dead): (Vec<&AddressEvidence>, Vec<&AddressEvidence>) =
        evidence.addresses.iter().filter(|address| address.main().is_some()).partition(connects);
    if alive.is_empty() || dead.is_empty() {
        return Vec::new();
    }
    let target = dead[0].target.to_string();
    let v6 = |address: &&&AddressEvidence| address.address.is_ipv6();
    let family = if dead.iter().all(|a| v6(&a)) && !alive.iter().any(|a| v6(&a)) {
        Some("IPv6")
    } else if !dead.iter().any(|a| v6(&a)) && alive.iter().all(|a| v6(&a)) {
        Some("IPv4")
    } else {
        None
    };
    let finding = match family {
        Some(family) => Finding::new(
            &DNS_FAMILY_BROKEN,
            &target,
            format!("{target} has {family} addresses, and none of them accepts connections"),
        )
        .detail(
            "A Java process takes the first address the resolver returns, so which family it uses depends on the host.",
        )
        .fix(format!("mend the {family} path, or remove the records of that family")),
        None => Finding::new(
            &TCP_SOME_ADDRESSES_DEAD,
            &target,
            format!("{} of {} addresses of {target} accept no connection", dead.len(), dead.len() + alive.len()),
        )
        .detail("Elasticsearch dials one of them at a time, so the link works or fails by chance.")
        .fix("take the dead addresses out of the name's records, or bring them back"),
    };
    let mut finding = finding;
    finding.addresses = dead.iter().map(|address| address.address.to_string()).collect();
    vec![finding]
}

/// What an address of Elastic's platforms suggests.
pub(super) fn platform(evidence: &LinkEvidence) -> Vec<Finding> {
    let mut findings = Vec::new();
    for target in evidence.link.targets.iter().filter_map(Target::valid) {
        let Host::Name(host) = &target.host else { continue };
        if !is_cloud(host) {
            continue;
        }
        let host = safe(host, 253);
        if matches!(target.port, 9300 | 9343) {
            findings.push(
                Finding::new(&CONFIG_DIRECT_PORT_BEHIND_PROXY, target.to_string(), format!("{target} is the port of direct nodes, and {host} is a proxy"))
                    .detail("On Elastic Cloud and ECE 9300 and 9343 are for transport clients; remote clusters use 9400 or 9443.")
                    .fix(format!("on the local cluster set the port in cluster.remote.{}.proxy_address to 9400 (certificate) or 9443 (API key)", evidence.link.alias)),
            );
        }
        let private = |resolution: &crate::model::evidence::Resolution| {
            resolution.target == *target && resolution.addresses().iter().any(is_private)
        };
        if evidence.resolutions.iter().any(private) {
            findings.push(
                Finding::new(&DNS_PRIVATE_ADDRESS, &host, format!("{host} resolves to a private address here"))
                    .detail("Right with a private connection or a split name service; elsewhere it leads nowhere."),
            );
        }
    }
    findings
}

/// Whether `host` is a name of Elastic Cloud or a default name of Elastic Cloud Enterprise.
pub(super) fn is_cloud(host: &str) -> bool {
    ["elastic-cloud.com", "found.io", "elastic.cloud", "cld.elstc.co", "ip.es.io"]
        .iter()
        .any(|suffix| host.strip_suffix(suffix).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')))
}

fn is_private(address: &IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => v4.is_private(),
        IpAddr::V6(v6) => v6.is_unique_local(),
    }
}
