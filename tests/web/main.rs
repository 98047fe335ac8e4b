//! The daemon's endpoints, from outside: exposition, answers, sockets, and `web.yml` beside the exporter
//! toolkit. `FARLINK_BLESS=1 cargo test --test web` writes the golden file and docs/metrics.md anew.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, clippy::print_stderr, missing_docs)]

mod endpoints;
mod exposition;
mod reference;
mod secured;
mod sockets;
mod staged;
mod toolkit;
