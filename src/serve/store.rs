//! What survives a restart: since when links are broken, and their verdicts. One JSON file, replaced as a
//! whole, so that a crash at any moment leaves the old one or the new one.

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use farlink_checks::catalogue;
use farlink_checks::model::diagnosis::Verdict;
use jiff::{Timestamp, ToSpan as _};
use serde::{Deserialize, Serialize};

use super::table::{Change, LinkState, Table};
use crate::link::files::{Files as _, System};

/// The identifier of this format.
const SCHEMA: &str = "farlink.state/1";
/// The file's name in the folder of `serve.state`.
const FILE: &str = "state.json";
/// The most that is read of it, in bytes.
const LIMIT: usize = 256 << 20;
/// For how long a link is remembered that is not there, in days: a cluster that cannot be asked for its
/// links must not cost them their past.
const REMEMBERED_DAYS: i64 = 30;

/// The state file.
#[derive(Debug)]
pub struct Store {
    folder: PathBuf,
    /// What was restored and belongs to no link yet.
    unclaimed: Mutex<BTreeMap<String, Past>>,
}

/// What happened when the state was restored.
#[derive(Debug, Eq, PartialEq)]
pub enum Restored {
    /// This many links have a past.
    Links(usize),
    /// There was no state file.
    Nothing,
    /// The file was of no use, for this reason, and is kept here.
    SetAside {
        /// What is wrong with it.
        why: String,
        /// Where it is now; `None` where it could not be moved.
        kept: Option<PathBuf>,
    },
}

#[derive(Deserialize, Serialize)]
struct Saved {
    schema: String,
    links: BTreeMap<String, Past>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
struct Past {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    broken_since: Option<Timestamp>,
    #[serde(default)]
    history: Vec<Entry>,
    /// When the link was last there.
    seen: Timestamp,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
struct Entry {
    at: Timestamp,
    verdict: Verdict,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    root_cause: Option<String>,
}

impl Store {
    /// The state in `folder`, which is made where it is missing. A file that is damaged, of another program
    /// or cannot be read is moved aside, never overwritten.
    pub fn open(folder: &Path, now: Timestamp) -> (Self, Restored) {
        let store = |links| Self { folder: folder.to_owned(), unclaimed: Mutex::new(links) };
        let path = folder.join(FILE);
        let bytes = match System.read(&path, LIMIT + 1) {
            Ok(bytes) if bytes.len() > LIMIT => {
                return (store(BTreeMap::new()), Self::set_aside(&path, "it is larger than any state".into(), now));
            }
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return (store(BTreeMap::new()), Restored::Nothing);
            }
            Err(error) => {
                // It stays readable for whoever may: the next save would replace it.
                return (store(BTreeMap::new()), Self::set_aside(&path, format!("it cannot be read: {error}"), now));
            }
        };
        let saved: Result<Saved, _> = serde_json::from_slice(&bytes);
        match saved {
            Ok(saved) if saved.schema == SCHEMA => {
                let count = saved.links.len();
                (store(saved.links), Restored::Links(count))
            }
            Ok(saved) => {
                let why = format!("its schema is {:?}, and this farlink reads {SCHEMA}", saved.schema);
                (store(BTreeMap::new()), Self::set_aside(&path, why, now))
            }
            Err(error) => (store(BTreeMap::new()), Self::set_aside(&path, format!("it is no state: {error}"), now)),
        }
    }

    /// The state file.
    pub fn file(&self) -> PathBuf {
        self.folder.join(FILE)
    }

    /// A link of this name with its past, which is handed out once.
    pub fn claim(&self, name: &str) -> LinkState {
        let mut state = LinkState::new(name);
        let past = self.unclaimed.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
        if let Some(past) = past {
            state.broken_since = past.broken_since;
            state.history.extend(past.history.iter().map(Entry::change));
        }
        state
    }

    /// Keeps the past of a link that is no longer there, should it come back.
    pub fn part_with(&self, state: &Arc<LinkState>, now: Timestamp) {
        let mut unclaimed = self.unclaimed.lock().unwrap_or_else(PoisonError::into_inner);
        unclaimed.insert(state.name.to_string(), Past::of(state, now));
    }

    /// Replaces the file with what `table` says now. Blocks: not for the runtime's own threads.
    #[allow(clippy::disallowed_methods, reason = "this is the seam through which the state is written")]
    pub fn save(&self, table: &Table, now: Timestamp) -> io::Result<()> {
        let mut links = self.unclaimed.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let oldest = now.checked_sub((24 * REMEMBERED_DAYS).hours()).unwrap_or(Timestamp::MIN);
        links.retain(|_, past| past.seen >= oldest);
        links.extend(table.all().iter().map(|state| (state.name.to_string(), Past::of(state, now))));
        let bytes = serde_json::to_vec(&Saved { schema: SCHEMA.to_owned(), links })?;
        std::fs::create_dir_all(&self.folder)?;
        let (path, fresh) = (self.file(), self.folder.join(format!("{FILE}.new")));
        let written = std::fs::File::create(&fresh).and_then(|mut file| {
            file.write_all(&bytes)?;
            file.sync_all()
        });
        let replaced = written.and_then(|()| std::fs::rename(&fresh, &path));
        if replaced.is_err() {
            // Half a file is of no use; should it stay, the next save replaces it.
            let _ = std::fs::remove_file(&fresh);
        }
        replaced?;
        // The rename itself must survive a power cut too.
        std::fs::File::open(&self.folder)?.sync_all()
    }

    #[allow(clippy::disallowed_methods, reason = "this is the seam through which the state is written")]
    fn set_aside(path: &Path, why: String, now: Timestamp) -> Restored {
        let kept = path.with_file_name(format!("{FILE}.aside-{}", now.strftime("%Y%m%dT%H%M%S%3fZ")));
        let kept = std::fs::rename(path, &kept).is_ok().then_some(kept);
        Restored::SetAside { why, kept }
    }
}

impl Past {
    fn of(state: &Arc<LinkState>, seen: Timestamp) -> Self {
        let entry = |change: &Change| Entry {
            at: change.at,
            verdict: change.verdict,
            root_cause: change.root_cause.map(str::to_owned),
        };
        Self { broken_since: state.broken_since, history: state.history.iter().map(entry).collect(), seen }
    }
}

impl Entry {
    fn change(&self) -> Change {
        // An id of a newer farlink is none of this one.
        let root_cause = self.root_cause.as_deref().and_then(catalogue::entry).map(|entry| entry.id);
        Change { at: self.at, verdict: self.verdict, root_cause }
    }
}
