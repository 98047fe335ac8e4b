//! From closed enums to findings: an exhaustive `match` an outcome, and a list of independent checks.
//!
//! A rule words what was classified and rates it; it neither weighs look-alikes (that is
//! [`classify`](crate::classify)) nor decides what explains what (that is [`blame`](crate::blame)).

mod addresses;
mod agreement;
mod api_key;
pub(crate) mod certificate;
mod client_certificate;
mod config;
mod context;
mod dns;
mod expiry;
mod gateways;
mod local;
mod members;
mod remote;
mod tcp;
mod tls;
mod transport;
mod usage;
mod version;

pub(crate) use agreement::local_has_new_jdk;
pub(crate) use context::Context;

use jiff::Timestamp;

use crate::model::evidence::LinkEvidence;
use crate::model::finding::Finding;

/// An independent check of a whole link.
type Check = fn(&LinkEvidence) -> Vec<Finding>;

/// Checks that look at the link as a whole, in no particular order.
const CHECKS: &[Check] = &[
    addresses::compared,
    addresses::platform,
    config::addresses,
    config::alias,
    config::oddities,
    config::server_name,
    dns::names,
    tcp::latency,
    certificate::authorities,
    certificate::differs,
    crate::changes::changed,
    crate::changes::differ,
    version::local_key_model,
    version::mixed,
];

/// Every finding about the link as a whole at the instant `at`.
pub(crate) fn of_link(evidence: &LinkEvidence, at: Timestamp) -> Vec<Finding> {
    let mut findings: Vec<Finding> = CHECKS.iter().flat_map(|check| check(evidence)).collect();
    findings.extend(client_certificate::given(evidence, at));
    findings.extend(remote::key(evidence, at));
    findings
}

/// Every finding at one address.
pub(crate) fn of_address(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = tcp::reach(context);
    findings.extend(tls::handshake(context));
    findings.extend(certificate::chain(context));
    findings.extend(client_certificate::asked(context));
    findings.extend(transport::listener(context));
    findings.extend(gateways::listed(context));
    findings.extend(version::pair(context));
    findings.extend(version::key_model(context));
    findings.extend(api_key::verdict(context));
    findings
}

/// Every finding about clocks that differ, in a run that began `at`.
pub(crate) fn of_clocks(evidence: &LinkEvidence, contexts: &[Context<'_>], at: Timestamp) -> Vec<Finding> {
    certificate::skew(evidence, contexts, at)
}

pub(crate) use local::{unusable as of_unusable_cluster, word as of_local_cluster};
pub(crate) use usage::found as of_usage;
