//! The Elasticsearch transport protocol as bytes: what a probe sends and what a node answers, without any I/O.
//! Everything that comes from a peer is bounded and checked before it is used; nothing here panics or trusts a length.
//!
//! The way through: [`Framer`] cuts a buffer into pings and [`Message`]s, [`Response`] says what a message is, and
//! [`HandshakeResponse`] or [`decode_nodes`] read its payload. [`Foreign`] names what answered when it was not a
//! transport port. [`TcpHandshake`], [`Action`] and [`SubjectInfo`] write what is sent.

mod compatibility;
mod error;
mod exception;
mod exception_class;
mod foreign;
mod frame;
mod handshake;
mod node;
mod origin;
mod primitive;
mod release;
mod request;
mod response;
mod subject;
mod version;
mod version_table;

pub use compatibility::{Compatibility, compatible, compatible_releases};
pub use error::{DecodeError, Element};
pub use exception::{Cause, RemoteError};
pub use exception_class::ExceptionClass;
pub use foreign::Foreign;
pub use frame::{DEFAULT_FRAME_LIMIT, FrameError, Framer, Header, Message, PING, Status, Step};
pub use handshake::TcpHandshake;
pub use node::{DiscoveryNode, HandshakeResponse, IndexVersions, Role, TransportAddress, decode_nodes, encode_nodes};
pub use origin::Origin;
pub use primitive::{Reader, Writer};
pub use release::{ReleaseParseError, ReleaseVersion};
pub use request::{Action, CREDENTIALS_HEADER, EncodeError, MAX_REQUEST, SUBJECT_INFO_HEADER};
pub use response::{Response, ResponseError};
pub use subject::{SubjectError, SubjectInfo};
pub use version::{Scheme, TransportVersionId};
pub use version_table::{ReleaseRange, releases};
