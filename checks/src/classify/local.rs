//! What the local cluster itself says of a link: its word decides whether the link works.

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
    match &view.resolve {
        Some(Ok(Some(resolve))) => match (resolve.connected, &resolve.error) {
            // A security failure may be reported beside connected: true; the failure counts.
            (true, None) => Word::Works { lazily: !was_connected && before.is_some() },
            (true, Some(error)) if is_refusal(error) => Word::Fails { error: Some(error.clone()) },
            (true, Some(_)) => Word::Works { lazily: !was_connected && before.is_some() },
            (false, error) => Word::Fails { error: error.clone() },
        },
        _ if was_connected || after.is_some_and(|info| info.connected) => Word::Works { lazily: !was_connected },
        _ if before.is_some() => Word::Idle,
        _ => Word::NotAsked,
    }
}

fn is_refusal(error: &str) -> bool {
    ["API key", "apikey", "api key", "extract credentials", "non-compliant"].iter().any(|f| error.contains(f))
}
