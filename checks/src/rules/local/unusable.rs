//! Findings about a local cluster that cannot be asked.

use crate::catalogue::cluster as catalogue;
use crate::model::evidence::ReadError;
use crate::model::finding::{Finding, Severity};
use crate::model::text::safe;

/// The finding for a local cluster that cannot be asked; a warning, because it says nothing of the link.
pub(crate) fn unusable(error: &ReadError, cluster: &str) -> Finding {
    let finding = match error {
        ReadError::Unreachable { error } => Finding::new(
            &catalogue::CLUSTER_UNREACHABLE,
            cluster,
            format!("the local cluster at {cluster} cannot be reached"),
        )
        .detail(safe(error, 300))
        .fix("check the URL, the port (REST, usually 9200), and --cluster-ca-file"),
        ReadError::TimedOut { seconds } => Finding::new(
            &catalogue::CLUSTER_UNREACHABLE,
            cluster,
            format!("the local cluster at {cluster} gives no complete answer"),
        )
        .detail(format!("It was waited for {seconds} seconds."))
        .fix("ask a node that is less busy, or raise --timeout"),
        ReadError::CredentialsRefused { reason, sent } => Finding::new(
            &catalogue::CLUSTER_CREDENTIALS_REFUSED,
            cluster,
            if *sent {
                format!("the local cluster at {cluster} refuses the credentials")
            } else {
                format!("the local cluster at {cluster} asks for credentials")
            },
        )
        .detail(safe(reason, 300))
        .fix("give --cluster-api-key-file, or --cluster-user with --cluster-password-file"),
        ReadError::Forbidden { reason } => Finding::new(
            &catalogue::CLUSTER_CREDENTIALS_REFUSED,
            cluster,
            format!("the credentials may not read remote clusters at {cluster}"),
        )
        .detail(safe(reason, 300))
        .fix("give the user or key the cluster privilege monitor"),
        ReadError::Status { status, reason } => Finding::new(
            &catalogue::CLUSTER_ANSWER_UNUSABLE,
            cluster,
            format!("the local cluster at {cluster} answers with status {status}"),
        )
        .detail(safe(reason, 300)),
        ReadError::TooLarge { limit_bytes } => Finding::new(
            &catalogue::CLUSTER_ANSWER_UNUSABLE,
            cluster,
            format!("the answer of {cluster} is larger than {} MiB", limit_bytes >> 20),
        ),
        ReadError::Html { title } => Finding::new(
            &catalogue::CLUSTER_ANSWER_UNUSABLE,
            cluster,
            format!("{cluster} answers with a web page, not with Elasticsearch's JSON"),
        )
        .detail(title.as_ref().map(|title| format!("Its title is \"{}\".", safe(title, 100))).unwrap_or_default())
        .fix("point --cluster at Elasticsearch's REST port, not at Kibana or a login page"),
        ReadError::Shape { error } => Finding::new(
            &catalogue::CLUSTER_ANSWER_UNUSABLE,
            cluster,
            format!("the answer of {cluster} is not what Elasticsearch sends"),
        )
        .detail(safe(error, 300)),
        ReadError::Redirect { location } => Finding::new(
            &catalogue::CLUSTER_ANSWER_UNUSABLE,
            cluster,
            format!("{cluster} redirects to {}", safe(location, 120)),
        )
        .fix("point --cluster at the final address; redirects are not followed with credentials"),
    };
    finding.severity(Severity::Warning)
}
