//! One address with everything that was classified about it, for the rules.

use std::sync::Arc;

use jiff::Timestamp;

use super::certificate::{Origin, Subject};
use crate::classify::chain::{self, ChainVerdict};
use crate::classify::clock::{self, Clock};
use crate::classify::gateways::{self, Gateways};
use crate::classify::listener::{self, Interface, Listener};
use crate::classify::local::{self, Word};
use crate::classify::members::{self, Members};
use crate::classify::name::{self, NameVerdict};
use crate::classify::reach::{self, Reach};
use crate::classify::tls::{self, TlsVerdict};
use crate::model::evidence::{AddressEvidence, Attempt, End, LinkEvidence, Question, RemoteView, Tls};
use crate::model::finding::Certainty;
use crate::model::link::{Link, Mode, Model};
use crate::x509::{Analysis, Anchors, Certificate, Purpose, analyse};

/// One address, classified.
pub(crate) struct Context<'a> {
    pub(crate) link: &'a Link,
    pub(crate) address: &'a AddressEvidence,
    /// When the run began.
    pub(crate) at: Timestamp,
    pub(crate) reach: Reach,
    pub(crate) tls: TlsVerdict,
    pub(crate) listener: Listener,
    /// What several connections to the address met.
    pub(crate) members: Members,
    /// Where the address leads in sniff mode.
    pub(crate) gateways: Gateways,
    /// The served chain, where one was served.
    pub(crate) analysis: Option<Analysis>,
    pub(crate) chain: Option<ChainVerdict>,
    pub(crate) name: Option<NameVerdict>,
    /// Other clocks that differ from ours, and the chain as it is by them.
    pub(crate) clocks: Vec<(Clock, ChainVerdict)>,
    /// What the local cluster says of the link.
    pub(crate) local: Word,
    /// What the remote's REST API says of the key.
    pub(crate) remote: Option<&'a RemoteView>,
}

impl<'a> Context<'a> {
    /// Classifies `address` of a link that trusts `anchors`.
    pub(crate) fn new(
        evidence: &'a LinkEvidence,
        address: &'a AddressEvidence,
        anchors: &Anchors,
        at: Timestamp,
    ) -> Self {
        let link = &evidence.link;
        let reach = reach::judge(address);
        let tls = if reach == Reach::Open { tls::judge(address) } else { TlsVerdict::NotTried };
        let speaking = address.main().filter(|_| reach == Reach::Open);
        let listener = match (&tls, speaking) {
            (TlsVerdict::Established | TlsVerdict::NotUsed, Some(main)) => with_http(address, listener::judge(main)),
            (TlsVerdict::PlainTransport, _) => {
                address.attempt(Question::PlainTransport).map_or(Listener::NotAsked, listener::judge)
            }
            _ => Listener::NotAsked,
        };
        let served = address.main().and_then(|main| main.tls.as_ref()).filter(|tls| !tls.chain.is_empty());
        let analysis = served.map(|tls| analyse(&tls.chain, anchors, Purpose::Server, at));
        let mode = link.verification_mode.map(|mode| mode.value);
        let chain = served
            .zip(analysis.as_ref())
            .map(|(tls, analysis)| chain::judge(&tls.chain, analysis, &link.trust, anchors, mode, Purpose::Server, at));
        let leaf = analysis.as_ref().and_then(Analysis::leaf);
        let name = leaf.map(|leaf| name::judge(link, &address.target.host, leaf));
        let by_clock = |clock: Clock| {
            let (chain, at) = (&served?.chain, clock.shows(at));
            let analysis = analyse(chain, anchors, Purpose::Server, at);
            Some((clock, chain::judge(chain, &analysis, &link.trust, anchors, mode, Purpose::Server, at)))
        };
        let clocks = clock::judge(evidence, at).into_iter().filter_map(by_clock).collect();
        let local = local::judge(evidence.cluster.as_ref());
        let (members, gateways) = (members::judge(address), gateways::judge(evidence, address));
        let remote = evidence.remote.as_ref();
        Self {
            link,
            address,
            at,
            reach,
            tls,
            listener,
            members,
            gateways,
            analysis,
            chain,
            name,
            clocks,
            local,
            remote,
        }
    }

