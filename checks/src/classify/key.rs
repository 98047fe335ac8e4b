//! What a remote cluster says of an API key: one classifier for its words, whoever hears them.
//!
//! The words reach us in two ways: as the exception that answers a key at the wire, and as the
//! `error` of `_resolve/cluster`, where the local cluster passes on what it was told. They are those
//! of `CrossClusterAccessAuthenticationService`, `CrossClusterAccessServerTransportFilter` and
//! `ApiKeyService`, and are matched by fragment, because ids, names and advice around them vary.
//! No release publishes the security module, so all of them are sourced, and none is measured.

use jiff::Timestamp;

use crate::model::evidence::{Attempt, Cause, Heard, KeyKind, RemoteView, Said};
use crate::model::finding::Certainty;

/// What became of a key.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum KeyVerdict {
    /// It is good: the server took it, or only misses the subject that goes with it.
    Accepted,
    /// There was none.
    Missing,
    /// It is not base64 of `id:secret`.
    Malformed,
    /// There was none, or it is malformed: the words stop before they say which.
    MissingOrMalformed,
    /// The cluster has no key of this id.
    Unknown,
    /// The secret does not belong to the id.
    WrongSecret,
    /// Its time is over.
    Expired,
    /// Somebody withdrew it.
    Invalidated,
    /// It is a key for REST.
    WrongType,
    /// It is bound to a certificate, and the request was not signed (`certificate_identity`).
    SignatureRequired,
    /// The request was signed, and the signature does not count.
    SignatureRefused,
    /// The cluster has API keys switched off.
    ServiceDisabled,
    /// It is good, and the licence does not cover the model.
    Licence,
    /// It was not looked at, because a node of the cluster is older than the model.
    OldNodes,
    /// The cluster could not look at it just now.
    Unchecked,
    /// It is good, and what was asked with it is not allowed.
    ActionDenied,
    /// It is refused in words that nobody has seen yet.
    Refused,
    /// The answer comes from the transport interface, which takes no keys.
    OtherInterface,
}

impl KeyVerdict {
    /// The most that a finding about this may claim. Words that only the source of Elasticsearch shows,
    /// about states that nobody could set up, are at most likely.
    pub const fn certainty(self) -> Certainty {
        match self {
            Self::Accepted
            | Self::Missing
            | Self::Malformed
            | Self::Unknown
            | Self::WrongSecret
            | Self::Expired
            | Self::Invalidated
            | Self::WrongType
            | Self::ServiceDisabled
            | Self::OtherInterface => Certainty::Certain,
            Self::MissingOrMalformed
            | Self::SignatureRequired
            | Self::SignatureRefused
            | Self::Licence
            | Self::OldNodes
            | Self::Refused => Certainty::Likely,
            Self::Unchecked | Self::ActionDenied => Certainty::Possible,
        }
    }
}

/// A verdict in the words it was given in.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Told {
    /// What they mean.
    pub verdict: KeyVerdict,
    /// The words, from the outermost cause to the innermost, without the one that names the node.
    pub words: String,
}

/// What the peer said of the key that was sent on `attempt`; `None` where none was sent, or where
/// the answer is none that can be used.
pub fn at_wire(attempt: &Attempt) -> Option<Told> {
    let of = |said| match attempt.heard(said)? {
        Heard::Node { .. } => Some(Told { verdict: KeyVerdict::Accepted, words: String::new() }),
        Heard::Exception { causes, .. } => Some(of_causes(causes)),
        _ => None,
    };
    let key = of(Said::KeyHandshake)?;
    match (key.verdict, attempt.heard(Said::SubjectHandshake)) {
        // The key is looked at again there, and what follows it for the first time.
        (KeyVerdict::Accepted, Some(_)) => of(Said::SubjectHandshake),
        _ => Some(key),
    }
}

/// What `text` says of a key, as a cluster reports it of a remote; `None` where it speaks of something else.
pub fn of_text(text: &str) -> Option<KeyVerdict> {
    let known = FRAGMENTS.iter().find(|(fragment, _)| text.contains(fragment)).map(|(_, verdict)| *verdict);
    let speaks = ["API key", "apikey", "api key", "certificate identity"].iter().any(|word| text.contains(word));
    known.or(speaks.then_some(KeyVerdict::Refused))
}

/// Whether an exception that answered a key comes from a remote cluster server, by its words.
pub(super) fn is_of_server(causes: &[Cause]) -> bool {
    let told = of_causes(causes);
    of_text(&told.words).is_some() && told.verdict != KeyVerdict::OtherInterface
}

/// An exception that answered a key always means something for it.
fn of_causes(causes: &[Cause]) -> Told {
    let mut words = Vec::new();
    for cause in causes.iter().skip(1).filter(|cause| !cause.message.is_empty()) {
        words.push(cause.message.as_str());
        words.extend(cause.unsuccessful.as_deref());
    }
    let words = words.join(": ");
    let judges = |cause: &Cause| JUDGES.contains(&cause.class.as_str());
    let verdict = match of_text(&words) {
        // A remote cluster server says "towards remote cluster"; without it the transport port refuses a user.
        Some(KeyVerdict::ActionDenied) if !words.contains("towards remote cluster") => KeyVerdict::OtherInterface,
        Some(KeyVerdict::OtherInterface) => KeyVerdict::OtherInterface,
        Some(verdict) if causes.iter().any(judges) => verdict,
        // A full heap or a full queue says nothing of the key, whatever text it carries.
        Some(_) => KeyVerdict::Unchecked,
        None if causes.iter().any(judges) => KeyVerdict::Refused,
        None => KeyVerdict::Unchecked,
    };
    Told { verdict, words }
}

