//! How much one analysis may cost, whatever was served.
//!
//! It is counted and not timed, and what is remembered costs as much as what is not, so that the same
//! evidence has the same verdict wherever and whenever it is judged. The bench `certificates` has sets
//! that spend all of it.

use std::collections::HashMap;

use super::signature::{self, Signature};
use super::{Certificate, Fingerprint, Key, memo};

/// What all signatures together may cost, in about microseconds.
const SIGNATURES: u32 = 50_000;
/// How many certificates may be looked at on all ways together. Real sets need tens.
const STEPS: u32 = 50_000;
/// How many names may be held against constraints; webpki's limit.
const COMPARISONS: u32 = 250_000;

/// What is left of it.
pub(super) struct Effort {
    signatures: u32,
    steps: u32,
    comparisons: u32,
    asked: HashMap<(Fingerprint, Fingerprint), Signature>,
}

impl Effort {
    /// All of it.
    pub(super) fn new() -> Self {
        Self { signatures: SIGNATURES, steps: STEPS, comparisons: COMPARISONS, asked: HashMap::new() }
    }

    /// Whether `key` signed `certificate`; `None` when too much was asked before.
    pub(super) fn signature(&mut self, certificate: &Certificate, key: &Key) -> Option<Signature> {
        let question = (certificate.fingerprint, key.fingerprint);
        if let Some(known) = self.asked.get(&question) {
            return Some(*known);
        }
        if !take(&mut self.signatures, signature::cost(certificate, key)) {
            return None;
        }
        let found = memo::signature(certificate, key);
        self.asked.insert(question, found);
        Some(found)
    }

    /// Whether `count` more certificates may be looked at.
    pub(super) fn steps(&mut self, count: usize) -> bool {
        take(&mut self.steps, u32::try_from(count).unwrap_or(u32::MAX))
    }

    /// Whether `count` more comparisons of names may be made.
    pub(super) fn comparisons(&mut self, count: usize) -> bool {
        take(&mut self.comparisons, u32::try_from(count).unwrap_or(u32::MAX))
    }
}

/// Takes `cost`, or all that is left where that is less.
fn take(left: &mut u32, cost: u32) -> bool {
    let enough = *left >= cost;
    *left = left.saturating_sub(cost);
    enough
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_spent_stays_spent() {
        let mut effort = Effort::new();
        assert!(effort.steps(STEPS as usize) && !effort.steps(1));
        assert!(!effort.comparisons(usize::MAX) && !effort.comparisons(1));
    }
}
