//! The command itself against the embedded estate: what a user types, and what comes out.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, missing_docs)]

mod certs;
mod clock;
mod cluster;
mod estate;
mod interception;
mod ipv6;
mod sniff;
mod usage;
