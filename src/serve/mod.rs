//! The daemon: links run on their own schedule, and what is known of them is served as metrics, pages
//! and answers. [`table`] is where both sides meet: runs write it, everything else reads it.

pub mod control;
pub mod facts;
pub mod families;
pub mod page;
pub mod table;
pub mod timings;

/// The present, handed in so that tests can say what it is.
pub type Clock = fn() -> jiff::Timestamp;
