//! From a served chain to the JDK's verdict, with every way that was tried.

use std::sync::Arc;

use jiff::Timestamp;

use super::effort::Effort;
use super::ends::anchor_fault;
use super::path::{Judge, Terms};
use super::readable::Fault;
use super::search::{self, Found};
use super::{Anchors, Certificate, Jdk, Place, Purpose, Reason, Refusal, memo};
use crate::model::evidence::Der;

/// How many ways are shown at most.
const CANDIDATES: usize = 16;

/// What is known about a served chain.
#[derive(Clone, Debug)]
pub struct Analysis {
    /// The served certificates in the served order; `None` where one cannot be read.
    pub served: Vec<Option<Arc<Certificate>>>,
    /// The ways that were tried, the most telling one first.
    pub candidates: Vec<Candidate>,
    /// The served order is a path by itself, so that the JDK looks for no other.
    pub in_order: bool,
    verdicts: [Verdict; 2],
}

/// One way from the leaf towards an authority.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Places among the served certificates, leaf first.
    pub path: Vec<usize>,
    /// The authority it ends at; `None` where it ends before one.
    pub anchor: Option<AnchorFacts>,
    /// What is wrong with it, on JDK 25; empty where it counts.
    pub faults: Vec<Refusal>,
}

/// The authority at the end of a path.
#[derive(Clone, Debug)]
pub struct AnchorFacts {
    /// Its name, safe to show.
    pub subject: String,
    /// Its certificate; `None` for a public root, of which only name and key are known.
    pub certificate: Option<Arc<Certificate>>,
}

/// What the JDK's trust manager says of a chain, names aside.
#[derive(Clone, Debug)]
pub enum Verdict {
    /// It accepts.
    Accepted {
        /// The leaf itself is trusted; the JDK then judges neither dates nor path.
        directly: bool,
    },
    /// It refuses, for these reasons; the first one first.
    Refused(Vec<Refusal>),
    /// Nothing here can tell.
    Open {
        /// Why not.
        because: String,
    },
}

impl Verdict {
    /// Whether it accepts; `None` where nothing here can tell.
    pub const fn accepts(&self) -> Option<bool> {
        match self {
            Self::Accepted { .. } => Some(true),
            Self::Refused(_) => Some(false),
            Self::Open { .. } => None,
        }
    }

    /// Why it refuses.
    pub fn refusals(&self) -> &[Refusal] {
        match self {
            Self::Refused(refusals) => refusals,
            _ => &[],
        }
    }
}

impl Analysis {
    /// What this JDK says.
    pub const fn verdict(&self, jdk: Jdk) -> &Verdict {
        match jdk {
            Jdk::V17 => &self.verdicts[0],
            Jdk::V25 => &self.verdicts[1],
        }
    }

    /// The served leaf, where it can be read.
    pub fn leaf(&self) -> Option<&Arc<Certificate>> {
        self.served.first().and_then(Option::as_ref)
    }
}

/// Judges the chain `served`, leaf first, against `anchors`, as a `purpose`'s certificate at the
/// instant `at`.
pub fn analyse(served: &[Der], anchors: &Anchors, purpose: Purpose, at: Timestamp) -> Analysis {
    let served: Vec<Option<Arc<Certificate>>> = served.iter().map(memo::certificate).collect();
    let authorities =
        anchors.unreadable().map(|(_, fault)| Refusal { place: Place::Anchor, reason: Reason::Unreadable(fault) });
    let refusals: Vec<Refusal> = authorities.into_iter().chain(unreadable(&served)).collect();
    if !refusals.is_empty() {
        let certificate = anchors.unreadable_certificate().cloned();
        let anchor = certificate.map(|certificate| AnchorFacts {
            subject: certificate.subject.to_string(),
            certificate: Some(certificate),
        });
        let candidate = Candidate { path: vec![0], anchor, faults: refusals.clone() };
        let verdict = Verdict::Refused(refusals);
        return Analysis { served, candidates: vec![candidate], in_order: true, verdicts: [verdict.clone(), verdict] };
    }
    let certificates: Vec<Arc<Certificate>> = served.iter().flatten().cloned().collect();
    if search::is_direct(&certificates, anchors) {
        let leaf = &certificates[0];
        let anchor = AnchorFacts { subject: leaf.subject.to_string(), certificate: Some(Arc::clone(leaf)) };
        let candidate = Candidate { path: vec![0], anchor: Some(anchor), faults: Vec::new() };
        let verdict = Verdict::Accepted { directly: true };
        return Analysis { served, candidates: vec![candidate], in_order: true, verdicts: [verdict.clone(), verdict] };
    }
    let mut effort = Effort::new();
    let found = search::paths(&certificates, anchors, &mut effort);
    let mut judged = |jdk| {
        let terms = Terms { purpose, at, jdk, in_order: found.in_order };
        let mut judge = Judge::new(&certificates, terms, &mut effort);
        let candidates = candidates(&found, &mut judge);
        let verdict = verdict(&candidates, &found, &mut judge);
        (candidates, verdict)
    };
    let (candidates, newer) = judged(Jdk::V25);
    // The two differ in the signature algorithms they offer and in malformed usages, and in nothing else.
    let differs = |certificate: &Arc<Certificate>| {
        certificate.usages_malformed
            || certificate.signature.is_offered(Jdk::V17) != certificate.signature.is_offered(Jdk::V25)
    };
    let older = if certificates.iter().any(differs) { judged(Jdk::V17).1 } else { newer.clone() };
    let in_order = found.in_order;
    let candidates = candidates.into_iter().take(CANDIDATES).collect();
    Analysis { served, candidates, in_order, verdicts: [older, newer] }
}

