//! Everything that is wrong with one path, in the order in which the JDK would meet it.
//!
//! `sun.security.provider.certpath.PKIXCertPathValidator` with its `AlgorithmChecker`, `KeyChecker`,
//! `ConstraintsChecker`, `PolicyChecker` and `BasicChecker`, from the authority down to the leaf, then
//! `sun.security.validator.PKIXValidator.verifyTrustAnchor` and `EndEntityChecker`. The JDK stops at
//! the first fault; here all are collected.

use std::collections::VecDeque;
use std::sync::Arc;

use jiff::Timestamp;

use super::anchors::Anchor;
use super::constraints::Judged;
use super::effort::Effort;
use super::ends::{anchor_date, anchor_fault, leaf_faults};
use super::signature::Signature;
use super::{Certificate, Digest, Jdk, Key, KeyAlgorithm, Place, Purpose, Reason, Refusal, curve, policies};

/// What a path is judged for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Terms {
    pub(super) purpose: Purpose,
    pub(super) at: Timestamp,
    pub(super) jdk: Jdk,
    /// The served order is the path.
    pub(super) in_order: bool,
}

/// Judges the paths of one chain.
pub(super) struct Judge<'a, 'b> {
    served: &'a [Arc<Certificate>],
    terms: Terms,
    /// What the leaf has against it on every path, which may have a great many usages.
    leaf: Vec<Refusal>,
    effort: &'b mut Effort,
}

impl<'a, 'b> Judge<'a, 'b> {
    /// For these certificates, the leaf first.
    pub(super) fn new(served: &'a [Arc<Certificate>], terms: Terms, effort: &'b mut Effort) -> Self {
        Self { served, terms, leaf: leaf_faults(&served[0], terms), effort }
    }

    /// The faults of the path of these certificates, by their places and leaf first, that ends at
    /// `anchor`; without one, those that the certificates have by themselves.
    pub(super) fn faults(&mut self, path: &[usize], anchor: Option<Anchor<'_>>) -> Vec<Refusal> {
        let (served, terms) = (self.served, self.terms);
        let mut faults = Faults { served, path, anchor, terms, effort: &mut *self.effort, found: Vec::new() };
        let mut state = State::new(path.len());
        for step in (0..path.len()).rev() {
            faults.algorithm(step);
            faults.constraints(step, &mut state);
            faults.policies(step, &mut state);
            faults.basics(step);
        }
        let mut found = faults.found;
        found
            .extend(anchor.filter(|_| !terms.in_order && path.len() > 1).and_then(|anchor| anchor_date(anchor, terms)));
        found.extend(anchor.and_then(anchor_fault));
        found.extend_from_slice(&self.leaf);
        found
    }
}

/// Whether the JDK refuses keys of this size and kind (`jdk.certpath.disabledAlgorithms`,
/// `jdk.tls.disabledAlgorithms`).
fn is_weak(key: &Key) -> bool {
    match key.algorithm {
        KeyAlgorithm::Rsa | KeyAlgorithm::RsaPss | KeyAlgorithm::Dsa => key.bits < 1024,
        KeyAlgorithm::Ec(_) => key.bits < 224,
        _ => false,
    }
}

struct State {
    /// How many more authorities that are not self-issued may follow, and who says so.
    room: u32,
    policies: Option<policies::Checker>,
    /// The steps so far that constrain the names below them, the lowest one first.
    constraining: VecDeque<usize>,
}

impl State {
    fn new(length: usize) -> Self {
        let policies = Some(policies::Checker::new(length));
        Self { room: u32::try_from(length).unwrap_or(u32::MAX), policies, constraining: VecDeque::new() }
    }
}

struct Faults<'a> {
    served: &'a [Arc<Certificate>],
    path: &'a [usize],
    anchor: Option<Anchor<'a>>,
    terms: Terms,
    effort: &'a mut Effort,
    found: Vec<Refusal>,
}

