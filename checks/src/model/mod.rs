//! The nouns of farlink: the link that is diagnosed, the evidence about it, and what is concluded.
//!
//! [`link`] and [`evidence`] are written by probes and readers and saved to disk; [`finding`],
//! [`diagnosis`] and [`report`] are written by the judgement only.

pub mod chain;
pub mod diagnosis;
pub mod evidence;
pub mod finding;
pub mod hello;
pub mod link;
pub mod node;
pub mod remote;
pub mod replication;
pub mod report;
pub mod stage;
pub mod text;
