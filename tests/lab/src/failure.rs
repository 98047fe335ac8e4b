//! Error answers as nodes write them: `ElasticsearchException.writeTo` and `writeException`.
//! Stack traces were captured (those of key checks from a plugin that plays the security module), so that frames have real sizes.

use std::net::SocketAddr;

use crate::frame::Encoder;

const ACTION_NOT_FOUND_7: &str = include_str!("data/stack-action-not-found-7.hex");
const ACTION_NOT_FOUND: &str = include_str!("data/stack-action-not-found.hex");
const BASE64: &str = include_str!("data/stack-base64.hex");
const CHANNEL_PROFILE: &str = include_str!("data/stack-channel-profile.hex");
const CREDENTIALS: &str = include_str!("data/stack-credentials.hex");
const SECURITY: &str = include_str!("data/stack-security.hex");

/// From 8.0.0 on a remote transport exception no longer writes its address and action.
const SHORT_REMOTE_EXCEPTION: u32 = 8_000_099;

/// The exception that a handler failed with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    class: Class,
    message: String,
    cause: Option<Box<Failure>>,
    stack: &'static str,
    /// `es.additional_unsuccessful_credentials`.
    unsuccessful: Option<&'static str>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Class {
    /// `ElasticsearchSecurityException` with its REST status.
    Security(&'static str),
    /// `ActionNotFoundTransportException` with the action.
    ActionNotFound(String),
    IllegalArgument,
    IllegalState,
    CircuitBreaking,
}

impl Failure {
    /// Nobody handles `action`; `version` chooses the stack trace of the line.
    pub(crate) fn action_not_found(action: &str, version: u32) -> Self {
        Self {
            class: Class::ActionNotFound(action.to_owned()),
            message: format!("No handler for action [{action}]"),
            cause: None,
            stack: if version < SHORT_REMOTE_EXCEPTION { ACTION_NOT_FOUND_7 } else { ACTION_NOT_FOUND },
            unsuccessful: None,
        }
    }

    /// The remote cluster handshake on a channel that is not the remote cluster server's.
    pub(crate) fn channel_profile() -> Self {
        let message =
            "remote cluster handshake action requires channel profile to be [_remote_cluster], but got [default]";
        Self { stack: CHANNEL_PROFILE, ..Self::illegal_argument(message) }
    }

    /// 401 with `message`.
    pub(crate) fn unauthorized(message: impl Into<String>) -> Self {
        Self {
            class: Class::Security("UNAUTHORIZED"),
            message: message.into(),
            cause: None,
            stack: SECURITY,
            unsuccessful: None,
        }
    }

    /// 403 with `message`.
    pub(crate) fn forbidden(message: impl Into<String>) -> Self {
        Self { class: Class::Security("FORBIDDEN"), ..Self::unauthorized(message) }
    }

    /// An illegal argument.
    pub(crate) fn illegal_argument(message: impl Into<String>) -> Self {
        Self { class: Class::IllegalArgument, stack: CREDENTIALS, ..Self::unauthorized(message) }
    }

    /// An illegal state.
    pub(crate) fn illegal_state(message: impl Into<String>) -> Self {
        Self { class: Class::IllegalState, ..Self::illegal_argument(message) }
    }

    /// A circuit breaker that tripped before anything was looked at.
    pub(crate) fn breaker(message: impl Into<String>) -> Self {
        Self { class: Class::CircuitBreaking, ..Self::unauthorized(message) }
    }

    /// The same failure with why other credentials did not do, in its metadata.
    pub(crate) fn with_unsuccessful(self, reason: &'static str) -> Self {
        Self { unsuccessful: Some(reason), ..self }
    }

    /// An illegal argument found while decoding Base64.
    pub(crate) fn base64(message: impl Into<String>) -> Self {
        Self { stack: BASE64, ..Self::illegal_argument(message) }
    }

    /// The same failure with a cause.
    pub(crate) fn because(self, cause: Self) -> Self {
        Self { cause: Some(Box::new(cause)), ..self }
    }

    /// The body of the error response of `node` at `bound` to `action`.
    pub(crate) fn body(&self, node: &str, bound: SocketAddr, action: &str, version: u32) -> Vec<u8> {
        let mut out = Encoder::default();
        out.raw(&[1, 0]).vint(103).raw(&[1]).string(&format!("[{node}][{bound}][{action}]"));
        self.write(&mut out);
        // No stack, nothing suppressed, no headers, no metadata.
        out.raw(&[0; 4]);
        if version < SHORT_REMOTE_EXCEPTION {
            out.raw(&[1]);
            transport_address(&mut out, bound);
            out.raw(&[1]).string(action);
        }
        out.0
    }

    fn write(&self, out: &mut Encoder) {
        // The id of a class of Elasticsearch, or the key of one of Java's.
        let (key, class) = match self.class {
            Class::Security(_) => (0, Some(4)),
            Class::ActionNotFound(_) => (0, Some(101)),
            Class::CircuitBreaking => (0, Some(133)),
            Class::IllegalArgument => (6, None),
            Class::IllegalState => (14, None),
        };
        out.raw(&[1]).vint(key);
        if let Some(class) = class {
            out.vint(class);
        }
        out.raw(&[1]).string(&self.message);
        match &self.cause {
            Some(cause) => cause.write(out),
            None => drop(out.raw(&[0])),
        }
        out.raw(&stack(self.stack)).raw(&[0]);
        if class.is_some() {
            // Headers, then metadata.
            out.raw(&[0]).vint(self.unsuccessful.iter().len() as u32);
            if let Some(reason) = self.unsuccessful {
                out.string("es.additional_unsuccessful_credentials").vint(1).string(reason);
            }
        }
        match &self.class {
            Class::Security(status) => drop(out.string(status)),
            Class::ActionNotFound(action) => drop(out.raw(&[1]).string(action)),
            // Bytes wanted, the limit, and that it is transient.
            Class::CircuitBreaking => drop(out.raw(&[0; 16]).vint(0)),
            Class::IllegalArgument | Class::IllegalState => {}
        }
    }
}

/// Writes a `TransportAddress`.
pub(crate) fn transport_address(out: &mut Encoder, address: SocketAddr) {
    match address.ip() {
        std::net::IpAddr::V4(ip) => out.raw(&[4]).raw(&ip.octets()),
        std::net::IpAddr::V6(ip) => out.raw(&[16]).raw(&ip.octets()),
    };
    out.string(&address.ip().to_string()).int(u32::from(address.port()));
}

fn stack(text: &str) -> Vec<u8> {
    let digits: String = text.split_whitespace().collect();
    // A stack of no elements, should the file ever be damaged; the tests compare with captures.
    hex::decode(digits).unwrap_or_else(|_| vec![0])
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;
    use crate::frame::{ERROR, response};

    #[test]
    fn error_frames_are_byte_for_byte_those_of_real_nodes() {
        let action = "cluster:internal/remote_cluster/handshake";
        let cases = [
            (
                include_str!("data/frame-7.17.29-action-not-found.hex"),
                7_172_999,
                "node-p1",
                39301,
                Failure::action_not_found(action, 7_172_999),
            ),
            (
                include_str!("data/frame-9.5.3-channel-profile.hex"),
                8_841_000,
                "node-p8",
                39308,
                Failure::channel_profile(),
            ),
        ];
        for (captured, version, node, port, failure) in cases {
            let bound = SocketAddr::from(([127, 0, 0, 1], port));
            let frame = response(4, ERROR, version, &[], &failure.body(node, bound, action, version));
            assert_eq!(hex::encode(frame), captured.split_whitespace().collect::<String>());
        }
    }
}
