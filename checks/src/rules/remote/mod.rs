//! Findings from what the remote cluster's REST API says of the API key that farlink was given.
//!
//! The wire's verdict outranks it: what the port answered to the key itself is not said again here, and
//! never contradicted. None of these findings makes a link broken.

mod access;
mod unreadable;

use jiff::Timestamp;

use super::Context;
use super::api_key::fault;
use super::expiry::{Left, moment};
use crate::catalogue::api_key as catalogue;
use crate::catalogue::cluster::CLUSTER_PRIVILEGE_MISSING;
use crate::classify::key::{self, KeyVerdict};
use crate::model::evidence::{KeyFacts, LinkEvidence, RemoteView};
use crate::model::finding::{Certainty, Finding, Severity};
use crate::model::link::{KeyPresence, Link, Model};
use crate::model::text::safe;

/// What is to be said of the key of a link at the instant `at`.
pub(super) fn key(evidence: &LinkEvidence, at: Timestamp) -> Vec<Finding> {
    let link = &evidence.link;
    let (Some(view), KeyPresence::Given { id, .. }) = (&evidence.remote, &link.api_key) else { return Vec::new() };
    if link.model.is_some_and(|model| model.value == Model::Certificate && model.source.is_firm()) {
        return Vec::new();
    }
    let subject = Subject { link, view, key: format!("key {}", safe(id, 40)), at };
    let findings = match &view.key {
        Err(error) => return vec![unreadable::finding(error, &safe(&view.cluster, 120))],
        Ok(None) => subject.not_shown(at_wire(evidence)).into_iter().collect(),
        Ok(Some(facts)) => subject.shown(facts, at_wire(evidence)),
    };
    // It may be another key than the local cluster's.
    findings.into_iter().map(|finding| finding.at_most(Certainty::Likely)).collect()
}

/// The wire's refusal, `found` for `verdict`, beside what the REST API says.
pub(super) fn beside(found: Finding, verdict: KeyVerdict, context: &Context<'_>) -> Finding {
    let Some(view) = context.remote else { return found };
    let Some(fact) = fact(view, context.at) else { return found };
    let found = found.observed(fact);
    match (verdict, &view.key) {
        (KeyVerdict::Unknown, Ok(Some(_))) => found.detail(format!(
            "The cluster {} has a key of this id, and the one that answers here has none: remote in farlink.yml, or the address, names \
             another cluster.",
            safe(&view.cluster, 120)
        )),
        _ => found,
    }
}

/// What the port answered to the key: that it is good, at any address, outweighs the rest.
fn at_wire(evidence: &LinkEvidence) -> Option<KeyVerdict> {
    let told = evidence.addresses.iter().filter_map(|address| key::at_wire(address.main()?));
    let verdicts: Vec<KeyVerdict> =
        told.map(|told| told.verdict).filter(|verdict| *verdict != KeyVerdict::OtherInterface).collect();
    let accepted = verdicts.iter().find(|verdict| **verdict == KeyVerdict::Accepted);
    accepted.or(verdicts.first()).copied()
}

/// What the REST API says, in one line.
fn fact(view: &RemoteView, at: Timestamp) -> Option<String> {
    let facts = view.key.as_ref().ok()?;
    let words = match (key::by_rest(view, at)?, facts.as_ref().and_then(|facts| facts.expiration)) {
        (KeyVerdict::Invalidated, _) => "the key was invalidated".to_owned(),
        (KeyVerdict::WrongType, _) => "the key is of type rest".to_owned(),
        (KeyVerdict::Unknown, _) => "no key of this id".to_owned(),
        (KeyVerdict::Expired, Some(end)) => format!("the key expired on {}", moment(end, at)),
        (_, Some(end)) => format!("the key is valid until {}", moment(end, at)),
        (_, None) => "the key is valid and has no end".to_owned(),
    };
    Some(format!("_security/api_key of {}: {words}", safe(&view.cluster, 120)))
}

/// The key of a link and who speaks of it.
struct Subject<'a> {
    link: &'a Link,
    view: &'a RemoteView,
    /// `key <id>`.
    key: String,
    at: Timestamp,
}

