//! Findings about reaching an address.

use super::Context;
use crate::catalogue::proxy::PROXY_NO_BACKEND;
use crate::catalogue::tcp as catalogue;
use crate::catalogue::transport::TRANSPORT_NOT_ELASTICSEARCH;
use crate::classify::reach::Reach;
use crate::classify::tls;
use crate::model::evidence::{LinkEvidence, Question};
use crate::model::finding::{Certainty, Finding};
use crate::model::text::safe;

/// Whether the address can be reached and stays open until we speak.
pub(super) fn reach(context: &Context<'_>) -> Vec<Finding> {
    let (place, target) = (context.place(), context.target());
    let finding = match &context.reach {
        Reach::Open | Reach::NotTried | Reach::Agent { .. } => return Vec::new(),
        Reach::Banner(bytes) if context.handshake().is_some_and(|tls| tls.chain.is_empty()) => Finding::new(
            &TRANSPORT_NOT_ELASTICSEARCH,
            &place,
            format!("{target} is not Elasticsearch: it greets with \"{}\"", printable(bytes.as_slice(), 40)),
        )
        .detail("Elasticsearch waits for its peer to speak first; this server does not.")
        .fix(format!("on the local cluster point {} at the remote's port 9443 (API key) or 9300/9400 (certificate)", context.address_setting())),
        Reach::Banner(_) => return Vec::new(),
        Reach::Refused => {
            let mut finding = Finding::new(&catalogue::TCP_REFUSED, &place, format!("{target} refuses connections"))
                .detail("The host answers with a reset: nothing listens on this port, or a firewall rejects the connection.")
                .fix(nothing_listens(context))
                .fix(format!("or correct the port in {}", context.address_setting()))
                .observed(format!("TCP connection to {place}: refused"));
            if let Some(sibling) = open_sibling(context) {
                finding = finding.observed(format!("port {sibling} of the same host is open"));
            }
            finding
        }
        Reach::TimedOut => Finding::new(&catalogue::TCP_TIMEOUT, &place, format!("{target} does not answer"))
            .detail("No answer to the connection request: a firewall, security group or network policy drops it, or the address is routed nowhere.")
            .fix(format!("allow TCP from the local cluster's nodes to {place} in every firewall on the way"))
            .fix(format!("or correct the address in {}", context.address_setting()))
            .observed(format!("TCP connection to {place}: no answer in time")),
        Reach::Unreachable => Finding::new(&catalogue::TCP_UNREACHABLE, &place, format!("no route to {target}"))
            .detail("A router or the host itself says that the address cannot be reached.")
            .fix(format!("give the local cluster's nodes a route to {place}, or correct the address in {}", context.address_setting()))
            .observed(format!("TCP connection to {place}: unreachable")),
        Reach::ClosedUnasked { after } if context.reach.is_delayed() => Finding::new(
            &PROXY_NO_BACKEND,
            &place,
            format!("{target} accepts connections, and nothing behind it answers"),
        )
        .detail(format!(
            "The connection was closed after about {} although nothing had been sent: something at the address \
             accepts, tries a server behind it, fails, and gives up. Restart or health of the remote nodes, or the \
             load balancer's list of servers, is where to look.",
            about(*after)
        ))
        .at_most(Certainty::Likely)
        .or(&["filter-suspected"])
        .fix("on the load balancer or proxy: give the backend of this port live servers (remote port 9443 for API keys, 9300 for certificates)")
        .observed(format!("{place} closed an idle connection by itself")),
        Reach::ClosedUnasked { .. } => Finding::new(
            &catalogue::TCP_CLOSED_ON_CONNECT,
            &place,
            format!("{target} accepts connections and closes them at once"),
        )
        .detail(
            "The connection was closed before anything was sent, so neither TLS nor server name nor credentials are \
             the cause. A load balancer without a live server behind it does this, an IP filter of the remote nodes \
             does, and so does a node that receives a PROXY protocol header. From here they look alike: the load \
             balancer's log, or the remote node's (\"not an SSL/TLS record: 50524f58\" is a PROXY header), tells which.",
        )
        .at_most(Certainty::Possible)
        .or(&["proxy-no-backend", "filter-suspected", "proxy-protocol-mismatch"])
        .fix("on the load balancer or proxy: check that the backend of this port has live servers")
        .fix("on the remote cluster: check xpack.security.remote_cluster.filter.* and xpack.security.transport.filter.* for the local nodes' addresses")
        .observed(format!("{place} closed an idle connection by itself, without sending a byte")),
        Reach::ResetUnasked => Finding::new(
            &catalogue::TCP_RESET_ON_CONNECT,
            &place,
            format!("{target} resets every connection at once"),
        )
        .detail(
            "The connection was reset before anything was sent, so neither TLS nor server name nor credentials are the \
             cause. A load balancer or firewall that rejects the source address does this.",
        )
        .at_most(Certainty::Likely)
        .or(&["filter-suspected", "proxy-no-backend"])
        .fix("on the load balancer, firewall or service mesh in front of the remote: allow the local nodes' addresses on this port")
        .observed(format!("{place} reset an idle connection")),
    };
    vec![finding.at(place)]
}

/// Connections that take long.
pub(super) fn latency(evidence: &LinkEvidence) -> Vec<Finding> {
    const HIGH_SECONDS: f64 = 1.0;
    evidence
        .addresses
        .iter()
        .filter(|address| {
            address.main().is_some_and(|main| {
                main.tcp.outcome == crate::model::evidence::TcpOutcome::Connected && main.tcp.seconds >= HIGH_SECONDS
            })
        })
        .map(|address| {
            Finding::new(
                &catalogue::TCP_LATENCY_HIGH,
                address.address.to_string(),
                format!("{} takes more than a second to accept a connection", address.target),
            )
            .detail(
                "Linux repeats a lost connection request after one second, so this is packet loss or a very long way.",
            )
            .fix("look for packet loss between the local nodes and this address")
            .at(address.address)
        })
        .collect()
}

fn nothing_listens(context: &Context<'_>) -> String {
    match context.port() {
        9443 => "on every remote node set remote_cluster_server.enabled: true and bind it to a reachable remote_cluster.host, or open 9443 on the proxy in front".to_owned(),
        _ => "start what should listen there: the remote's nodes (transport.port) or the proxy in front of them".to_owned(),
    }
}

fn open_sibling(context: &Context<'_>) -> Option<u16> {
    let sibling = context.address.attempt(Question::SiblingPort)?;
    tls::is_answered(sibling).then_some(sibling.port).flatten()
}

/// A duration in words that do not change from run to run.
fn about(seconds: f64) -> String {
    match seconds {
        s if s < 1.5 => "a second".to_owned(),
        s => format!("{} seconds", s.round()),
    }
}

/// The first bytes of a foreign protocol as text, or as hexadecimal.
pub(super) fn printable(bytes: &[u8], limit: usize) -> String {
    let text: String = String::from_utf8_lossy(bytes).trim_end().to_owned();
    if !text.is_empty() && text.chars().all(|c| !c.is_control() && c != '\u{fffd}') {
        safe(&text, limit)
    } else {
        hex::encode(&bytes[..bytes.len().min(limit / 2)])
    }
}
