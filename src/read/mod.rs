//! Reading a cluster over its REST API: a local one of its remotes, settings and nodes, a remote one of a key.
//!
//! Only GET, never followed anywhere else, bounded in bytes and time; what goes wrong is a
//! [`ReadError`](farlink_checks::model::evidence::ReadError), which is evidence like any answer.

pub mod api_key;
pub mod ccr;
pub mod client;
pub mod credentials;
mod failure;
pub mod flat;
pub mod nodes;
pub mod remote_info;
pub mod resolve;
pub mod settings;
pub mod ssl_certificates;
#[cfg(test)]
pub(crate) mod test_server;

pub use client::{Client, ClientError};
pub use credentials::Credentials;
