//! What the local cluster itself says of a link: its word decides whether the link works.

use super::key::{self, KeyVerdict};
use crate::model::evidence::{ClusterView, ReadError};

/// The local cluster's word.
#[derive(Clone, Debug, PartialEq)]
pub enum Word {
    /// It was not asked.
    NotAsked,
    /// The link works.
    Works {
        /// Sockets were closed until `_resolve/cluster` opened them.
        lazily: bool,
        /// The remote lets the cluster in, and denies the user who asked: in these words.
        denied: Option<String>,
    },
    /// The remote was reached, and refuses the local cluster's API key.
    KeyRefused {
        /// What it says of the key.
        verdict: KeyVerdict,
        /// In these words.
        words: String,
    },
    /// The link does not work.
    Fails {
        /// In the cluster's own words, where it has any.
        error: Option<String>,
    },
    /// It says disconnected and could not be made to try.
    Idle,
    /// It does not say.
    Unusable(ReadError),
}

/// Reads the local cluster's word from its answers.
pub fn judge(view: Option<&ClusterView>) -> Word {
    let Some(view) = view else { return Word::NotAsked };
    let before = match &view.before {
        Ok(info) => info.as_ref(),
        Err(error) => return Word::Unusable(error.clone()),
    };
    let was_connected = before.is_some_and(|info| info.connected);
    let after = view.after.as_ref().and_then(|read| read.as_ref().ok()).and_then(Option::as_ref);
    let works = |denied| Word::Works { lazily: !was_connected && before.is_some(), denied };
    let by_sockets = || match was_connected || after.is_some_and(|info| info.connected) {
        true => works(None),
        false if before.is_some() => Word::Idle,
        false => Word::NotAsked,
    };
    let Some(Ok(Some(resolve))) = &view.resolve else { return by_sockets() };
    let Some(error) = &resolve.error else {
        return if resolve.connected { works(None) } else { Word::Fails { error: None } };
    };
    match key::of_text(error) {
        // The local cluster itself denies it, so nobody was asked.
        Some(KeyVerdict::ActionDenied) if error.contains("no remote indices privileges apply") => by_sockets(),
        Some(KeyVerdict::ActionDenied) => works(Some(error.clone())),
        // A refusal may be reported beside connected: true; the refusal counts.
        Some(verdict) if verdict != KeyVerdict::OtherInterface && verdict != KeyVerdict::Accepted => {
            Word::KeyRefused { verdict, words: error.clone() }
        }
        _ if resolve.connected => works(None),
        _ => Word::Fails { error: Some(error.clone()) },
    }
}
