//! The daemon as a whole: configuration, engine, endpoints, signals, and the state that survives.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use farlink_checks::model::evidence::Tool;
use futures_util::future::BoxFuture;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{Notify, mpsc, oneshot};
use tokio::time::sleep;

use super::engine::{Command, Engine, Setup};
use super::handle::Handle;
use super::http::{App, ServeError, Server, router};
use super::metrics::Own;
use super::pulse::Pulse;
use super::store::{Restored, Store};
use super::table::Table;
use super::web::Web;
use super::{Clock, alive, page};
use crate::link::config::{Config, Serve};
use crate::link::files::{Files as _, System};
use crate::probe::dns::DnsSetupError;
use crate::probe::seams::Seams;
use crate::run::planned::resolver;
use crate::usage::UsageError;

/// The most runs at once: more would only wait for each other's processor time.
const AT_ONCE: usize = 256;
/// How many descriptors the daemon keeps for itself.
const OWN_DESCRIPTORS: usize = 32;
/// The most connections of those who ask it: a Prometheus that runs the probes has one for each.
const CONNECTIONS: usize = 512;
/// How many descriptors a run takes at its most, one an address.
const DESCRIPTORS_EACH: usize = 8;
/// How long changes are collected before they are written.
const COLLECTED: Duration = Duration::from_secs(1);

