//! From evidence to root cause: one row a situation, and its look-alikes beside it. One file a stage.

#![allow(clippy::unwrap_used, missing_docs)]

mod api_key;
mod certificate;
mod certificates;
mod chain;
mod client_certificates;
mod clock;
mod cluster;
mod clusters;
mod config;
mod coverage;
mod dates;
mod dns;
mod interception;
mod issuer;
mod members;
mod names;
mod old_tls;
mod remote_key;
mod sniff;
mod staging;
mod tcp;
mod tls;
mod transport;
mod two_keys;
mod usage;
mod version;

use farlink_checks::model::evidence::LinkEvidence;

use staging::*;

#[test]
fn evidence_survives_being_saved() {
    let evidence =
        evidence(link(A, Some("eu.example")), vec![remote_cluster_server(), asked_for_certificate(40, true, false)]);
    let text = serde_json::to_string(&evidence).unwrap();
    assert_eq!(serde_json::from_str::<LinkEvidence>(&text).unwrap(), evidence);
}
