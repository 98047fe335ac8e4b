//! Different certificates for one target: on its addresses, or on repeated connections to one.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalogue::certificate::CERTIFICATE_DIFFERS_BETWEEN_ADDRESSES;
use crate::model::evidence::LinkEvidence;
use crate::model::finding::Finding;
use crate::x509::Fingerprint;

/// The same target serves different leaves to the same question.
pub(in crate::rules) fn differs(evidence: &LinkEvidence) -> Vec<Finding> {
    let mut by_target: BTreeMap<String, BTreeMap<Fingerprint, BTreeSet<String>>> = BTreeMap::new();
    for address in &evidence.addresses {
        let Some(main) = address.main().and_then(|main| main.tls.as_ref()) else { continue };
        // Every handshake with the same server name on the same port should show the same leaf.
        let alike = address
            .attempts
            .iter()
            .filter(|attempt| attempt.port.is_none())
            .filter_map(|attempt| attempt.tls.as_ref())
            .filter(|tls| tls.server_name == main.server_name);
        for leaf in alike.filter_map(|tls| tls.chain.first()) {
            let leaves = by_target.entry(address.target.to_string()).or_default();
            leaves.entry(Fingerprint::of(&leaf.0)).or_default().insert(address.address.to_string());
        }
    }
    by_target
        .into_iter()
        .filter(|(_, leaves)| leaves.len() > 1)
        .map(|(target, leaves)| finding(&target, leaves))
        .collect()
}

fn finding(target: &str, leaves: BTreeMap<Fingerprint, BTreeSet<String>>) -> Finding {
    let count = leaves.len();
    let addresses: BTreeSet<String> = leaves.into_values().flatten().collect();
    let (title, detail) = match addresses.len() {
        1 => (
            format!("{target} serves {count} different certificates in turn"),
            "Repeated connections to one address met different certificates: its members behind a load balancer differ.",
        ),
        _ => (
            format!("the addresses of {target} serve {count} different certificates"),
            "Which certificate the local cluster sees depends on the address it happens to take.",
        ),
    };
    let mut finding = Finding::new(&CERTIFICATE_DIFFERS_BETWEEN_ADDRESSES, target, title)
        .detail(detail)
        .fix("if they are members of one proxy, install the same certificate on all of them");
    finding.addresses = addresses.into_iter().collect();
    finding
}
