//! The judgement of farlink: evidence in, diagnosis out.
//!
//! Nothing here does I/O, waits, or reads a clock, and the dependency list proves it: the same
//! evidence always gives the same diagnosis. The way through the crate is the pipeline's: [`model`]
//! (the nouns), [`classify`] (evidence to closed enums), `rules` (enums to findings), `blame`
//! (which finding explains which), [`judge`] (the verdict), and [`questions`] (what to ask next).

mod blame;
pub mod catalogue;
pub mod certs;
mod chains;
pub mod changes;
pub mod classify;
pub mod hellos;
pub mod judge;
pub mod lag;
pub mod model;
pub mod questions;
mod rules;
mod stages;
pub mod version;
pub mod x509;
