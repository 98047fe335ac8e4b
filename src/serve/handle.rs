//! The engine, as the endpoints reach it.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use tokio::sync::{mpsc, oneshot};

use super::control::Control;
use super::engine::Command;
use super::pulse::Pulse;
use super::table::LinkState;

/// The engine, as the endpoints reach it.
pub struct Handle {
    /// Where it listens.
    pub commands: mpsc::Sender<Command>,
    /// What it shows.
    pub pulse: Arc<Pulse>,
    /// What reads the configuration again.
    pub reload: Box<dyn Fn() -> BoxFuture<'static, Result<(), String>> + Send + Sync>,
}

impl Control for Handle {
    fn probe(&self, name: String) -> BoxFuture<'_, Option<Arc<LinkState>>> {
        Box::pin(async move {
            let (reply, answer) = oneshot::channel();
            self.commands.send(Command::Probe(name, reply)).await.ok()?;
            answer.await.ok().flatten()
        })
    }

    fn reload(&self) -> BoxFuture<'_, Result<(), String>> {
        (self.reload)()
    }

    fn ready(&self) -> bool {
        self.pulse.is_ready()
    }
}
