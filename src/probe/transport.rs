//! The questions of the transport protocol on an open connection, and their answers.
//!
//! Ping and tcp handshake come first and need no identity (`TransportHandshaker`); a peer that says
//! nothing at all to them is spoken to in HTTP. A question with a key is the only one that has a secret.
//! A node that needs no identity for it is asked who it is, and in sniff mode both kinds of port for the
//! nodes that the local cluster would dial next (`SniffConnectionStrategy.collectRemoteNodes`).

use std::time::Duration;

use farlink_checks::model::evidence::{Exchange, Heard, Said};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::Instant;
use zeroize::Zeroizing;

use super::earlier::Known;
use super::http;
use super::line::{Line, Sound};
use crate::secret::ApiKey;
use crate::wire::{
    Action, CREDENTIALS_HEADER, EncodeError, PING, SUBJECT_INFO_HEADER, SubjectInfo, TcpHandshake, TransportVersionId,
};

/// First id that lists its nodes in the shape that is read here (8.10).
const LISTS_NODES: TransportVersionId = TransportVersionId::new(8_500_061);
/// The request with the key, and none other.
const KEY_REQUEST: i64 = 3;
/// Who we say we are, where the protocol wants a release or a node name.
const NAME: &str = "farlink";
/// What a remote cluster server answers to a good key without a subject
/// (`CrossClusterAccessAuthenticationService`).
const KEY_ACCEPTED: &str = "_cross_cluster_access_subject_info] but none found";

/// What a conversation is about.
pub(super) struct Topic<'a> {
    /// For the `Host` header.
    pub(super) host: &'a str,
    /// When it ends at the latest.
    pub(super) deadline: Instant,
    /// After how much silence HTTP is tried.
    pub(super) silence: Duration,
    /// Whether to ask for a remote cluster handshake, which the peer logs when it refuses.
    pub(super) identify: Identify<'a>,
    /// Whether nodes that can be listed are: in sniff mode only, as the local cluster does it.
    pub(super) list: bool,
    /// Whether the connection has no TLS.
    pub(super) plain: bool,
    /// What an earlier run learnt of the node here.
    pub(super) known: Option<&'a Known>,
}

/// How far a remote cluster handshake goes.
#[derive(Clone, Copy)]
pub(super) enum Identify<'a> {
    /// Not at all.
    No,
    /// Without credentials: the refusal tells the port's kind.
    Anonymously,
    /// With this key, and once it is accepted with the subject of an internal user.
    With(&'a ApiKey),
}

/// Asks everything that `topic` wants on `stream`.
pub(super) async fn converse<S>(stream: &mut S, topic: &Topic<'_>) -> Vec<Exchange>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut talk = Talk { line: Line::new(stream), topic, exchanges: Vec::with_capacity(5), key_said: None };
    if let Some(version) = talk.greet().await {
        talk.identify(version).await;
    }
    talk.exchanges
}

/// Asks for the root over HTTP on `stream`.
pub(super) async fn ask_http<S>(stream: &mut S, host: &str, deadline: Instant) -> Exchange
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let started = Instant::now();
    let mut line = Line::new(stream);
    line.say(&http::request(host), deadline).await;
    let heard = match line.hear(deadline).await {
        Sound::Ping => Heard::Pong,
        Sound::Answer(_, heard) | Sound::Over(heard) => heard,
        Sound::Nothing => Heard::Silence,
    };
    Exchange { said: Said::Http, heard, seconds: started.elapsed().as_secs_f64(), seconds_ago: None }
}