impl<'a> Faults<'a> {
    fn certificate(&self, step: usize) -> &'a Certificate {
        &self.served[self.path[step]]
    }

    /// The key that should have signed the certificate at `step`.
    fn issuer_key(&self, step: usize) -> Option<&'a Key> {
        match self.path.get(step + 1) {
            Some(place) => Some(&self.served[*place].key),
            None => self.anchor.map(Anchor::key),
        }
    }

    fn fault(&mut self, step: usize, reason: Reason) {
        self.found.push(Refusal { place: Place::Served(self.path[step]), reason });
    }

    /// `AlgorithmChecker`, once with the JDK's own constraints and once with those of TLS.
    fn algorithm(&mut self, step: usize) {
        let certificate = self.certificate(step);
        let algorithm = &certificate.signature;
        let disabled = match algorithm.digest() {
            Some(Digest::Md2 | Digest::Md5) => true,
            // "SHA1 jdkCA & usage TLSServer": under a private authority it is let through.
            Some(Digest::Sha1) => {
                matches!(self.anchor, Some(Anchor::Public(_))) && self.terms.purpose == Purpose::Server
            }
            _ => false,
        };
        if disabled || !algorithm.is_offered(self.terms.jdk) {
            self.fault(step, Reason::WeakSignature { algorithm: algorithm.to_string() });
        }
        if is_weak(&certificate.key) {
            self.fault(step, Reason::WeakKey { key: certificate.key.to_string() });
        }
        let anchor = self.anchor.map(Anchor::key).filter(|key| step + 1 == self.path.len() && is_weak(key));
        if let Some(key) = anchor {
            self.found.push(Refusal { place: Place::Anchor, reason: Reason::WeakKey { key: key.to_string() } });
        }
        if certificate.key_usage.is_some_and(|usage| !usage.has_primitive()) {
            self.fault(step, Reason::EmptyKeyUsage);
        }
    }

    /// `KeyChecker` and `ConstraintsChecker`.
    fn constraints(&mut self, step: usize, state: &mut State) {
        let certificate = self.certificate(step);
        let is_leaf = step == 0;
        if !is_leaf {
            if let Some(usage) = certificate.key_usage.filter(|usage| !usage.key_cert_sign()) {
                self.fault(step, Reason::MayNotSign(usage));
            }
            self.authority(step, certificate, state);
        }
        if is_leaf || !certificate.is_self_issued() {
            for above in &state.constraining {
                let Some(constraints) = &self.certificate(*above).name_constraints else { continue };
                let by = Place::Served(self.path[*above]);
                match constraints.breach(certificate, self.effort) {
                    None => {}
                    Some(Judged::Breach(breach)) => self.fault(step, Reason::NameNotAllowed { by, breach }),
                    Some(Judged::TooMuch) => self.fault(step, Reason::TooMuch),
                }
            }
        }
        if certificate.name_constraints.is_some() {
            state.constraining.push_front(step);
        }
        if !certificate.unknown_critical.is_empty() {
            self.fault(step, Reason::UnknownCriticalExtension { oids: certificate.unknown_critical.clone() });
        }
    }

    fn authority(&mut self, step: usize, certificate: &Certificate, state: &mut State) {
        let allowed = if certificate.version < 3 {
            // Before version 3 only a self-issued certificate right below the authority counts as one.
            (step + 1 == self.path.len() && certificate.is_self_issued()).then_some(u32::MAX)
        } else {
            certificate
                .basic_constraints
                .filter(|constraints| constraints.authority)
                .map(|constraints| constraints.path_length.unwrap_or(u32::MAX))
        };
        let Some(allowed) = allowed else { return self.fault(step, Reason::NotAnAuthority) };
        if !certificate.is_self_issued() {
            if state.room == 0 {
                self.too_long(step);
            }
            state.room = state.room.saturating_sub(1);
        }
        state.room = state.room.min(allowed);
    }

    /// Names the authority whose limit the certificate at `step` is beyond.
    fn too_long(&mut self, step: usize) {
        let below = |above: usize| (step..above).filter(|step| !self.certificate(*step).is_self_issued()).count();
        let limited = (step + 1..self.path.len()).find_map(|above| {
            let allowed = self.certificate(above).basic_constraints?.path_length?;
            (below(above) > allowed as usize).then_some((above, allowed))
        });
        let (at, allowed) = limited.unwrap_or((step, 0));
        self.fault(at, Reason::PathTooLong { allowed });
    }

    /// `PolicyChecker`; what is missing is missing for everything below as well.
    fn policies(&mut self, step: usize, state: &mut State) {
        let Some(checker) = &mut state.policies else { return };
        if let Some(reason) = checker.check(self.certificate(step), step == 0) {
            state.policies = None;
            self.fault(step, reason);
        }
    }

    /// `BasicChecker`: dates and signature; the names chain by construction.
    fn basics(&mut self, step: usize) {
        let certificate = self.certificate(step);
        if self.terms.at < certificate.not_before {
            self.fault(step, Reason::NotYetValid);
        }
        // To the second: the JDK's dates have no fraction, and one after notAfter is too late.
        if self.terms.at > certificate.not_after {
            self.fault(step, Reason::Expired);
        }
        let Some(key) = self.issuer_key(step) else { return };
        match self.effort.signature(certificate, key) {
            Some(Signature::Valid) => {}
            None => self.fault(step, Reason::TooMuch),
            Some(Signature::Invalid) => self.fault(step, Reason::SignatureInvalid),
            Some(Signature::Unsupported) => {
                if let KeyAlgorithm::Ec(curve) = &key.algorithm
                    && !curve::verifies(curve)
                {
                    return self.fault(step, Reason::CurveNotSupported { curve: curve.clone() });
                }
                self.fault(step, Reason::SignatureUnchecked { algorithm: certificate.signature.to_string() });
            }
        }
    }
}
