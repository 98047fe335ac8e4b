//! Everything that one pass over a link needs: the link as evidence knows it, and the secrets
//! that evidence must never hold.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use farlink_checks::model::link::{KeyPresence, Link};
use rustls::sign::CertifiedKey;

use super::files::Files;
use super::given::Given;
use crate::secret::ApiKey;

/// One link, ready to be probed.
#[derive(Clone, Debug)]
pub struct Inputs {
    /// What is known of it before anything is asked.
    pub link: Link,
    /// What the user states of it, to be joined again with what its local cluster says.
    pub given: Arc<Given>,
    /// What only the probe may hold.
    pub secrets: LinkSecrets,
    /// The remote cluster's name under `clusters`.
    pub remote: Option<String>,
    /// What the link is used for as an index expression, `indices`.
    pub indices: Option<String>,
    /// How often the daemon probes it.
    pub interval: Duration,
    /// How long a pass may take.
    pub timeouts: Timeouts,
}

impl Inputs {
    /// `link` without secrets and with every default.
    pub fn new(link: Link) -> Self {
        Self {
            link,
            given: Arc::default(),
            secrets: LinkSecrets::default(),
            remote: None,
            indices: None,
            interval: Duration::from_secs(30),
            timeouts: Timeouts::default(),
        }
    }

    /// Leaves the key unused, and says so.
    pub fn withhold_key(&mut self) {
        self.secrets.api_key = None;
        if let KeyPresence::Given { withheld, .. } = &mut self.link.api_key {
            *withheld = true;
        }
    }

    /// The same link with the key that its file holds now, where that is another one. Reads the file.
    pub fn with_changed_key(&self, files: &dyn Files) -> Option<Self> {
        let given = self.given.with_key_read_again(files)?;
        let mut changed = self.clone();
        changed.take_key_of(&Arc::new(given));
        Some(changed)
    }

    /// Uses the key of `given` and everything else that it states.
    pub fn take_key_of(&mut self, given: &Arc<Given>) {
        if let Some((presence, key)) = given.key() {
            self.link.api_key = presence.clone();
            self.secrets.api_key.clone_from(key);
        }
        self.given = Arc::clone(given);
    }

    /// Completes the link with what its local cluster says of it, `read`: what is stated stays, what is
    /// open is read, and the rest is assumed anew.
    pub fn learn(&mut self, read: &Link) {
        let own = &self.link;
        let addressed = !own.targets.is_empty();
        let (mode, targets) = if addressed { (own.mode, &own.targets) } else { (read.mode, &read.targets) };
        let read_name = if addressed { None } else { read.server_name.clone() };
        let known = Link {
            alias: own.alias.clone(),
            local: own.local.clone(),
            mode,
            targets: targets.clone(),
            server_name: own.server_name.clone().or(read_name),
            expiry_days: own.expiry_days.clone(),
            oddities: own.oddities.iter().chain(&read.oddities).cloned().collect(),
            ..read.clone()
        };
        self.link = self.given.join(known).link;
    }
}

/// What the probe may use and nothing may show.
#[derive(Clone, Default)]
pub struct LinkSecrets {
    /// The cross-cluster API key; absent when it is withheld, too.
    pub api_key: Option<ApiKey>,
    /// The client certificate with its private key.
    pub identity: Option<Arc<CertifiedKey>>,
}

impl LinkSecrets {
    /// Whether the key is the same, or absent in both.
    pub fn has_same_key(&self, other: &Self) -> bool {
        match (&self.api_key, &other.api_key) {
            (Some(own), Some(other)) => own.is(other),
            (own, other) => own.is_none() && other.is_none(),
        }
    }
}

impl fmt::Debug for LinkSecrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LinkSecrets")
            .field("api_key", &self.api_key.is_some())
            .field("identity", &self.identity.is_some())
            .finish()
    }
}

/// How long a pass over a link may take.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Timeouts {
    /// The whole link.
    pub link: Duration,
    /// One attempt of one stage.
    pub stage: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { link: Duration::from_secs(20), stage: Duration::from_secs(5) }
    }
}

/// How names are resolved.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct ResolverChoice {
    /// Name servers; none for those of the operating system.
    pub servers: Vec<SocketAddr>,
    /// Search domains; `None` for those of the operating system.
    pub search: Option<Vec<String>>,
    /// The hosts file; `None` for that of the operating system.
    pub hosts_file: Option<PathBuf>,
}
