//! One question, asked on a connection of its own: from the TCP connection to the last answer.
//!
//! The first question dials as Elasticsearch would. The counterfactuals carry no client certificate
//! and no key, and share one stage timeout for all of them at an address.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use farlink_checks::classify::reach;
use farlink_checks::model::evidence::{
    AddressEvidence, Attempt, Bytes, End, Exchange, Heard, Question, Quiet, Tcp, TcpOutcome, Tls, TlsOutcome,
};
use farlink_checks::model::link::{Host, HostPort, KeyPresence, Link, Mode};
use rustls::sign::CertifiedKey;
use tokio::io::AsyncWriteExt;
use tokio::time::{Instant, timeout};

use super::earlier::{EarlierAddress, Known, Wanted};
use super::hello::{PARTIAL, client_hello};
use super::line::Line;
use super::offer::offer;
use super::seams::{Seams, Stream};
use super::tap::{Seen, Tap};
use super::tcp::{connect, stay_quiet};
use super::tls::{Secured, blank, failure, handshake, is_server_name};
use super::transport::{Identify, Topic, ask_http, converse};
use crate::secret::ApiKey;

/// A name that no server has (RFC 6761 section 6.4).
const IMPOSSIBLE_NAME: &str = "farlink-no-such-name.invalid";
/// The shortest PROXY protocol header (version 1); it claims no address.
const PROXY_HEADER: &[u8] = b"PROXY UNKNOWN\r\n";
/// How long the rest of a ClientHello is withheld.
const WITHHELD: Duration = Duration::from_millis(700);
/// After how much silence a peer is spoken to in HTTP: not on the whole second, where a proxy that
/// retries its backend gives up (HAProxy waits one second between tries).
const SILENCE: Duration = Duration::from_millis(1250);
/// How long saying goodbye may take.
const GOODBYE: Duration = Duration::from_millis(50);
/// With less than this, asking would only show our own impatience.
const SHORTEST: Duration = Duration::from_millis(100);

/// Whether a key may be sent over the TLS that was seen at a target: its chain and its name passed
/// the link's `verification_mode`.
pub type MaySendKey = Arc<dyn Fn(&Link, &HostPort, &Tls) -> bool + Send + Sync>;

/// What the agent has been given for a link, and what it may ask.
#[derive(Clone, Default)]
pub struct Credentials {
    /// Presented when the peer asks for a client certificate.
    pub client: Option<Arc<CertifiedKey>>,
    /// The key, and who decides whether it may be sent.
    pub key: Option<(ApiKey, MaySendKey)>,
    /// Ask for a remote cluster handshake without credentials where no key is sent. The remote logs
    /// that as a failure.
    pub anonymous_question: bool,
}

/// What every question at an address has in common.
pub struct Asker<'a> {
    /// The link.
    pub link: &'a Link,
    /// What the agent was given.
    pub credentials: &'a Credentials,
    /// The network.
    pub seams: &'a Seams,
    /// How long each stage of an attempt may take.
    pub stage: Duration,
    /// When the link's time is over.
    pub deadline: Instant,
    /// What is left for counterfactuals at this address.
    pub budget: Duration,
    /// When the run began.
    pub began: Instant,
    /// What an earlier run saw here.
    pub earlier: Option<EarlierAddress<'a>>,
}

