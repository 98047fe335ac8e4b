//! Frames of the transport protocol (`TcpHeader`, `InboundDecoder`): `ES`, a length, a header, a variable header, a payload.
//! The framer looks at a buffer, says what its start is or how many bytes it needs to tell, and keeps nothing.

use std::ops::Range;

use super::{DecodeError, Element, Reader, TransportVersionId};

/// A ping, and the answer of a server to it (`TransportKeepAlive`).
pub const PING: [u8; 6] = *b"ES\xff\xff\xff\xff";

/// Longest frame that is accepted by default, in bytes; answers to a probe are a few kilobytes.
pub const DEFAULT_FRAME_LIMIT: usize = 1 << 20;

const MARKER: &[u8] = b"ES";
const PREFIX: usize = 6;
/// Request id, status and version, which every message has.
const SHORTEST: usize = 13;
/// How much of a foreign answer an error keeps, in bytes.
const FIRST_BYTES: usize = 128;

/// The status bits of a message (`TransportStatus`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Status(u8);

impl Status {
    pub(crate) const REQUEST: Self = Self(0x00);
    pub(crate) const HANDSHAKE_REQUEST: Self = Self(0x08);
    pub(crate) const HANDSHAKE_RESPONSE: Self = Self(0x09);

    /// The byte on the wire.
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// Whether the message answers a request.
    pub const fn is_response(self) -> bool {
        self.0 & 0x01 != 0
    }

    /// Whether the payload is an exception.
    pub const fn is_error(self) -> bool {
        self.0 & 0x02 != 0
    }

    /// Whether the payload is compressed.
    pub const fn is_compressed(self) -> bool {
        self.0 & 0x04 != 0
    }

    /// Whether the message belongs to the tcp handshake, so that its version is a handshake format.
    pub const fn is_handshake(self) -> bool {
        self.0 & 0x08 != 0
    }
}

/// The fixed header of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Header {
    /// Chosen by who asks, repeated in the answer.
    pub request_id: i64,
    /// What kind of message it is.
    pub status: Status,
    /// The version the message is written in.
    pub version: TransportVersionId,
}

/// A complete message at the start of a buffer. Ranges count from the start of that buffer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Message {
    /// The fixed header.
    pub header: Header,
    /// The thread context, and the action of a request. A node may echo credentials here: never show it.
    pub variable_header: Range<usize>,
    /// What follows, up to the end of the message.
    pub payload: Range<usize>,
}

impl Message {
    /// How many bytes of the buffer the message takes.
    pub fn length(&self) -> usize {
        self.payload.end
    }
}

/// What the start of a buffer is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Not decidable before the buffer holds this many bytes in all.
    NeedMore(usize),
    /// A ping of [`PING`]'s length.
    Ping,
    /// A complete message.
    Message(Message),
}

/// Why the start of a buffer is not a frame. The connection is of no further use.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FrameError {
    /// It does not start with `ES`: something else answers. See [`Foreign`](super::Foreign).
    #[error("the answer does not start with ES")]
    NotTransport {
        /// The first bytes, at most 128.
        first: Vec<u8>,
    },
    /// A length that no message has.
    #[error("{length} is not the length of a message")]
    BadLength {
        /// As announced, in bytes behind the length.
        length: i32,
    },
    /// A message longer than the limit.
    #[error("a message of {length} bytes is over the limit of {limit}")]
    TooLarge {
        /// As announced, with marker and length.
        length: usize,
        /// The limit.
        limit: usize,
    },
    /// A complete message whose header cannot be read.
    #[error("the header of the message cannot be read")]
    Header(#[from] DecodeError),
}

/// Cuts a buffer into messages.
#[derive(Debug, Clone, Copy)]
pub struct Framer {
    limit: usize,
}

impl Default for Framer {
    fn default() -> Self {
        Self::with_limit(DEFAULT_FRAME_LIMIT)
    }
}

impl Framer {
    /// A framer that refuses messages of more than `limit` bytes, marker and length included.
    pub fn with_limit(limit: usize) -> Self {
        Self { limit }
    }