/// What the remote's REST API says of the key at the instant `at`, as far as that is a verdict. Who sees only
/// keys of their own learns nothing from not seeing it.
pub fn by_rest(view: &RemoteView, at: Timestamp) -> Option<KeyVerdict> {
    Some(match view.key.as_ref().ok()? {
        None if view.own_keys_only => return None,
        None => KeyVerdict::Unknown,
        Some(facts) if facts.invalidated => KeyVerdict::Invalidated,
        Some(facts) if facts.kind == Some(KeyKind::Rest) => KeyVerdict::WrongType,
        Some(facts) if facts.expiration.is_some_and(|end| end <= at) => KeyVerdict::Expired,
        Some(_) => KeyVerdict::Accepted,
    })
}

/// What was `told` at the wire, where its words leave open why, with the reason that the REST API shows.
pub fn explained(told: Told, view: &RemoteView, at: Timestamp) -> Told {
    match by_rest(view, at) {
        Some(verdict @ (KeyVerdict::Expired | KeyVerdict::Invalidated | KeyVerdict::WrongType))
            if told.verdict == KeyVerdict::Refused =>
        {
            Told { verdict, ..told }
        }
        _ => told,
    }
}

/// The classes in which the security module refuses (wire id 4 and key 6).
const JUDGES: [&str; 2] = ["ElasticsearchSecurityException", "IllegalArgumentException"];

/// What each fragment means. The first that matches counts: where one message wraps another, the more
/// telling one stands first.
const FRAGMENTS: &[(&str, KeyVerdict)] = &[
    ("_cross_cluster_access_subject_info] but none found", KeyVerdict::Accepted),
    ("_cross_cluster_access_credentials] but none found", KeyVerdict::Missing),
    ("have configured remote cluster credentials", KeyVerdict::Missing),
    ("value must be a valid API key credential", KeyVerdict::Malformed),
    ("invalid cross-cluster API key value", KeyVerdict::Malformed),
    ("invalid ApiKey value", KeyVerdict::Malformed),
    ("failed to extract credentials from headers", KeyVerdict::MissingOrMalformed),
    ("unable to find apikey with id", KeyVerdict::Unknown),
    ("invalid credentials for API key [", KeyVerdict::WrongSecret),
    ("] has been invalidated", KeyVerdict::Invalidated),
    ("api key is expired", KeyVerdict::Expired),
    ("authentication expected API key type of [cross_cluster]", KeyVerdict::WrongType),
    ("Expected signature for cross cluster API key", KeyVerdict::SignatureRequired),
    ("requires certificate identity matching", KeyVerdict::SignatureRefused),
    ("Invalid cross cluster api key signature from [", KeyVerdict::SignatureRefused),
    ("Failed to verify cross cluster api key signature", KeyVerdict::SignatureRefused),
    ("Provided signature does not contain any certificates", KeyVerdict::SignatureRefused),
    ("api keys are not enabled", KeyVerdict::ServiceDisabled),
    ("non-compliant for [advanced-remote-cluster-security]", KeyVerdict::Licence),
    ("all nodes must have version [", KeyVerdict::OldNodes),
    ("failed to authenticate cross cluster credentials", KeyVerdict::Unchecked),
    ("unable to authenticate user [", KeyVerdict::Refused),
    ("No handler for action [", KeyVerdict::OtherInterface),
    ("requires channel profile to be [_remote_cluster]", KeyVerdict::OtherInterface),
    ("missing authentication credentials for action [", KeyVerdict::OtherInterface),
    ("towards remote cluster", KeyVerdict::ActionDenied),
    ("is unauthorized for user [", KeyVerdict::ActionDenied),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn cause(class: &str, message: &str) -> Cause {
        Cause { class: class.into(), message: message.into(), unsuccessful: None }
    }

    fn told(causes: &[(&str, &str)]) -> Told {
        let outer = cause("RemoteTransportException", "[n][10.0.0.5:9443][a]");
        let causes: Vec<Cause> = std::iter::once(outer).chain(causes.iter().map(|(c, m)| cause(c, m))).collect();
        of_causes(&causes)
    }

    const DENIED: &str = "ElasticsearchSecurityException";

    #[test]
    fn the_reason_in_metadata_counts_as_much_as_one_in_the_message() {
        let mut denied = cause(DENIED, "unable to authenticate user [x] for action [a]");
        assert_eq!(told(&[(DENIED, &denied.message)]).verdict, KeyVerdict::Refused);
        denied.unsuccessful = Some("API key: api key is expired".into());
        assert_eq!(of_causes(&[cause("RemoteTransportException", ""), denied]).verdict, KeyVerdict::Expired);
    }

    #[test]
    fn a_failure_that_is_no_judgement_leaves_the_key_unchecked() {
        for (class, message) in [
            ("CircuitBreakingException", "[parent] Data too large"),
            ("NodeClosedException", "node closed"),
            ("UncategorizedExecutionException", "queue of the API key pool is full: api key is expired"),
        ] {
            assert_eq!(told(&[(class, message)]).verdict, KeyVerdict::Unchecked, "{class}");
        }
        assert_eq!(told(&[]).verdict, KeyVerdict::Unchecked);
        assert_eq!(told(&[(DENIED, "words of tomorrow")]).verdict, KeyVerdict::Refused);
    }

    #[test]
    fn a_text_that_speaks_of_no_key_is_no_verdict() {
        for text in ["Unable to connect to [eu]", "handshake failed because connection reset", ""] {
            assert_eq!(of_text(text), None, "{text}");
        }
    }
}