impl Asker<'_> {
    /// Asks `question` at an address of which `known` was seen so far.
    ///
    /// `None` when the time for counterfactuals is used up.
    pub async fn ask(&mut self, question: Question, known: &AddressEvidence) -> Option<Attempt> {
        let started = Instant::now();
        if !question.is_counterfactual() {
            return Some(self.dated(self.main(known).await));
        }
        let left = self.budget.min(self.deadline.saturating_duration_since(started));
        if left < SHORTEST {
            return None;
        }
        // No single question may use up what the others need.
        let share = (left / 2).max(SHORTEST * 3).min(left);
        let attempt = self.counterfactual(question, known, started + share).await;
        self.budget = self.budget.saturating_sub(started.elapsed());
        Some(self.dated(attempt))
    }

    /// The same with the instants at which servers told their time: their answers end a conversation.
    fn dated(&self, mut attempt: Attempt) -> Attempt {
        for exchange in &mut attempt.exchanges {
            if let Heard::Http(answer) = &mut exchange.heard
                && let Some(date) = &mut answer.date
            {
                date.after_milliseconds = i64::try_from(self.began.elapsed().as_millis()).unwrap_or(i64::MAX);
            }
        }
        attempt
    }

    async fn main(&self, known: &AddressEvidence) -> Attempt {
        let mut open = match self.open(Question::AsElasticsearch, known.address, self.until()).await {
            Ok(open) => open,
            Err(attempt) => return attempt,
        };
        let anonymously = || match self.credentials.anonymous_question {
            true => Identify::Anonymously,
            false => Identify::No,
        };
        if self.link.transport_tls.is_some_and(|tls| !tls.value) {
            let topic = OwnedTopic { plain: true, ..self.topic(known, anonymously(), None) };
            open.attempt.exchanges = converse(&mut open.stream, &topic.borrowed()).await;
            return open.attempt;
        }
        let name = self.server_name(&known.target.host);
        let client = self.credentials.client.as_ref();
        let (tls, secured) = handshake(open.stream, name.as_deref(), client, self.until()).await;
        if let Some(mut secured) = secured {
            let identify = match self.permitted_key(known, &tls) {
                Some(key) => Identify::With(key),
                None => anonymously(),
            };
            let topic = self.topic(known, identify, Some(&tls));
            open.attempt.exchanges = converse(&mut secured, &topic.borrowed()).await;
            close(secured).await;
        }
        open.attempt.tls = Some(tls);
        open.attempt
    }

    async fn counterfactual(&self, question: Question, known: &AddressEvidence, deadline: Instant) -> Attempt {
        if question == Question::SiblingPort {
            return self.sibling(known, deadline).await;
        }
        let mut open = match self.open(question, known.address, deadline).await {
            Ok(open) => open,
            Err(attempt) => return attempt,
        };
        let host = known.target.host.to_string();
        let name = self.server_name(&known.target.host);
        match question {
            Question::StayQuiet => {
                // Longer than the judgement looks is of no use.
                let patience = known.main().map_or(0.7, reach::patience) + 0.1;
                let until = deadline.min(Instant::now() + Duration::from_secs_f64(patience.clamp(0.1, 60.0)));
                open.attempt.quiet = Some(stay_quiet(&mut open.stream, until).await);
            }
            Question::PartialHello => {
                let hello = client_hello(name.as_deref());
                Line::new(&mut open.stream).say(&hello[..PARTIAL], deadline).await;
                let until = deadline.min(Instant::now() + WITHHELD);
                open.attempt.quiet = Some(stay_quiet(&mut open.stream, until).await);
            }
            Question::SmallAnswer => {
                open.attempt.tls = Some(small_answer(open.stream, name.as_deref(), deadline).await);
            }
            Question::Offer(hello) => {
                open.attempt.tls = Some(offer(open.stream, hello, name.as_deref(), deadline).await);
            }
            Question::PlainTransport => {
                let topic = OwnedTopic::new(host, deadline, Identify::No);
                open.attempt.exchanges = converse(&mut open.stream, &topic.borrowed()).await;
            }
            Question::PlainHttp => {
                open.attempt.exchanges = vec![ask_http(&mut open.stream, &host, deadline).await];
            }
            Question::HttpInsideTls => {
                let (tls, secured) = handshake(open.stream, name.as_deref(), None, deadline).await;
                open.attempt.exchanges = inside(secured, &host, deadline).await;
                open.attempt.tls = Some(tls);
            }
            Question::QuietInsideTls => {
                let (tls, secured) = handshake(open.stream, name.as_deref(), None, deadline).await;
                if let Some(mut secured) = secured {
                    // As long as the peer took when it was spoken to, and a little more.
                    let patience = Duration::from_secs_f64(known.main().map_or(0.7, reach::patience).clamp(0.1, 60.0));
                    open.attempt.quiet = Some(stay_quiet(&mut secured, deadline.min(Instant::now() + patience)).await);
                    close(secured).await;
                }
                open.attempt.tls = Some(tls);
            }
            Question::Member(_) => self.meet(&mut open.attempt, open.stream, known, deadline).await,
            Question::ProxyHeader => {
                Line::new(&mut open.stream).say(PROXY_HEADER, deadline).await;
                open.attempt.tls = Some(only_handshake(open.stream, name.as_deref(), deadline).await);
            }
            Question::WithoutServerName | Question::ImpossibleServerName | Question::DialledHostAsServerName => {
                let name = match question {
                    Question::ImpossibleServerName => Some(IMPOSSIBLE_NAME),
                    Question::DialledHostAsServerName => Some(host.as_str()),
                    _ => None,
                };
                open.attempt.tls = Some(only_handshake(open.stream, name, deadline).await);
            }
            Question::TlsInstead | Question::AsElasticsearch | Question::SiblingPort => {
                open.attempt.tls = Some(only_handshake(open.stream, name.as_deref(), deadline).await);
            }
        }
        open.attempt
    }

    /// Another connection as the first one was made, but without a client certificate or a key.
    async fn meet(&self, attempt: &mut Attempt, mut stream: Stream, known: &AddressEvidence, deadline: Instant) {
        let identify = if self.credentials.anonymous_question { Identify::Anonymously } else { Identify::No };
        let topic = OwnedTopic::new(known.target.host.to_string(), deadline, identify);
        if self.link.transport_tls.is_some_and(|tls| !tls.value) {
            attempt.exchanges = converse(&mut stream, &topic.borrowed()).await;
            return;
        }
        let name = self.server_name(&known.target.host);
        let (tls, secured) = handshake(stream, name.as_deref(), None, deadline).await;
        if let Some(mut secured) = secured {
            attempt.exchanges = converse(&mut secured, &topic.borrowed()).await;
            close(secured).await;
        }
        attempt.tls = Some(tls);
    }

    /// The listener of the other model: the first of its ports that takes a connection, else what
    /// the first of them did.
    async fn sibling(&self, known: &AddressEvidence, deadline: Instant) -> Attempt {
        let ports = siblings(known.address.port());
        let share = deadline.saturating_duration_since(Instant::now()) / ports.len() as u32;
        let mut first = None;
        for &port in ports {
            let address = SocketAddr::new(known.address.ip(), port);
            let limit = deadline.min(Instant::now() + share);
            let open = self.open(Question::SiblingPort, address, limit).await.map_err(|mut attempt| {
                attempt.port = Some(port);
                attempt
            });
            let mut open = match open {
                Ok(open) => open,
                Err(attempt) => {
                    first.get_or_insert(attempt);
                    continue;
                }
            };
            open.attempt.port = Some(port);
            let name = self.server_name(&known.target.host);
            let (tls, secured) = handshake(open.stream, name.as_deref(), None, deadline).await;
            if let Some(mut secured) = secured {
                let topic = OwnedTopic::new(known.target.host.to_string(), deadline, Identify::Anonymously);
                open.attempt.exchanges = converse(&mut secured, &topic.borrowed()).await;
                close(secured).await;
            }
            open.attempt.tls = Some(tls);
            return open.attempt;
        }
        // There is always a first port; without one nothing was waited for either.
        first.unwrap_or_else(|| attempt_of(Question::SiblingPort, Tcp { outcome: TcpOutcome::TimedOut, seconds: 0.0 }))
    }

    async fn open(&self, question: Question, address: SocketAddr, deadline: Instant) -> Result<Open, Attempt> {
        let connected = connect(self.seams.connect.as_ref(), address, deadline).await;
        let mut attempt = attempt_of(question, connected.tcp);
        attempt.quiet = connected.quiet;
        match connected.stream {
            Some(stream) => Ok(Open { attempt, stream }),
            None => Err(attempt),
        }
    }

    /// When a stage that begins now ends at the latest.
    fn until(&self) -> Instant {
        self.deadline.min(Instant::now() + self.stage)
    }

    fn topic<'k>(&self, address: &AddressEvidence, identify: Identify<'k>, tls: Option<&Tls>) -> OwnedTopic<'k> {
        let list = self.link.mode == Mode::Sniff;
        let wanted = match identify {
            Identify::No => Wanted::Nothing,
            Identify::Anonymously => Wanted::Kind,
            Identify::With(_) => Wanted::Key,
        };
        let known = self.earlier.and_then(|earlier| earlier.known(tls, wanted));
        OwnedTopic { list, known, ..OwnedTopic::new(address.target.host.to_string(), self.until(), identify) }
    }

    /// What is sent as server name for `host`. A name that the JDK adds on its own is left out when
    /// it cannot be one (`sun.security.ssl.Utilities.rawToSNIHostName`), a set one is an error then.
    fn server_name(&self, host: &Host) -> Option<String> {
        let name = self.link.server_name_for(host)?;
        if name.is_ascii() {
            return (self.link.server_name.is_some() || is_server_name(&name)).then_some(name);
        }
        // As SNIHostName does; what has no ASCII form stays what it is, and is refused.
        Some(match url::Host::parse(&name) {
            Ok(url::Host::Domain(ascii)) => ascii,
            _ => name,
        })
    }

    /// The key, when everything allows to send it on this very connection.
    fn permitted_key(&self, known: &AddressEvidence, tls: &Tls) -> Option<&ApiKey> {
        let (key, may_send) = self.credentials.key.as_ref()?;
        let wanted = matches!(self.link.api_key, KeyPresence::Given { withheld: false, .. });
        let proven = tls.outcome == TlsOutcome::Completed && tls.key_proven;
        // A port that asks for a client certificate is a transport port, which is no place for a key.
        let server = tls.client_certificate.is_none();
        (wanted && proven && server && may_send(self.link, &known.target, tls)).then_some(key)
    }
}

