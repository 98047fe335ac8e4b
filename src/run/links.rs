//! One pass over many links at once. Each takes its own time, and none waits for another one's.

use std::sync::Arc;

use farlink_checks::model::evidence::{ClusterView, LinkEvidence, RemoteView, Suppress};
use farlink_checks::model::link::Link;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::link::{Manner, Next, observe};
use crate::link::inputs::Timeouts;
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
    /// What its local cluster says; part of the evidence.
    pub cluster: Option<ClusterView>,
    /// What its remote cluster says of the key; part of the evidence.
    pub remote: Option<RemoteView>,
    /// What the configuration suppresses; part of the evidence.
    pub suppressions: Vec<Suppress>,
}

/// Observes every link of `jobs`, at most `at_once` at a time.
///
/// The run begins with the call: the caller reads its clock right before. `finished` is called with a link's place and evidence as soon as it is there; the result is in
/// the order of `jobs`. Dropping the future ends all of them.
pub async fn observe_all(
    jobs: Vec<Job>,
    seams: &Seams,
    timeouts: Timeouts,
    next: Next,
    at_once: usize,
    mut finished: impl FnMut(usize, &LinkEvidence),
) -> Vec<LinkEvidence> {
    let began = Instant::now();
    let places = Arc::new(Semaphore::new(at_once.max(1)));
    let mut running = JoinSet::new();
    for (place, Job { link, credentials, cluster, remote, suppressions }) in jobs.into_iter().enumerate() {
        let (places, seams) = (Arc::clone(&places), seams.clone());
        running.spawn(async move {
            // Nothing closes the semaphore; if it were, observing at once would be right too.
            let _permit = places.acquire().await;
            let manner = Manner { credentials: &credentials, seams: &seams, timeouts, next, began, earlier: None };
            let mut evidence = observe(link, &manner).await;
            evidence.cluster = cluster;
            evidence.remote = remote;
            evidence.suppressions = suppressions;
            (place, evidence)
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::probe::stage::{Fixed, Staged};
    use farlink_checks::model::evidence::Question;
    use farlink_checks::model::link::{Mode, Target};
    use std::time::Duration;

    const NEXT: Next = |_, address| address.attempts.is_empty().then_some(Question::AsElasticsearch);

    fn job(alias: &str, target: &str) -> Job {
        let link = Link::new(alias, Mode::Proxy, vec![Target::parse(target)]);
        Job { link, credentials: Credentials::default(), cluster: None, remote: None, suppressions: Vec::new() }
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_link_holds_back_no_other_and_the_order_is_that_of_the_jobs() {
        // Port 1 never answers, every other connection ends at once.
        let network = Staged::unless_port(1);
        let seams = Seams { resolve: Arc::new(Fixed(vec!["10.0.0.1".parse().unwrap()])), connect: Arc::new(network) };
        let jobs = vec![job("slow", "a.example:1"), job("b", "a.example:2"), job("c", "a.example:3")];
        let started = Instant::now();
        let mut order = Vec::new();
        let all = observe_all(jobs, &seams, Timeouts::default(), NEXT, 2, |place, evidence| {
            order.push((place, evidence.link.alias.clone(), started.elapsed() < Duration::from_secs(1)));
        })
        .await;
        let aliases: Vec<&str> = all.iter().map(|evidence| evidence.link.alias.as_str()).collect();
        assert_eq!(aliases, ["slow", "b", "c"]);
        assert_eq!(order[2], (0, "slow".into(), false));
        assert!(order[0].2 && order[1].2, "{order:?}");
    }
}
