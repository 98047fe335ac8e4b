//! Releases, transport version ids, and which of them can talk to each other.

#![allow(
    clippy::inconsistent_digit_grouping,
    clippy::mistyped_literal_suffixes,
    reason = "version ids are grouped as Elasticsearch's source groups them"
)]

mod compatibility;
mod id;
mod release;
mod table;

pub use compatibility::{Compatibility, compatible, compatible_releases};
pub use id::{Scheme, TransportVersionId};
pub use release::{ReleaseParseError, ReleaseVersion};
pub use table::{ReleaseRange, releases};
