//! Whether the peer makes certificates for the names that it is asked for, as devices do that inspect TLS.

use std::sync::Arc;

use super::chain::{self, Cause, ChainVerdict, Relation};
use super::listener::{self, Listener};
use crate::model::evidence::{AddressEvidence, Attempt, Question, Tls, TlsOutcome};
use crate::model::link::Link;
use crate::x509::hostname;
use crate::x509::{self, Certificate, Jdk, Purpose, analyse};

/// A certificate that nobody can have asked for beforehand.
#[derive(Clone, Debug)]
pub struct Minted {
    /// It.
    pub certificate: Arc<Certificate>,
    /// The name it was made for, which cannot exist.
    pub name: String,
}

/// Whether the handshake of `main` leaves that open: it completed with a chain whose authority the link
/// does not know, or the link's authorities are not known and what is behind does not answer.
pub fn is_possible(link: &Link, main: &Attempt) -> bool {
    // An inspecting device asks for no client certificate.
    let open = |tls: &&Tls| tls.outcome == TlsOutcome::Completed && tls.client_certificate.is_none();
    let Some(tls) = main.tls.as_ref().filter(open) else { return false };
    let anchors = chain::anchors(&link.trust);
    let mode = link.verification_mode.map(|mode| mode.value);
    // Whose a certificate is does not depend on the day; its first one is as good as any.
    let Some(at) = tls.chain.first().and_then(x509::read).map(|leaf| leaf.not_before) else { return false };
    let analysis = analyse(&tls.chain, &anchors, Purpose::Server, at);
    match chain::judge(&tls.chain, &analysis, &link.trust, &anchors, mode, Purpose::Server, at) {
        ChainVerdict::Refused(faults) => faults.iter().any(|fault| {
            matches!(fault.cause, Cause::Untrusted { relation: Relation::Stranger | Relation::Private, .. })
        }),
        ChainVerdict::TrustUnknown(_) => !matches!(
            listener::judge(main),
            Listener::Transport { .. } | Listener::OpenSearch { .. } | Listener::Rest(_)
        ),
        ChainVerdict::Trusted { .. } | ChainVerdict::Undecided { .. } | ChainVerdict::NotChecked => false,
    }
}

/// The certificate that the peer at `address` made for a name that cannot exist, where it did.
pub fn judge(address: &AddressEvidence) -> Option<Minted> {
    let usual = address.main()?.tls.as_ref()?.chain.first()?;
    let impossible = address.attempt(Question::ImpossibleServerName)?.tls.as_ref()?;
    let leaf = impossible.chain.first().filter(|leaf| *leaf != usual)?;
    let name = impossible.server_name.clone()?;
    let certificate = x509::read(leaf)?;
    hostname::check(&certificate, &name, Jdk::V25).is_ok().then_some(Minted { certificate, name })
}
