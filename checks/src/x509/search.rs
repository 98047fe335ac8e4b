//! The paths from a served chain to the trusted authorities, as the JDK looks for them.
//!
//! `sun.security.validator.PKIXValidator` takes the served order as the path where it is one, whatever
//! its length. Else it asks `SunCertPathBuilder`, which tries every order, with at most five
//! intermediates that are not self-issued (`PKIXBuilderParameters.getMaxPathLength`).

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::anchors::Anchor;
use super::signature::Signature;
use super::{Anchors, Certificate, Key, Place, Reason, Refusal, memo};

/// `PKIXBuilderParameters`: how many intermediates a path that is searched for may have.
const INTERMEDIATES: usize = 5;
/// How many steps a search takes at most. Real sets need tens; a set of cross-signed authorities that
/// is made to be slow costs this much and no more.
const STEPS: usize = 4096;
/// How many signatures a search checks beyond one for every certificate.
const SIGNATURES: usize = 512;
/// How many ways that led nowhere are kept for the explanation.
const DEAD_ENDS: usize = 16;

/// What the search found.
pub(super) struct Found<'a> {
    /// Whole paths, each with the authority it ends at.
    pub(super) paths: Vec<(Vec<usize>, Anchor<'a>)>,
    /// Where other ways stopped, with the reason.
    pub(super) dead_ends: Vec<(Vec<usize>, Refusal)>,
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
pub(super) fn paths<'a>(served: &'a [Arc<Certificate>], anchors: &'a Anchors) -> Found<'a> {
    if let Some(length) = ordered(served, anchors) {
        let path: Vec<usize> = (0..length).collect();
        let mut found = Found { paths: Vec::new(), dead_ends: Vec::new(), in_order: true, cut: false };
        for anchor in anchors.issuers(&served[length - 1]) {
            match key_identifier(&served[length - 1], anchor) {
                Some(reason) => found.dead_ends.push((path.clone(), at(length - 1, reason))),
                None => found.paths.push((path.clone(), anchor)),
            }
        }
        return found;
    }
    let graph = Graph::of(served, anchors);
    let found = Found { paths: Vec::new(), dead_ends: Vec::new(), in_order: false, cut: graph.cut };
    let mut walk = Walk { served, graph, steps: 0, found };
    walk.extend(&mut vec![0]);
    walk.found
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

/// Who may have issued what.
struct Graph<'a> {
    nodes: Vec<Node<'a>>,
    /// Not every signature was checked.
    cut: bool,
}

/// One served certificate.
#[derive(Default)]
struct Node<'a> {
    /// The served certificates that issued it.
    issuers: Vec<usize>,
    /// The trusted ones that did.
    anchors: Vec<Anchor<'a>>,
    /// The served certificate that issued it and itself, which is not trusted.
    root: Option<usize>,
    /// Why something of its issuer's name did not issue it.
    reason: Option<Reason>,
    /// Whether a way leads from here to a trusted one.
    reaches: bool,
}

impl<'a> Graph<'a> {
    fn of(served: &'a [Arc<Certificate>], anchors: &'a Anchors) -> Self {
        let mut by_subject: HashMap<&[String], Vec<usize>> = HashMap::new();
        let mut roots: HashMap<&[String], usize> = HashMap::new();
        let mut seen = HashSet::new();
        for (place, certificate) in served.iter().enumerate() {
            // The same certificate served twice is one candidate; a trusted one is no intermediate.
            if !seen.insert(certificate.fingerprint) || anchors.contains(certificate) {
                continue;
            }
            // Nor is one that signed itself (`sun.security.provider.certpath.Builder.addMatchingCerts`).
            if certificate.is_self_issued() && memo::signature(certificate, &certificate.key) == Signature::Valid {
                roots.insert(certificate.subject.relative_names(), place);
            } else {
                by_subject.entry(certificate.subject.relative_names()).or_default().push(place);
            }
        }
        // By their names alone most sets that lead nowhere show it, without a signature checked.
        let named = reach(
            served
                .iter()
                .map(|certificate| by_subject.get(certificate.issuer.relative_names()).cloned().unwrap_or_default())
                .collect(),
            |place| anchors.issuers(&served[place]).next().is_some(),
        );
        let mut budget = served.len() + SIGNATURES;
        let mut nodes: Vec<Node<'a>> = served
            .iter()
            .map(|certificate| {
                let above = by_subject.get(certificate.issuer.relative_names()).map(Vec::as_slice).unwrap_or_default();
                Node::of(certificate, served, above, anchors, &mut budget)
            })
            .collect();
        let reaches =
            reach(nodes.iter().map(|node| node.issuers.clone()).collect(), |place| !nodes[place].anchors.is_empty());
        for (node, reaches) in nodes.iter_mut().zip(reaches) {
            node.reaches = reaches;
        }
        for (node, certificate) in nodes.iter_mut().zip(served) {
            let signed = |place: &usize| memo::signature(certificate, &served[*place].key) == Signature::Valid;
            node.root = roots.get(certificate.issuer.relative_names()).copied().filter(signed);
        }
        Self { nodes, cut: budget == 0 && named.first() == Some(&true) }
    }
}

/// From which places a way leads over `issuers` to one that `ends`.
fn reach(issuers: Vec<Vec<usize>>, ends: impl Fn(usize) -> bool) -> Vec<bool> {
    let mut below: Vec<Vec<usize>> = vec![Vec::new(); issuers.len()];
    for (place, issuers) in issuers.iter().enumerate() {
        issuers.iter().for_each(|issuer| below[*issuer].push(place));
    }
    let mut reaches = vec![false; issuers.len()];
    let mut todo: Vec<usize> = (0..issuers.len()).filter(|place| ends(*place)).collect();
    while let Some(place) = todo.pop() {
        if !std::mem::replace(&mut reaches[place], true) {
            todo.extend(&below[place]);
        }
    }
    reaches
}