impl Subject<'_> {
    fn shown(&self, facts: &KeyFacts, wire: Option<KeyVerdict>) -> Vec<Finding> {
        match key::by_rest(self.view, self.at) {
            Some(KeyVerdict::Accepted) => {
                let mut findings: Vec<Finding> = self.expiring(facts).into_iter().collect();
                if let Some(access) = &facts.access {
                    findings.extend(access::findings(self, access));
                }
                findings
            }
            Some(KeyVerdict::Expired) if wire == Some(KeyVerdict::Accepted) => {
                self.still_accepted(facts).into_iter().collect()
            }
            Some(verdict) if wire.is_none() => self.of_no_use(verdict).into_iter().collect(),
            // The refusal at the port says it already, and what the port accepts needs no other word.
            Some(_) | None => Vec::new(),
        }
    }

    fn expiring(&self, facts: &KeyFacts) -> Option<Finding> {
        let end = facts.expiration?;
        let left = Left::of(end, self.at, &self.link.expiry_days)?;
        let title = format!("the API {} expires on {}, in {}", self.key, moment(end, self.at), left.days());
        let finding = Finding::new(&catalogue::API_KEY_EXPIRING, &self.key, title)
            .detail(left.sentence("From then on the remote refuses it, and the link fails"));
        Some(self.renewed(finding).observed(format!("expiration {end}{}", self.named(facts))))
    }

    /// The clocks differ, or the port was last asked before the end.
    fn still_accepted(&self, facts: &KeyFacts) -> Option<Finding> {
        let end = facts.expiration?;
        let title = format!("the API {} expired on {}, and the remote still took it", self.key, moment(end, self.at));
        let finding = Finding::new(&catalogue::API_KEY_EXPIRING, &self.key, title).detail(
            "The key was last tried before its end, or the remote's clock is behind the one of this host: then the link fails soon. Or \
             the cluster that was asked is not the one behind the address.",
        );
        Some(self.renewed(finding).observed(format!("expiration {end}{}", self.named(facts))))
    }

    /// Ways out while the key still holds; an expired one cannot be updated.
    fn renewed(&self, finding: Finding) -> Finding {
        finding
            .fix(
                "on the remote cluster, as the user who created the key, give it a later end: PUT /_security/cross_cluster/api_key/<id> with \
                 expiration (8.13 and later)",
            )
            .fix(format!(
                "or create a new one there (POST /_security/cross_cluster/api_key), and on every local node store its encoded value: \
                 elasticsearch-keystore add -f cluster.remote.{}.credentials, then POST _nodes/reload_secure_settings",
                safe(&self.link.alias, 120)
            ))
    }

    /// The port was not asked, so it is the REST API's word alone.
    fn of_no_use(&self, verdict: KeyVerdict) -> Option<Finding> {
        let (entry, words) = fault(verdict)?;
        let cluster = safe(&self.view.cluster, 120);
        let finding = Finding::new(entry, &self.key, format!("the API {} {words}, says {cluster}", self.key))
            .severity(Severity::Warning)
            .detail("The key itself was not tried at the port in this run. If the local cluster has the same key, the remote refuses it.");
        let finding = fact(self.view, self.at).into_iter().fold(finding, Finding::observed);
        Some(entry.fixes.iter().take(1).fold(finding, |finding, fix| finding.fix(fix.change)))
    }

    /// The cluster shows no key of this id.
    fn not_shown(&self, wire: Option<KeyVerdict>) -> Option<Finding> {
        let cluster = safe(&self.view.cluster, 120);
        if self.view.own_keys_only {
            let title =
                format!("the end of the API {} is not known: {cluster} shows farlink only its own keys", self.key);
            return Some(
                Finding::new(&CLUSTER_PRIVILEGE_MISSING, &cluster, title)
                    .severity(Severity::Info)
                    .detail("The user or key that farlink has there may read the API keys of its own (manage_own_api_key), and this is none of them.")
                    .fix(unreadable::GRANT),
            );
        }
        match wire {
            None => self.of_no_use(KeyVerdict::Unknown),
            Some(KeyVerdict::Accepted) => Some(
                Finding::new(
                    &catalogue::API_KEY_UNKNOWN,
                    &self.key,
                    format!("the API {} is accepted, and {cluster} has none of this id", self.key),
                )
                .severity(Severity::Info)
                .detail("The link works. The cluster that farlink.yml names as its remote is not the one behind the address, so when the key ends is not known.")
                .fix("in farlink.yml set remote of the link to the cluster that its address leads to"),
            ),
            Some(_) => None,
        }
    }

    fn named(&self, facts: &KeyFacts) -> String {
        facts.name.as_ref().map(|name| format!(", name \"{}\"", safe(name, 100))).unwrap_or_default()
    }
}
