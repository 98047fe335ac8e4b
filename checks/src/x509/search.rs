//! The paths from a served chain to the trusted authorities, as the JDK looks for them.
//!
//! `sun.security.validator.PKIXValidator` takes the served order as the path where it is one, whatever
//! its length. Else it asks `SunCertPathBuilder`, which tries every order, with at most five
//! intermediates that are not self-issued (`PKIXBuilderParameters.getMaxPathLength`).

use std::sync::Arc;

use super::anchors::Anchor;
use super::signature::Signature;
use super::{Anchors, Certificate, Place, Reason, Refusal, memo};

/// `PKIXBuilderParameters`: how many intermediates a path that is searched for may have.
const INTERMEDIATES: usize = 5;
/// How many steps a search takes at most. Real sets need tens; a set of cross-signed authorities that
/// is made to be slow costs this much and no more.
const STEPS: usize = 20_000;
/// How many ways that led nowhere are kept for the explanation.
const DEAD_ENDS: usize = 64;

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
    served.first().is_some_and(|leaf| anchors.trusts(leaf))
}

/// Every path from the first of `served` to one of `anchors`.
pub(super) fn paths<'a>(served: &'a [Arc<Certificate>], anchors: &'a Anchors) -> Found<'a> {
    if let Some(length) = ordered(served, anchors) {
        let path: Vec<usize> = (0..length).collect();
        let mut found = Found { paths: Vec::new(), dead_ends: Vec::new(), in_order: true, cut: false };
        for anchor in anchors.named(&served[length - 1].issuer) {
            match key_identifier(&served[length - 1], anchor) {
                Some(reason) => found.dead_ends.push((path.clone(), at(length - 1, reason))),
                None => found.paths.push((path.clone(), anchor)),
            }
        }
        return found;
    }
    let mut search = Search { served, anchors, steps: 0, found: Found { paths: Vec::new(), dead_ends: Vec::new(), in_order: false, cut: false } };
    search.extend(&mut vec![0]);
    search.found
}

/// How many of the served certificates are the path in their order; `None` when the builder is asked.
fn ordered(served: &[Arc<Certificate>], anchors: &Anchors) -> Option<usize> {
    for (place, certificate) in served.iter().enumerate() {
        if place > 0 {
            if certificate.subject != served[place - 1].issuer {
                return None;
            }
            if anchors.trusts(certificate) {
                return Some(place);
            }
        }
    }
    let last = served.last()?;
    let signs = |anchor: Anchor<'_>| memo::signature(last, anchor.key()) != Signature::Invalid;
    anchors.named(&last.issuer).any(signs).then_some(served.len())
}

struct Search<'a> {
    served: &'a [Arc<Certificate>],
    anchors: &'a Anchors,
    steps: usize,
    found: Found<'a>,
}

impl<'a> Search<'a> {
    /// Follows every issuer of the path's last certificate.
    fn extend(&mut self, path: &mut Vec<usize>) {
        self.steps += 1;
        if self.steps > STEPS || self.found.paths.len() >= STEPS {
            self.found.cut = true;
            return;
        }
        let served = self.served;
        let Some(top) = path.last().copied() else { return };
        let certificate = &served[top];
        let mut reason = None;
        let mut advanced = false;
        for anchor in self.anchors.named(&certificate.issuer) {
            if let Some(differs) = key_identifier(certificate, anchor) {
                reason.get_or_insert(differs);
            } else if memo::signature(certificate, anchor.key()) == Signature::Invalid {
                reason.get_or_insert(Reason::IssuerKeyDiffers { trusted: true });
            } else {
                advanced = true;
                self.found.paths.push((path.clone(), anchor));
            }
        }
        let used = path.iter().skip(1).filter(|place| !served[**place].is_self_issued()).count();
        for (place, issuer) in served.iter().enumerate() {
            let seen = path.iter().any(|other| served[*other].fingerprint == issuer.fingerprint);
            // The same certificate served twice is one candidate.
            let again = served[..place].iter().any(|other| other.fingerprint == issuer.fingerprint);
            if seen || again || issuer.subject != certificate.issuer || self.anchors.trusts(issuer) {
                continue;
            }
            if identifiers_differ(certificate, issuer) {
                continue;
            }
            if memo::signature(certificate, &issuer.key) == Signature::Invalid {
                reason.get_or_insert(Reason::IssuerKeyDiffers { trusted: false });
                continue;
            }
            if used >= INTERMEDIATES && !issuer.is_self_issued() {
                reason = Some(Reason::TooLongOutOfOrder);
                continue;
            }
            advanced = true;
            path.push(place);
            self.extend(path);
            path.pop();
        }
        if !advanced && self.found.dead_ends.len() < DEAD_ENDS {
            let reason = reason.unwrap_or(if certificate.is_self_issued() { Reason::SelfIssued } else { Reason::IssuerMissing });
            self.found.dead_ends.push((path.clone(), at(top, reason)));
        }
    }
}

fn at(place: usize, reason: Reason) -> Refusal {
    Refusal { place: Place::Served(place), reason }
}

/// `AdaptableX509CertSelector.match`: a trusted certificate whose key identifier or serial number is not
/// the one that `certificate` names is passed over, although its key may be the right one.
fn key_identifier(certificate: &Certificate, anchor: Anchor<'_>) -> Option<Reason> {
    let authority = anchor.certificate()?;
    identifiers_differ(certificate, authority).then(|| Reason::KeyIdentifierDiffers {
        authority: authority.fingerprint,
        signed: memo::signature(certificate, &authority.key) == Signature::Valid,
    })
}

fn identifiers_differ(certificate: &Certificate, issuer: &Certificate) -> bool {
    let key = match (&certificate.authority_key_id, &issuer.subject_key_id) {
        (Some(wanted), Some(has)) => wanted != has,
        _ => false,
    };
    let serial = certificate
        .authority_serial
        .as_ref()
        .is_some_and(|wanted| issuer.version > 2 && trimmed(wanted) != trimmed(&issuer.serial_bytes()));
    key || serial
}

/// A number without the zeros that only say its sign.
fn trimmed(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    &number[zeros.min(number.len())..]
}
