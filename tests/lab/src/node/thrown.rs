//! Exceptions as `StreamOutput.writeException` puts them into error frames: message and cause first, then the stack.
//! The stacks are those of real nodes, so that frames have real sizes.

use std::net::{IpAddr, SocketAddr};

use super::stream::Output;

/// A stack trace captured from a node, in its wire form.
macro_rules! stack {
    ($name:literal) => {
        include_str!(concat!("../data/stack-", $name, ".hex"))
    };
}

/// First version whose `RemoteTransportException` leaves address and action out (8.0.0).
const WITHOUT_ADDRESS: u32 = 8_000_099;

/// An exception of one of the classes that the emulated answers need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Thrown {
    /// `ElasticsearchSecurityException`
    Security {
        status: &'static str,
        message: String,
        /// Response headers: WWW-Authenticate of an unauthenticated request.
        challenge: bool,
        cause: Option<Box<Thrown>>,
    },
    /// `IllegalArgumentException`
    IllegalArgument {
        message: String,
        cause: Option<Box<Thrown>>,
        stack: &'static str,
    },
    /// `ActionNotFoundTransportException`
    ActionNotFound { action: String },
}

impl Thrown {
    /// HTTP status 401 with the message of a key's check.
    pub(crate) fn unauthorized(message: impl Into<String>) -> Self {
        Self::Security {
            status: "UNAUTHORIZED",
            message: message.into(),
            challenge: false,
            cause: None,
        }
    }

    /// HTTP status 403.
    pub(crate) fn forbidden(message: impl Into<String>) -> Self {
        Self::Security {
            status: "FORBIDDEN",
            message: message.into(),
            challenge: false,
            cause: None,
        }
    }

    /// HTTP status 401 of a request without credentials.
    pub(crate) fn missing_credentials(action: &str) -> Self {
        Self::Security {
            status: "UNAUTHORIZED",
            message: format!("missing authentication credentials for action [{action}]"),
            challenge: true,
            cause: None,
        }
    }

    /// "failed to extract credentials from headers" over `cause`.
    pub(crate) fn extraction(cause: Self) -> Self {
        Self::Security {
            status: "UNAUTHORIZED",
            message: "failed to extract credentials from headers".to_owned(),
            challenge: false,
            cause: Some(Box::new(cause)),
        }
    }

    /// An illegal header, with the stack of the remote cluster server's header check.
    pub(crate) fn header(message: impl Into<String>, cause: Option<Self>) -> Self {
        Self::IllegalArgument {
            message: message.into(),
            cause: cause.map(Box::new),
            stack: stack!("credentials"),
        }
    }

    /// A value that does not decode, with the stack of the JDK's Base64 decoder.
    pub(crate) fn undecodable(message: impl Into<String>) -> Self {
        Self::IllegalArgument {
            message: message.into(),
            cause: None,
            stack: stack!("base64"),
        }
    }

    /// The remote cluster handshake arriving on the transport port of a node that has its remote cluster server on.
    pub(crate) fn channel_profile() -> Self {
        Self::IllegalArgument {
            message: "remote cluster handshake action requires channel profile to be [_remote_cluster], but got [default]"
                .to_owned(),
            cause: None,
            stack: stack!("channel-profile"),
        }
    }

    /// The body of an error frame: this exception inside a `RemoteTransportException`.
    pub(crate) fn body(&self, node_name: &str, local: SocketAddr, action: &str, version: u32) -> Vec<u8> {
        let mut output = Output::default();
        output.raw(&[1, 0, 103]);
        output.optional_string(Some(&format!("[{node_name}][{local}][{action}]")));
        self.write(&mut output, version);
        // No stack, nothing suppressed, no headers, no metadata.
        output.raw(&[0; 4]);
        if version < WITHOUT_ADDRESS {
            output.byte(1);
            transport_address(&mut output, local);
            output.optional_string(Some(action));
        }
        output.bytes
    }

    fn write(&self, output: &mut Output, version: u32) {
        output.byte(1);
        match self {
            Self::Security { status, message, challenge, cause } => {
                output.raw(&[0, 4]);
                output.optional_string(Some(message));
                write_cause(output, cause.as_deref(), version);
                write_stack(output, stack!("security"));
                write_challenge(output, *challenge);
                output.vint(0);
                output.string(status);
            }
            Self::IllegalArgument { message, cause, stack } => {
                output.byte(6);
                output.optional_string(Some(message));
                write_cause(output, cause.as_deref(), version);
                write_stack(output, stack);
            }
            Self::ActionNotFound { action } => {
                output.raw(&[0, 101]);
                output.optional_string(Some(&format!("No handler for action [{action}]")));
                output.byte(0);
                let seven = version < WITHOUT_ADDRESS;
                write_stack(output, if seven { stack!("action-not-found-7") } else { stack!("action-not-found") });
                output.raw(&[0, 0]);
                output.optional_string(Some(action));
            }
        }
    }
}

/// A `TransportAddress`: the address, its text, and the port.
pub(crate) fn transport_address(output: &mut Output, address: SocketAddr) {
    match address.ip() {
        IpAddr::V4(ip) => {
            output.byte(4);
            output.raw(&ip.octets());
        }
        IpAddr::V6(ip) => {
            output.byte(16);
            output.raw(&ip.octets());
        }
    }
    output.string(&address.ip().to_string());
    output.int(u32::from(address.port()));
}

fn write_cause(output: &mut Output, cause: Option<&Thrown>, version: u32) {
    match cause {
        Some(cause) => cause.write(output, version),
        None => output.byte(0),
    }
}

/// The captured stack, then no suppressed exception.
fn write_stack(output: &mut Output, captured: &str) {
    let digits: String = captured.split_whitespace().collect();
    output.raw(&hex::decode(digits).unwrap_or_else(|_| vec![0]));
    output.vint(0);
}

/// The headers of an exception: a map of lists.
fn write_challenge(output: &mut Output, challenge: bool) {
    output.vint(u32::from(challenge));
    if challenge {
        output.string("WWW-Authenticate");
        let schemes = ["Basic realm=\"security\", charset=\"UTF-8\"", "Bearer realm=\"security\"", "ApiKey"];
        output.count(schemes.len());
        for scheme in schemes {
            output.string(scheme);
        }
    }
}
