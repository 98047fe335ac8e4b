//! One pass over one link: its names, then all of its addresses at once, each until there is no
//! further question or no more time, then the publish addresses that sniff mode would dial next.

use std::net::SocketAddr;
use std::time::Duration;

use farlink_checks::classify::gateways::publish_addresses;
use farlink_checks::model::evidence::{AddressEvidence, LinkEvidence, Published, Question, Resolution, TcpOutcome};
use farlink_checks::model::link::{Link, Target};
use futures_util::future::join_all;
use futures_util::stream::{self, StreamExt};
use tokio::time::Instant;

use crate::link::inputs::Timeouts;
use crate::probe::attempt::{Asker, Credentials};
use crate::probe::earlier::Earlier;
use crate::probe::seams::Seams;
use crate::probe::tcp::connect;

/// How many addresses of a link are probed at once.
const AT_ONCE: usize = 8;
/// How many addresses of a link are probed at all; a name server may send any number.
const ADDRESSES_LIMIT: usize = 64;
/// How many questions one address may cost, whatever the judgement asks for.
const QUESTIONS_LIMIT: usize = 16;

/// Which question comes next at an address: a pure function of the evidence so far.
pub type Next = fn(&Link, &AddressEvidence) -> Option<Question>;

/// How one pass over a link is made.
pub struct Manner<'a> {
    /// What may be sent.
    pub credentials: &'a Credentials,
    /// The network.
    pub seams: &'a Seams,
    /// How long the link and each stage may take.
    pub timeouts: Timeouts,
    /// What decides which question comes next.
    pub next: Next,
    /// When the run began, of which this pass is a part.
    pub began: Instant,
    /// An earlier run with the same link and credentials, whose answers hold for a while.
    pub earlier: Option<Earlier<'a>>,
}

/// Observes `link` in the `manner` told; the local cluster's own view is not part of this.
pub async fn observe(link: Link, manner: &Manner<'_>) -> LinkEvidence {
    let Manner { seams, timeouts, .. } = manner;
    let deadline = Instant::now() + timeouts.link;
    let limit = timeouts.stage.min(timeouts.link);
    let targets = link.targets.iter().filter_map(Target::valid);
    let resolutions = join_all(targets.map(|target| seams.resolve.resolve(target, limit))).await;

    let pass = Pass { link: &link, manner, deadline };
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
    evidence.published = published(&evidence, seams, limit, deadline).await;
    evidence
}

/// Dials each publish address that sniff mode would dial next: TCP only, all at once and within one stage.
async fn published(evidence: &LinkEvidence, seams: &Seams, limit: Duration, deadline: Instant) -> Vec<Published> {
    let whole = Instant::now() + limit;
    let dial = |address| async move {
        let connected = connect(seams.connect.as_ref(), address, deadline.min(whole)).await;
        Published { address, tcp: connected.tcp }
    };
    let mut dialled = join_all(publish_addresses(&evidence.link, &evidence.addresses).into_iter().map(dial)).await;
    // No answer in less than a stage's time proves nothing about the address.
    dialled.retain(|published| deadline >= whole || published.tcp.outcome != TcpOutcome::TimedOut);
    dialled
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
                seen.address == address && link.server_name_for(&seen.target.host) == link.server_name_for(&target.host)
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
    manner: &'a Manner<'a>,
    deadline: Instant,
}