/// A connection and what is known of it.
struct Open {
    attempt: Attempt,
    stream: Stream,
}

/// A [`Topic`] that owns its host.
struct OwnedTopic<'k> {
    host: String,
    deadline: Instant,
    silence: Duration,
    identify: Identify<'k>,
    list: bool,
    plain: bool,
    known: Option<Known>,
}

impl<'k> OwnedTopic<'k> {
    fn new(host: String, deadline: Instant, identify: Identify<'k>) -> Self {
        let left = deadline.saturating_duration_since(Instant::now());
        Self { host, deadline, silence: SILENCE.min(left / 4), identify, list: false, plain: false, known: None }
    }

    fn borrowed(&self) -> Topic<'_> {
        let Self { host, deadline, silence, identify, list, plain, known } = self;
        let known = known.as_ref();
        Topic { host, deadline: *deadline, silence: *silence, identify: *identify, list: *list, plain: *plain, known }
    }
}

fn attempt_of(question: Question, tcp: Tcp) -> Attempt {
    Attempt { question, port: None, seconds_ago: None, tcp, quiet: None, tls: None, exchanges: Vec::new() }
}

/// Where the listener of the other security model is by default (9443, and 9400 or 9300).
const fn siblings(port: u16) -> &'static [u16] {
    match port {
        9443 => &[9400, 9300],
        _ => &[9443],
    }
}

