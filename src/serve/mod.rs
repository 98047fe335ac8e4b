//! The daemon: links run on their own schedule, and what is known of them is served as metrics, pages
//! and answers. [`table`] is where both sides meet: runs write it, everything else reads it.

pub mod alive;
pub mod control;
pub mod daemon;
pub mod engine;
pub mod facts;
pub mod families;
pub mod handle;
pub mod http;
pub mod metrics;
pub mod page;
mod pass;
pub mod pulse;
pub mod remote;
pub mod roster;
pub mod schedule;
pub mod source;
pub mod store;
pub mod table;
pub mod timings;
pub mod web;

/// The present, handed in so that tests can say what it is.
pub type Clock = fn() -> jiff::Timestamp;