struct Talk<'a, S> {
    line: Line<'a, S>,
    topic: &'a Topic<'a>,
    exchanges: Vec<Exchange>,
    /// When the key was sent with the greeting.
    key_said: Option<Instant>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Talk<'_, S> {
    /// Ping and handshake in one write, and the key behind them where the node is known; the peer's version
    /// when it is worth asking on.
    async fn greet(&mut self) -> Option<TransportVersionId> {
        let mut hello = Zeroizing::new(PING.to_vec());
        let handshake = TcpHandshake::universal(TransportVersionId::PROBE).encode_request(1).ok()?;
        let key = self.early_key();
        // At its final size, so that growing leaves no copy of a key behind.
        hello.reserve_exact(handshake.len() + key.as_ref().map_or(0, |key| key.len()));
        hello.extend(handshake);
        if let Some(frame) = key {
            hello.extend_from_slice(&frame);
            self.key_said = Some(Instant::now());
        }
        let started = Instant::now();
        self.line.say(&hello, self.topic.deadline).await;
        let mut pending = Said::Ping;
        loop {
            let patience = match self.line.is_silent() {
                true => self.topic.deadline.min(started + self.topic.silence),
                false => self.topic.deadline,
            };
            match self.line.hear(patience).await {
                Sound::Ping if pending == Said::Ping => {
                    self.heard(Said::Ping, Heard::Pong, started);
                    pending = Said::TcpHandshake;
                }
                Sound::Answer(1, Heard::Handshake { version, release }) => {
                    self.heard(Said::TcpHandshake, Heard::Handshake { version, release }, started);
                    return u32::try_from(version).ok().map(TransportVersionId::new);
                }
                Sound::Answer(1, heard) => {
                    let heard = self.with_close(heard).await;
                    self.heard(Said::TcpHandshake, heard, started);
                    return None;
                }
                // A peer that repeats itself is bounded by what is read from it.
                Sound::Ping | Sound::Answer(..) => {}
                Sound::Over(heard) => {
                    self.heard(pending, heard, started);
                    return None;
                }
                Sound::Nothing => {
                    let silent = self.line.is_silent();
                    self.heard(pending, Heard::Silence, started);
                    return if silent { self.try_http().await } else { None };
                }
            }
        }
    }

    /// The question with the key, for a node of which nothing else is open: its version is known and nearly always
    /// still the same, which saves a way there and back.
    fn early_key(&mut self) -> Option<Zeroizing<Vec<u8>>> {
        let (known, Identify::With(key)) = (self.topic.known?, self.topic.identify) else { return None };
        if known.identity.is_some() || known.release.is_none() {
            return None;
        }
        let version = TransportVersionId::new(u32::try_from(known.version).ok()?).for_requests()?;
        let header = key.header();
        let frame =
            Action::RemoteClusterHandshake.encode(KEY_REQUEST, version, [(CREDENTIALS_HEADER, header.as_str())]);
        self.line.tell(key);
        Some(Zeroizing::new(frame.ok()?))
    }

    /// Speaks HTTP after a silence. A slow node may still answer what it was asked before.
    async fn try_http(&mut self) -> Option<TransportVersionId> {
        let deadline = self.topic.deadline;
        let started = Instant::now();
        if started >= deadline {
            return None;
        }
        self.line.say(&http::request(self.topic.host), deadline).await;
        loop {
            match self.line.hear(deadline).await {
                Sound::Ping => self.late(Said::Ping, Heard::Pong, started),
                Sound::Answer(1, heard) => self.late(Said::TcpHandshake, heard, started),
                Sound::Answer(..) => {}
                Sound::Over(heard) => {
                    self.heard(Said::Http, heard, started);
                    return None;
                }
                Sound::Nothing => {
                    self.heard(Said::Http, Heard::Silence, started);
                    return None;
                }
            }
        }
    }

    /// Asks what a peer of this version can be asked beyond the handshake.
    async fn identify(&mut self, version: TransportVersionId) -> Option<()> {
        if version.is_opensearch() {
            return None;
        }
        let action = Action::RemoteClusterHandshake;
        let known = self
            .topic
            .known
            .filter(|known| u32::try_from(known.version).is_ok_and(|id| TransportVersionId::new(id) == version));
        let release = known.and_then(|known| known.release.clone());
        let telling = release.is_none() && version >= TransportVersionId::ANSWERS_RELEASE_HANDSHAKE;
        self.exchanges.extend(release);
        if let Some(identity) = known.and_then(|known| known.identity.clone())
            && !telling
        {
            self.exchanges.extend(identity);
            return None;
        }
        if let (Some(started), Identify::With(key)) = (self.key_said, self.topic.identify) {
            return self.early_answer(started, key, version, known).await;
        }
        let release = || TcpHandshake::with_release(TransportVersionId::PROBE, NAME).encode_request(2);
        let requests = version.for_requests();
        let header = match self.topic.identify {
            Identify::With(key) => Some(key.header()),
            Identify::No | Identify::Anonymously => None,
        };
        let credentials = header.as_ref().map(|header| (CREDENTIALS_HEADER, header.as_str()));
        let (said, version) = match (self.topic.identify, requests) {
            (Identify::No, _) | (_, None) => {
                if telling {
                    self.ask(Said::ReleaseHandshake, 2, release()).await?;
                }
                return None;
            }
            (Identify::Anonymously, Some(version)) => (Said::RemoteClusterHandshake, version),
            (Identify::With(key), Some(version)) => {
                self.line.tell(key);
                (Said::KeyHandshake, version)
            }
        };
        // Neither question depends on the other's answer: one write, one way there and back.
        let mut frames = Zeroizing::new(if telling { release().ok()? } else { Vec::new() });
        let question = Zeroizing::new(action.encode(KEY_REQUEST, version, credentials).ok()?);
        // At its final size, so that growing leaves no copy of a key behind.
        frames.reserve_exact(question.len());
        frames.extend_from_slice(&question);
        let started = Instant::now();
        self.line.say(&frames, self.topic.deadline).await;
        if telling {
            self.answer(Said::ReleaseHandshake, 2, started).await?;
        }
        let heard = self.answer(said, KEY_REQUEST, started).await?;
        match self.topic.identify {
            Identify::With(key) if accepts(&heard) => self.introduce(key, version).await,
            Identify::With(_) => None,
            Identify::No | Identify::Anonymously => self.without_identity(&heard, version).await,
        }
    }

    /// The answer to the key that went with the greeting. A node that has become another release meanwhile may
    /// not have understood it; then only that it was accepted says anything.
    async fn early_answer(
        &mut self,
        started: Instant,
        key: &ApiKey,
        version: TransportVersionId,
        known: Option<&Known>,
    ) -> Option<()> {
        let heard = self.answer(Said::KeyHandshake, KEY_REQUEST, started).await;
        let accepted = heard.as_ref().is_some_and(accepts);
        if !accepted && known.is_none() {
            self.exchanges.pop();
        }
        match known {
            _ if !accepted => None,
            Some(known) if !known.behind_key.is_empty() => {
                self.exchanges.extend_from_slice(&known.behind_key);
                None
            }
            _ => self.introduce(key, version.for_requests()?).await,
        }
    }

    /// Asks behind an accepted key who answers, and for the nodes that the local cluster would dial next.
    async fn introduce(&mut self, key: &ApiKey, version: TransportVersionId) -> Option<()> {
        let (action, header) = (Action::RemoteClusterHandshake, key.header());
        let subject = SubjectInfo { version, node_name: NAME.to_owned() }.header_value();
        let headers = [(CREDENTIALS_HEADER, header.as_str()), (SUBJECT_INFO_HEADER, subject.as_str())];
        let heard = self.ask(Said::SubjectHandshake, 4, action.encode(4, version, headers)).await?;
        if !self.topic.list || !matches!(heard, Heard::Node { .. }) {
            return None;
        }
        self.line.expect_nodes(5);
        let frame = Action::RemoteClusterNodes.encode(5, version, headers);
        self.ask(Said::RemoteClusterNodes, 5, frame).await.map(drop)
    }

    /// Asks a transport port that wants no identity who it is; `heard` is how it refused the
    /// handshake that belongs to the other port.
    async fn without_identity(&mut self, heard: &Heard, version: TransportVersionId) -> Option<()> {
        if !wants_no_identity(heard, self.topic.plain) {
            return None;
        }
        let frame = Action::TransportHandshake.encode(4, version, []);
        let heard = self.ask(Said::TransportHandshake, 4, frame).await?;
        if !self.topic.list || version < LISTS_NODES || !matches!(heard, Heard::Node { .. }) {
            return None;
        }
        self.line.expect_nodes(5);
        self.ask(Said::RemoteClusterNodes, 5, Action::AllNodes.encode(5, version, [])).await.map(drop)
    }

    /// Asks one question; `None` when nothing more can be asked on this connection.
    async fn ask(&mut self, said: Said, id: i64, frame: Result<Vec<u8>, EncodeError>) -> Option<Heard> {
        // The frame may hold the key.
        let frame = Zeroizing::new(frame.ok()?);
        let started = Instant::now();
        self.line.say(&frame, self.topic.deadline).await;
        self.answer(said, id, started).await
    }

    /// Waits for the answer to what was said as request `id`.
    async fn answer(&mut self, said: Said, id: i64, started: Instant) -> Option<Heard> {
        let (heard, open) = loop {
            match self.line.hear(self.topic.deadline).await {
                Sound::Ping => {}
                Sound::Answer(to, heard) if to == id => break (heard, true),
                Sound::Answer(..) => {}
                Sound::Over(heard) => break (heard, false),
                Sound::Nothing => break (Heard::Silence, false),
            }
        };
        let seconds = started.elapsed().as_secs_f64();
        // Only behind a refused key does it matter whether the connection ends.
        let ends = said == Said::KeyHandshake && !accepts(&heard);
        let heard = if ends { self.with_close(heard).await } else { heard };
        self.exchanges.push(Exchange { said, heard: heard.clone(), seconds, seconds_ago: None });
        (open && !matches!(heard, Heard::Exception { closed: true, .. })).then_some(heard)
    }

    /// An exception with whether the connection ended right behind it; anything else as it is.
    async fn with_close(&mut self, heard: Heard) -> Heard {
        match heard {
            Heard::Exception { causes, .. } => Heard::Exception { causes, closed: self.line.ends().await },
            other => other,
        }
    }

    fn heard(&mut self, said: Said, heard: Heard, started: Instant) {
        self.exchanges.push(Exchange { said, heard, seconds: started.elapsed().as_secs_f64(), seconds_ago: None });
    }

    /// Replaces the silence that an answer has ended after all.
    fn late(&mut self, said: Said, heard: Heard, started: Instant) {
        let seconds = self.topic.silence.as_secs_f64() + started.elapsed().as_secs_f64();
        self.exchanges.retain(|exchange| exchange.said != said || exchange.heard != Heard::Silence);
        self.exchanges.push(Exchange { said, heard, seconds, seconds_ago: None });
    }
}

