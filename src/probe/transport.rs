//! The questions of the transport protocol on an open connection, and their answers.
//!
//! Ping and tcp handshake come first and need no identity (`TransportHandshaker`); a peer that says
//! nothing at all to them is spoken to in HTTP. A question with a key is the only one that has a secret.

use std::time::Duration;

use farlink_checks::model::evidence::{Exchange, Heard, Said};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::Instant;
use zeroize::Zeroizing;

use super::http;
use super::line::{Line, Sound};
use super::secret::ApiKey;
use crate::wire::{
    Action, CREDENTIALS_HEADER, EncodeError, PING, SUBJECT_INFO_HEADER, SubjectInfo, TcpHandshake, TransportVersionId,
};

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
    let mut talk = Talk { line: Line::new(stream), topic, exchanges: Vec::with_capacity(5) };
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
    Exchange { said: Said::Http, heard, seconds: started.elapsed().as_secs_f64() }
}

struct Talk<'a, S> {
    line: Line<'a, S>,
    topic: &'a Topic<'a>,
    exchanges: Vec<Exchange>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Talk<'_, S> {
    /// Ping and handshake in one write; the peer's version when it is worth asking on.
    async fn greet(&mut self) -> Option<TransportVersionId> {
        let mut hello = PING.to_vec();
        hello.extend(TcpHandshake::universal(TransportVersionId::PROBE).encode_request(1).ok()?);
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
        if version >= TransportVersionId::ANSWERS_RELEASE_HANDSHAKE {
            let frame = TcpHandshake::with_release(TransportVersionId::PROBE, NAME).encode_request(2);
            self.ask(Said::ReleaseHandshake, 2, frame).await?;
        }
        let version = version.for_requests()?;
        let action = Action::RemoteClusterHandshake;
        match self.topic.identify {
            Identify::No => None,
            Identify::Anonymously => {
                let heard = self.ask(Said::RemoteClusterHandshake, 3, action.encode(3, version, [])).await;
                heard.map(drop)
            }
            Identify::With(key) => {
                let header = key.header();
                let credentials = (CREDENTIALS_HEADER, header.as_str());
                self.line.tell(key);
                self.ask(Said::KeyHandshake, 3, action.encode(3, version, [credentials])).await.filter(accepts)?;
                let subject = SubjectInfo { version, node_name: NAME.to_owned() }.header_value();
                let headers = [credentials, (SUBJECT_INFO_HEADER, subject.as_str())];
                self.ask(Said::SubjectHandshake, 4, action.encode(4, version, headers)).await.map(drop)
            }
        }
    }

    /// Asks one question; `None` when nothing more can be asked on this connection.
    async fn ask(&mut self, said: Said, id: i64, frame: Result<Vec<u8>, EncodeError>) -> Option<Heard> {
        // The frame may hold the key.
        let frame = Zeroizing::new(frame.ok()?);
        let started = Instant::now();
        self.line.say(&frame, self.topic.deadline).await;
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
        let heard = if said == Said::KeyHandshake && accepts(&heard) { heard } else { self.with_close(heard).await };
        self.exchanges.push(Exchange { said, heard: heard.clone(), seconds });
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
        self.exchanges.push(Exchange { said, heard, seconds: started.elapsed().as_secs_f64() });
    }

    /// Replaces the silence that an answer has ended after all.
    fn late(&mut self, said: Said, heard: Heard, started: Instant) {
        let seconds = self.topic.silence.as_secs_f64() + started.elapsed().as_secs_f64();
        self.exchanges.retain(|exchange| exchange.said != said || exchange.heard != Heard::Silence);
        self.exchanges.push(Exchange { said, heard, seconds });
    }
}

/// Whether a remote cluster server took the key and only misses the subject.
fn accepts(heard: &Heard) -> bool {
    matches!(heard, Heard::Exception { causes, .. } if causes.iter().any(|cause| cause.message.contains(KEY_ACCEPTED)))
}
