//! Findings about the API key of a link.

use super::{Context, remote};
use crate::catalogue::Entry;
use crate::catalogue::api_key as catalogue;
use crate::catalogue::version::VERSION_API_KEY_MODEL_TOO_OLD;
use crate::classify::key::{self, KeyVerdict, Told};
use crate::classify::listener::Interface;
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
            let told = context.main().and_then(key::at_wire).map(|told| match context.remote {
                Some(view) => key::explained(told, view, context.at),
                None => told,
            });
            let refusal = told.and_then(|told| {
                let finding = refusal(&told, &format!("key {}", safe(id, 40)), &place)?;
                Some(remote::beside(finding, told.verdict, context))
            });
            // It may be another key than the local cluster's.
            refusal.map(|finding| finding.at_most(Certainty::Likely).at(place)).into_iter().collect()
        }
    }
}

/// What is wrong with a key, to follow it; `None` where it is no fault of the key.
pub(super) fn fault(verdict: KeyVerdict) -> Option<(&'static Entry, &'static str)> {
    Some(match verdict {
        KeyVerdict::Accepted | KeyVerdict::OtherInterface => return None,
        KeyVerdict::Missing => (&catalogue::API_KEY_MISSING, "does not reach the remote cluster"),
        KeyVerdict::Malformed => (&catalogue::API_KEY_MALFORMED, "cannot be read by the remote cluster"),
        KeyVerdict::MissingOrMalformed => {
            (&catalogue::API_KEY_MALFORMED, "is not there, or cannot be read by the remote cluster")
        }
        KeyVerdict::Unknown => (&catalogue::API_KEY_UNKNOWN, "is unknown to the remote cluster"),
        KeyVerdict::WrongSecret => (&catalogue::API_KEY_WRONG_SECRET, "has the wrong secret"),
        KeyVerdict::Expired => (&catalogue::API_KEY_EXPIRED, "has expired"),
        KeyVerdict::Invalidated => (&catalogue::API_KEY_INVALIDATED, "was invalidated on the remote cluster"),
        KeyVerdict::WrongType => (&catalogue::API_KEY_WRONG_TYPE, "is a REST key, not a cross-cluster key"),
        KeyVerdict::SignatureRequired => (&catalogue::API_KEY_SIGNATURE_REQUIRED, "needs a signed request"),
        KeyVerdict::SignatureRefused => {
            (&catalogue::API_KEY_SIGNATURE_REQUIRED, "needs a signature that the remote accepts")
        }
        KeyVerdict::ServiceDisabled => {
            (&catalogue::API_KEY_SERVICE_DISABLED, "cannot be checked: API keys are off on the remote")
        }
        KeyVerdict::Licence => {
            (&catalogue::LICENCE_INSUFFICIENT, "is good, and the remote's licence does not allow the API-key model")
        }
        KeyVerdict::OldNodes => (&VERSION_API_KEY_MODEL_TOO_OLD, "is of no use: a node of the remote is before 8.10"),
        KeyVerdict::Unchecked => (&catalogue::API_KEY_REFUSED, "could not be checked by the remote just now"),
        KeyVerdict::ActionDenied => (&catalogue::API_KEY_REFUSED, "is accepted, and what it asks for is denied"),
        KeyVerdict::Refused => (&catalogue::API_KEY_REFUSED, "is refused by the remote cluster"),
    })
}

/// The finding for what a remote cluster says of `key`; `None` where it is no fault of the key.
pub(super) fn refusal(told: &Told, key: &str, subject: &str) -> Option<Finding> {
    let (entry, words) = fault(told.verdict)?;
    let alternatives: &[&str] = match told.verdict {
        KeyVerdict::MissingOrMalformed => &["api-key-missing"],
        _ => &[],
    };
    let finding = Finding::new(entry, subject, format!("the API {key} {words}"))
        .severity(Severity::Error)
        .at_most(told.verdict.certainty())
        .or(alternatives)
        .observed(match told.words.is_empty() {
            true => "the remote gives no reason".to_owned(),
            false => format!("the remote's words: {}", safe(&told.words, 300)),
        });
    Some(match entry.fixes.first() {
        Some(fix) => finding.fix(fix.change),
        None => finding,
    })
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
