//! The command itself against the embedded estate: what a user types, and what comes out.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, missing_docs)]

mod canary;
mod canary_roads;
mod certs;
mod clock;
mod cluster;
mod estate;
mod image;
mod interception;
mod ipv6;
mod keys;
mod leak;
mod remote_key;
mod sniff;
mod usage;