    /// The served chain for the rules about certificates.
    pub(crate) fn subject(&self) -> Option<Subject<'_>> {
        Some(Subject {
            origin: Origin::Served(self.target()),
            place: self.place(),
            analysis: self.analysis.as_ref()?,
            verdict: self.chain.as_ref()?,
            name: self.name.as_ref(),
            trust: &self.link.trust,
            mode_assumed: self.link.verification_mode.is_some_and(|mode| !mode.source.is_firm()),
            purpose: Purpose::Server,
            at: self.at,
            expiry_days: &self.link.expiry_days,
            model: self.model(),
            server_name_setting: match self.link.mode {
                Mode::Proxy => self.setting("server_name"),
                Mode::Sniff => String::new(),
            },
            port: Some(self.port()),
        })
    }

    /// The served leaf, where one that can be read was served.
    pub(crate) fn leaf(&self) -> Option<&Arc<Certificate>> {
        self.analysis.as_ref().and_then(Analysis::leaf)
    }

    /// The attempt that dialled as Elasticsearch does.
    pub(crate) fn main(&self) -> Option<&'a Attempt> {
        self.address.main()
    }

    /// Its TLS handshake.
    pub(crate) fn handshake(&self) -> Option<&'a Tls> {
        self.main().and_then(|main| main.tls.as_ref())
    }

    /// The address as findings show it.
    pub(crate) fn place(&self) -> String {
        self.address.address.to_string()
    }

    /// The target as it is written in the settings.
    pub(crate) fn target(&self) -> String {
        self.address.target.to_string()
    }

    /// The port as it is written in the settings.
    pub(crate) fn port(&self) -> u16 {
        self.address.target.port
    }

    /// The interface that answers, where the port told.
    pub(crate) fn interface(&self) -> Interface {
        match self.listener {
            Listener::Transport { interface, .. } => interface,
            Listener::ClientCertificate { .. } => Interface::Transport { remote_cluster_server: None },
            _ => Interface::Unknown,
        }
    }

    /// The link's model where it is firm, else what the port turned out to be, else the guess.
    pub(crate) fn model(&self) -> Option<Model> {
        match self.link.model {
            Some(model) if model.source.is_firm() => Some(model.value),
            guess => match self.interface() {
                Interface::RemoteClusterServer => Some(Model::ApiKey),
                Interface::Transport { .. } => Some(Model::Certificate),
                Interface::Unknown => guess.map(|model| model.value),
            },
        }
    }

    /// The model where the user or the cluster said it.
    pub(crate) fn firm_model(&self) -> Option<Model> {
        self.link.model.filter(|model| model.source.is_firm()).map(|model| model.value)
    }

    /// The most that a finding resting on the link's TLS being on may be.
    pub(crate) fn certainty_of_tls(&self) -> Certainty {
        match self.link.transport_tls {
            Some(tls) if tls.source.is_firm() => Certainty::Certain,
            _ => Certainty::Likely,
        }
    }

    /// `cluster.remote.<alias>.<setting>`.
    pub(crate) fn setting(&self, name: &str) -> String {
        format!("cluster.remote.{}.{name}", self.link.alias)
    }

    /// The setting that holds the address.
    pub(crate) fn address_setting(&self) -> String {
        self.setting(match self.link.mode {
            Mode::Proxy => "proxy_address",
            Mode::Sniff => "seeds",
        })
    }
}

/// What HTTP inside TLS answered counts where the transport protocol got nothing, and that the peer
/// closes before anything is said.
fn with_http(address: &AddressEvidence, listener: Listener) -> Listener {
    let quiet = address.attempt(Question::QuietInsideTls).and_then(|attempt| attempt.quiet.as_ref());
    if listener == Listener::Closed && quiet.is_some_and(|quiet| matches!(quiet.end, End::Closed | End::Reset)) {
        return Listener::ClosedUnasked;
    }
    if !matches!(listener, Listener::Closed | Listener::Silent | Listener::Foreign(_) | Listener::Alert(_)) {
        return listener;
    }
    [Question::HttpInsideTls, Question::PlainHttp]
        .into_iter()
        .filter_map(|question| address.attempt(question))
        .map(listener::judge)
        .find(|other| matches!(other, Listener::Rest(_) | Listener::Http(_) | Listener::Transport { .. }))
        .unwrap_or(listener)
}
