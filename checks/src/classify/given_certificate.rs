//! What is wrong with a given client certificate, whoever looks at it: before and without a refusal.
//!
//! Whether the remote trusts its authority is not asked here, so only those faults count that the JDK
//! finds on the way to any authority.

use std::sync::Arc;

use jiff::Timestamp;

use crate::model::link::{ClientCertificate, FileFault};
use crate::x509::{self, Analysis, Anchors, Certificate, Key, KeyAlgorithm, Place, Purpose, Reason, analyse};

/// A client certificate that was given to the agent.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// What could be read of it, leaf first.
    pub chain: Vec<Arc<Certificate>>,
    /// For what the JDK refuses it, the leaf's first.
    pub flaws: Vec<Flaw>,
    /// What of it ends first, where nothing is wrong with it now.
    pub first_to_end: Option<Arc<Certificate>>,
    /// More certificates come with the leaf, and none of them issued it. That does no harm where the
    /// remote has the issuer in its trust file.
    pub is_unlinked: bool,
}

/// Something wrong with a given certificate.
#[derive(Clone, Debug)]
pub struct Flaw {
    /// The certificate at fault; `None` where it cannot be read.
    pub certificate: Option<Arc<Certificate>>,
    /// Whether that is the leaf and not an authority that comes with it.
    pub is_leaf: bool,
    /// Why the JDK refuses it.
    pub reason: Reason,
}

impl Given {
    /// Judges `given` at the instant `at`.
    pub fn read(given: &ClientCertificate, at: Timestamp) -> Self {
        // Files that could not be used are another fault, and the certificate is not sent then.
        if given.fault.is_some() {
            let chain = given.chain.iter().filter_map(x509::read).collect();
            return Self { chain, flaws: Vec::new(), first_to_end: None, is_unlinked: false };
        }
        let analysis = analyse(&given.chain, &Anchors::default(), Purpose::Client, at);
        let chain: Vec<Arc<Certificate>> = analysis.served.iter().flatten().cloned().collect();
        let flaws = flaws(&analysis);
        let first_to_end = on_the_way(&chain).min_by_key(|certificate| certificate.not_after).cloned();
        let alone = analysis.candidates.first().is_some_and(|way| way.path.len() == 1);
        let is_unlinked = alone && given.chain.len() > 1 && analysis.leaf().is_some_and(|leaf| !leaf.is_self_issued());
        Self { chain, first_to_end: first_to_end.filter(|_| flaws.is_empty()), flaws, is_unlinked }
    }
}

/// The RSA key that our TLS library is too strict for and the JDK is not, where that is why `given`
/// cannot be used: it takes 2048 bits or more, the JDK 1024 (`jdk.certpath.disabledAlgorithms`).
pub fn only_for_the_jdk(given: &ClientCertificate) -> Option<Key> {
    let leaf =
        given.chain.first().filter(|_| given.fault == Some(FileFault::UnusableKey)).and_then(Certificate::read)?;
    (leaf.key.algorithm == KeyAlgorithm::Rsa && (1024..2048).contains(&leaf.key.bits)).then_some(leaf.key)
}

/// All but a root, whose dates nobody asks for who trusts it.
fn on_the_way(chain: &[Arc<Certificate>]) -> impl Iterator<Item = &Arc<Certificate>> {
    chain.iter().enumerate().filter(|(place, certificate)| *place == 0 || !certificate.is_self_issued()).map(|(_, c)| c)
}

fn flaws(analysis: &Analysis) -> Vec<Flaw> {
    let faults = analysis.candidates.first().map(|way| way.faults.as_slice()).unwrap_or_default();
    let mut flaws: Vec<(usize, Flaw)> = faults
        .iter()
        .filter(|refusal| !depends_on_trust(&refusal.reason))
        .filter_map(|refusal| {
            let Place::Served(place) = refusal.place else { return None };
            let certificate = analysis.served.get(place).cloned().flatten();
            let is_root = place > 0 && certificate.as_ref().is_some_and(|certificate| certificate.is_self_issued());
            let flaw = Flaw { certificate, is_leaf: place == 0, reason: refusal.reason.clone() };
            (!is_root).then_some((place, flaw))
        })
        .collect();
    flaws.sort_by_key(|(place, _)| *place);
    flaws.into_iter().map(|(_, flaw)| flaw).collect()
}

/// Whether another trust file could make the fault go away.
const fn depends_on_trust(reason: &Reason) -> bool {
    matches!(
        reason,
        Reason::SelfIssued
            | Reason::IssuerMissing
            | Reason::IssuerKeyDiffers { .. }
            | Reason::KeyIdentifierDiffers { .. }
            | Reason::SignatureInvalid
            | Reason::SignatureUnchecked { .. }
            | Reason::TooMuch
            | Reason::PolicyMissing
            | Reason::TooLongOutOfOrder
    )
}
