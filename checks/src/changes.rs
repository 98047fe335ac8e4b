//! Which cluster a link leads to: the names that nodes give at its addresses, and over time.
//!
//! The local cluster binds a link to the first name it hears and refuses nodes of another
//! (`RemoteConnectionStrategy`: "remote cluster name ... does not match expected remote cluster name").

use std::collections::{BTreeMap, BTreeSet};

use crate::catalogue::transport::TRANSPORT_CLUSTER_CHANGED;
use crate::classify::listener;
use crate::classify::local::{self, Word};
use crate::model::evidence::LinkEvidence;
use crate::model::finding::{Certainty, Finding, Severity};
use crate::model::text::{list, safe};

/// That other clusters answer in `now` than in `before`, an earlier run of the same link. `None` where
/// either run heard no name, or where they have one in common: a link that leads to two clusters in one
/// run is a finding of that run.
pub fn changed(before: &LinkEvidence, now: &LinkEvidence) -> Option<Finding> {
    let (old, new) = (names(before), names(now));
    if old.is_empty() || new.is_empty() || old.keys().any(|name| new.contains_key(name)) {
        return None;
    }
    let (was, is) = (list(&shown(&old)), list(&shown(&new)));
    // A local cluster that reconnected from nothing has bound itself to the new name.
    let refused = matches!(local::judge(now.cluster.as_ref()), Word::Fails { .. });
    let finding = Finding::new(
        &TRANSPORT_CLUSTER_CHANGED,
        format!("{was} {is}"),
        format!("the link led to cluster {was}, and now leads to cluster {is}"),
    )
    .severity(if refused { Severity::Error } else { Severity::Warning })
    .at_most(if refused { Certainty::Likely } else { Certainty::Certain })
    .detail(
        "Another cluster answers than in an earlier run. Local nodes that were connected before stay bound to the old name and \
         refuse the new one until the link is set anew or they restart; data of another cluster is searched afterwards.",
    )
    .fix(format!(
        "if this is not meant: on the local cluster point cluster.remote.{} at the old cluster again",
        now.link.alias
    ))
    .fix(format!(
        "if the remote was replaced: set the address of cluster.remote.{} to null and then again, which binds the link anew",
        now.link.alias
    ));
    Some(at_all(finding, &new))
}

/// That the addresses of one link lead to different clusters.
pub(crate) fn differ(evidence: &LinkEvidence) -> Vec<Finding> {
    let names = names(evidence);
    if names.len() < 2 {
        return Vec::new();
    }
    let clusters = list(&shown(&names));
    let finding = Finding::new(
        &TRANSPORT_CLUSTER_CHANGED,
        &clusters,
        format!("the addresses of this link lead to different clusters: {clusters}"),
    )
    .detail(
        "A link is bound to the name of the cluster that answers first; connections to the others are refused with \"remote \
         cluster name does not match\". Which one is searched depends on which address answers first.",
    )
    .fix(format!(
        "on the local cluster keep only addresses of one cluster in cluster.remote.{} (seeds, or what proxy_address resolves to)",
        evidence.link.alias
    ));
    let finding = names.iter().fold(finding, |finding, (name, addresses)| {
        let addresses: Vec<&str> = addresses.iter().map(String::as_str).collect();
        finding.observed(format!("cluster {}: {}", safe(name, 60), list(&addresses)))
    });
    vec![at_all(finding, &names)]
}

/// The names of clusters that were heard, each with the addresses that gave it.
fn names(evidence: &LinkEvidence) -> BTreeMap<&str, BTreeSet<String>> {
    let mut names: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for address in &evidence.addresses {
        // What listens on another port belongs to nobody's link.
        for attempt in address.attempts.iter().filter(|attempt| attempt.port.is_none()) {
            if let Some(name) = listener::cluster(attempt) {
                names.entry(name).or_default().insert(address.address.to_string());
            }
        }
    }
    names
}

fn shown(names: &BTreeMap<&str, BTreeSet<String>>) -> Vec<String> {
    names.keys().map(|name| format!("\"{}\"", safe(name, 60))).collect()
}

fn at_all(finding: Finding, names: &BTreeMap<&str, BTreeSet<String>>) -> Finding {
    let addresses: BTreeSet<&String> = names.values().flatten().collect();
    addresses.into_iter().fold(finding, Finding::at)
}
