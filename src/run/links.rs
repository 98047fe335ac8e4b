//! One pass over many links at once. Each takes its own time, and none waits for another one's.

use std::sync::Arc;

use farlink_checks::model::evidence::LinkEvidence;
use farlink_checks::model::link::Link;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::link::{Next, Timeouts, observe};
use crate::probe::attempt::Credentials;
use crate::probe::seams::Seams;

/// How many links are observed at once, unless said otherwise.
pub const AT_ONCE: usize = 32;

/// A link to observe, with what the agent was given for it.
pub struct Job {
    /// The link.
    pub link: Link,
    /// What may be sent.
    pub credentials: Credentials,
}

/// Observes every link of `jobs`, at most `at_once` at a time.
///
/// `finished` is called with a link's place and evidence as soon as it is there; the result is in
/// the order of `jobs`. Dropping the future ends all of them.
pub async fn observe_all(
    jobs: Vec<Job>,
    seams: &Seams,
    timeouts: Timeouts,
    next: Next,
    at_once: usize,
    mut finished: impl FnMut(usize, &LinkEvidence),
) -> Vec<LinkEvidence> {
    let places = Arc::new(Semaphore::new(at_once.max(1)));
    let mut running = JoinSet::new();
    for (place, Job { link, credentials }) in jobs.into_iter().enumerate() {
        let (places, seams) = (Arc::clone(&places), seams.clone());
        running.spawn(async move {
            // Nothing closes the semaphore; if it were, observing at once would be right too.
            let _permit = places.acquire().await;
            (place, observe(link, &credentials, &seams, timeouts, next).await)
        });
    }
    let mut done = Vec::with_capacity(running.len());
    while let Some(result) = running.join_next().await {
        match result {
            Ok((place, evidence)) => {
                finished(place, &evidence);
                done.push((place, evidence));
            }
            // A fault of ours must not look like a link without evidence.
            Err(error) => {
                if let Ok(panic) = error.try_into_panic() {
                    std::panic::resume_unwind(panic);
                }
            }
        }
    }
    done.sort_unstable_by_key(|&(place, _)| place);
    done.into_iter().map(|(_, evidence)| evidence).collect()
}
