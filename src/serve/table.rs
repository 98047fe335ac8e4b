//! The state table: what the daemon knows of every link right now. Metrics, pages and answers read it;
//! a finished run replaces its link's entry as a whole, so that no reader sees half of one.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, PoisonError, RwLock};

use farlink_checks::judge;
use farlink_checks::model::diagnosis::{Diagnosis, Verdict};
use farlink_checks::model::evidence::LinkEvidence;
use jiff::Timestamp;

use super::facts::Facts;
use super::timings::Timings;

/// How many verdicts of a link's past are kept.
pub const HISTORY: usize = 50;

/// A link's name: its alias, or `local/alias`.
pub type Name = Arc<str>;

/// What the daemon knows of every link, by name.
#[derive(Debug, Default)]
pub struct Table(RwLock<BTreeMap<Name, Arc<LinkState>>>);

/// What is known of one link.
#[derive(Clone, Debug)]
pub struct LinkState {
    /// Its name.
    pub name: Name,
    /// Its last run; `None` before the first one ended.
    pub latest: Option<Arc<Latest>>,
    /// Runs by verdict, in the order of [`Verdict::ALL`], since the daemon began.
    pub probes: [u64; 4],
    /// How often its verdict changed since the daemon began.
    pub changes: u64,
    /// Since when it is broken; kept while it is unknown.
    pub broken_since: Option<Timestamp>,
    /// Its verdicts, the newest last; at most [`HISTORY`].
    pub history: VecDeque<Change>,
    /// How long its stages took over the last hours.
    pub timings: Timings,
}

/// A run's outcome.
#[derive(Clone, Debug)]
pub struct Latest {
    /// When it began; the evidence is judged at this instant.
    pub began: Timestamp,
    /// How long it took in seconds.
    pub seconds: f64,
    /// What was observed.
    pub evidence: LinkEvidence,
    /// What that shows, for whoever needs no more.
    pub facts: Facts,
}

/// A verdict that differs from the one before.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Change {
    /// When the run that showed it began.
    pub at: Timestamp,
    /// The new verdict.
    pub verdict: Verdict,
    /// Its root cause.
    pub root_cause: Option<&'static str>,
}

impl Latest {
    /// The whole diagnosis, judged again from the evidence: the same as it was, and not kept in memory.
    pub fn diagnosis(&self) -> Diagnosis {
        judge::diagnose(&self.evidence, self.began)
    }
}

impl LinkState {
    /// A link of which nothing is known.
    pub fn new(name: impl Into<Name>) -> Self {
        Self {
            name: name.into(),
            latest: None,
            probes: [0; 4],
            changes: 0,
            broken_since: None,
            history: VecDeque::new(),
            timings: Timings::default(),
        }
    }

    /// The verdict of the last run of this daemon.
    pub fn verdict(&self) -> Option<Verdict> {
        self.latest.as_ref().map(|latest| latest.facts.verdict)
    }

    /// The same link after a run, and the change when its verdict or root cause is another one.
    pub fn after(&self, latest: Latest) -> (Self, Option<Change>) {
        let mut next = self.clone();
        let verdict = latest.facts.verdict;
        let root_cause = latest.facts.root.as_ref().map(|root| root.id);
        // A clock that was set back must not date the past into the future.
        next.broken_since = match verdict {
            Verdict::Broken => Some(self.broken_since.unwrap_or(latest.began).min(latest.began)),
            Verdict::Unknown => self.broken_since.map(|since| since.min(latest.began)),
            Verdict::Ok | Verdict::Degraded => None,
        };
        for (count, of) in next.probes.iter_mut().zip(Verdict::ALL) {
            *count += u64::from(of == verdict);
        }
        let before = self.history.back();
        let changed = before.is_none_or(|before| before.verdict != verdict || before.root_cause != root_cause);
        let change = changed.then_some(Change { at: latest.began, verdict, root_cause });
        if let Some(change) = change {
            next.changes += u64::from(before.is_some_and(|before| before.verdict != verdict));
            if next.history.len() == HISTORY {
                next.history.pop_front();
            }
            next.history.push_back(change);
        }
        next.timings.add(latest.began, &latest.facts.stages);
        next.latest = Some(Arc::new(latest));
        (next, change)
    }
}

impl Table {
    /// Every link, by name.
    pub fn all(&self) -> Vec<Arc<LinkState>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    /// The link of this name.
    pub fn get(&self, name: &str) -> Option<Arc<LinkState>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    /// How many links there are.
    pub fn len(&self) -> usize {
        self.0.read().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds a link, or replaces what is known of it.
    pub fn put(&self, state: LinkState) {
        let mut links = self.0.write().unwrap_or_else(PoisonError::into_inner);
        links.insert(state.name.clone(), Arc::new(state));
    }

    /// Forgets links that `keep` refuses.
    pub fn retain(&self, keep: impl Fn(&str) -> bool) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).retain(|name, _| keep(name));
    }
}

#[cfg(test)]
mod tests {
    use farlink_checks::model::evidence::Evidence;

    use super::*;

    /// A link of the saved run, as if its run had begun at `second` and shown `verdict`.
    fn run(second: i64, verdict: Verdict) -> Latest {
        let saved: Evidence = serde_json::from_str(include_str!("../../tests/golden/estate.evidence.json")).unwrap();
        let evidence = saved.links.into_iter().next().unwrap();
        let began = Timestamp::from_second(second).unwrap();
        let mut facts = Facts::of(&judge::diagnose(&evidence, began), &evidence);
        (facts.verdict, facts.root) = (verdict, None);
        Latest { began, seconds: 1.0, evidence, facts }
    }

    #[test]
    fn a_link_is_never_broken_since_a_time_to_come_whatever_the_clock_does() {
        use Verdict::{Broken, Degraded, Ok, Unknown};
        // When each run begins by the clock, what it shows, and since when the link is broken then.
        for runs in [
            vec![(100, Broken, Some(100)), (130, Broken, Some(100)), (160, Unknown, Some(100)), (190, Ok, None)],
            // Set back while it is broken.
            vec![(100, Broken, Some(100)), (50, Broken, Some(50)), (80, Broken, Some(50)), (110, Degraded, None)],
            vec![(100, Broken, Some(100)), (50, Unknown, Some(50)), (80, Broken, Some(50))],
            // Set forward, and right again.
            vec![(100, Broken, Some(100)), (9000, Broken, Some(100)), (160, Broken, Some(100))],
            vec![(9000, Broken, Some(9000)), (130, Ok, None), (160, Broken, Some(160))],
        ] {
            let mut link = LinkState::new("eu");
            for (second, verdict, since) in &runs {
                link = link.after(run(*second, *verdict)).0;
                let shown = link.broken_since.map(Timestamp::as_second);
                assert_eq!(shown, *since, "after {second} in {runs:?}");
            }
        }
    }
}
