//! One pass over one link: its names, then all of its addresses at once, each until there is no
//! further question or no more time.

use std::net::SocketAddr;
use std::time::Duration;

use farlink_checks::model::evidence::{AddressEvidence, LinkEvidence, Question, Resolution};
use farlink_checks::model::link::{Link, Target};
use futures_util::future::join_all;
use futures_util::stream::{self, StreamExt};
use tokio::time::Instant;

use crate::probe::attempt::{Asker, Credentials};
use crate::probe::seams::Seams;

/// How many addresses of a link are probed at once.
const AT_ONCE: usize = 8;
/// How many addresses of a link are probed at all; a name server may send any number.
const ADDRESSES_LIMIT: usize = 64;
/// How many questions one address may cost, whatever the judgement asks for.
const QUESTIONS_LIMIT: usize = 16;

/// Which question comes next at an address: a pure function of the evidence so far.
pub type Next = fn(&Link, &AddressEvidence) -> Option<Question>;

/// How long things may take.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    /// The whole link.
    pub link: Duration,
    /// Each stage of an attempt, and all counterfactuals of an address together.
    pub stage: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { link: Duration::from_secs(20), stage: Duration::from_secs(5) }
    }
}

/// Observes `link` within `timeouts`. `next` decides what is asked, and `credentials` what may be
/// sent; the local cluster's own view is not part of this.
pub async fn observe(
    link: Link,
    credentials: &Credentials,
    seams: &Seams,
    timeouts: Timeouts,
    next: Next,
) -> LinkEvidence {
    let deadline = Instant::now() + timeouts.link;
    let limit = timeouts.stage.min(timeouts.link);
    let targets = link.targets.iter().filter_map(Target::valid);
    let resolutions = join_all(targets.map(|target| seams.resolve.resolve(target, limit))).await;

    let pass = Pass { link: &link, credentials, seams, stage: timeouts.stage, deadline, next };
    let observed: Vec<(AddressEvidence, bool)> = stream::iter(addresses(&link, &resolutions))
        .map(|address| pass.observe(address))
        .buffered(AT_ONCE)
        .collect()
        .await;

    let cut_short = observed.iter().any(|(_, cut)| *cut);
    let mut evidence = LinkEvidence::new(link);
    evidence.resolutions = resolutions;
    evidence.addresses = observed.into_iter().map(|(address, _)| address).collect();
    evidence.cut_short = cut_short;
    evidence
}

/// Every address once, in the order of the targets. Two targets with one address count twice only
/// where different names would be sent to it.
fn addresses(link: &Link, resolutions: &[Resolution]) -> Vec<AddressEvidence> {
    let mut addresses: Vec<AddressEvidence> = Vec::new();
    for resolution in resolutions {
        let target = &resolution.target;
        for ip in resolution.addresses() {
            let address = SocketAddr::new(ip, target.port);
            let same = |seen: &AddressEvidence| {
                seen.address == address
                    && link.server_name_for(&seen.target.host) == link.server_name_for(&target.host)
            };
            if addresses.len() < ADDRESSES_LIMIT && !addresses.iter().any(same) {
                addresses.push(AddressEvidence { target: target.clone(), address, attempts: Vec::new() });
            }
        }
    }
    addresses
}

struct Pass<'a> {
    link: &'a Link,
    credentials: &'a Credentials,
    seams: &'a Seams,
    stage: Duration,
    deadline: Instant,
    next: Next,
}

impl Pass<'_> {
    /// Asks until there is nothing to ask; with whether the link's deadline came first.
    async fn observe(&self, mut address: AddressEvidence) -> (AddressEvidence, bool) {
        let mut asker = Asker {
            link: self.link,
            credentials: self.credentials,
            seams: self.seams,
            stage: self.stage,
            deadline: self.deadline,
            budget: self.stage,
        };
        while address.attempts.len() < QUESTIONS_LIMIT {
            let Some(question) = (self.next)(self.link, &address) else { return (address, false) };
            if Instant::now() >= self.deadline {
                return (address, true);
            }
            let Some(attempt) = asker.ask(question, &address).await else { break };
            address.attempts.push(attempt);
        }
        let cut = Instant::now() >= self.deadline;
        (address, cut)
    }
}
