//! In sniff mode: the nodes that a seed leads to, which of them may be gateways, and whether they can be reached.
//!
//! A node is a gateway unless it only is a master, or its release does not fit
//! (`SniffConnectionStrategy.DEFAULT_NODE_PREDICATE`). The seed itself is dialled again at its publish
//! address before it is asked for the others, so a seed that publishes a dead address leads nowhere.

use std::net::SocketAddr;

use crate::model::evidence::{AddressEvidence, Heard, LinkEvidence, ListedNode, Said, TcpOutcome};
use crate::model::link::{Link, Mode, Oddity};
use crate::version::{Compatibility, ReleaseVersion, compatible_releases};

/// How many publish addresses of one link are dialled.
const DIALLED: usize = 16;

/// Where a seed leads.
#[derive(Clone, Debug, PartialEq)]
pub enum Gateways {
    /// It listed no nodes, or the mode dials none.
    Untold,
    /// Its list is empty: no node has a remote cluster server.
    None,
    /// It lists nodes, and none may be a gateway.
    Unfit(Vec<(ListedNode, Unfit)>),
    /// Gateways, and how dialling them went.
    Fit {
        /// Those that cannot be reached from here.
        unreachable: Vec<(ListedNode, TcpOutcome)>,
        /// How many can be.
        reachable: usize,
        /// Nothing is left for Elasticsearch to connect to: the seed's own publish address cannot be
        /// reached, or none of them.
        dead: bool,
    },
}

/// Why a node is no gateway.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Unfit {
    /// It is a master and nothing else.
    DedicatedMaster,
    /// Its release and the local cluster's cannot connect.
    Release,
}

/// Where the seed at `address` leads.
pub fn judge(evidence: &LinkEvidence, address: &AddressEvidence) -> Gateways {
    let link = &evidence.link;
    let Some(told) = told(link, address) else { return Gateways::Untold };
    let fit: Vec<&ListedNode> = told.nodes.iter().filter(|node| unfit(link, node).is_none()).collect();
    if fit.is_empty() {
        let unfit = |node: &ListedNode| unfit(link, node).map(|why| (node.clone(), why));
        return match told.of {
            0 => Gateways::None,
            // What was cut off the list may hold one.
            of if of > told.nodes.len() => Gateways::Untold,
            _ => Gateways::Unfit(told.nodes.iter().filter_map(unfit).collect()),
        };
    }
    let outcomes = || fit.iter().filter_map(|node| Some((*node, outcome(evidence, node.address)?)));
    let unreachable: Vec<(ListedNode, TcpOutcome)> = outcomes()
        .filter(|(_, outcome)| is_dead(outcome))
        .map(|(node, outcome)| (node.clone(), outcome.clone()))
        .collect();
    let reachable = outcomes().filter(|(_, outcome)| **outcome == TcpOutcome::Connected).count();
    let own = told.own.is_some_and(|own| unreachable.iter().any(|(node, _)| node.address == own));
    let all = !unreachable.is_empty() && unreachable.len() == outcomes().count();
    Gateways::Fit { dead: own || all, unreachable, reachable }
}

/// The publish addresses that Elasticsearch would dial next on `link`, as far as they are worth
/// dialling here: each once, without those that were dialled as targets.
pub fn publish_addresses(link: &Link, addresses: &[AddressEvidence]) -> Vec<SocketAddr> {
    let mut wanted: Vec<SocketAddr> = Vec::new();
    for seed in addresses {
        for node in told(link, seed).into_iter().flat_map(|told| told.nodes) {
            let known = addresses.iter().any(|seed| seed.address == node.address && seed.main().is_some());
            let real = node.address.port() != 0 && !node.address.ip().is_unspecified();
            if real && !known && unfit(link, &node).is_none() && !wanted.contains(&node.address) {
                wanted.push(node.address);
            }
        }
    }
    wanted.truncate(DIALLED);
    wanted
}

/// What a seed says of its cluster.
struct Told {
    nodes: Vec<ListedNode>,
    of: usize,
    /// The seed's own publish address.
    own: Option<SocketAddr>,
}

fn told(link: &Link, address: &AddressEvidence) -> Option<Told> {
    // The old `proxy` setting of sniff mode stands in for every publish address.
    let redirected = link.oddities.iter().any(|oddity| matches!(oddity, Oddity::LegacyProxy { .. }));
    if link.mode != Mode::Sniff || redirected {
        return None;
    }
    let main = address.main()?;
    let itself =
        [Said::SubjectHandshake, Said::TransportHandshake].into_iter().find_map(|said| match main.heard(said) {
            Some(Heard::Node { name, version, address, .. }) => Some((name.clone(), *version, (*address)?)),
            _ => None,
        });
    let own = itself.as_ref().map(|(_, _, address)| *address);
    match (main.heard(Said::RemoteClusterNodes), itself) {
        (Some(Heard::Nodes { nodes, of }), _) => Some(Told { nodes: nodes.clone(), of: *of, own }),
        // Before 8.10 only the seed itself is known, without its roles.
        (None, Some((name, version, address))) => {
            let roles = vec!["data".to_owned()];
            Some(Told { nodes: vec![ListedNode { name, address, version, roles }], of: 1, own })
        }
        _ => None,
    }
}

fn unfit(link: &Link, node: &ListedNode) -> Option<Unfit> {
    let local = link.releases.local.as_ref().and_then(|local| local.value.parse::<ReleaseVersion>().ok());
    let release = u32::try_from(node.version).ok().map(ReleaseVersion::from_id);
    if let (Some(local), Some(release)) = (local, release)
        && matches!(compatible_releases(&local, &release), Compatibility::TooFarApart { .. })
    {
        return Some(Unfit::Release);
    }
    // `DiscoveryNode.canContainData`: `data`, `data_hot` and its siblings, `search` and `index`.
    let data = node.roles.iter().any(|role| role.starts_with("data") || role == "search" || role == "index");
    (node.has("master") && !data && !node.has("ingest")).then_some(Unfit::DedicatedMaster)
}

fn outcome(evidence: &LinkEvidence, address: SocketAddr) -> Option<&TcpOutcome> {
    let published = evidence.published.iter().find(|published| published.address == address);
    let seed = || evidence.addresses.iter().find(|seed| seed.address == address).and_then(AddressEvidence::main);
    published.map(|published| &published.tcp.outcome).or_else(|| seed().map(|main| &main.tcp.outcome))
}

/// Whether the path is at fault; what hinders the agent's own host tells nothing.
fn is_dead(outcome: &TcpOutcome) -> bool {
    matches!(
        outcome,
        TcpOutcome::Refused | TcpOutcome::TimedOut | TcpOutcome::HostUnreachable | TcpOutcome::NetworkUnreachable
    )
}