/// A handshake after which nothing is said, and never with a client certificate.
async fn only_handshake(stream: Stream, server_name: Option<&str>, deadline: Instant) -> Tls {
    let (tls, secured) = handshake(stream, server_name, None, deadline).await;
    if let Some(secured) = secured {
        close(secured).await;
    }
    tls
}

async fn inside(secured: Option<Secured>, host: &str, deadline: Instant) -> Vec<Exchange> {
    let Some(mut secured) = secured else { return Vec::new() };
    let exchange = ask_http(&mut secured, host, deadline).await;
    close(secured).await;
    vec![exchange]
}

/// Says goodbye as TLS wants it (RFC 8446 section 6.1), which leaves less in the peer's log.
async fn close(mut secured: Secured) {
    // Dropping it ends the connection itself; shutting down one half before that would only cost a call.
    secured.get_mut().1.send_close_notify();
    let _ = timeout(GOODBYE, secured.flush()).await;
}

/// The answer to a ClientHello that every TLS server refuses with an alert.
async fn small_answer(stream: Stream, server_name: Option<&str>, deadline: Instant) -> Tls {
    let (mut tap, record) = Tap::new(stream);
    let started = Instant::now();
    Line::new(&mut tap).say(&client_hello(server_name), deadline).await;
    let mut quiet = stay_quiet(&mut tap, deadline).await;
    // An alert of seven bytes may come in pieces.
    let mut answer = quiet.received.as_slice().to_vec();
    while quiet.end == End::Data && answer.len() < 7 && answer.first() == Some(&0x15) {
        quiet = stay_quiet(&mut tap, deadline).await;
        answer.extend(quiet.received.as_slice());
    }
    let mut tls = blank(server_name, small_outcome(&quiet, &answer, &record.seen()));
    tls.received_bytes = record.seen().received;
    tls.seconds = started.elapsed().as_secs_f64();
    tls
}