impl Pass<'_> {
    /// Asks until there is nothing to ask; with whether the link's deadline came first.
    async fn observe(&self, mut address: AddressEvidence) -> (AddressEvidence, bool) {
        let Manner { credentials, seams, timeouts, next, began, earlier } = self.manner;
        let earlier = earlier.and_then(|earlier| earlier.at(&address));
        let mut asker = Asker {
            link: self.link,
            credentials,
            seams,
            stage: timeouts.stage,
            deadline: self.deadline,
            budget: timeouts.stage,
            began: *began,
            earlier,
        };
        while address.attempts.len() < QUESTIONS_LIMIT {
            let Some(question) = next(self.link, &address) else { return (address, false) };
            let held = earlier.zip(address.main()).and_then(|(earlier, main)| earlier.attempt(question, main));
            if let Some(held) = held {
                address.attempts.push(held);
                continue;
            }
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::probe::stage::{Fixed, Node, Staged};
    use farlink_checks::model::evidence::{Attempt, Exchange, Heard, ListedNode, Said, Tcp};
    use farlink_checks::model::link::{HostPort, Mode};
    use std::net::IpAddr;
    use std::sync::Arc;

    fn once(_: &Link, address: &AddressEvidence) -> Option<Question> {
        address.attempts.is_empty().then_some(Question::AsElasticsearch)
    }

    fn manner<'a>(credentials: &'a Credentials, seams: &'a Seams, next: Next) -> Manner<'a> {
        Manner { credentials, seams, timeouts: Timeouts::default(), next, began: Instant::now(), earlier: None }
    }

    fn link(targets: &[&str]) -> Link {
        Link::new("eu", Mode::Sniff, targets.iter().map(|text| Target::parse(text)).collect())
    }

    fn seams(addresses: &[&str], network: Staged) -> Seams {
        let addresses: Vec<IpAddr> = addresses.iter().map(|text| text.parse().unwrap()).collect();
        Seams { resolve: Arc::new(Fixed(addresses)), connect: Arc::new(network) }
    }

    #[tokio::test(start_paused = true)]
    async fn every_address_is_probed_at_once_and_shown_in_order() {
        let ips = ["10.0.0.3", "10.0.0.1", "10.0.0.2"];
        let seams = seams(&ips, Staged::never());
        let started = Instant::now();
        let credentials = Credentials::default();
        let evidence = observe(link(&["a.example:9443", "not an address"]), &manner(&credentials, &seams, once)).await;
        assert_eq!(started.elapsed(), Duration::from_secs(5));
        assert_eq!(evidence.resolutions.len(), 1);
        let shown: Vec<String> = evidence.addresses.iter().map(|address| address.address.to_string()).collect();
        assert_eq!(shown, ["10.0.0.1:9443", "10.0.0.2:9443", "10.0.0.3:9443"]);
        assert!(evidence.addresses.iter().all(|address| address.main().unwrap().tcp.outcome == TcpOutcome::TimedOut));
        assert!(!evidence.cut_short);
    }

    #[tokio::test(start_paused = true)]
    async fn the_links_deadline_ends_everything_and_is_admitted() {
        let ips: Vec<String> = (1..=40).map(|last| format!("10.0.0.{last}")).collect();
        let ips: Vec<&str> = ips.iter().map(String::as_str).collect();
        let seams = seams(&ips, Staged::never());
        let timeouts = Timeouts { link: Duration::from_secs(12), stage: Duration::from_secs(5) };
        let started = Instant::now();
        let evidence =
            observe(link(&["a.example:9443"]), &Manner { timeouts, ..manner(&Credentials::default(), &seams, once) })
                .await;
        assert_eq!(started.elapsed(), timeouts.link);
        assert!(evidence.cut_short);
        assert_eq!(evidence.addresses.len(), 40);
        assert!(evidence.addresses[39].attempts.is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn an_address_of_two_seeds_is_probed_once_unless_their_names_differ() {
        let seams = seams(&["10.0.0.1"], Staged::never());
        for (server_name, count) in [(Some("eu.example"), 1), (None, 2)] {
            let mut link = link(&["a.example:9300", "b.example:9300"]);
            link.server_name = server_name.map(str::to_owned);
            let evidence = observe(link, &manner(&Credentials::default(), &seams, once)).await;
            assert_eq!(evidence.addresses.len(), count);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn publish_addresses_are_dialled_within_one_stage_and_a_shorter_wait_proves_nothing() {
        let target: HostPort = "10.0.0.1:9443".parse().unwrap();
        let listed = |last: u8| ListedNode {
            name: "n".into(),
            address: SocketAddr::new([192, 0, 2, last].into(), 9443),
            version: 9_05_03_99,
            roles: vec![],
        };
        let heard = Heard::Nodes { nodes: (1..=40).map(listed).collect(), of: 40 };
        let exchanges = vec![Exchange { said: Said::RemoteClusterNodes, heard, seconds: 0.0, seconds_ago: None }];
        let tcp = Tcp { outcome: TcpOutcome::Connected, seconds: 0.0 };
        let question = Question::AsElasticsearch;
        let main = Attempt { question, port: None, seconds_ago: None, tcp, quiet: None, tls: None, exchanges };
        let mut evidence = LinkEvidence::new(link(&["10.0.0.1:9443"]));
        let address = "10.0.0.1:9443".parse().unwrap();
        evidence.addresses.push(AddressEvidence { target, address, attempts: vec![main] });
        let (seams, limit) = (seams(&[], Staged::never()), Duration::from_secs(5));
        let started = Instant::now();
        let dialled = published(&evidence, &seams, limit, started + limit * 4).await;
        assert_eq!((dialled.len(), started.elapsed()), (16, limit));
        assert!(dialled.iter().all(|published| published.tcp.outcome == TcpOutcome::TimedOut));
        let late = Instant::now() + Duration::from_secs(1);
        assert_eq!(published(&evidence, &seams, limit, late).await, []);
    }

    #[tokio::test]
    async fn questions_are_asked_until_there_is_none_and_never_without_end() {
        let node = Node::plain();
        let seams = seams(&["10.0.0.1"], node.network());
        let endless: Next = |_, address| {
            Some(if address.attempts.is_empty() { Question::AsElasticsearch } else { Question::PlainTransport })
        };
        let evidence = observe(link(&["a.example:9300"]), &manner(&Credentials::default(), &seams, endless)).await;
        assert_eq!(evidence.addresses[0].attempts.len(), QUESTIONS_LIMIT);
    }
}
