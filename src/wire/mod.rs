//! The Elasticsearch transport protocol as bytes: what a probe sends and what a node answers, without any I/O.
//! Everything that comes from a peer is bounded and checked before it is used; nothing here panics or trusts a length.
//!
//! The way through: [`Framer`] cuts a buffer into pings and [`Message`]s, [`Response`] says what a message is, and
//! [`HandshakeResponse`] or [`decode_nodes`] read its payload. [`Foreign`] names what answered when it was not a
//! transport port. [`TcpHandshake`], [`Action`] and [`SubjectInfo`] write what is sent.

#![allow(
    clippy::inconsistent_digit_grouping,
    clippy::mistyped_literal_suffixes,
    reason = "version ids are grouped as Elasticsearch's source groups them"
)]

mod error;
mod exception;
mod exception_class;
mod exception_reader;
mod foreign;
mod frame;
mod handshake;
mod handshake_response;
mod node;
mod origin;
mod reader;
mod request;
mod response;
mod subject;
mod writer;

pub use error::{DecodeError, Element};
pub use exception::{Cause, RemoteError};
pub use exception_class::ExceptionClass;
pub use foreign::Foreign;
pub use frame::{DEFAULT_FRAME_LIMIT, FrameError, Framer, Header, Message, PING, Status, Step};
pub use handshake::TcpHandshake;
pub use handshake_response::HandshakeResponse;
pub use node::{DiscoveryNode, IndexVersions, Role, TransportAddress, decode_nodes, encode_nodes};
pub use origin::Origin;
pub use reader::Reader;
pub use request::{Action, CREDENTIALS_HEADER, EncodeError, MAX_REQUEST, SUBJECT_INFO_HEADER};
pub use response::{Response, ResponseError};
pub use subject::{SubjectError, SubjectInfo};
pub use writer::Writer;

pub use farlink_checks::version::{
    Compatibility, ReleaseParseError, ReleaseRange, ReleaseVersion, Scheme, TransportVersionId, compatible,
    compatible_releases, releases,
};
