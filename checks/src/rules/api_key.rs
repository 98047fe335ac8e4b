//! Findings about the API key of a link.

use super::Context;
use crate::catalogue::Entry;
use crate::catalogue::api_key as catalogue;
use crate::classify::listener::{self, Interface};
use crate::model::evidence::{Heard, Said};
use crate::model::finding::{Certainty, Finding, Severity};
use crate::model::link::{KeyFault, KeyPresence, Model};
use crate::model::text::safe;

/// What the remote cluster server says to the key, or why it was not asked.
pub(super) fn verdict(context: &Context<'_>) -> Vec<Finding> {
    if context.model() != Some(Model::ApiKey) {
        return Vec::new();
    }
    let place = context.place();
    match &context.link.api_key {
        KeyPresence::Malformed { fault } => vec![malformed(context, *fault)],
        KeyPresence::NotGiven
            if context.interface() == Interface::RemoteClusterServer && context.link.client_certificate.is_none() =>
        {
            vec![
                Finding::new(
                    &catalogue::API_KEY_MISSING,
                    &place,
                    "farlink was given no API key, so the key was not tested",
                )
                .severity(Severity::Warning)
                .detail(
                    "Everything up to the key was tested. The local cluster has its own; this says nothing about it.",
                )
                .fix("to test the key give farlink the encoded value: --api-key-file")
                .at(place),
            ]
        }
        KeyPresence::NotGiven => Vec::new(),
        KeyPresence::Given { id, .. } => {
            let Some(main) = context.main() else { return Vec::new() };
            let causes = listener::causes(main, Said::KeyHandshake);
            let refused = matches!(main.heard(Said::KeyHandshake), Some(Heard::Exception { .. }));
            if !refused || causes.iter().any(|cause| cause.message.contains("_cross_cluster_access_subject_info")) {
                return Vec::new();
            }
            let text: Vec<&str> = causes.iter().skip(1).map(|cause| cause.message.as_str()).collect();
            let text = text.join(": ");
            vec![refusal(&text, &format!("key {}", safe(id, 40)), &place).at_most(Certainty::Likely).at(place)]
        }
    }
}

/// The finding for what Elasticsearch says of a key (`ApiKeyService`, `CrossClusterAccessAuthenticationService`).
pub(super) fn refusal(text: &str, key: &str, subject: &str) -> Finding {
    const WORDS: &[(&str, &Entry, &str)] = &[
        ("unable to find apikey with id", &catalogue::API_KEY_UNKNOWN, "is unknown to the remote cluster"),
        ("invalid credentials for API key", &catalogue::API_KEY_WRONG_SECRET, "has the wrong secret"),
        ("has been invalidated", &catalogue::API_KEY_INVALIDATED, "was invalidated on the remote cluster"),
        ("api key is expired", &catalogue::API_KEY_EXPIRED, "has expired"),
        (
            "authentication expected API key type of [cross_cluster]",
            &catalogue::API_KEY_WRONG_TYPE,
            "is a REST key, not a cross-cluster key",
        ),
        (
            "Expected signature for cross cluster API key",
            &catalogue::API_KEY_SIGNATURE_REQUIRED,
            "needs a signed request",
        ),
        ("requires certificate identity matching", &catalogue::API_KEY_SIGNATURE_REQUIRED, "needs a signed request"),
        (
            "api keys are not enabled",
            &catalogue::API_KEY_SERVICE_DISABLED,
            "cannot be checked: API keys are off on the remote",
        ),
        (
            "current license is non-compliant for [advanced-remote-cluster-security]",
            &catalogue::LICENCE_INSUFFICIENT,
            "is good, and the remote's licence does not allow the API-key model",
        ),
        (
            "failed to extract credentials from headers",
            &catalogue::API_KEY_MALFORMED,
            "cannot be read by the remote cluster",
        ),
    ];
    let known = WORDS.iter().find(|(fragment, _, _)| text.contains(fragment));
    let (entry, words) = known
        .map_or((&catalogue::API_KEY_REFUSED, "is refused by the remote cluster"), |(_, entry, words)| {
            (*entry, *words)
        });
    let finding = Finding::new(entry, subject, format!("the API {key} {words}"))
        .observed(format!("the remote's words: {}", safe(text, 300)));
    match entry.fixes.first() {
        Some(fix) => finding.fix(fix.change),
        None => finding,
    }
}

fn malformed(context: &Context<'_>, fault: KeyFault) -> Finding {
    let words = match fault {
        KeyFault::Empty => "the file is empty",
        KeyFault::Json => "it is the whole JSON answer; only the value of \"encoded\" is the key",
        KeyFault::NotEncoded => "it is id:api_key before encoding; take the value of \"encoded\"",
        KeyFault::NotBase64 => "it is not base64",
        KeyFault::NoColon => "it does not decode to id:secret",
        KeyFault::SecretLength => "its secret does not have the 22 characters of a cross-cluster key",
        KeyFault::InnerWhitespace => "it has white space inside",
        KeyFault::Quoted => "it stands in quotes",
    };
    Finding::new(
        &catalogue::API_KEY_MALFORMED,
        context.place(),
        format!("the API key that was given is malformed: {words}"),
    )
    .severity(Severity::Warning)
    .detail("It was not sent. What the local cluster has in its keystore may be another value.")
    .fix("store the value of \"encoded\" from the answer of POST /_security/cross_cluster/api_key, and nothing else")
    .at(context.place())
}
