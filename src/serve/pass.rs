//! One run of one link: observed with what an earlier run learnt, judged, and made the facts of the table.

use std::sync::Arc;
use std::time::Duration;

use farlink_checks::changes::led_to;
use farlink_checks::lag::lag_before;
use farlink_checks::model::evidence::ClusterView;
use farlink_checks::model::link::KeyPresence;
use farlink_checks::{judge, questions};
use tokio::time::Instant;

use super::Clock;
use super::facts::Facts;
use super::table::Latest;
use crate::link::files::System;
use crate::link::given::Given;
use crate::link::inputs::Inputs;
use crate::probe::earlier::Earlier;
use crate::probe::seams::Seams;
use crate::run::link::{Manner, observe};
use crate::run::planned::{Planned, credentials};

/// What a run ended with.
pub(super) struct Ran {
    /// The run.
    pub(super) latest: Latest,
    /// What is given of the link with the key that was found in its file meanwhile.
    pub(super) changed_key: Option<Arc<Given>>,
}

/// The link with another key, where the one it has was refused or is none, and its file has changed.
async fn with_changed_key(planned: &Arc<Planned>, known: Option<&Latest>) -> Option<Inputs> {
    let refused = known.is_some_and(|latest| latest.facts.key_accepted == Some(false));
    if !refused && !matches!(planned.inputs.link.api_key, KeyPresence::Malformed { .. }) {
        return None;
    }
    let planned = Arc::clone(planned);
    // Files may be on a slow disk.
    tokio::task::spawn_blocking(move || planned.inputs.with_changed_key(&System)).await.ok().flatten()
}

/// Runs `planned`. What `earlier` heard, that long ago, holds for a while.
pub(super) async fn run(
    planned: Arc<Planned>,
    seams: Seams,
    clock: Clock,
    earlier: Option<(Arc<Latest>, Duration)>,
    key_interval: Duration,
) -> Ran {
    let (at, began) = (clock(), Instant::now());
    let changed = with_changed_key(&planned, earlier.as_ref().map(|(latest, _)| &**latest)).await;
    let inputs = changed.as_ref().unwrap_or(&planned.inputs);
    // What was heard with another key does not hold for this one.
    let holds = earlier.as_ref().filter(|_| changed.is_none());
    let credentials = credentials(&inputs.secrets, at);
    let manner = Manner {
        credentials: &credentials,
        seams: &seams,
        timeouts: inputs.timeouts,
        next: questions::next,
        began,
        earlier: holds.map(|(latest, elapsed)| Earlier { evidence: &latest.evidence, elapsed: *elapsed, key_interval }),
    };
    let mut evidence = observe(inputs.link.clone(), &manner).await;
    let date = planned.told.map(|told| told.of_run(began));
    evidence.cluster = planned.view.clone().map(|view| ClusterView { date, ..view });
    evidence.remote.clone_from(&planned.remote);
    if let Some((latest, elapsed)) = earlier {
        let (earlier, seconds) = (&latest.evidence, elapsed.as_secs_f64());
        let replication = evidence.cluster.as_ref().and_then(|view| view.replication.as_ref());
        evidence.lag_before = lag_before(earlier, replication, seconds);
        evidence.led_to = led_to(earlier, seconds);
    }
    evidence.suppressions.clone_from(&planned.suppressions);
    let facts = Facts::of(&judge::diagnose(&evidence, at), &evidence);
    let latest = Latest { began: at, seconds: began.elapsed().as_secs_f64(), evidence, facts };
    Ran { latest, changed_key: changed.map(|inputs| inputs.given) }
}