fn small_outcome(quiet: &Quiet, answer: &[u8], seen: &Seen) -> TlsOutcome {
    match (answer, quiet.end) {
        ([0x15, 3, _, 0, 2, _, code, ..], _) => TlsOutcome::Alert { code: *code },
        ([0x15 | 0x16, ..], _) => TlsOutcome::Refused { error: "an answer that is no alert".to_owned(), alert: None },
        ([_, ..], _) => TlsOutcome::NotTls { received: Bytes::of(answer) },
        ([], End::Closed) => TlsOutcome::Closed,
        ([], End::Reset) => TlsOutcome::Reset,
        ([], End::Data | End::Silence) => failure(None, seen),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::probe::seams::Connect;
    use crate::probe::stage::{Fixed, Node, Staged};
    use farlink_checks::model::evidence::{Heard, Said};
    use farlink_checks::model::link::{Sourced, Target};
    use std::sync::Mutex;
    use tokio::io::AsyncReadExt;

    const STAGE: Duration = Duration::from_secs(5);

    fn link() -> Link {
        let mut link = Link::new("eu", Mode::Proxy, vec![Target::parse("es.example:9443")]);
        link.api_key = KeyPresence::Given { id: "id".into(), withheld: false };
        link
    }

    fn with_key(may_send: fn(&Link, &HostPort, &Tls) -> bool) -> Credentials {
        let key = crate::link::key::cross_cluster(b"aWQ6dWkybHAyYXhUTm1zeWFrdzl0dk5udw==").1.unwrap();
        Credentials { client: None, key: Some((key, Arc::new(may_send))), anonymous_question: true }
    }

    fn known() -> AddressEvidence {
        AddressEvidence {
            target: "es.example:9443".parse().unwrap(),
            address: "192.0.2.1:9443".parse().unwrap(),
            attempts: Vec::new(),
        }
    }

    fn asker<'a>(link: &'a Link, credentials: &'a Credentials, seams: &'a Seams) -> Asker<'a> {
        let began = Instant::now();
        let deadline = began + STAGE * 4;
        Asker { link, credentials, seams, stage: STAGE, deadline, budget: STAGE, began, earlier: None }
    }

    async fn ask(
        question: Question,
        link: &Link,
        credentials: &Credentials,
        network: impl Connect + 'static,
    ) -> Attempt {
        let seams = Seams { resolve: Arc::new(Fixed(vec![])), connect: Arc::new(network) };
        let mut asker = asker(link, credentials, &seams);
        asker.ask(question, &known()).await.unwrap()
    }

    fn said(attempt: &Attempt) -> Vec<Said> {
        attempt.exchanges.iter().map(|exchange| exchange.said).collect()
    }

    #[tokio::test]
    async fn a_key_is_sent_and_accepted_over_verified_tls() {
        let node = Node::remote_cluster_server();
        let attempt = ask(Question::AsElasticsearch, &link(), &with_key(|_, _, _| true), node.network()).await;
        assert_eq!(
            said(&attempt),
            [Said::Ping, Said::TcpHandshake, Said::ReleaseHandshake, Said::KeyHandshake, Said::SubjectHandshake]
        );
        assert!(node.saw_key());
    }

    #[tokio::test]
    async fn a_key_stays_here_whenever_one_condition_is_missing() {
        let yes = with_key(|_, _, _| true);
        let no = with_key(|_, _, _| false);
        let mut withheld = link();
        withheld.api_key = KeyPresence::Given { id: "id".into(), withheld: true };
        let mut plain = link();
        plain.transport_tls = Some(Sourced::given(false));
        for (case, link, credentials, node) in [
            ("not verified", link(), &no, Node::remote_cluster_server()),
            ("withheld", withheld, &yes, Node::remote_cluster_server()),
            ("client certificate asked for", link(), &yes, Node::transport()),
            ("no TLS", plain, &yes, Node::plain()),
        ] {
            let attempt = ask(Question::AsElasticsearch, &link, credentials, node.network()).await;
            assert_eq!(attempt.exchanges.last().unwrap().said, Said::RemoteClusterHandshake, "{case}");
            assert!(!node.saw_key(), "{case}");
        }
    }

    #[tokio::test]
    async fn no_counterfactual_carries_a_key_or_asks_for_more_than_the_handshake() {
        let credentials = with_key(|_, _, _| true);
        for (question, node) in [
            (Question::PlainTransport, Node::plain()),
            (Question::TlsInstead, Node::remote_cluster_server()),
            (Question::HttpInsideTls, Node::remote_cluster_server()),
            (Question::WithoutServerName, Node::remote_cluster_server()),
            (Question::ProxyHeader, Node::remote_cluster_server()),
            (Question::QuietInsideTls, Node::remote_cluster_server()),
        ] {
            let attempt = ask(question, &link(), &credentials, node.network()).await;
            assert!(!node.saw_key(), "{question:?}");
            assert!(!said(&attempt).contains(&Said::RemoteClusterHandshake), "{question:?}");
        }
    }

    #[tokio::test]
    async fn another_member_is_met_as_the_first_was_but_without_the_key() {
        let node = Node::remote_cluster_server();
        let attempt = ask(Question::Member(1), &link(), &with_key(|_, _, _| true), node.network()).await;
        assert_eq!(said(&attempt).last(), Some(&Said::RemoteClusterHandshake));
        assert_eq!(node.server_names(), [Some("es.example".to_owned())]);
        assert!(!node.saw_key());
    }

    #[tokio::test(start_paused = true)]
    async fn a_node_stays_open_inside_tls_while_nothing_is_said() {
        let node = Node::remote_cluster_server();
        let attempt = ask(Question::QuietInsideTls, &link(), &Credentials::default(), node.network()).await;
        assert_eq!(attempt.quiet.unwrap().end, End::Silence);
    }

    #[tokio::test]
    async fn each_question_about_names_sends_its_own() {
        let mut link = link();
        link.server_name = Some("set.example".into());
        for (question, name) in [
            (Question::AsElasticsearch, Some("set.example")),
            (Question::WithoutServerName, None),
            (Question::ImpossibleServerName, Some("farlink-no-such-name.invalid")),
            (Question::DialledHostAsServerName, Some("es.example")),
            (Question::TlsInstead, Some("set.example")),
        ] {
            let node = Node::remote_cluster_server();
            let attempt = ask(question, &link, &Credentials::default(), node.network()).await;
            assert_eq!(attempt.tls.unwrap().server_name.as_deref(), name, "{question:?}");
            assert_eq!(node.server_names(), [name.map(str::to_owned)], "{question:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_sent_before_tls_is_what_the_question_says() {
        for (question, start) in [
            (Question::ProxyHeader, &b"PROXY UNKNOWN\r\n\x16\x03\x01"[..]),
            (Question::PartialHello, &client_hello(Some("es.example"))[..PARTIAL]),
            (Question::PlainHttp, b"GET / HTTP/1.1\r\nHost: es.example\r\n"),
            (Question::PlainTransport, b"ES\xff\xff\xff\xffES"),
            (Question::StayQuiet, b""),
        ] {
            let heard = Arc::new(Mutex::new(Vec::new()));
            let network = Staged::peer({
                let heard = heard.clone();
                move |_, mut far| {
                    let heard = heard.clone();
                    tokio::spawn(async move {
                        let mut bytes = [0; 4096];
                        while let Ok(count @ 1..) = far.read(&mut bytes).await {
                            heard.lock().unwrap().extend_from_slice(&bytes[..count]);
                        }
                    });
                }
            });
            let attempt = ask(question, &link(), &Credentials::default(), network).await;
            tokio::task::yield_now().await;
            let heard = heard.lock().unwrap();
            assert!(heard.starts_with(start), "{question:?} {heard:?}");
            assert!(question != Question::PartialHello || heard.len() == PARTIAL);
            assert!(question != Question::StayQuiet || heard.is_empty());
            let silent = attempt.quiet.is_some_and(|quiet| quiet.end == End::Silence)
                || attempt.tls.is_some_and(|tls| tls.outcome == TlsOutcome::TimedOut)
                || attempt.exchanges.iter().all(|exchange| exchange.heard == Heard::Silence);
            assert!(silent, "{question:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn all_counterfactuals_of_an_address_share_one_stage_timeout() {
        let network = Staged::never();
        let (link, credentials) = (link(), Credentials::default());
        let seams = Seams { resolve: Arc::new(Fixed(vec![])), connect: Arc::new(network) };
        let started = Instant::now();
        let mut asker = asker(&link, &credentials, &seams);
        let mut asked = 0;
        while asker.ask(Question::PlainHttp, &known()).await.is_some() {
            asked += 1;
        }
        assert!(asked >= 4, "{asked}");
        assert!(started.elapsed() <= STAGE, "{:?}", started.elapsed());
    }

    #[tokio::test(start_paused = true)]
    async fn the_sibling_of_a_port_is_the_other_models() {
        for (port, dialled) in [(9443, &[9400, 9300][..]), (9300, &[9443]), (9400, &[9443]), (9200, &[9443])] {
            let ports = Arc::new(Mutex::new(Vec::new()));
            let network = Staged::refusing({
                let ports = ports.clone();
                move |address| ports.lock().unwrap().push(address.port())
            });
            let (link, credentials) = (link(), Credentials::default());
            let seams = Seams { resolve: Arc::new(Fixed(vec![])), connect: Arc::new(network) };
            let mut asker = asker(&link, &credentials, &seams);
            let mut known = known();
            known.address.set_port(port);
            let attempt = asker.ask(Question::SiblingPort, &known).await.unwrap();
            assert_eq!(*ports.lock().unwrap(), dialled);
            assert_eq!((attempt.port, attempt.tcp.outcome), (Some(dialled[0]), TcpOutcome::Refused));
        }
    }

    #[tokio::test]
    async fn a_hello_without_a_common_suite_gets_a_small_answer_from_any_tls_server() {
        let node = Node::remote_cluster_server();
        let attempt = ask(Question::SmallAnswer, &link(), &Credentials::default(), node.network()).await;
        assert_eq!(attempt.tls.unwrap().outcome, TlsOutcome::Alert { code: 40 });
    }

    #[tokio::test]
    async fn a_set_name_that_cannot_be_sent_is_an_error_and_a_dialled_one_is_left_out() {
        let mut set = link();
        set.server_name = Some("under_score.example".into());
        let attempt = ask(Question::AsElasticsearch, &set, &Credentials::default(), Node::plain().network()).await;
        assert_eq!(attempt.tls.unwrap().outcome, TlsOutcome::BadServerName);

        let asker_name = |link: &Link, host: &str| {
            let seams = Seams { resolve: Arc::new(Fixed(vec![])), connect: Arc::new(Staged::never()) };
            let credentials = Credentials::default();
            asker(link, &credentials, &seams).server_name(&host.parse().unwrap())
        };
        assert_eq!(asker_name(&link(), "my_host.example"), None);
        let mut umlaut = link();
        umlaut.server_name = Some("größe.example".into());
        assert_eq!(asker_name(&umlaut, "es.example").as_deref(), Some("xn--gre-6ka8i.example"));
    }
}
