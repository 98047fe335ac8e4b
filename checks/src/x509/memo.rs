//! What was read and checked before, so that a chain that is seen again costs next to nothing.
//!
//! Both are pure functions of bytes that a SHA-256 names. The memory is bounded: when one half is
//! full the older half is dropped.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use super::signature::{self, Signature};
use super::{Certificate, Fingerprint, Key};
use crate::model::evidence::Der;

/// How many certificates each half keeps, and how many bytes one may have to be kept.
const CERTIFICATES: (usize, usize) = (1024, 16 << 10);
/// How many signatures each half keeps.
const SIGNATURES: usize = 4096;

static READ: LazyLock<Mutex<Halves<Fingerprint, Arc<Certificate>>>> = LazyLock::new(Mutex::default);
static CHECKED: LazyLock<Mutex<Halves<(Fingerprint, Fingerprint), Signature>>> = LazyLock::new(Mutex::default);

/// The certificate in `der`; `None` when there is none.
pub fn certificate(der: &Der) -> Option<Arc<Certificate>> {
    let fingerprint = Fingerprint::of(&der.0);
    let known = READ.lock().unwrap_or_else(PoisonError::into_inner).get(&fingerprint);
    if known.is_some() {
        return known;
    }
    let certificate = Arc::new(Certificate::read_named(der, fingerprint)?);
    if der.0.len() <= CERTIFICATES.1 {
        let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
        read.keep(fingerprint, Arc::clone(&certificate), CERTIFICATES.0);
    }
    Some(certificate)
}

/// Whether `key` signed `certificate`.
pub(super) fn signature(certificate: &Certificate, key: &Key) -> Signature {
    let names = (certificate.fingerprint, key.fingerprint);
    if let Some(known) = CHECKED.lock().unwrap_or_else(PoisonError::into_inner).get(&names) {
        return known;
    }
    let found = signature::check(certificate, key);
    CHECKED.lock().unwrap_or_else(PoisonError::into_inner).keep(names, found, SIGNATURES);
    found
}

/// Forgets everything, so that a bench can measure the first time.
#[doc(hidden)]
pub fn forget() {
    *READ.lock().unwrap_or_else(PoisonError::into_inner) = Halves::default();
    *CHECKED.lock().unwrap_or_else(PoisonError::into_inner) = Halves::default();
}

struct Halves<K, V> {
    young: HashMap<K, V>,
    old: HashMap<K, V>,
}

impl<K, V> Default for Halves<K, V> {
    fn default() -> Self {
        Self { young: HashMap::new(), old: HashMap::new() }
    }
}

impl<K: Eq + Hash, V: Clone> Halves<K, V> {
    fn get(&self, key: &K) -> Option<V> {
        self.young.get(key).or_else(|| self.old.get(key)).cloned()
    }

    fn keep(&mut self, key: K, value: V, limit: usize) {
        if self.young.len() >= limit {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(key, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_memory_is_bounded_and_keeps_what_came_last() {
        let mut halves = Halves::default();
        for n in 0..1000 {
            halves.keep(n, n, 10);
        }
        assert!(halves.young.len() + halves.old.len() <= 20);
        assert_eq!((halves.get(&999), halves.get(&1)), (Some(999), None));
    }
}
