//! Why bytes of a peer could not be read.
//! Every error says where in the bytes it happened and what was being read there.

use std::fmt;

/// What was being read when the bytes did not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Element {
    /// A one-byte boolean that is neither 0 nor 1.
    Boolean,
    /// A variable-length 32-bit integer.
    VInt,
    /// A variable-length 64-bit integer.
    VLong,
    /// A string.
    String,
    /// The fixed or variable header of a frame.
    Header,
    /// The address of a node: its length is neither 4 nor 16, or its port is no port.
    Address,
    /// An exception.
    Exception,
    /// The answer to a handshake.
    Handshake,
}

impl fmt::Display for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Boolean => "boolean",
            Self::VInt => "variable-length integer",
            Self::VLong => "variable-length long",
            Self::String => "string",
            Self::Header => "header",
            Self::Address => "node address",
            Self::Exception => "exception",
            Self::Handshake => "handshake",
        })
    }
}

/// Why bytes could not be decoded; offsets count from the start of the slice that was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// The bytes end too early; a complete frame that says so is damaged or was cut.
    #[error("the bytes end {missing} short of what byte {at} announces")]
    Truncated {
        /// Where the value starts.
        at: usize,
        /// How many bytes are missing at the least.
        missing: usize,
    },
    /// The bytes are there and are not a value of this kind.
    #[error("what stands at byte {at} is not a {element}")]
    Malformed {
        /// Where the value starts.
        at: usize,
        /// What it should have been.
        element: Element,
    },
    /// The value is larger than anything a node sends; it was not read.
    #[error("the {element} at byte {at} is larger than {limit}")]
    TooLarge {
        /// Where the value starts.
        at: usize,
        /// What it is.
        element: Element,
        /// The bound.
        limit: usize,
    },
    /// A complete value was read and bytes are left over.
    #[error("{count} bytes are left over at byte {at}")]
    Trailing {
        /// Where the rest starts.
        at: usize,
        /// How long it is.
        count: usize,
    },
}
