//! What an answering message is: a tcp handshake, an exception, or the payload that an action gives.
//! The variable header is passed over unread: a node may echo the request's credentials in it.

use super::{DecodeError, Element, Message, RemoteError, TcpHandshake};

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Response<'a> {
    /// To a tcp handshake.
    Handshake(TcpHandshake),
    /// The request failed on the remote side.
    Error(RemoteError),
    /// To an action, which knows how to read it.
    Payload(&'a [u8]),
}

/// Why a message is not an answer that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ResponseError {
    /// It is a request; a server does not send any.
    #[error("the peer sent a request instead of an answer")]
    Request,
    /// It is compressed, although nothing that was sent to it was.
    #[error("the answer is compressed although the request was not")]
    Compressed,
    /// Its payload cannot be read.
    #[error("the answer cannot be read")]
    Payload(#[from] DecodeError),
}

impl<'a> Response<'a> {
    /// What `message`, with which `buffer` starts, is.
    ///
    /// # Errors
    /// [`ResponseError`] if it is not an answer or cannot be read.
    pub fn decode(message: &Message, buffer: &'a [u8]) -> Result<Self, ResponseError> {
        let header = &message.header;
        if !header.status.is_response() {
            return Err(ResponseError::Request);
        }
        if header.status.is_compressed() {
            return Err(ResponseError::Compressed);
        }
        let missing = DecodeError::Malformed { at: message.payload.start, element: Element::Header };
        let payload = buffer.get(message.payload.clone()).ok_or(missing)?;
        Ok(if header.status.is_error() {
            Self::Error(RemoteError::decode(payload, header.version)?)
        } else if header.status.is_handshake() {
            Self::Handshake(TcpHandshake::decode_payload(header.version, payload)?)
        } else {
            Self::Payload(payload)
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::wire::{Action, Framer, Step, TransportVersionId};

    fn decode(bytes: &[u8]) -> Result<Response<'_>, ResponseError> {
        let Ok(Step::Message(message)) = Framer::default().decode_step(bytes) else { panic!("a message") };
        Response::decode(&message, bytes)
    }

    #[test]
    fn a_request_and_a_compressed_answer_are_not_read() {
        let mut bytes = Action::TransportHandshake.encode(1, TransportVersionId::INITIAL_8_19, []).unwrap();
        assert_eq!(decode(&bytes), Err(ResponseError::Request));
        bytes[14] = 0x05;
        assert_eq!(decode(&bytes), Err(ResponseError::Compressed));
    }

    #[test]
    fn a_handshake_with_more_than_a_handshake_in_it_is_refused() {
        let mut bytes = TcpHandshake::universal(TransportVersionId::PROBE).encode_response(1).unwrap();
        bytes.push(0);
        bytes[5] += 1;
        assert_eq!(decode(&bytes), Err(ResponseError::Payload(DecodeError::Trailing { at: 4, count: 1 })));
    }
}
