//! Which cluster a link leads to: the names that nodes give at its addresses, and over time.
//!
//! The local cluster binds a link to the first name it hears and refuses nodes of another
//! (`RemoteConnectionStrategy`: "remote cluster name ... does not match expected remote cluster name").

use std::collections::{BTreeMap, BTreeSet};

use crate::catalogue::transport::TRANSPORT_CLUSTER_CHANGED;
use crate::classify::listener;
use crate::classify::local::{self, Word};
use crate::model::evidence::{LedTo, LinkEvidence};
use crate::model::finding::{Certainty, Finding, Severity};
use crate::model::text::{list, safe};

/// How long a link is said to have led elsewhere, in seconds: a day.
const TOLD: f64 = 86_400.0;

/// Where a run that begins `seconds` after that of `earlier` has to say the link led to: the clusters that answered
/// then, or what that run had from before, when none answered or when others had just taken their place.
pub fn led_to(earlier: &LinkEvidence, seconds: f64) -> Option<LedTo> {
    let heard: Vec<String> = names(earlier).into_keys().map(str::to_owned).collect();
    let before = earlier.led_to.as_ref().map(|it| LedTo { seconds_ago: it.seconds_ago + seconds, ..it.clone() });
    let replaced = |before: &LedTo| !before.clusters.iter().any(|name| heard.contains(name));
    match before {
        Some(before) if heard.is_empty() || replaced(&before) && before.seconds_ago < TOLD => Some(before),
        _ => (!heard.is_empty()).then_some(LedTo { clusters: heard, seconds_ago: seconds }),
    }
}

/// That other clusters answer now than in an earlier run. Nothing where either run heard no name, or where they
/// have one in common: a link that leads to two clusters in one run is a finding of that run.
pub(crate) fn changed(now: &LinkEvidence) -> Vec<Finding> {
    let Some(old) = &now.led_to else { return Vec::new() };
    let new = names(now);
    if old.clusters.is_empty() || new.is_empty() || old.clusters.iter().any(|name| new.contains_key(name.as_str())) {
        return Vec::new();
    }
    let (was, is) = (list(&quoted(old.clusters.iter().map(String::as_str))), list(&shown(&new)));
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
    vec![at_all(finding, &new)]
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
    quoted(names.keys().copied())
}

fn quoted<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    names.map(|name| format!("\"{}\"", safe(name, 60))).collect()
}

fn at_all(finding: Finding, names: &BTreeMap<&str, BTreeSet<String>>) -> Finding {
    let addresses: BTreeSet<&String> = names.values().flatten().collect();
    addresses.into_iter().fold(finding, Finding::at)
}
