//! From what the user wrote to links that can be probed: options, the configuration, and the files
//! they name.
//!
//! [`config`] and [`by_hand`] both end in [`inputs::Inputs`]; [`given`] is what they have in common.

pub mod address;
pub mod bundle;
pub mod by_hand;
pub mod cluster_access;
pub mod config;
pub mod discover;
pub mod duration;
pub mod files;
pub mod given;
pub mod inputs;
pub mod key;
pub mod pattern;
pub mod pem;
pub mod replication;
