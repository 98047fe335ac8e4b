//! Whether the members behind one address answer alike: what several connections to it met.

use super::listener::{self, Interface, Listener};
use super::tls;
use crate::model::evidence::{AddressEvidence, Attempt, Question, Said, TcpOutcome};

/// How many further connections are made to meet the other members.
pub const MORE: u8 = 3;

/// What one connection met, as far as members can differ in it.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Member {
    /// The remote cluster server.
    RemoteClusterServer,
    /// A transport port.
    Transport,
    /// TLS is established, and the transport protocol is cut off.
    ClosedInside,
    /// The connection is cut off before TLS is established.
    Closed,
}

/// What the connections to one address met.
#[derive(Clone, Debug, PartialEq)]
pub enum Members {
    /// Only one connection was made, or it is not known what it met.
    Untold,
    /// The same each time.
    Alike {
        /// How many connections were made.
        connections: usize,
        /// The names of the nodes that told theirs.
        nodes: Vec<String>,
    },
    /// Not the same.
    Differ {
        /// The first connection's, then each other that was met, with how many connections met it and the
        /// nodes that told their names.
        met: Vec<(Member, usize, Vec<String>)>,
    },
}

/// What the connections to `address` met.
pub fn judge(address: &AddressEvidence) -> Members {
    let more = (1..=MORE).filter_map(|number| address.attempt(Question::Member(number)));
    let attempts = address.main().into_iter().chain(more);
    let known: Vec<(Member, Option<String>)> =
        attempts.filter_map(|attempt| Some((member(attempt)?, node(attempt)))).collect();
    let main = address.main().and_then(member);
    if known.len() < 2 || main.is_none() {
        return Members::Untold;
    }
    let mut met: Vec<(Member, usize, Vec<String>)> = Vec::new();
    for (member, node) in &known {
        let place = met.iter().position(|(other, _, _)| other == member).unwrap_or_else(|| {
            met.push((*member, 0, Vec::new()));
            met.len() - 1
        });
        met[place].1 += 1;
        if let Some(node) = node.as_ref().filter(|node| !met[place].2.contains(node)) {
            met[place].2.push(node.clone());
        }
    }
    match met.as_slice() {
        [(_, connections, nodes)] => Members::Alike { connections: *connections, nodes: nodes.clone() },
        _ => Members::Differ { met },
    }
}

/// What `attempt` met; `None` where it tells nothing of a member.
pub fn member(attempt: &Attempt) -> Option<Member> {
    if attempt.tcp.outcome != TcpOutcome::Connected {
        return None;
    }
    if attempt.tls.as_ref().is_some_and(|tls| tls.client_certificate.is_some()) {
        return Some(Member::Transport);
    }
    match (attempt.tls.as_ref(), listener::judge(attempt)) {
        (_, Listener::Transport { interface: Interface::RemoteClusterServer, .. }) => Some(Member::RemoteClusterServer),
        (_, Listener::Transport { interface: Interface::Transport { .. }, .. }) => Some(Member::Transport),
        (Some(tls), Listener::Closed) if tls.key_proven => Some(Member::ClosedInside),
        (Some(tls), Listener::NotAsked) if tls::is_cut(tls) => Some(Member::Closed),
        _ => None,
    }
}

/// The node that an exception names as its origin (`ActionTransportException.buildMessage`).
fn node(attempt: &Attempt) -> Option<String> {
    let said = [Said::RemoteClusterHandshake, Said::KeyHandshake].into_iter();
    let outermost = said.filter_map(|said| listener::causes(attempt, said).first()).next()?;
    let (rest, _) = outermost.message.strip_suffix(']')?.rsplit_once("][")?;
    let (node, _) = rest.strip_prefix('[')?.rsplit_once("][")?;
    Some(node.to_owned()).filter(|node| !node.is_empty())
}
