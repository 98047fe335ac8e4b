//! Which finding explains which: the only place that sets `explained_by`.
//!
//! A finding explains another by declaration, whatever their stages. Without a declaration the
//! first failing stage of the path leads, because nothing after it was seen by Elasticsearch.

use crate::model::finding::{Finding, Severity};
use crate::model::stage::Stage;

/// A cause, and the ids it explains when both are found at a common address (or one of them is
/// about the link as a whole).
const DECLARED: &[(&str, &[&str])] = &[
    ("config-address-malformed", &["cluster-disconnected"]),
    ("config-api-key-on-certificate-port", TLS_AND_AFTER),
    ("config-certificate-model-on-api-key-port", TLS_AND_AFTER),
    ("config-remote-server-disabled", &["tcp-refused", "transport-wrong-port", "cluster-disconnected"]),
    ("config-remote-unknown", &["auto-follow-remote-unknown", "config-address-malformed", "cluster-disconnected"]),
    ("config-rest-port", TLS_AND_AFTER),
    ("config-server-name-invalid", &["config-server-name-invalid", "tls-handshake-failed", "cluster-disconnected"]),
    ("config-sniff-behind-proxy", &["transport-publish-address-unreachable", "transport-no-gateway-node"]),
    ("version-transport-incompatible", &["transport-no-gateway-node"]),
    ("proxy-terminates-tls", TLS_AND_AFTER),
    ("proxy-members-differ", TLS_AND_AFTER),
    (
        "proxy-members-differ",
        &[
            "config-api-key-on-certificate-port",
            "config-certificate-model-on-api-key-port",
            "config-remote-server-disabled",
            "transport-wrong-port",
        ],
    ),
    (
        "certificate-authority-file-invalid",
        &["certificate-untrusted", "certificate-self-signed", "certificate-chain-incomplete"],
    ),
    ("certificate-clock-skew", &["certificate-expired", "certificate-not-yet-valid"]),
    ("tls-intercepted", INTERCEPTED),
    ("tls-client-ca-not-accepted", &["tls-client-certificate-untrusted"]),
    ("transport-rest-endpoint", TLS_AND_AFTER),
    ("transport-wrong-port", TLS_AND_AFTER),
    ("transport-opensearch", TLS_AND_AFTER),
    ("transport-not-elasticsearch", TLS_AND_AFTER),
    ("proxy-speaks-http", TLS_AND_AFTER),
    // Before 8.10 there is no remote cluster server whose port or switch could be wrong.
    (
        "version-api-key-model-too-old",
        &[
            "cluster-disconnected",
            "config-api-key-on-certificate-port",
            "config-remote-server-disabled",
            "transport-wrong-port",
        ],
    ),
    ("version-transport-incompatible", &["cluster-disconnected", "version-api-key-model-too-old"]),
    ("cluster-local-path-differs", &["cluster-disconnected"]),
];

/// What a wrong listener explains: its certificate and its answers are those of something else.
const TLS_AND_AFTER: &[&str] = &[
    "api-key-malformed",
    "api-key-missing",
    "certificate-chain-incomplete",
    "certificate-name-mismatch",
    "certificate-self-signed",
    "certificate-untrusted",
    "cluster-disconnected",
    "tls-client-certificate-required",
    "transport-closed",
    "transport-no-gateway-node",
    "transport-publish-address-unreachable",
    "transport-rest-endpoint",
    "version-transport-incompatible",
];

/// What a device that ends TLS on the way explains: its certificate, and what it makes of the bytes inside.
const INTERCEPTED: &[&str] = &[
    "certificate-chain-incomplete",
    "certificate-name-mismatch",
    "certificate-self-signed",
    "certificate-untrusted",
    "cluster-disconnected",
    "proxy-speaks-http",
    "proxy-terminates-tls",
    "transport-closed",
    "transport-malformed",
    "transport-not-elasticsearch",
    "transport-silent",
];

/// What uses a link and fails with it.
const FAILS_WITH_THE_LINK: &[&str] = &["auto-follow-failing", "follower-failed", "follower-lagging"];

/// Sets `explained_by` and puts `findings` in order of blame: unexplained errors along the path,
/// then what they explain, then warnings and information.
pub(crate) fn settle(findings: &mut [Finding]) {
    for effect in 0..findings.len() {
        let cause = findings.iter().enumerate().find(|(cause, candidate)| {
            *cause != effect
                && (candidate.is_error() || warns(candidate, &findings[effect]))
                && candidate.explained_by.is_none()
                && explains(candidate, &findings[effect])
        });
        if let Some(id) = cause.map(|(_, finding)| finding.id) {
            findings[effect].explained_by = Some(id);
        }
    }
    // That the local cluster cannot connect is the symptom of whatever else is wrong.
    let lead = findings
        .iter()
        .find(|f| f.is_error() && f.explained_by.is_none() && f.id != "cluster-disconnected" && f.stage != Stage::Usage)
        .map(|f| f.id);
    for finding in findings.iter_mut().filter(|f| f.id == "cluster-disconnected" && f.explained_by.is_none()) {
        finding.explained_by = lead;
    }
    if let Some(cause) = outage(findings) {
        for finding in findings.iter_mut().filter(|f| FAILS_WITH_THE_LINK.contains(&f.id) && is_retried(f)) {
            finding.explained_by = Some(cause);
        }
    }
    findings.sort_by(|a, b| rank(a).cmp(&rank(b)));
}

/// Why the local cluster cannot use the link: it cannot connect, or its key is refused.
fn outage(findings: &[Finding]) -> Option<&'static str> {
    let disconnected = findings.iter().find(|f| f.is_error() && f.id == "cluster-disconnected");
    let refused = findings.iter().find(|f| f.is_error() && f.stage == Stage::ApiKey && f.explained_by.is_none());
    disconnected.map(|f| f.explained_by.unwrap_or(f.id)).or(refused.map(|f| f.id))
}

/// What Elasticsearch goes on trying ends with the outage; what has stopped for good stays.
fn is_retried(finding: &Finding) -> bool {
    finding.severity < Severity::Error && finding.explained_by.is_none()
}

/// A warning explains no error, and of other warnings only one that takes it for possible.
fn warns(cause: &Finding, effect: &Finding) -> bool {
    cause.severity == Severity::Warning
        && cause.suppressed.is_none()
        && effect.severity == Severity::Warning
        && effect.explained_by.is_none()
        && effect.alternatives.contains(&cause.id)
}

fn explains(cause: &Finding, effect: &Finding) -> bool {
    let declared = DECLARED.iter().any(|(id, effects)| *id == cause.id && effects.contains(&effect.id));
    let meet = cause.addresses.is_empty()
        || effect.addresses.is_empty()
        || cause.addresses.iter().any(|address| effect.addresses.contains(address));
    declared && meet && cause.id != effect.id
}

/// Errors before warnings before information; unexplained before explained; then along the path.
fn rank(finding: &Finding) -> (std::cmp::Reverse<Severity>, bool, usize, &'static str) {
    let at = match finding.stage {
        Stage::Config => 0,
        Stage::Dns => 1,
        Stage::Tcp => 2,
        Stage::Proxy => 3,
        Stage::Tls => 4,
        Stage::Certificate => 5,
        Stage::Trust => 6,
        Stage::Version => 7,
        Stage::Transport => 8,
        Stage::Filter => 9,
        Stage::ApiKey => 10,
        Stage::Cluster => 11,
        Stage::Usage => 12,
    };
    (std::cmp::Reverse(finding.severity), finding.explained_by.is_some(), at, finding.id)
}
