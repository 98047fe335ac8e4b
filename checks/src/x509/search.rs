//! The paths from a served chain to the trusted authorities, as the JDK looks for them.
//!
//! `sun.security.validator.PKIXValidator` takes the served order as the path where it is one, whatever
//! its length. Else it asks `SunCertPathBuilder`, which tries every order, with at most five
//! intermediates that are not self-issued (`PKIXBuilderParameters.getMaxPathLength`).

use std::sync::Arc;

use super::anchors::Anchor;
use super::effort::Effort;
use super::graph::{Graph, key_identifier};
use super::{Anchors, Certificate, Place, Reason, Refusal};

/// `PKIXBuilderParameters`: how many intermediates a path that is searched for may have.
const INTERMEDIATES: usize = 5;
/// How many whole paths are looked for at most.
const PATHS: usize = 2048;
/// How long a way may get; only authorities that share their names make longer ones.
const LENGTH: usize = 128;
/// How many ways that led nowhere are kept for the explanation.
const DEAD_ENDS: usize = 16;

/// What the search found.
pub(super) struct Found<'a> {
    /// Whole paths, each with the authority it ends at.
    pub(super) paths: Vec<(Vec<usize>, Anchor<'a>)>,
    /// Where other ways stopped, with the reason.
    pub(super) dead_ends: Vec<(Vec<usize>, Refusal)>,
    /// Every authority that a path may end at, the paths that were not looked for included.
    pub(super) ends: Vec<Anchor<'a>>,
    /// The JDK validates the served order and looks for no other path.
    pub(super) in_order: bool,
    /// The search ended early.
    pub(super) cut: bool,
}

/// The leaf itself is trusted, so that the JDK looks no further.
pub(super) fn is_direct(served: &[Arc<Certificate>], anchors: &Anchors) -> bool {
    served.first().is_some_and(|leaf| anchors.contains(leaf))
}

/// Every path from the first of `served` to one of `anchors`.
pub(super) fn paths<'a>(served: &'a [Arc<Certificate>], anchors: &'a Anchors, effort: &mut Effort) -> Found<'a> {
    match ordered(served, anchors) {
        Some(length) => in_order(&served[..length], anchors, effort),
        None => {
            let graph = Graph::of(served, anchors, effort);
            let found = Found {
                paths: Vec::new(),
                dead_ends: Vec::new(),
                ends: graph.nodes.iter().flat_map(|node| node.anchors.iter().copied()).collect(),
                in_order: false,
                cut: graph.cut,
            };
            let mut walk = Walk { served, graph: &graph, effort, path: vec![0], found, stopped: false };
            walk.extend();
            walk.found
        }
    }
}

/// How many of the served certificates are the path in their order; `None` when the builder is asked.
fn ordered(served: &[Arc<Certificate>], anchors: &Anchors) -> Option<usize> {
    for (place, certificate) in served.iter().enumerate() {
        if place > 0 {
            if certificate.subject != served[place - 1].issuer {
                return None;
            }
            if anchors.contains(certificate) || anchors.contains_key_of(certificate) {
                return Some(place);
            }
        }
    }
    anchors.issuers(served.last()?).next().map(|_| served.len())
}

/// All of `served`, below each authority of the last one's issuer's name.
fn in_order<'a>(served: &'a [Arc<Certificate>], anchors: &'a Anchors, effort: &mut Effort) -> Found<'a> {
    let path: Vec<usize> = (0..served.len()).collect();
    let mut found = Found { paths: Vec::new(), dead_ends: Vec::new(), ends: Vec::new(), in_order: true, cut: false };
    let last = served.len() - 1;
    for anchor in anchors.issuers(&served[last]) {
        let enough = effort.steps(served.len()) && found.paths.len() < PATHS;
        match key_identifier(&served[last], anchor, effort) {
            Some(reason) if found.dead_ends.len() < DEAD_ENDS => found.dead_ends.push((path.clone(), at(last, reason))),
            Some(_) => {}
            None => {
                found.ends.push(anchor);
                found.cut |= !enough;
                if enough || found.paths.is_empty() {
                    found.paths.push((path.clone(), anchor));
                }
            }
        }
    }
    found
}

/// The walk through the graph from the leaf upwards.
struct Walk<'a, 'b> {
    served: &'a [Arc<Certificate>],
    graph: &'b Graph<'a>,
    effort: &'b mut Effort,
    path: Vec<usize>,
    found: Found<'a>,
    stopped: bool,
}

impl Walk<'_, '_> {
    /// Follows every issuer of the path's last certificate.
    fn extend(&mut self) {
        let (served, graph) = (self.served, self.graph);
        let Some(top) = self.path.last().copied() else { return };
        let node = &graph.nodes[top];
        for anchor in &node.anchors {
            if self.found.paths.len() >= PATHS || !self.effort.steps(self.path.len()) {
                return self.stop();
            }
            self.found.paths.push((self.path.clone(), *anchor));
        }
        let used = self.path.iter().skip(1).filter(|place| !served[**place].is_self_issued()).count();
        let mut too_long = false;
        let mut advanced = !node.anchors.is_empty();
        for issuer in node.issuers.iter().copied() {
            if self.stopped || !self.effort.steps(1) || self.path.len() >= LENGTH {
                return self.stop();
            }
            if self.path.contains(&issuer) {
                continue;
            }
            let used = used + usize::from(!served[issuer].is_self_issued());
            let arrives = graph.nodes[issuer].distance.is_some_and(|distance| used + distance <= INTERMEDIATES);
            if !arrives && self.found.dead_ends.len() >= DEAD_ENDS {
                continue;
            }
            if used > INTERMEDIATES {
                too_long = true;
                continue;
            }
            advanced = true;
            self.path.push(issuer);
            self.extend();
            self.path.pop();
        }
        if advanced || self.found.dead_ends.len() >= DEAD_ENDS {
            return;
        }
        if let Some(root) = node.root.filter(|root| !self.path.contains(root)) {
            let whole = self.path.iter().copied().chain([root]).collect();
            self.found.dead_ends.push((whole, at(root, Reason::SelfIssued)));
        } else {
            let own = if served[top].is_self_issued() { Reason::SelfIssued } else { Reason::IssuerMissing };
            let long = too_long.then_some(Reason::TooLongOutOfOrder);
            let reason = long.or_else(|| node.reason.clone()).unwrap_or(own);
            self.found.dead_ends.push((self.path.clone(), at(top, reason)));
        }
    }

    /// Ends the walk; what leads nowhere decides nothing, so that only other ways leave it open.
    fn stop(&mut self) {
        self.stopped = true;
        self.found.cut |= self.graph.nodes[0].distance.is_some_and(|distance| distance <= INTERMEDIATES);
    }
}

fn at(place: usize, reason: Reason) -> Refusal {
    Refusal { place: Place::Served(place), reason }
}