fn unreadable(served: &[Option<Arc<Certificate>>]) -> Option<Refusal> {
    let fault = |(place, certificate): (usize, &Option<Arc<Certificate>>)| {
        let fault = match certificate {
            None => Fault::NotACertificate,
            Some(certificate) => certificate.fault?,
        };
        Some(Refusal { place: Place::Served(place), reason: Reason::Unreadable(fault) })
    };
    let none = Refusal { place: Place::Served(0), reason: Reason::Unreadable(Fault::NotACertificate) };
    if served.is_empty() { Some(none) } else { served.iter().enumerate().find_map(fault) }
}

/// Every way, judged: those that count first, then those with the fewest faults, then dead ends.
fn candidates(found: &Found<'_>, judge: &mut Judge<'_, '_>) -> Vec<Candidate> {
    let mut candidates = Vec::new();
    for (path, anchor) in &found.paths {
        let faults = judge.faults(path, Some(*anchor));
        let counts = faults.is_empty();
        let anchor = AnchorFacts { subject: anchor.subject().to_string(), certificate: anchor.certificate().cloned() };
        candidates.push(Candidate { path: path.clone(), anchor: Some(anchor), faults });
        if counts {
            break;
        }
    }
    candidates.sort_by_key(|candidate| (candidate.faults.len(), candidate.path.len()));
    let mut dead_ends: Vec<Candidate> = found
        .dead_ends
        .iter()
        .map(|(path, refusal)| {
            let mut faults = vec![refusal.clone()];
            faults.extend(judge.faults(path, None));
            Candidate { path: path.clone(), anchor: None, faults }
        })
        .collect();
    dead_ends.sort_by_key(|candidate| (telling(&candidate.faults), std::cmp::Reverse(candidate.path.len())));
    candidates.append(&mut dead_ends);
    candidates
}

/// How much the reason of a dead end tells, the most telling lowest.
fn telling(faults: &[Refusal]) -> usize {
    match faults.first().map(|refusal| &refusal.reason) {
        Some(Reason::KeyIdentifierDiffers { .. }) => 0,
        Some(Reason::IssuerKeyDiffers { trusted: true }) => 1,
        Some(Reason::TooLongOutOfOrder) => 2,
        Some(Reason::IssuerMissing) => 3,
        Some(Reason::SelfIssued) => 4,
        _ => 5,
    }
}

fn verdict(candidates: &[Candidate], found: &Found<'_>, judge: &mut Judge<'_, '_>) -> Verdict {
    let Some(best) = candidates.first() else {
        return Verdict::Open { because: "no way to an authority was looked for".to_owned() };
    };
    if best.faults.is_empty() {
        return Verdict::Accepted { directly: false };
    }
    if found.cut && !fail_anyhow(found, judge) {
        return Verdict::Open { because: "the certificates can be put together in too many ways".to_owned() };
    }
    let open = candidates.iter().find_map(|candidate| {
        let all_open = candidate.faults.iter().all(|refusal| refusal.reason.is_open());
        candidate.faults.first().filter(|_| all_open && candidate.anchor.is_some())
    });
    match open.map(|refusal| &refusal.reason) {
        Some(Reason::SignatureUnchecked { algorithm }) => {
            Verdict::Open { because: format!("a signature with {algorithm} cannot be checked here") }
        }
        Some(Reason::TooMuch) => {
            Verdict::Open { because: "there are more signatures or names than are checked here".to_owned() }
        }
        _ => Verdict::Refused(best.faults.clone()),
    }
}

/// Whether the paths that were not judged fail as well: by the leaf itself, or by every authority they
/// may end at.
fn fail_anyhow(found: &Found<'_>, judge: &mut Judge<'_, '_>) -> bool {
    let is_definite = |refusal: Refusal| !refusal.reason.is_open();
    judge.faults(&[0], None).into_iter().any(is_definite)
        || !found.ends.is_empty() && found.ends.iter().all(|anchor| anchor_fault(*anchor).is_some())
}
