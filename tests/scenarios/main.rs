//! The command itself against the embedded estate: what a user types, and what comes out.

#![allow(clippy::unwrap_used, missing_docs)]

mod cluster;
mod estate;
mod usage;
