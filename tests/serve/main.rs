//! The daemon as a process: under Prometheus and Alertmanager, and under faults. What it waits for is polled
//! for with a deadline. `FARLINK_ALL=1` repeats the faults that depend on their moment more often.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, clippy::print_stderr, missing_docs)]

mod alerts;
mod canary;
#[path = "../scenarios/canary_roads.rs"]
mod canary_roads;
mod certificates;
mod daemon;
mod key_file;
mod keys;
#[path = "../scenarios/leak.rs"]
mod leak;
mod limits;
mod manager;
mod network;
mod prometheus;
mod reload;
mod shards;
mod state;
mod wait;
