//! Findings about the nodes that a seed of sniff mode leads to.

use super::Context;
use crate::catalogue::transport::{TRANSPORT_NO_GATEWAY_NODE, TRANSPORT_PUBLISH_ADDRESS_UNREACHABLE};
use crate::classify::gateways::{Gateways, Unfit};
use crate::model::evidence::{ListedNode, TcpOutcome};
use crate::model::finding::{Certainty, Finding, Severity};
use crate::model::link::Model;
use crate::model::text::{list, safe};
use crate::version::ReleaseVersion;

/// How many nodes a title or a line names.
const NAMED: usize = 5;

/// Whether the seed leads to gateway nodes that can be reached.
pub(super) fn listed(context: &Context<'_>) -> Vec<Finding> {
    match &context.gateways {
        Gateways::Untold => Vec::new(),
        Gateways::None => vec![none(context)],
        Gateways::Unfit(nodes) => vec![unfit(context, nodes)],
        Gateways::Fit { unreachable, .. } if unreachable.is_empty() => Vec::new(),
        Gateways::Fit { unreachable, reachable, dead } => {
            vec![unreachable_from_here(context, unreachable, *reachable, *dead)]
        }
    }
}

fn none(context: &Context<'_>) -> Finding {
    Finding::new(
        &TRANSPORT_NO_GATEWAY_NODE,
        context.place(),
        format!("the remote at {} lists no node with a remote cluster server", context.target()),
    )
    .detail(
        "In sniff mode the local cluster asks the seed for the nodes to connect to, and the answer is an empty list.",
    )
    .fix("on the remote nodes that should be gateways set remote_cluster_server.enabled: true, and restart")
    .fix(proxy_instead(context))
    .observed("cluster:internal/remote_cluster/nodes: no node")
    .at(context.place())
}

fn unfit(context: &Context<'_>, nodes: &[(ListedNode, Unfit)]) -> Finding {
    let local = context.link.releases.local.as_ref();
    let by_release = nodes.iter().any(|(_, why)| *why == Unfit::Release);
    let all_masters = nodes.iter().all(|(_, why)| *why == Unfit::DedicatedMaster);
    let title = match all_masters {
        true => format!("the remote at {} lists dedicated masters only, which are never gateways", context.target()),
        false => format!("none of the nodes that the remote at {} lists may be a gateway", context.target()),
    };
    let firm = !by_release || local.is_some_and(|local| local.source.is_firm());
    let mut finding = Finding::new(&TRANSPORT_NO_GATEWAY_NODE, context.place(), title)
        .detail(
            "In sniff mode the local cluster connects to nodes that are not dedicated masters and whose release it can talk to. \
             It has no node to connect to here.",
        )
        .at_most(if firm { Certainty::Certain } else { Certainty::Likely })
        .fix("on the remote give at least one node a role besides master in node.roles (data, ingest, or none at all for coordinating only)");
    if by_release {
        finding = finding.fix("bring both clusters to releases that can connect");
    }
    for (node, why) in nodes.iter().take(NAMED) {
        let why = match why {
            Unfit::DedicatedMaster => "a dedicated master".to_owned(),
            Unfit::Release => format!("{} cannot connect with the local cluster", release(node)),
        };
        finding = finding.observed(format!("node {} at {}: {why}", safe(&node.name, 60), node.address));
    }
    finding.fix(proxy_instead(context)).at(context.place())
}

fn unreachable_from_here(
    context: &Context<'_>,
    unreachable: &[(ListedNode, TcpOutcome)],
    reachable: usize,
    dead: bool,
) -> Finding {
    let mut addresses: Vec<String> = unreachable.iter().map(|(node, _)| node.address.to_string()).collect();
    addresses.sort();
    addresses.dedup();
    let named = list(&addresses[..addresses.len().min(NAMED)]);
    let more = addresses.len().saturating_sub(NAMED);
    let named = if more > 0 { format!("{named} and {more} more") } else { named };
    let verb =
        if addresses.len() == 1 { "publishes an address that cannot" } else { "publishes addresses that cannot" };
    let (host, interface) = match context.model() {
        Some(Model::ApiKey) => {
            ("remote_cluster.publish_host (and remote_cluster.publish_port)", "its remote cluster server's")
        }
        _ => ("transport.publish_host (and transport.publish_port)", "its transport interface's"),
    };
    let detail = match dead {
        true => format!(
            "The seed answers, and in sniff mode it is only where the local cluster begins: each node is dialled at the address that \
             it publishes, {interface}, the seed too. It was tried from the host of this agent; the local cluster's nodes may have \
             another way."
        ),
        false => format!(
            "In sniff mode each node is dialled at the address that it publishes, {interface}. {reachable} other address{} can be \
             reached, so the local cluster gets in, with fewer nodes to share the load. It was tried from the host of this agent.",
            if reachable == 1 { "" } else { "es" }
        ),
    };
    let mut finding = Finding::new(
        &TRANSPORT_PUBLISH_ADDRESS_UNREACHABLE,
        &named,
        format!("the remote {verb} be reached from here: {named}"),
    )
    .keyed(addresses.join(" "))
    .severity(if dead { Severity::Error } else { Severity::Warning })
    .at_most(Certainty::Likely)
    .detail(detail)
    .fix(format!("on the remote nodes set {host} to an address that the local cluster reaches, and restart"))
    .fix(proxy_instead(context));
    for (node, outcome) in unreachable.iter().take(NAMED) {
        finding =
            finding.observed(format!("node {} publishes {}: {}", safe(&node.name, 60), node.address, words(outcome)));
    }
    finding.at(context.place())
}

fn proxy_instead(context: &Context<'_>) -> String {
    format!(
        "or on the local cluster set {} to proxy and {} to an address that leads to the remote",
        context.setting("mode"),
        context.setting("proxy_address")
    )
}

fn release(node: &ListedNode) -> String {
    u32::try_from(node.version).map_or_else(|_| "its release".to_owned(), |id| ReleaseVersion::from_id(id).to_string())
}

fn words(outcome: &TcpOutcome) -> &'static str {
    match outcome {
        TcpOutcome::Refused => "refused",
        TcpOutcome::TimedOut => "no answer in time",
        TcpOutcome::HostUnreachable | TcpOutcome::NetworkUnreachable => "no route",
        TcpOutcome::Connected | TcpOutcome::Forbidden | TcpOutcome::AgentExhausted | TcpOutcome::Failed { .. } => {
            "not told"
        }
    }
}
