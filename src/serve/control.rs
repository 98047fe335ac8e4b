//! What the HTTP side may ask of the daemon: nothing but a run of a link it has, and a reload.

use std::sync::Arc;

use futures_util::future::BoxFuture;

use super::table::LinkState;

/// The daemon, as its endpoints see it.
pub trait Control: Send + Sync {
    /// Runs the link of this name now, or waits for its run that is under way, and returns what is known
    /// then; `None` where there is no such link.
    fn probe(&self, name: String) -> BoxFuture<'_, Option<Arc<LinkState>>>;

    /// Reads the configuration again. The error is for people, with file, line and column.
    fn reload(&self) -> BoxFuture<'_, Result<(), String>>;

    /// Whether every link has been run once.
    fn ready(&self) -> bool;
}