/// Why the daemon cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum DaemonError {
    /// The configuration cannot be used.
    #[error(transparent)]
    Usage(#[from] UsageError),
    /// It cannot listen.
    #[error(transparent)]
    Listen(#[from] ServeError),
    /// Name servers cannot be used as they are given.
    #[error("resolver: {0}")]
    Resolver(#[from] DnsSetupError),
    /// Its own metrics contradict each other, which is a fault of farlink's.
    #[error("metrics: {0}")]
    Metrics(#[from] prometheus::Error),
    /// The system does not let it hear signals.
    #[error("signals: {0}")]
    Signals(std::io::Error),
}

/// What a daemon begins with.
pub struct Options {
    /// The configuration's file; where it is by default without one.
    pub config: Option<PathBuf>,
    /// Where to listen, whatever the configuration says.
    pub listen: Option<SocketAddr>,
    /// The present.
    pub clock: Clock,
    /// This program.
    pub tool: Tool,
}

/// Runs the daemon until it is told to stop by SIGTERM or SIGINT. `listening` is called once with its address.
pub async fn serve(options: Options, listening: impl FnOnce(SocketAddr)) -> Result<(), DaemonError> {
    let config = Config::load(&System, options.config.as_deref())?;
    let at = options.listen.unwrap_or(config.serve.listen);
    let web = match &config.serve.web_config {
        Some(path) => Web::read(path)?,
        None => Web::plain(),
    };
    let server = Server::bind(at).await?.with_connections(connections(descriptors()));
    let pulse = Pulse::new();
    let own = Arc::new(Own::new({
        let pulse = Arc::clone(&pulse);
        Arc::new(move || pulse.lag())
    })?);
    let table = Arc::new(Table::default());
    let changed = Arc::new(Notify::new());
    let store = config.serve.state.as_deref().map(|folder| Arc::new(restore(folder, options.clock)));
    let first = Setup { seams: seams(&config)?, config: Arc::new(config.clone()) };
    let (commands, inbox) = mpsc::channel(64);
    let engine = Engine {
        table: Arc::clone(&table),
        own: Arc::clone(&own),
        store: store.clone(),
        changed: Arc::clone(&changed),
        pulse: Arc::clone(&pulse),
        clock: options.clock,
        at_once: at_once(descriptors()),
        alive: alive::interval().map(|every| (every, alive::beat as fn())),
    };
    let engine = tokio::spawn(engine.run(first, inbox));
    let reloader = Arc::new(Reloader {
        path: options.config,
        serve: config.serve.clone(),
        commands: commands.clone(),
        own: Arc::clone(&own),
        web: Arc::clone(&web),
    });
    let again = Arc::clone(&reloader);
    let control = Handle {
        commands: commands.clone(),
        pulse,
        reload: Box::new(move || -> BoxFuture<'static, Result<(), String>> {
            let again = Arc::clone(&again);
            Box::pin(async move { again.reload().await })
        }),
    };
    let address = server.address();
    let app = App {
        table: Arc::clone(&table),
        control: Arc::new(control),
        own,
        clock: options.clock,
        tool: options.tool,
        listen: address,
        reload: config.serve.reload,
        probe_deadline: config.links.iter().map(|it| it.timeouts.link).max().unwrap_or(Duration::from_secs(20)) * 2,
    };
    let router = router(app, page::routes(Arc::clone(&table), options.clock));
    let (stop, stopped) = oneshot::channel::<()>();
    let http = tokio::spawn(server.serve(router, web, async {
        let _ = stopped.await;
    }));
    let saver = store.clone().map(|store| tokio::spawn(save(store, Arc::clone(&table), changed, options.clock)));
    tracing::info!(%address, links = config.links.len(), "farlink listens");
    listening(address);
    alive::ready();

    until_stopped(&reloader).await?;
    alive::stopping();
    tracing::info!("farlink stops");
    let _ = commands.send(Command::Stop).await;
    let _ = engine.await;
    if let Some(saver) = saver {
        saver.abort();
    }
    if let Some(store) = store {
        write(&store, &table, options.clock).await;
    }
    let _ = stop.send(());
    let _ = http.await;
    Ok(())
}

async fn until_stopped(reloader: &Arc<Reloader>) -> Result<(), DaemonError> {
    let hear = |kind| signal(kind).map_err(DaemonError::Signals);
    let (mut term, mut int, mut hup) =
        (hear(SignalKind::terminate())?, hear(SignalKind::interrupt())?, hear(SignalKind::hangup())?);
    loop {
        tokio::select! {
            _ = term.recv() => return Ok(()),
            _ = int.recv() => return Ok(()),
            _ = hup.recv() => {
                let reloader = Arc::clone(reloader);
                // The log says what came of it.
                tokio::spawn(async move { reloader.reload().await });
            }
        }
    }
}

/// Reads the configuration again.
struct Reloader {
    path: Option<PathBuf>,
    serve: Serve,
    commands: mpsc::Sender<Command>,
    own: Arc<Own>,
    web: Arc<Web>,
}

impl Reloader {
    async fn reload(&self) -> Result<(), String> {
        alive::reloading();
        let result = self.load().await;
        self.own.reloaded(result.is_ok());
        match &result {
            Ok(links) => tracing::info!(links, "the configuration was read again"),
            Err(error) => tracing::error!(%error, "the configuration cannot be used; the one before stays"),
        }
        alive::ready();
        result.map(drop)
    }

    async fn load(&self) -> Result<usize, String> {
        let path = self.path.clone();
        // Files may be on a slow disk.
        let config = tokio::task::spawn_blocking(move || Config::load(&System, path.as_deref())).await;
        let config = config.map_err(|error| error.to_string())?.map_err(|error| error.to_string())?;
        let seams = seams(&config).map_err(|error| format!("resolver: {error}"))?;
        if self.serve.web_config.is_some() {
            self.web.reload().map_err(|error| error.to_string())?;
        }
        if config.serve != self.serve {
            tracing::warn!("a change under serve: holds after a restart");
        }
        let links = config.links.len();
        let setup = Setup { config: Arc::new(config), seams };
        self.commands.send(Command::Use(Box::new(setup))).await.map_err(|_| "the daemon stops".to_owned())?;
        Ok(links)
    }
}

fn seams(config: &Config) -> Result<Seams, DnsSetupError> {
    Ok(Seams::real(Arc::new(resolver(&config.resolver)?)))
}

fn restore(folder: &Path, clock: Clock) -> Store {
    let (store, restored) = Store::open(folder, clock());
    let folder = folder.display();
    match restored {
        Restored::Links(count) => tracing::info!(%folder, count, "the state of links was restored"),
        Restored::Nothing => tracing::info!(%folder, "there is no state to restore"),
        Restored::SetAside { why, kept: Some(kept) } => {
            tracing::warn!(%why, kept = %kept.display(), "the state file was of no use and is kept aside");
        }
        Restored::SetAside { why, kept: None } => {
            tracing::warn!(%folder, %why, "the state file is of no use and could not be moved aside");
        }
    }
    store
}

/// Writes the state whenever it changed, at most once in a while.
async fn save(store: Arc<Store>, table: Arc<Table>, changed: Arc<Notify>, clock: Clock) {
    let mut failed = false;
    loop {
        changed.notified().await;
        sleep(COLLECTED).await;
        let written = write_quietly(&store, &table, clock).await;
        match (&written, failed) {
            (Err(error), false) => {
                let file = store.file();
                tracing::warn!(file = %file.display(), %error, "the state cannot be written; it is tried again at the next change");
            }
            (Ok(()), true) => tracing::info!("the state is written again"),
            _ => {}
        }
        failed = written.is_err();
    }
}

async fn write(store: &Arc<Store>, table: &Arc<Table>, clock: Clock) {
    if let Err(error) = write_quietly(store, table, clock).await {
        tracing::warn!(file = %store.file().display(), %error, "the state could not be written at the end");
    }
}

async fn write_quietly(store: &Arc<Store>, table: &Arc<Table>, clock: Clock) -> std::io::Result<()> {
    let (store, table) = (Arc::clone(store), Arc::clone(table));
    tokio::task::spawn_blocking(move || store.save(&table, clock())).await.map_err(std::io::Error::other)?
}

/// How many runs there may be at once with so many descriptors.
fn at_once(descriptors: usize) -> usize {
    let rest = descriptors.saturating_sub(OWN_DESCRIPTORS + connections(descriptors));
    (rest / DESCRIPTORS_EACH).clamp(1, AT_ONCE)
}

/// How many connections of those who ask may be open at once with so many descriptors.
fn connections(descriptors: usize) -> usize {
    (descriptors / 2).clamp(16, CONNECTIONS)
}

/// How many descriptors this process may open (`proc_pid_limits(5)`).
fn descriptors() -> usize {
    let limits = System.read(Path::new("/proc/self/limits"), 16 << 10).unwrap_or_default();
    let limits = String::from_utf8_lossy(&limits);
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"));
    let soft = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    soft.unwrap_or(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_at_once_fit_into_the_descriptors_there_are() {
        for (descriptors, runs) in [(0, 1), (256, 12), (1024, 60), (65_536, 256)] {
            assert_eq!(at_once(descriptors), runs);
        }
    }
}
