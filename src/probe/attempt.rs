//! One question, asked on a connection of its own: from the TCP connection to the last answer.
//!
//! The first question dials as Elasticsearch would. The counterfactuals carry no client certificate
//! and no key, and share one stage timeout for all of them at an address.

use std::borrow::Cow;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use farlink_checks::classify::reach;
use farlink_checks::model::evidence::{AddressEvidence, Attempt, Bytes, End, Exchange, Question, Quiet, Tls, TlsOutcome};
use farlink_checks::model::link::{Host, HostPort, KeyPresence, Link};
use rustls::sign::CertifiedKey;
use tokio::time::Instant;

use super::hello::{PARTIAL, client_hello};
use super::line::Line;
use super::seams::{Seams, Stream};
use super::secret::ApiKey;
use super::tap::{Seen, Tap};
use super::tcp::{connect, stay_quiet};
use super::tls::{Secured, blank, failure, handshake, is_server_name};
use super::transport::{Identify, Topic, ask_http, converse};

/// A name that no server has (RFC 6761 section 6.4).
const IMPOSSIBLE_NAME: &str = "farlink-no-such-name.invalid";
/// The shortest PROXY protocol header (version 1); it claims no address.
const PROXY_HEADER: &[u8] = b"PROXY UNKNOWN\r\n";
/// How long the rest of a ClientHello is withheld.
const WITHHELD: Duration = Duration::from_millis(700);
/// After how much silence a peer is spoken to in HTTP.
const SILENCE: Duration = Duration::from_secs(1);
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
    pub key: Option<(Arc<ApiKey>, MaySendKey)>,
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
}

impl Asker<'_> {
    /// Asks `question` at an address of which `known` was seen so far.
    ///
    /// `None` when the time for counterfactuals is used up.
    pub async fn ask(&mut self, question: Question, known: &AddressEvidence) -> Option<Attempt> {
        let started = Instant::now();
        if !question.is_counterfactual() {
            return Some(self.main(known).await);
        }
        let left = self.budget.min(self.deadline.saturating_duration_since(started));
        if left < SHORTEST {
            return None;
        }
        // No single question may use up what the others need.
        let share = (left / 2).max(SHORTEST * 3).min(left);
        let attempt = self.counterfactual(question, known, started + share).await;
        self.budget = self.budget.saturating_sub(started.elapsed());
        Some(attempt)
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
            let topic = self.topic(known, anonymously());
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
            let topic = self.topic(known, identify);
            open.attempt.exchanges = converse(&mut secured, &topic.borrowed()).await;
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
            Question::ProxyHeader => {
                Line::new(&mut open.stream).say(PROXY_HEADER, deadline).await;
                open.attempt.tls = Some(handshake(open.stream, name.as_deref(), None, deadline).await.0);
            }
            Question::WithoutServerName | Question::ImpossibleServerName | Question::DialledHostAsServerName => {
                let name = match question {
                    Question::ImpossibleServerName => Some(IMPOSSIBLE_NAME),
                    Question::DialledHostAsServerName => Some(host.as_str()),
                    _ => None,
                };
                open.attempt.tls = Some(handshake(open.stream, name, None, deadline).await.0);
            }
            Question::TlsInstead | Question::AsElasticsearch | Question::SiblingPort => {
                open.attempt.tls = Some(handshake(open.stream, name.as_deref(), None, deadline).await.0);
            }
        }
        open.attempt
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
            }
            open.attempt.tls = Some(tls);
            return open.attempt;
        }
        // There is always a first port, so this only names the type's last case.
        first.unwrap_or_else(|| attempt_of(Question::SiblingPort, farlink_checks::model::evidence::Tcp {
            outcome: farlink_checks::model::evidence::TcpOutcome::TimedOut,
            seconds: 0.0,
        }))
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

    fn topic<'k>(&self, known: &AddressEvidence, identify: Identify<'k>) -> OwnedTopic<'k> {
        OwnedTopic::new(known.target.host.to_string(), self.until(), identify)
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
    host: Cow<'static, str>,
    deadline: Instant,
    silence: Duration,
    identify: Identify<'k>,
}

impl<'k> OwnedTopic<'k> {
    fn new(host: String, deadline: Instant, identify: Identify<'k>) -> Self {
        let left = deadline.saturating_duration_since(Instant::now());
        Self { host: Cow::Owned(host), deadline, silence: SILENCE.min(left / 4), identify }
    }

    fn borrowed(&self) -> Topic<'_> {
        Topic { host: &self.host, deadline: self.deadline, silence: self.silence, identify: self.identify }
    }
}

fn attempt_of(question: Question, tcp: farlink_checks::model::evidence::Tcp) -> Attempt {
    Attempt { question, port: None, tcp, quiet: None, tls: None, exchanges: Vec::new() }
}

/// Where the listener of the other security model is by default (9443, and 9400 or 9300).
const fn siblings(port: u16) -> &'static [u16] {
    match port {
        9443 => &[9400, 9300],
        _ => &[9443],
    }
}

async fn inside(secured: Option<Secured>, host: &str, deadline: Instant) -> Vec<Exchange> {
    match secured {
        Some(mut secured) => vec![ask_http(&mut secured, host, deadline).await],
        None => Vec::new(),
    }
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
        ([0x15 | 0x16, ..], _) => {
            TlsOutcome::Refused { error: "an answer that is no alert".to_owned(), alert: None }
        }
        ([_, ..], _) => TlsOutcome::NotTls { received: Bytes::of(answer) },
        ([], End::Closed) => TlsOutcome::Closed,
        ([], End::Reset) => TlsOutcome::Reset,
        ([], End::Data | End::Silence) => failure(None, seen),
    }
}