/// Whether a refused remote cluster handshake shows a transport port that demands no identity. The profile
/// is checked behind authentication, so that refusal proves it; an action without a handler is refused
/// before, so that with TLS, where security is usual, it proves nothing.
fn wants_no_identity(heard: &Heard, plain: bool) -> bool {
    let says = |fragment: &str| matches!(heard, Heard::Exception { causes, .. } if causes.iter().any(|cause| cause.message.contains(fragment)));
    says("requires channel profile to be [_remote_cluster]") || plain && says("No handler for action")
}

/// Whether a remote cluster server took the key and only misses the subject.
fn accepts(heard: &Heard) -> bool {
    matches!(heard, Heard::Exception { causes, .. } if causes.iter().any(|cause| cause.message.contains(KEY_ACCEPTED)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::probe::stage::{answer, exception};
    use crate::wire::{DiscoveryNode, HandshakeResponse, IndexVersions, Role, TransportAddress, encode_nodes};
    use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};

    const KEY: &str = "aWQ6dWkybHAyYXhUTm1zeWFrdzl0dk5udw==";
    const W: TransportVersionId = TransportVersionId::INITIAL_8_19;

    fn key() -> ApiKey {
        crate::link::key::cross_cluster(KEY.as_bytes()).1.unwrap()
    }

    /// A conversation with a peer that answers each thing it reads with the next of `answers`, and
    /// ends the connection after the last if told so.
    async fn talk(identify: Identify<'_>, answers: Vec<Vec<u8>>, ends: bool) -> Vec<Exchange> {
        talk_about(identify, (true, true), answers, ends).await
    }

    /// The same, with whether nodes are listed and whether there is no TLS.
    async fn talk_about(
        identify: Identify<'_>,
        (list, plain): (bool, bool),
        answers: Vec<Vec<u8>>,
        ends: bool,
    ) -> Vec<Exchange> {
        let (mut near, far) = duplex(1 << 22);
        tokio::spawn(play(far, answers, ends));
        let deadline = Instant::now() + Duration::from_secs(5);
        let silence = Duration::from_secs(1);
        let topic = Topic { host: "es.example", deadline, silence, identify, list, plain, known: None };
        converse(&mut near, &topic).await
    }

    fn node(name: &str) -> DiscoveryNode {
        DiscoveryNode {
            name: name.into(),
            id: "i".into(),
            ephemeral_id: "e".into(),
            host_name: "h".into(),
            host_address: "h".into(),
            address: TransportAddress { ip: [192, 0, 2, 1].into(), host: "h".into(), port: 9443 },
            attributes: vec![],
            roles: vec![Role { name: "data".into(), abbreviation: "d".into(), can_contain_data: true }],
            version_id: 9_05_03_99,
            index_versions: IndexVersions::RangeAndReadOnly { min: 1, min_read_only: 1, max: 1 },
            external_id: Some("x".into()),
        }
    }

    fn itself(request_id: i64) -> Vec<u8> {
        let (build_hash, cluster_name) = ("hash".into(), "eu".into());
        let response = HandshakeResponse { version_id: 9_05_03_99, build_hash, node: node("es01"), cluster_name };
        answer(request_id, W, &response.encode())
    }

    async fn play(mut far: DuplexStream, answers: Vec<Vec<u8>>, ends: bool) {
        let mut bytes = [0; 4096];
        for answer in answers {
            if !matches!(far.read(&mut bytes).await, Ok(1..)) || far.write_all(&answer).await.is_err() {
                return;
            }
        }
        if !ends {
            while let Ok(1..) = far.read(&mut bytes).await {}
            std::future::pending::<()>().await;
        }
    }

    fn greeting(version: u32) -> Vec<u8> {
        let mut bytes = PING.to_vec();
        bytes.extend(TcpHandshake::universal(TransportVersionId::new(version)).encode_response(1).unwrap());
        bytes
    }

    fn release() -> Vec<u8> {
        TcpHandshake::with_release(TransportVersionId::new(9_458_007), "9.5.3").encode_response(2).unwrap()
    }

    fn shown(exchanges: &[Exchange]) -> Vec<(Said, &Heard)> {
        exchanges.iter().map(|exchange| (exchange.said, &exchange.heard)).collect()
    }

    fn handshake(version: i32, release: Option<&str>) -> Heard {
        Heard::Handshake { version, release: release.map(str::to_owned) }
    }

    #[tokio::test]
    async fn only_a_node_that_answers_it_is_asked_for_its_release() {
        let old = talk(Identify::No, vec![greeting(8_636_001)], false).await;
        let told = handshake(8_636_001, None);
        assert_eq!(shown(&old), [(Said::Ping, &Heard::Pong), (Said::TcpHandshake, &told)]);
        let new = talk(Identify::No, vec![greeting(9_458_007), release()], false).await;
        assert_eq!(new.last().unwrap().heard, handshake(9_458_007, Some("9.5.3")));
    }

    #[tokio::test]
    async fn opensearch_is_known_by_its_bit_and_asked_nothing_more() {
        let id = 2_11_00_99 ^ 0x0800_0000;
        let exchanges = talk(Identify::Anonymously, vec![greeting(id)], false).await;
        assert_eq!(exchanges.last().unwrap().heard, handshake(id as i32, None));
    }

    #[tokio::test]
    async fn a_refused_key_says_whether_the_connection_ended_with_it() {
        let key = key();
        for ends in [true, false] {
            let refusal = exception(3, TransportVersionId::new(8_636_001), "none\u{1b} found");
            let exchanges = talk(Identify::With(&key), vec![greeting(8_636_001), refusal], ends).await;
            let Heard::Exception { causes, closed } = &exchanges.last().unwrap().heard else { panic!() };
            assert_eq!(*closed, ends);
            assert_eq!(causes[0].class, "RemoteTransportException");
            assert_eq!(
                (causes[1].class.as_str(), causes[1].message.as_str()),
                ("IllegalArgumentException", "none\\u{1b} found")
            );
        }
    }

    #[tokio::test]
    async fn the_subject_follows_only_an_accepted_key() {
        let key = key();
        for (message, last) in [
            ("header [_cross_cluster_access_subject_info] but none found", Said::SubjectHandshake),
            ("unable to find apikey with id id", Said::KeyHandshake),
        ] {
            let answers =
                vec![greeting(9_458_007), [release(), exception(3, W, message)].concat(), exception(4, W, "done")];
            let exchanges = talk(Identify::With(&key), answers, false).await;
            assert_eq!(exchanges.last().unwrap().said, last, "{message}");
        }
    }

    #[tokio::test]
    async fn a_known_node_gets_the_key_with_the_greeting_and_never_twice() {
        let key = key();
        let exchange = |said, heard| Exchange { said, heard, seconds: 0.0, seconds_ago: Some(400.0) };
        let itself = Heard::Node { name: "es01".into(), cluster: "eu".into(), version: 9_05_03_99, address: None };
        let known = Known {
            version: 9_458_007,
            release: Some(exchange(Said::ReleaseHandshake, handshake(9_458_007, Some("9.5.3")))),
            identity: None,
            behind_key: vec![exchange(Said::SubjectHandshake, itself)],
        };
        let greeted = [Said::Ping, Said::TcpHandshake];
        let accepted = "_cross_cluster_access_subject_info] but none found";
        for (version, message, behind) in [
            (9_458_007, accepted, &[Said::ReleaseHandshake, Said::KeyHandshake, Said::SubjectHandshake][..]),
            (9_458_007, "unable to find apikey with id id", &[Said::ReleaseHandshake, Said::KeyHandshake]),
            // The node has become another one: accepted is accepted, and a refusal may mean anything.
            (9_459_000, accepted, &[Said::KeyHandshake, Said::SubjectHandshake]),
            (9_459_000, "unsupported version", &[]),
        ] {
            let answers = vec![[greeting(version), exception(3, W, message)].concat(), exception(4, W, "done")];
            let (mut near, far) = duplex(1 << 16);
            tokio::spawn(play(far, answers, true));
            let deadline = Instant::now() + Duration::from_secs(5);
            let (silence, identify) = (Duration::from_secs(1), Identify::With(&key));
            let topic = Topic {
                host: "es.example",
                deadline,
                silence,
                identify,
                list: false,
                plain: false,
                known: Some(&known),
            };
            let exchanges = converse(&mut near, &topic).await;
            let said: Vec<Said> = exchanges.iter().map(|exchange| exchange.said).collect();
            assert_eq!(said, [&greeted, behind].concat(), "{version} {message}");
        }
    }

    #[tokio::test]
    async fn nodes_are_listed_in_sniff_mode_behind_an_accepted_subject_only() {
        let key = key();
        let accepted = || exception(3, W, "header [_cross_cluster_access_subject_info] but none found");
        let list = || answer(5, W, &encode_nodes(&[node("es01"), node("es02")]));
        for (sniff, subject, last) in [
            (true, itself(4), Said::RemoteClusterNodes),
            (false, itself(4), Said::SubjectHandshake),
            (true, exception(4, W, "no"), Said::SubjectHandshake),
        ] {
            let answers = vec![greeting(9_458_007), [release(), accepted()].concat(), subject, list()];
            let exchanges = talk_about(Identify::With(&key), (sniff, false), answers, false).await;
            let exchange = exchanges.last().unwrap();
            assert_eq!(exchange.said, last);
            if let Heard::Nodes { nodes, of } = &exchange.heard {
                assert_eq!((*of, nodes[1].name.as_str(), nodes[1].roles.join(" ")), (2, "es02", "data".to_owned()));
                assert_eq!(nodes[1].address.to_string(), "192.0.2.1:9443");
            }
        }
    }

    #[tokio::test]
    async fn a_transport_port_is_asked_for_more_only_where_it_shows_that_it_wants_no_identity() {
        let profile = "requires channel profile to be [_remote_cluster], but got [default]";
        for (message, plain, asked) in [
            (profile, false, true),
            ("No handler for action [a]", true, true),
            // Refused before authentication, which is usual behind TLS.
            ("No handler for action [a]", false, false),
            ("missing authentication credentials for action [a]", true, false),
        ] {
            let list = answer(5, TransportVersionId::new(8_636_001), &[0]);
            let first = exception(3, TransportVersionId::new(8_636_001), message);
            let answers = vec![greeting(8_636_001), first, itself(4), list];
            let exchanges = talk_about(Identify::Anonymously, (true, plain), answers, false).await;
            let nodes = Heard::Nodes { nodes: vec![], of: 0 };
            assert_eq!(exchanges.last().unwrap().heard == nodes, asked, "{message} {plain}");
            assert_eq!(exchanges.iter().any(|exchange| exchange.said == Said::TransportHandshake), asked);
        }
    }

    #[tokio::test]
    async fn a_list_of_nodes_is_bounded_and_safe_and_never_repeats_the_key() {
        let key = key();
        let start = || {
            let accepted = exception(3, W, "_cross_cluster_access_subject_info] but none found");
            vec![greeting(9_458_007), [release(), accepted].concat()]
        };
        let long = "\u{1b}x".repeat(5000);
        let many: Vec<DiscoveryNode> = (0..300).map(|_| node(KEY)).chain([node(&long)]).collect();
        for (payload, of) in [
            (encode_nodes(&many), Some(301)),
            (encode_nodes(&[node(&long)]), Some(1)),
            (vec![0xff, 0xff, 0xff, 0xff, 0x0f], None),
        ] {
            let answers = [start(), vec![itself(4), answer(5, W, &payload)]].concat();
            let exchanges = talk(Identify::With(&key), answers, false).await;
            let saved = serde_json::to_string(&exchanges).unwrap();
            assert!(!saved.contains(KEY) && !saved.contains('\u{1b}') && saved.len() < 32 << 10, "{}", saved.len());
            match (&exchanges.last().unwrap().heard, of) {
                (Heard::Nodes { nodes, of }, Some(count)) => {
                    assert_eq!((*of, nodes.len()), (count, count.min(64)));
                }
                (Heard::Malformed { .. }, None) => {}
                (other, _) => panic!("{other:?}"),
            }
        }
    }

    #[tokio::test]
    async fn a_peer_that_repeats_the_key_does_not_bring_it_into_the_evidence() {
        let key = key();
        let http = format!("HTTP/1.1 400 Bad\r\nServer: {KEY}\r\nContent-Length: 36\r\n\r\n{KEY}");
        for answer in [
            exception(3, W, KEY),
            http.into_bytes(),
            KEY.as_bytes().to_vec(),
            [b"ES\0\0\0\x01", KEY.as_bytes()].concat(),
        ] {
            let exchanges =
                talk(Identify::With(&key), vec![greeting(9_458_007), [release(), answer].concat()], false).await;
            let saved = serde_json::to_string(&exchanges).unwrap();
            assert_eq!(exchanges.last().unwrap().said, Said::KeyHandshake);
            assert!(!saved.contains(KEY) && !saved.contains(&hex::encode(KEY)), "{saved}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_silent_peer_is_spoken_to_in_http_on_the_same_connection() {
        let product = b"HTTP/1.1 405 No\r\nX-elastic-product: Elasticsearch\r\nContent-Length: 0\r\n\r\n";
        for (answer, expected) in [
            (&product[..], None),
            (b"This is not an HTTP port", Some(Heard::NotAnHttpPort)),
            (
                b"SSH-2.0-x\r\n",
                Some(Heard::Foreign { received: farlink_checks::model::evidence::Bytes::of(b"SSH-2.0-x\r\n") }),
            ),
        ] {
            let exchanges = talk(Identify::No, vec![vec![], answer.to_vec()], false).await;
            assert_eq!(
                (exchanges[0].said, &exchanges[0].heard, exchanges[0].seconds),
                (Said::Ping, &Heard::Silence, 1.0)
            );
            assert_eq!(exchanges[1].said, Said::Http);
            match expected {
                Some(heard) => assert_eq!(exchanges[1].heard, heard),
                None => assert!(matches!(&exchanges[1].heard, Heard::Http(answer) if answer.elastic)),
            }
        }
        let started = Instant::now();
        let exchanges = talk(Identify::No, vec![], false).await;
        assert_eq!(shown(&exchanges), [(Said::Ping, &Heard::Silence), (Said::Http, &Heard::Silence)]);
        assert_eq!(started.elapsed(), Duration::from_secs(5));
    }

    #[tokio::test(start_paused = true)]
    async fn a_node_that_answers_after_the_silence_is_still_a_node() {
        let mut late = greeting(8_636_001);
        late.extend(b"This is not an HTTP port");
        let exchanges = talk(Identify::No, vec![vec![], late], true).await;
        let told = handshake(8_636_001, None);
        assert_eq!(
            shown(&exchanges),
            [(Said::Ping, &Heard::Pong), (Said::TcpHandshake, &told), (Said::Http, &Heard::NotAnHttpPort)]
        );
    }

    #[tokio::test]
    async fn hostile_answers_end_the_conversation_with_a_name() {
        let mut flood = Vec::new();
        while flood.len() < 3 << 20 {
            flood.extend(PING);
        }
        for (answer, ends, said, malformed) in [
            (b"ES\x7f\xff\xff\xff".to_vec(), false, Said::Ping, true),
            (b"ES\0\0\0\x17\0".to_vec(), true, Said::Ping, true),
            (b"\x00\x01garbage".to_vec(), false, Said::Ping, false),
            (flood, false, Said::TcpHandshake, true),
        ] {
            let exchanges = talk(Identify::No, vec![answer], ends).await;
            let last = exchanges.last().unwrap();
            assert_eq!(last.said, said);
            assert_eq!(matches!(last.heard, Heard::Malformed { .. }), malformed, "{:?}", last.heard);
            assert_eq!(matches!(last.heard, Heard::Foreign { .. }), !malformed, "{:?}", last.heard);
        }
    }

    #[tokio::test]
    async fn a_close_without_an_answer_is_told_from_silence() {
        let exchanges = talk(Identify::No, vec![vec![]], true).await;
        assert_eq!(shown(&exchanges), [(Said::Ping, &Heard::Closed)]);
        let exchanges = talk(Identify::No, vec![PING.to_vec()], true).await;
        assert_eq!(shown(&exchanges), [(Said::Ping, &Heard::Pong), (Said::TcpHandshake, &Heard::Closed)]);
    }
}
