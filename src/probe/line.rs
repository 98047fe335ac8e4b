//! One open connection as a conversation: what is said is written, and what is heard is typed.
//! Bytes, time and memory are bounded whatever the peer sends, and an answer never repeats our key.

use std::net::SocketAddr;
use std::time::Duration;

use farlink_checks::model::evidence::{Bytes, Cause, End, Heard, ListedNode};
use farlink_checks::model::text::safe;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::{Instant, timeout_at};

use super::http;
use super::tap::end_of;
use super::tls::alert_of;
use crate::secret::ApiKey;
use crate::wire::{
    DiscoveryNode, Foreign, FrameError, Framer, HandshakeResponse, Message, RemoteError, Response, Step, TcpHandshake,
    TransportAddress, decode_nodes,
};

/// How much one peer may send on one connection, in bytes.
const TOTAL_LIMIT: usize = 2 << 20;
/// The longest exception message that is kept, in characters.
const MESSAGE_LIMIT: usize = 500;
/// How many causes of an exception are kept.
const CAUSES_LIMIT: usize = 16;
/// The longest name of a node, a cluster or a role that is kept, in characters.
const NAME_LIMIT: usize = 100;
/// Where an exception says why a key did not do when its message does not (`AuthenticationService`).
const UNSUCCESSFUL: &str = "es.additional_unsuccessful_credentials";
/// How long the rest of an HTTP response may take once it has begun.
const HTTP_PATIENCE: Duration = Duration::from_secs(1);
/// How long a close that follows an exception may take; both usually come together.
const CLOSE_PATIENCE: Duration = Duration::from_millis(25);

/// One thing that was heard.
#[derive(Debug, PartialEq)]
pub(super) enum Sound {
    /// A transport ping.
    Ping,
    /// An answer to the request of this number.
    Answer(i64, Heard),
    /// Something after which nothing more can be said here.
    Over(Heard),
    /// Nothing, up to the deadline.
    Nothing,
}

/// A connection that is spoken on.
pub(super) struct Line<'a, S> {
    stream: &'a mut S,
    buffer: Vec<u8>,
    /// Where in the buffer the unread part begins.
    read: usize,
    received: usize,
    /// The key that was sent on this connection, which no evidence may repeat.
    told: Option<&'a ApiKey>,
    /// The request that is answered with a list of nodes; all others are with one.
    listed: Option<i64>,
}

impl<'a, S: AsyncRead + AsyncWrite + Unpin> Line<'a, S> {
    /// A conversation on `stream`.
    pub(super) fn new(stream: &'a mut S) -> Self {
        Self { stream, buffer: Vec::with_capacity(2048), read: 0, received: 0, told: None, listed: None }
    }

    /// Whether the peer has not sent a byte.
    pub(super) fn is_silent(&self) -> bool {
        self.received == 0
    }

    /// From now on the peer knows `key`.
    pub(super) fn tell(&mut self, key: &'a ApiKey) {
        self.told = Some(key);
    }

    /// The answer to request `id` will be a list of nodes.
    pub(super) fn expect_nodes(&mut self, id: i64) {
        self.listed = Some(id);
    }

    /// Writes `bytes`. A failure is not reported: reading says why, as an alert may be waiting.
    pub(super) async fn say(&mut self, bytes: &[u8], deadline: Instant) {
        let write = async {
            self.stream.write_all(bytes).await?;
            self.stream.flush().await
        };
        let _ = timeout_at(deadline, write).await;
    }

    /// What the peer says next, at the latest at `deadline`.
    pub(super) async fn hear(&mut self, deadline: Instant) -> Sound {
        loop {
            let unread = &self.buffer[self.read..];
            match Framer::default().decode_step(unread) {
                _ if unread.is_empty() => {}
                Ok(Step::NeedMore(_)) => {}
                Ok(Step::Ping) => {
                    self.read += crate::wire::PING.len();
                    return Sound::Ping;
                }
                Ok(Step::Message(message)) => return self.message(&message),
                Err(FrameError::NotTransport { .. }) => match Foreign::of(unread) {
                    Foreign::Incomplete => {}
                    foreign => return Sound::Over(self.foreign(foreign, deadline).await),
                },
                Err(error) => return Sound::Over(self.malformed(&error.to_string())),
            }
            match self.fill(deadline).await {
                Fill::More => {}
                Fill::Nothing => return Sound::Nothing,
                Fill::Full => return Sound::Over(self.malformed("more than is read from one peer")),
                Fill::Ended(heard) => {
                    let unread = &self.buffer[self.read..];
                    return Sound::Over(match unread {
                        [] => heard,
                        [b'E', b'S', ..] => self.malformed("the connection ended inside a frame"),
                        _ => Heard::Foreign { received: self.kept(unread) },
                    });
                }
            }
        }
    }

    /// Whether the peer ends the connection right away.
    pub(super) async fn ends(&mut self) -> bool {
        let deadline = Instant::now() + CLOSE_PATIENCE;
        matches!(self.fill(deadline).await, Fill::Ended(_))
    }

