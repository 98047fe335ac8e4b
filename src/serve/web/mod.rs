//! `web.yml`: TLS, headers and users of the daemon's endpoints, in the format of Prometheus's exporter
//! toolkit (<https://github.com/prometheus/exporter-toolkit/blob/v0.14.1/docs/web-configuration.md>).
//! The file, and the certificates, key and authorities it names, are followed while the daemon runs:
//! a change holds for the next connection or request, and one that is wrong leaves what was.

mod check;
mod clients;
mod front;
mod shape;
mod tls;
mod users;
mod watched;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use axum::Router;
use rustls::ServerConfig;
use tokio::time::Instant;

use self::check::Settings;
use self::users::Checked;
use self::watched::{Seen, Watched};
use crate::link::files::{Files, System};
use crate::usage::UsageError;

/// How often the files are looked at, at the most.
const EVERY: Duration = Duration::from_secs(1);

/// How the endpoints are reached, and by whom.
pub struct Web {
    settings: RwLock<Arc<Settings>>,
    checked: Checked,
    source: Option<Source>,
}

struct Source {
    path: PathBuf,
    files: Box<dyn Files + Send + Sync>,
    seen: Mutex<Seen>,
    looked: Mutex<Option<Instant>>,
}

impl Web {
    /// Plain HTTP for everyone who reaches the address.
    pub fn plain() -> Arc<Self> {
        Arc::new(Self { settings: RwLock::default(), checked: Checked::default(), source: None })
    }

    /// As the file at `path` says. An error names its file, line and column.
    pub fn read(path: &Path) -> Result<Arc<Self>, UsageError> {
        Self::from_files(path, Box::new(System))
    }

    fn from_files(path: &Path, files: Box<dyn Files + Send + Sync>) -> Result<Arc<Self>, UsageError> {
        let watched = Watched::new(&*files);
        let settings = check::read(path, &watched)?;
        let seen = Mutex::new(watched.seen());
        let source = Source { path: path.to_owned(), files, seen, looked: Mutex::new(None) };
        let settings = RwLock::new(Arc::new(settings));
        Ok(Arc::new(Self { settings, checked: Checked::default(), source: Some(source) }))
    }

    /// Reads the files again. The error is that of the file that is wrong; what was right before still
    /// holds then.
    pub fn reload(&self) -> Result<(), UsageError> {
        self.read_again(|_, _| true)
    }

    fn read_again(&self, due: impl Fn(&Seen, &dyn Files) -> bool) -> Result<(), UsageError> {
        let Some(source) = &self.source else { return Ok(()) };
        let mut seen = source.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if !due(&seen, &*source.files) {
            return Ok(());
        }
        let watched = Watched::new(&*source.files);
        let read = check::read(&source.path, &watched);
        *seen = watched.seen();
        *self.settings.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(read?);
        Ok(())
    }

    /// The same when a file changed, at most once a second, off the runtime's threads; what is wrong is
    /// said once, in the log.
    pub(super) async fn refresh(self: &Arc<Self>) {
        if !self.source.as_ref().is_some_and(Source::is_due) {
            return;
        }
        let web = Arc::clone(self);
        if let Ok(Err(error)) =
            tokio::task::spawn_blocking(move || web.read_again(|seen, files| !seen.is_current(files))).await
        {
            tracing::warn!(%error, "the web configuration is wrong now; the one before still holds");
        }
    }

    /// How connections are secured; `None` for plain HTTP.
    pub(super) fn tls(&self) -> Option<Arc<ServerConfig>> {
        self.settings().tls.clone()
    }

    /// `router`, for those who may, with the headers of the file.
    pub(super) fn in_front_of(self: &Arc<Self>, router: Router) -> Router {
        router.layer(axum::middleware::from_fn_with_state(Arc::clone(self), front::pass))
    }

    fn settings(&self) -> Arc<Settings> {
        Arc::clone(&self.settings.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Source {
    fn is_due(&self) -> bool {
        let mut looked = self.looked.lock().unwrap_or_else(PoisonError::into_inner);
        let due = looked.is_none_or(|at| at.elapsed() >= EVERY);
        if due {
            *looked = Some(Instant::now());
        }
        due
    }
}
