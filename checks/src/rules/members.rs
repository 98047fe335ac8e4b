//! Findings about several members behind one address.

use super::Context;
use crate::catalogue::proxy::PROXY_MEMBERS_DIFFER;
use crate::classify::members::{Member, Members};
use crate::model::finding::{Certainty, Finding};
use crate::model::link::Model;
use crate::model::text::{list, safe};

/// Members that do not answer alike; nothing else that one of them answers is the link's fault then.
pub(super) fn differ(context: &Context<'_>) -> Option<Finding> {
    let Members::Differ { met } = &context.members else { return None };
    let of: usize = met.iter().map(|(_, connections, _)| connections).sum();
    let parts: Vec<String> =
        met.iter().map(|(member, count, _)| format!("{count} of {of} {}", words(*member))).collect();
    let cut = met.iter().any(|(member, _, _)| matches!(member, Member::Closed | Member::ClosedInside));
    let wanted = match context.link.model() {
        Some(Model::Certificate) => "their transport port (9300)",
        _ => "their remote cluster server (9443)",
    };
    let mut finding = Finding::new(
        &PROXY_MEMBERS_DIFFER,
        context.place(),
        format!("connections to {} meet different listeners: {}", context.target(), list(&parts)),
    )
    .detail(
        "All connections were made in the same way. A load balancer at this address forwards to several members, and they are \
         not alike, so the link works or fails by chance.",
    )
    .fix(format!("on the load balancer at {}: forward this port to {wanted} on every member, and take members without it out", context.target()));
    if context.link.model() != Some(Model::Certificate) {
        finding = finding.fix("on every remote node behind it set remote_cluster_server.enabled: true, and restart");
    }
    if cut {
        // A member that was just restarting looks the same.
        finding = finding.at_most(Certainty::Likely).or(&["proxy-no-backend", "tls-closed"]);
    }
    for (member, _, nodes) in met.iter().filter(|(_, _, nodes)| !nodes.is_empty()) {
        finding = finding.observed(format!("{}: {}", words(*member), names(nodes)));
    }
    Some(finding.at(context.place()))
}

/// That the members answer alike, where several connections found that out.
pub(super) fn alike(context: &Context<'_>) -> Option<String> {
    match &context.members {
        Members::Alike { connections, nodes } if nodes.len() > 1 => {
            Some(format!("{connections} connections met {}: the same listener each time", names(nodes)))
        }
        Members::Alike { connections, .. } => Some(format!("{connections} connections met the same listener")),
        Members::Untold | Members::Differ { .. } => None,
    }
}

fn names(nodes: &[String]) -> String {
    let shown: Vec<String> = nodes.iter().map(|node| format!("node {}", safe(node, 60))).collect();
    list(&shown)
}

fn words(member: Member) -> &'static str {
    match member {
        Member::RemoteClusterServer => "reach a remote cluster server",
        Member::Transport => "reach a transport port",
        Member::ClosedInside => "are closed inside TLS",
        Member::Closed => "are closed before TLS",
    }
}