    fn message(&mut self, message: &Message) -> Sound {
        let bytes = &self.buffer[self.read..];
        let id = message.header.request_id;
        let decoded = match Response::decode(message, bytes) {
            Ok(Response::Handshake(handshake)) => Ok(handshake_heard(&handshake)),
            Ok(Response::Error(error)) => Ok(self.exception(&error)),
            Ok(Response::Payload(payload)) if self.listed == Some(id) => decode_nodes(payload, message.header.version)
                .map(|nodes| self.nodes(&nodes))
                .map_err(|error| error.to_string()),
            Ok(Response::Payload(payload)) => HandshakeResponse::decode(payload, message.header.version)
                .map(|node| self.node(&node))
                .map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        };
        match decoded {
            Ok(heard) => {
                self.read += message.length();
                Sound::Answer(id, heard)
            }
            Err(error) => Sound::Over(self.malformed(&error)),
        }
    }

    async fn foreign(&mut self, foreign: Foreign, deadline: Instant) -> Heard {
        match foreign {
            Foreign::NotAnHttpPort => Heard::NotAnHttpPort,
            Foreign::Http { .. } => {
                let deadline = deadline.min(Instant::now() + HTTP_PATIENCE);
                while !http::is_enough(&self.buffer[self.read..]) {
                    if !matches!(self.fill(deadline).await, Fill::More) {
                        break;
                    }
                }
                let mut answer = http::parse(&self.buffer[self.read..]);
                if let Some(key) = self.told {
                    answer.excerpt = key.redact(&answer.excerpt);
                    answer.server = answer.server.map(|server| key.redact(&server));
                    answer.content_type = answer.content_type.map(|kind| key.redact(&kind));
                }
                Heard::Http(answer)
            }
            _ => Heard::Foreign { received: self.kept(&self.buffer[self.read..]) },
        }
    }

    fn exception(&self, error: &RemoteError) -> Heard {
        let cause = |cause: &crate::wire::Cause| Cause {
            class: cause.class.to_string(),
            message: self.text(cause.message.as_deref().unwrap_or_default()),
            unsuccessful: cause
                .metadata
                .iter()
                .find(|(name, _)| name == UNSUCCESSFUL)
                .map(|(_, all)| self.text(&all.join(", "))),
        };
        Heard::Exception { causes: error.causes.iter().take(CAUSES_LIMIT).map(cause).collect(), closed: false }
    }

    fn node(&self, answer: &HandshakeResponse) -> Heard {
        Heard::Node {
            name: self.text(&answer.node.name),
            cluster: self.text(&answer.cluster_name),
            version: signed(answer.version_id),
            address: Some(socket(&answer.node.address)),
        }
    }

    fn nodes(&self, nodes: &[DiscoveryNode]) -> Heard {
        let name = |text: &str| safe(&self.text(text), NAME_LIMIT);
        let listed = |node: &DiscoveryNode| ListedNode {
            name: name(&node.name),
            address: socket(&node.address),
            version: signed(node.version_id),
            roles: node.roles.iter().take(ListedNode::ROLES).map(|role| name(&role.name)).collect(),
        };
        Heard::Nodes { nodes: nodes.iter().take(ListedNode::LIMIT).map(listed).collect(), of: nodes.len() }
    }

    fn malformed(&self, error: &str) -> Heard {
        Heard::Malformed { error: error.to_owned(), received: self.kept(&self.buffer[self.read..]) }
    }

    fn text(&self, text: &str) -> String {
        match self.told {
            Some(key) => safe(&key.redact(text), MESSAGE_LIMIT),
            None => safe(text, MESSAGE_LIMIT),
        }
    }

    /// The first of `bytes`, unless a key could be in them.
    fn kept(&self, bytes: &[u8]) -> Bytes {
        match self.told {
            Some(_) => Bytes::default(),
            None => Bytes::of(bytes),
        }
    }

    async fn fill(&mut self, deadline: Instant) -> Fill {
        if self.received >= TOTAL_LIMIT {
            return Fill::Full;
        }
        if self.read > 0 {
            self.buffer.drain(..self.read);
            self.read = 0;
        }
        match timeout_at(deadline, self.stream.read_buf(&mut self.buffer)).await {
            Err(_) => Fill::Nothing,
            Ok(Ok(0)) => Fill::Ended(Heard::Closed),
            Ok(Ok(count)) => {
                self.received += count;
                Fill::More
            }
            Ok(Err(error)) => Fill::Ended(match (alert_of(&error), end_of(&error)) {
                (Some(code), _) => Heard::Alert { code },
                (None, Some(End::Closed)) => Heard::Closed,
                (None, Some(_)) => Heard::Reset,
                // TLS that the library refuses: the connection is of no further use, as after a reset.
                (None, None) => self.malformed(&safe(&error.to_string(), MESSAGE_LIMIT)),
            }),
        }
    }
}

/// What became of waiting for bytes.
enum Fill {
    More,
    Nothing,
    Full,
    Ended(Heard),
}

fn handshake_heard(handshake: &TcpHandshake) -> Heard {
    Heard::Handshake {
        version: signed(handshake.version().id()),
        release: handshake.release().map(|release| safe(release, 64)),
    }
}

fn socket(address: &TransportAddress) -> SocketAddr {
    SocketAddr::new(address.ip, address.port)
}

/// The number as Java has it; one beyond its range is none that a node has.
fn signed(id: u32) -> i32 {
    i32::try_from(id).unwrap_or(i32::MAX)
}