impl<'a> Node<'a> {
    fn of(
        certificate: &Certificate,
        served: &[Arc<Certificate>],
        above: &[usize],
        anchors: &'a Anchors,
        budget: &mut usize,
    ) -> Self {
        let mut node = Self::default();
        let mut signed_by = |key: &Key| {
            *budget = budget.saturating_sub(1);
            *budget > 0 && memo::signature(certificate, key) != Signature::Invalid
        };
        for anchor in anchors.issuers(certificate) {
            if is_too_short(certificate, anchor) {
                node.reason.get_or_insert(Reason::OutlivesAuthority);
            } else if signed_by(anchor.key()) {
                node.anchors.push(anchor);
            } else {
                node.reason.get_or_insert(Reason::IssuerKeyDiffers { trusted: true });
            }
        }
        for place in above {
            let issuer = &served[*place];
            if issuer.fingerprint == certificate.fingerprint {
                continue;
            }
            if signed_by(&issuer.key) {
                node.issuers.push(*place);
            } else {
                node.reason.get_or_insert(Reason::IssuerKeyDiffers { trusted: false });
            }
        }
        node
    }
}

/// The walk through the graph from the leaf upwards.
struct Walk<'a> {
    served: &'a [Arc<Certificate>],
    graph: Graph<'a>,
    steps: usize,
    found: Found<'a>,
}

impl Walk<'_> {
    /// Follows every issuer of the path's last certificate.
    fn extend(&mut self, path: &mut Vec<usize>) {
        let served = self.served;
        let Some(top) = path.last().copied() else { return };
        let reaches = self.graph.nodes[top].reaches;
        self.steps += 1;
        if self.steps > STEPS {
            // What leads nowhere decides nothing, so that only a cut of the other ways leaves it open.
            self.found.cut |= reaches;
            return;
        }
        for anchor in &self.graph.nodes[top].anchors {
            self.found.paths.push((path.clone(), *anchor));
        }
        let used = path.iter().skip(1).filter(|place| !served[**place].is_self_issued()).count();
        let mut reason = None;
        let mut advanced = !self.graph.nodes[top].anchors.is_empty();
        for issuer in self.graph.nodes[top].issuers.clone() {
            if path.iter().any(|place| served[*place].fingerprint == served[issuer].fingerprint) {
                continue;
            }
            // `SunCertPathBuilder.depthFirstSearchForward` takes no two in a row that are self-issued.
            if served[top].is_self_issued() && served[issuer].is_self_issued() {
                reason = Some(Reason::SelfIssuedInARow);
                continue;
            }
            if !self.graph.nodes[issuer].reaches && self.found.dead_ends.len() >= DEAD_ENDS {
                continue;
            }
            if used >= INTERMEDIATES && !served[issuer].is_self_issued() {
                reason = Some(Reason::TooLongOutOfOrder);
                continue;
            }
            advanced = true;
            path.push(issuer);
            self.extend(path);
            path.pop();
        }
        if let Some(root) = self.graph.nodes[top].root.filter(|root| !advanced && !path.contains(root)) {
            let whole = path.iter().copied().chain([root]).collect();
            self.found.dead_ends.push((whole, at(root, Reason::SelfIssued)));
        } else if !advanced && self.found.dead_ends.len() < DEAD_ENDS {
            let own = if served[top].is_self_issued() { Reason::SelfIssued } else { Reason::IssuerMissing };
            let reason = reason.or_else(|| self.graph.nodes[top].reason.clone()).unwrap_or(own);
            self.found.dead_ends.push((path.clone(), at(top, reason)));
        }
    }
}

fn at(place: usize, reason: Reason) -> Refusal {
    Refusal { place: Place::Served(place), reason }
}

/// `AdaptableX509CertSelector.match` as `ForwardBuilder` asks it: key identifiers do not count, and an
/// authority of a version without extensions has to be valid for as long as `certificate`.
fn is_too_short(certificate: &Certificate, anchor: Anchor<'_>) -> bool {
    anchor.certificate().is_some_and(|anchor| {
        let covers = |instant| anchor.not_before <= instant && instant <= anchor.not_after;
        anchor.version < 3 && !(covers(certificate.not_before) && covers(certificate.not_after))
    })
}

/// `AdaptableX509CertSelector.match` as `PKIXCertPathValidator` asks it: a trusted certificate whose key
/// identifier or serial number is not the one that `certificate` names is passed over, although its key
/// may be the right one.
fn key_identifier(certificate: &Certificate, anchor: Anchor<'_>) -> Option<Reason> {
    let authority = anchor.certificate()?;
    let key = match &certificate.authority_key_id {
        // A malformed one is another one.
        Some(wanted) if authority.has_subject_key_id => authority.subject_key_id.as_ref() != Some(wanted),
        _ => false,
    };
    let serial = certificate
        .authority_serial
        .as_ref()
        .is_some_and(|wanted| authority.version > 2 && trimmed(wanted) != trimmed(&authority.serial_bytes()));
    (key || serial).then(|| Reason::KeyIdentifierDiffers {
        authority: authority.fingerprint,
        signed: memo::signature(certificate, &authority.key) == Signature::Valid,
    })
}

/// A number without the zeros that only say its sign.
fn trimmed(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    &number[zeros.min(number.len())..]
}
