//! What one run does: its links with what they may use, and how it is observed into evidence.

use std::sync::Arc;

use farlink_checks::model::evidence::{ClusterView, Evidence, LinkEvidence, SCHEMA, Tool};
use farlink_checks::questions;
use jiff::Timestamp;
use tokio::time::Instant;

use super::Failure;
use crate::link::inputs::{ResolverChoice, Timeouts};
use crate::probe::seams::Seams;
use crate::run::links::{AT_ONCE, Job, observe_all};
use crate::run::planned::{Planned, credentials, resolver};

/// The links of a run.
#[derive(Default)]
pub(super) struct Plan {
    pub(super) links: Vec<Planned>,
    pub(super) resolver: ResolverChoice,
    pub(super) timeouts: Timeouts,
}

impl Plan {
    /// Observes every link; `finished` gets each as soon as it is done, with the time of the run.
    pub(super) async fn observe(self, mut finished: impl FnMut(Timestamp, &LinkEvidence)) -> Result<Evidence, Failure> {
        let (started, began) = (now(), Instant::now());
        let seams = Seams::real(Arc::new(resolver(&self.resolver)?));
        let jobs = self.links.into_iter().map(|Planned { inputs, view, told, remote, suppressions }| Job {
            credentials: credentials(&inputs.secrets, started),
            link: inputs.link,
            cluster: view.map(|view| ClusterView { date: told.map(|told| told.of_run(began)), ..view }),
            remote,
            suppressions,
        });
        let links = observe_all(jobs.collect(), &seams, self.timeouts, questions::next, AT_ONCE, |_, evidence| {
            finished(started, evidence);
        })
        .await;
        Ok(Evidence { schema: SCHEMA.to_owned(), tool: tool(), started, finished: now(), links })
    }
}

/// This program.
pub(super) fn tool() -> Tool {
    Tool { name: env!("CARGO_PKG_NAME").to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() }
}

/// The present, in milliseconds.
#[allow(clippy::disallowed_methods, reason = "the one place that reads the clock")]
pub(super) fn now() -> Timestamp {
    // Milliseconds are what a reader wants, and what survives every JSON reader.
    let now = Timestamp::now();
    Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
}
