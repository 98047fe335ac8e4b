//! Findings about the names that a link dials.

use std::net::IpAddr;

use crate::catalogue::dns as catalogue;
use crate::model::evidence::{Answer, LinkEvidence, Resolution, Resolver};
use crate::model::finding::{Certainty, Finding};
use crate::model::link::{Host, Link, Mode};
use crate::model::text::safe;

/// Every target's name.
pub(super) fn names(evidence: &LinkEvidence) -> Vec<Finding> {
    evidence.resolutions.iter().flat_map(|resolution| name(&evidence.link, resolution)).collect()
}

fn name(link: &Link, resolution: &Resolution) -> Vec<Finding> {
    let Host::Name(host) = &resolution.target.host else { return Vec::new() };
    let host = safe(host, 253);
    let by = match &resolution.by {
        Resolver::Given { server } => format!("name server {server}"),
        _ => "the name servers of this host".to_owned(),
    };
    let addresses = resolution.addresses();
    if addresses.is_empty() {
        return vec![unresolved(link, resolution, &host, &by)];
    }
    let mut findings = Vec::new();
    if addresses.iter().all(IpAddr::is_loopback)
        && host != "localhost"
        && !host.ends_with(".localhost")
        && resolution.by == Resolver::System
    {
        findings.push(
            Finding::new(&catalogue::DNS_LOOPBACK_ADDRESS, &host, format!("{host} resolves to this host itself"))
                .detail("A loopback address means another machine on every node that resolves it.")
                .fix(format!("correct the record of {host}")),
        );
    }
    if let Some(encoded) = encoded_address(&host)
        && !addresses.contains(&encoded)
    {
        findings.push(
            Finding::new(
                &catalogue::DNS_ENCODED_ADDRESS_DIFFERS,
                &host,
                format!("{host} says {encoded} in its name and resolves to another address"),
            )
            .detail("Default names of Elastic Cloud Enterprise carry the proxy's address.")
            .fix("use the endpoint that Elastic Cloud Enterprise shows for the deployment"),
        );
    }
    findings
}

fn unresolved(link: &Link, resolution: &Resolution, host: &str, by: &str) -> Finding {
    let answers = [&resolution.a, &resolution.aaaa];
    let has = |wanted: fn(&Answer) -> bool| answers.iter().any(|answer| wanted(answer));
    let setting = match link.mode {
        Mode::Proxy => format!("cluster.remote.{}.proxy_address", link.alias),
        Mode::Sniff => format!("cluster.remote.{}.seeds", link.alias),
    };
    // One family's answer is worth more than the other's failure.
    let finding = if has(|a| *a == Answer::NameUnknown) {
        Finding::new(&catalogue::DNS_NAME_UNKNOWN, host, format!("{host} does not exist, says {by}"))
            .detail("The name server answers that there is no such name (NXDOMAIN). The local cluster's nodes may have other name servers.")
            .fix(format!("correct the host in {setting}, or add the record for {host}"))
    } else if has(|a| matches!(a, Answer::ServerFailure { .. })) {
        let code = answers.iter().find_map(|a| match a {
            Answer::ServerFailure { code } => Some(safe(code, 40)),
            _ => None,
        });
        Finding::new(
            &catalogue::DNS_SERVER_FAILURE,
            host,
            format!("{by} cannot answer for {host} ({})", code.unwrap_or_default()),
        )
        .detail("The name server answers with an error, so nothing is known about the name.")
        .fix("look at the name server, or at the delegation of the zone")
    } else if has(|a| *a == Answer::NoData) && !has(|a| *a == Answer::TimedOut) {
        Finding::new(&catalogue::DNS_NO_ADDRESS, host, format!("{host} exists and has no address"))
            .detail("The name server knows the name and has neither an A nor an AAAA record for it.")
            .fix(format!("add an address record for {host}, or correct the host in {setting}"))
    } else {
        Finding::new(&catalogue::DNS_TIMEOUT, host, format!("{by} does not answer for {host}"))
            .detail("No usable answer came in time.")
            .at_most(Certainty::Likely)
            .fix("check the resolver configuration of this host, and that UDP and TCP port 53 get through")
    };
    finding
        .observed(format!("A of {host}: {}", words(&resolution.a)))
        .observed(format!("AAAA of {host}: {}", words(&resolution.aaaa)))
}

fn words(answer: &Answer) -> String {
    match answer {
        Answer::Addresses { addresses } => addresses.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
        Answer::NameUnknown => "no such name (NXDOMAIN)".to_owned(),
        Answer::NoData => "no record of this type".to_owned(),
        Answer::ServerFailure { code } => safe(code, 40),
        Answer::TimedOut => "no answer in time".to_owned(),
        Answer::Unusable { error } => safe(error, 120),
        Answer::NotAsked => "not asked".to_owned(),
    }
}

/// The address in a default name of Elastic Cloud Enterprise, `<id>.10.0.0.5.ip.es.io`.
fn encoded_address(host: &str) -> Option<IpAddr> {
    let rest = host.strip_suffix(".ip.es.io")?;
    let labels: Vec<&str> = rest.rsplitn(5, '.').take(4).collect();
    let text = labels.into_iter().rev().collect::<Vec<_>>().join(".");
    text.parse().ok()
}
