//! Findings about a remote cluster whose REST API does not say what it knows of a key.

use crate::catalogue::Entry;
use crate::catalogue::cluster as catalogue;
use crate::model::evidence::ReadError;
use crate::model::finding::{Finding, Severity};
use crate::model::text::safe;

/// What lets farlink read any API key (`ClusterPrivilegeResolver`: `read_security` since 8.5).
pub(super) const GRANT: &str = "on the remote cluster give the user or key that farlink has there the cluster privilege read_security \
                                (before 8.5: manage_api_key)";

/// The finding for a remote `cluster` that could not be asked; a warning, because it says nothing of the link.
pub(super) fn finding(error: &ReadError, cluster: &str) -> Finding {
    let of = |entry: &'static Entry, words: &str| {
        Finding::new(entry, cluster, format!("the API key's end is not known: the remote cluster {cluster} {words}"))
    };
    let unusable = |words: &str| of(&catalogue::CLUSTER_ANSWER_UNUSABLE, words);
    let (finding, words) = match error {
        ReadError::Unreachable { error } => (
            of(&catalogue::CLUSTER_UNREACHABLE, "cannot be reached")
                .fix("in farlink.yml check url (REST, usually port 9200) and ca_file of the cluster"),
            safe(error, 300),
        ),
        ReadError::TimedOut { seconds } => (
            of(&catalogue::CLUSTER_UNREACHABLE, "gives no complete answer")
                .fix("ask a node that is less busy, or raise --timeout"),
            format!("it was waited for {seconds} seconds"),
        ),
        ReadError::CredentialsRefused { reason, sent } => (
            of(
                &catalogue::CLUSTER_CREDENTIALS_REFUSED,
                if *sent { "refuses the credentials" } else { "asks for credentials" },
            )
            .fix("in farlink.yml give the cluster an api_key_file, or user and password_file"),
            safe(reason, 300),
        ),
        ReadError::Forbidden { reason } => (
            of(&catalogue::CLUSTER_PRIVILEGE_MISSING, "does not let farlink read API keys").fix(GRANT),
            safe(reason, 300),
        ),
        ReadError::Status { status, reason } => (unusable(&format!("answers with status {status}")), safe(reason, 300)),
        ReadError::TooLarge { limit_bytes } => {
            (unusable("gives too large an answer"), format!("more than {} MiB", limit_bytes >> 20))
        }
        ReadError::Html { title } => (
            unusable("answers with a web page")
                .fix("in farlink.yml point url of the cluster at Elasticsearch's REST port"),
            title.as_deref().map(|title| format!("its title is \"{}\"", safe(title, 100))).unwrap_or_default(),
        ),
        ReadError::Shape { error } => (unusable("answers in another shape than Elasticsearch"), safe(error, 300)),
        ReadError::Redirect { location } => (
            unusable("redirects")
                .fix("in farlink.yml point url of the cluster at the final address; redirects are not followed"),
            format!("to {}", safe(location, 120)),
        ),
    };
    let finding = if words.is_empty() { finding } else { finding.observed(words) };
    finding
        .severity(Severity::Warning)
        .detail("This says nothing of the link. When the key of farlink's configuration expires, and what it may do, could not be read.")
}
