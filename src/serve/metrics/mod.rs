//! The text exposition format 0.0.4 (<https://prometheus.io/docs/instrumenting/exposition_formats/>):
//! [`Exposition`] writes the links' series straight from the state table, [`Own`] holds the daemon's.

mod exposition;
mod own;
mod series;

pub use exposition::Exposition;
pub use own::{Lag, Own};

/// The media type of an exposition.
pub const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";
