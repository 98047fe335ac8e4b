//! The estate in the order in which it is worth reading: causes that break most links first, links that
//! share one together.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use farlink_checks::model::diagnosis::Verdict;
use farlink_checks::model::finding::Severity;
use jiff::Timestamp;

use crate::serve::facts::Root;
use crate::serve::table::LinkState;

/// Links in the order of their table.
pub(super) type Links<'a> = Vec<&'a LinkState>;

/// Links with one shared cause.
pub(super) struct Cause<'a> {
    /// What is wrong, as the first link says it.
    pub(super) root: &'a Root,
    /// Since when the one that is broken longest is.
    pub(super) since: Option<Timestamp>,
    /// At least one.
    pub(super) links: Links<'a>,
}

/// The links of a table, sorted for reading.
#[derive(Default)]
pub(super) struct Estate<'a> {
    /// What breaks links.
    pub(super) broken: Vec<Cause<'a>>,
    /// What keeps links from working everywhere.
    pub(super) degraded: Vec<Cause<'a>>,
    /// Links that are broken or degraded without a cause.
    pub(super) unexplained: Links<'a>,
    /// Why nothing can be said, and of which links.
    pub(super) unknown: Vec<(&'a str, Links<'a>)>,
    /// Warnings on links that are not broken, by the finding's id.
    pub(super) warnings: BTreeMap<&'static str, Links<'a>>,
    /// Links that work.
    pub(super) ok: Links<'a>,
    /// Links without a run.
    pub(super) waiting: Links<'a>,
    /// Where a cause or a reason already stands: ten thousand links may have as many.
    places: HashMap<(Verdict, &'a str, &'a str), usize>,
}

impl<'a> Estate<'a> {
    /// The links that `wanted` takes.
    pub(super) fn of(links: &'a [Arc<LinkState>], wanted: impl Fn(&LinkState) -> bool) -> Self {
        let mut estate = Self::default();
        for link in links.iter().map(|link| &**link).filter(|link| wanted(link)) {
            estate.add(link);
        }
        estate.broken = sorted(estate.broken);
        estate.degraded = sorted(estate.degraded);
        estate.unknown.sort_by_key(|(_, links)| Reverse(links.len()));
        estate
    }

    /// How many links there are.
    pub(super) fn len(&self) -> usize {
        let causes = self.broken.iter().chain(&self.degraded).map(|cause| cause.links.len());
        let unknown = self.unknown.iter().map(|(_, links)| links.len());
        causes.chain(unknown).sum::<usize>() + self.unexplained.len() + self.ok.len() + self.waiting.len()
    }

    fn add(&mut self, link: &'a LinkState) {
        let Some(latest) = &link.latest else { return self.waiting.push(link) };
        let facts = &latest.facts;
        if facts.verdict != Verdict::Broken {
            let root = facts.root.as_ref().map(|root| root.id);
            for finding in facts.findings.iter().filter(|it| it.severity == Severity::Warning && Some(it.id) != root) {
                let links = self.warnings.entry(finding.id).or_default();
                // One id may warn at two stages.
                if links.last().is_none_or(|last| last.name != link.name) {
                    links.push(link);
                }
            }
        }
        match (facts.verdict, &facts.root) {
            (verdict @ (Verdict::Broken | Verdict::Degraded), Some(root)) => self.join(verdict, root, link),
            (Verdict::Broken | Verdict::Degraded, None) => self.unexplained.push(link),
            (Verdict::Unknown, _) => {
                let reason = facts.undecided.as_deref().unwrap_or("not everything was tested");
                let place = *self.places.entry((Verdict::Unknown, reason, "")).or_insert(self.unknown.len());
                match self.unknown.get_mut(place) {
                    Some((_, links)) => links.push(link),
                    None => self.unknown.push((reason, vec![link])),
                }
            }
            (Verdict::Ok, _) => self.ok.push(link),
        }
    }

    fn join(&mut self, verdict: Verdict, root: &'a Root, link: &'a LinkState) {
        let causes = if verdict == Verdict::Broken { &mut self.broken } else { &mut self.degraded };
        let place = *self.places.entry((verdict, root.id, &root.cause_key)).or_insert(causes.len());
        match causes.get_mut(place) {
            Some(cause) => {
                cause.since = [cause.since, link.broken_since].into_iter().flatten().min();
                cause.links.push(link);
            }
            None => causes.push(Cause { root, since: link.broken_since, links: vec![link] }),
        }
    }
}

/// What breaks most links first, and of those what has done so longest.
fn sorted(mut causes: Vec<Cause>) -> Vec<Cause> {
    causes.sort_by_key(|cause| (Reverse(cause.links.len()), cause.since.unwrap_or(Timestamp::MAX)));
    causes
}