    /// What the start of `buffer` is; an announced length over the limit is refused before its bytes have to be read.
    pub fn decode_step(&self, buffer: &[u8]) -> Result<Step, FrameError> {
        if !MARKER.starts_with(&buffer[..buffer.len().min(MARKER.len())]) {
            return Err(FrameError::NotTransport { first: buffer[..buffer.len().min(FIRST_BYTES)].to_vec() });
        }
        let Some(&[_, _, a, b, c, d]) = buffer.first_chunk::<PREFIX>() else {
            return Ok(Step::NeedMore(PREFIX));
        };
        let length = match i32::from_be_bytes([a, b, c, d]) {
            -1 => return Ok(Step::Ping),
            length => usize::try_from(length)
                .ok()
                .filter(|&length| length >= SHORTEST)
                .ok_or(FrameError::BadLength { length })?
                .saturating_add(PREFIX),
        };
        if length > self.limit {
            return Err(FrameError::TooLarge { length, limit: self.limit });
        }
        match buffer.get(..length) {
            Some(message) => Ok(Step::Message(message_of(message)?)),
            None => Ok(Step::NeedMore(length)),
        }
    }
}

fn message_of(bytes: &[u8]) -> Result<Message, DecodeError> {
    let mut reader = Reader::new(bytes);
    reader.take(PREFIX)?;
    let header = Header {
        request_id: reader.i64()?,
        status: Status(reader.byte()?),
        version: TransportVersionId::new(reader.i32()?.cast_unsigned()),
    };
    let start;
    if header.version >= TransportVersionId::WITH_VARIABLE_HEADER_SIZE {
        let at = reader.position();
        let size =
            usize::try_from(reader.i32()?).map_err(|_| DecodeError::Malformed { at, element: Element::Header })?;
        start = reader.position();
        reader.take(size)?;
    } else {
        start = reader.position();
        reader.skip_string_map()?;
        reader.skip_string_list_map()?;
        if !header.status.is_response() {
            reader.strings()?;
            reader.skip_string()?;
        }
    }
    let end = reader.position();
    Ok(Message { header, variable_header: start..end, payload: end..bytes.len() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(bytes: &[u8]) -> Result<Step, FrameError> {
        Framer::default().decode_step(bytes)
    }

    #[test]
    fn a_buffer_that_is_too_short_says_how_many_bytes_it_needs() {
        for (bytes, needed) in
            [(&b""[..], 6), (b"E", 6), (b"ES\0\0\0", 6), (b"ES\0\0\0\x17", 29), (b"ES\0\0\0\x17\0\0", 29)]
        {
            assert_eq!(step(bytes), Ok(Step::NeedMore(needed)), "{bytes:?}");
        }
    }

    #[test]
    fn a_ping_is_known_by_its_length_and_leaves_the_rest_alone() {
        assert_eq!(step(b"ES\xff\xff\xff\xffES"), Ok(Step::Ping));
    }

    #[test]
    fn what_does_not_start_with_the_marker_keeps_its_first_bytes() {
        assert_eq!(step(b"H"), Err(FrameError::NotTransport { first: b"H".to_vec() }));
        assert_eq!(step(b"EX"), Err(FrameError::NotTransport { first: b"EX".to_vec() }));
        let Err(FrameError::NotTransport { first }) = step(&[b'x'; 4096]) else { panic!("not a frame") };
        assert_eq!(first.len(), FIRST_BYTES);
    }

    #[test]
    fn impossible_and_oversized_lengths_are_refused_from_six_bytes() {
        for length in [0, -2, 12, i32::MIN] {
            let mut bytes = MARKER.to_vec();
            bytes.extend(length.to_be_bytes());
            assert_eq!(step(&bytes), Err(FrameError::BadLength { length }));
        }
        assert_eq!(step(b"ES\x7f\xff\xff\xff"), Err(FrameError::TooLarge { length: 0x7fff_ffff + 6, limit: 1 << 20 }));
        assert!(matches!(Framer::with_limit(28).decode_step(b"ES\0\0\0\x17"), Err(FrameError::TooLarge { .. })));
    }

    #[test]
    fn a_variable_header_that_is_negative_or_leaves_the_message_is_refused() {
        for size in [-1, 1, i32::MAX] {
            let mut bytes = b"ES\0\0\0\x11\0\0\0\0\0\0\0\x01\x01\0\x6d\x68\x33".to_vec();
            bytes.extend(i32::to_be_bytes(size));
            assert!(matches!(step(&bytes), Err(FrameError::Header(_))), "{size}");
        }
    }

    #[test]
    fn frames_before_7_6_have_no_variable_header_size() {
        let bytes = b"ES\0\0\0\x13\0\0\0\0\0\0\0\x01\x09\x00\x5c\xc6\x63\0\0\x87\xe7\xb5\x03";
        let Ok(Step::Message(message)) = step(bytes) else { panic!("a message") };
        assert_eq!(message.header.version, TransportVersionId::new(6_080_099));
        assert_eq!((message.variable_header, message.payload), (19..21, 21..25));
    }
}
