//! The tcp handshake (`TransportHandshaker`): both sides name their transport version, before any authentication.
//! The version in the header of such a frame is the number of a format, not a version of anything.

use std::iter;

use super::{
    DecodeError, Element, EncodeError, Message, Reader, Status, TransportVersionId, Writer,
    request::{frame, request},
    writer::string_len,
};

const ACTION: &str = "internal:tcp/handshake";

/// What one side says of itself in a tcp handshake.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum TcpHandshake {
    /// Format 7170099, which every server from 7.17 to 9.x answers.
    Format7170099 {
        /// The sender's transport version; in an answer from 8.18 on the lower of both.
        version: TransportVersionId,
    },
    /// Format 8800000, which 8.18 and later answer; older servers close the connection and log a warning.
    Format8800000 {
        /// As above.
        version: TransportVersionId,
        /// The sender's release, as free text.
        release: String,
    },
}

impl TcpHandshake {
    /// The format in which a server of any version can be asked; `version` is usually [`TransportVersionId::PROBE`].
    pub fn universal(version: TransportVersionId) -> Self {
        Self::Format7170099 { version }
    }

    /// The format that brings the exact release, for servers from [`TransportVersionId::ANSWERS_RELEASE_HANDSHAKE`] on.
    /// What is given as `release` appears in the server's log if it finds fault.
    pub fn with_release(version: TransportVersionId, release: impl Into<String>) -> Self {
        Self::Format8800000 { version, release: release.into() }
    }

    /// The number of the format, as it stands in the header.
    pub const fn format(&self) -> TransportVersionId {
        match self {
            Self::Format7170099 { .. } => TransportVersionId::new(7_170_099),
            Self::Format8800000 { .. } => RELEASE_FORMAT,
        }
    }

    /// The sender's transport version.
    pub const fn version(&self) -> TransportVersionId {
        match self {
            Self::Format7170099 { version } | Self::Format8800000 { version, .. } => *version,
        }
    }

    /// The sender's release as it was given; a peer may say anything here.
    pub fn release(&self) -> Option<&str> {
        match self {
            Self::Format7170099 { .. } => None,
            Self::Format8800000 { release, .. } => Some(release),
        }
    }

    /// The frame that asks for a handshake.
    ///
    /// # Errors
    /// [`EncodeError::TooLarge`] if the release makes the frame longer than [`MAX_REQUEST`](super::MAX_REQUEST).
    pub fn encode_request(&self, request_id: i64) -> Result<Vec<u8>, EncodeError> {
        let mut body = Writer::default();
        // No parent task.
        body.byte(0).bytes(&self.payload());
        request(Status::HANDSHAKE_REQUEST, request_id, self.format(), iter::empty(), ACTION, &body.into_bytes())
    }

    /// The frame that answers a handshake.
    ///
    /// # Errors
    /// As [`Self::encode_request`].
    pub fn encode_response(&self, request_id: i64) -> Result<Vec<u8>, EncodeError> {
        frame(Status::HANDSHAKE_RESPONSE, request_id, self.format(), 2, &self.payload(), |writer| {
            writer.raw(&[0, 0]);
        })
    }

    /// Reads the handshake out of a request that `buffer` starts with.
    ///
    /// # Errors
    /// [`DecodeError`] if it is not a complete tcp handshake request.
    pub fn decode_request(message: &Message, buffer: &[u8]) -> Result<Self, DecodeError> {
        let malformed = DecodeError::Malformed { at: 0, element: Element::Handshake };
        let status = message.header.status;
        if !status.is_handshake() || status.is_response() {
            return Err(malformed);
        }
        let mut reader = Reader::new(buffer.get(message.payload.clone()).ok_or(malformed)?);
        if !reader.string()?.is_empty() {
            // A parent task: its number follows.
            reader.i64()?;
        }
        let payload = reader.bytes()?;
        reader.finish()?;
        Self::decode_payload(message.header.version, payload)
    }

    /// Reads the payload of an answer in `format`.
    pub(crate) fn decode_payload(format: TransportVersionId, payload: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(payload);
        let version = TransportVersionId::new(reader.vint()?);
        let handshake = if format < RELEASE_FORMAT {
            Self::Format7170099 { version }
        } else {
            Self::Format8800000 { version, release: reader.string()? }
        };
        reader.finish()?;
        Ok(handshake)
    }

    fn payload(&self) -> Vec<u8> {
        let mut writer = Writer::with_capacity(5 + self.release().map_or(0, string_len));
        writer.vint(self.version().id());
        if let Some(release) = self.release() {
            writer.string(release);
        }
        writer.into_bytes()
    }
}

const RELEASE_FORMAT: TransportVersionId = TransportVersionId::new(8_800_000);
