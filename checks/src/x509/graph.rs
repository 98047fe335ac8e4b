//! Who may have issued which of the served certificates, from the leaf upwards.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;

use super::anchors::Anchor;
use super::effort::Effort;
use super::signature::Signature;
use super::{Anchors, Certificate, Key, Reason};

/// The served certificates, by their places, and whose keys signed them.
pub(super) struct Graph<'a> {
    pub(super) nodes: Vec<Node<'a>>,
    /// Something was left out that might have led to an authority.
    pub(super) cut: bool,
}

/// One served certificate.
#[derive(Default)]
pub(super) struct Node<'a> {
    /// The served certificates that issued it.
    pub(super) issuers: Vec<usize>,
    /// The trusted ones that did.
    pub(super) anchors: Vec<Anchor<'a>>,
    /// The served certificate that issued it and itself, which is not trusted.
    pub(super) root: Option<usize>,
    /// Why something of its issuer's name did not issue it.
    pub(super) reason: Option<Reason>,
    /// How many intermediates that are not self-issued stand between it and an authority at least;
    /// `None` where no way leads to one.
    pub(super) distance: Option<usize>,
}

type BySubject<'a> = HashMap<&'a [String], Vec<usize>>;

impl<'a> Graph<'a> {
    /// Looks for the issuers of the first of `served`, then for theirs.
    pub(super) fn of(served: &'a [Arc<Certificate>], anchors: &'a Anchors, effort: &mut Effort) -> Self {
        let mut by_subject: BySubject<'a> = HashMap::new();
        let mut seen = HashSet::new();
        for (place, certificate) in served.iter().enumerate() {
            // The same certificate served twice is one candidate; a trusted one is no intermediate.
            if seen.insert(certificate.fingerprint) && !anchors.contains(certificate) {
                by_subject.entry(certificate.subject.relative_names()).or_default().push(place);
            }
        }
        let mut nodes: Vec<Node<'a>> = served.iter().map(|_| Node::default()).collect();
        let mut asked = vec![false; served.len()];
        let mut todo = vec![0];
        let mut spent = false;
        while let Some(place) = todo.pop() {
            if std::mem::replace(&mut asked[place], true) {
                continue;
            }
            let above = by_subject.get(served[place].issuer.relative_names()).map(Vec::as_slice).unwrap_or_default();
            let mut build = Build { served, effort: &mut *effort, spent, node: Node::default() };
            build.anchors(&served[place], anchors);
            build.issuers(place, above);
            spent = build.spent;
            todo.extend(&build.node.issuers);
            nodes[place] = build.node;
        }
        measure(&mut nodes, served);
        // By their names alone most sets that lead nowhere show it.
        Self { nodes, cut: spent && leads(served, &by_subject, anchors) }
    }
}

/// The node that is being built.
struct Build<'a, 'b> {
    served: &'a [Arc<Certificate>],
    effort: &'b mut Effort,
    spent: bool,
    node: Node<'a>,
}

impl<'a> Build<'a, '_> {
    fn anchors(&mut self, certificate: &Certificate, anchors: &'a Anchors) {
        for anchor in anchors.issuers(certificate) {
            if !self.may_go_on() {
                return;
            }
            if is_too_short(certificate, anchor) {
                self.node.reason.get_or_insert(Reason::OutlivesAuthority);
            } else if self.signed(certificate, anchor.key()) {
                self.node.anchors.push(anchor);
            } else {
                self.node.reason.get_or_insert(Reason::IssuerKeyDiffers { trusted: true });
            }
        }
    }

    fn issuers(&mut self, place: usize, above: &[usize]) {
        let served = self.served;
        let certificate = &served[place];
        for above in above {
            let issuer = &served[*above];
            if issuer.fingerprint == certificate.fingerprint {
                continue;
            }
            if !self.may_go_on() {
                return;
            }
            let signed = self.signed(certificate, &issuer.key);
            // One that signed itself is no intermediate (`sun.security.provider.certpath.Builder.addMatchingCerts`).
            let own = |effort: &mut Effort| effort.signature(issuer, &issuer.key) == Some(Signature::Valid);
            if issuer.is_self_issued() && own(self.effort) {
                self.node.root = self.node.root.or(signed.then_some(*above));
            } else if signed && issuer.is_self_issued() && certificate.is_self_issued() {
                // `SunCertPathBuilder.depthFirstSearchForward` takes no two in a row.
                self.node.reason.get_or_insert(Reason::SelfIssuedInARow);
            } else if signed {
                self.node.issuers.push(*above);
            } else {
                self.node.reason.get_or_insert(Reason::IssuerKeyDiffers { trusted: false });
            }
        }
    }

    fn may_go_on(&mut self) -> bool {
        self.spent |= !self.effort.steps(1);
        !self.spent
    }

    fn signed(&mut self, certificate: &Certificate, key: &Key) -> bool {
        let found = self.effort.signature(certificate, key);
        self.spent |= found.is_none();
        found.is_some_and(|signature| signature != Signature::Invalid)
    }
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
pub(super) fn key_identifier(certificate: &Certificate, anchor: Anchor<'_>, effort: &mut Effort) -> Option<Reason> {
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
        signed: effort.signature(certificate, &authority.key) == Some(Signature::Valid),
    })
}

/// A number without the zeros that only say its sign.
fn trimmed(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    &number[zeros.min(number.len())..]
}

/// Finds every node's distance.
fn measure(nodes: &mut [Node<'_>], served: &[Arc<Certificate>]) {
    let mut below: Vec<Vec<usize>> = vec![Vec::new(); nodes.len()];
    for (place, node) in nodes.iter().enumerate() {
        node.issuers.iter().for_each(|issuer| below[*issuer].push(place));
    }
    let ends = nodes.iter().enumerate().filter(|(_, node)| !node.anchors.is_empty());
    let mut todo: VecDeque<(usize, usize)> = ends.map(|(place, _)| (place, 0)).collect();
    while let Some((place, distance)) = todo.pop_front() {
        if nodes[place].distance.is_some() {
            continue;
        }
        nodes[place].distance = Some(distance);
        // What is nearest comes first.
        for place_below in below[place].iter().copied() {
            if served[place].is_self_issued() {
                todo.push_front((place_below, distance));
            } else {
                todo.push_back((place_below, distance + 1));
            }
        }
    }
}

/// Whether a way leads from the leaf to an authority when nothing but names is looked at.
fn leads(served: &[Arc<Certificate>], by_subject: &BySubject<'_>, anchors: &Anchors) -> bool {
    let mut seen = HashSet::new();
    let mut todo = vec![&served[0]];
    while let Some(certificate) = todo.pop() {
        if seen.insert(certificate.issuer.relative_names()) {
            if anchors.issuers(certificate).next().is_some() {
                return true;
            }
            let above = by_subject.get(certificate.issuer.relative_names()).into_iter().flatten();
            todo.extend(above.map(|place| &served[*place]));
        }
    }
    false
}
