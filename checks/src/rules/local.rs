//! Findings from what the local cluster itself says.

use super::api_key::refusal;
use crate::catalogue::cluster as catalogue;
use crate::classify::local::{self, Word};
use crate::model::diagnosis::Outcome;
use crate::model::evidence::{LinkEvidence, ReadError};
use crate::model::finding::{Finding, Severity};
use crate::model::link::Model;
use crate::model::text::safe;

/// What the cluster says, beside what the probe found: whether an error was found, and how the addresses did.
pub(crate) fn word(evidence: &LinkEvidence, found_error: bool, outcomes: &[Outcome]) -> Vec<Finding> {
    let cluster = evidence.cluster.as_ref().map(|view| safe(&view.cluster, 120)).unwrap_or_default();
    let usable = outcomes.contains(&Outcome::Usable);
    match local::judge(evidence.cluster.as_ref()) {
        Word::NotAsked => Vec::new(),
        Word::Works { lazily } => {
            let mut findings = Vec::new();
            if lazily {
                findings.push(
                    Finding::new(&catalogue::CLUSTER_CONNECTED_LAZILY, &cluster, "the link had no open connection, and works when it is used")
                        .detail("Elasticsearch opens connections to a remote when something uses it; _remote/info alone said disconnected."),
                );
            }
            if found_error && !usable {
                findings.push(
                    Finding::new(&catalogue::CLUSTER_AGENT_PATH_DIFFERS, &cluster, "the local cluster reaches the remote, and farlink does not from here")
                        .detail(
                            "The link works. What farlink found concerns its own way to the remote: another network, name server, trust or egress \
                             address, or a TLS session that the local cluster resumes.",
                        )
                        .fix("run farlink where the local cluster's nodes run, with the same authorities, to test what they see"),
                );
            }
            findings
        }
        Word::Fails { error } => fails(evidence, error.as_deref(), &cluster, found_error, usable),
        Word::Idle => vec![
            Finding::new(
                &catalogue::CLUSTER_DISCONNECTED,
                &cluster,
                "the local cluster has no open connection to the remote",
            )
            .severity(Severity::Info)
            .detail("This release cannot be asked to try. An unused link looks the same as a broken one."),
        ],
        Word::Unusable(error) => vec![unusable(&error, &cluster)],
    }
}

fn fails(evidence: &LinkEvidence, error: Option<&str>, cluster: &str, found_error: bool, usable: bool) -> Vec<Finding> {
    let mut findings = Vec::new();
    let words = error.map(|error| safe(error, 300));
    let is_key = evidence.link.model() == Some(Model::ApiKey);
    if let Some(words) = words.as_deref().filter(|words| is_key && speaks_of_key(words)) {
        let extract = words.contains("failed to extract credentials");
        let finding = refusal(words, "key of the local cluster", &evidence.link.alias);
        findings.push(if extract { finding.at_most(crate::model::finding::Certainty::Likely) } else { finding });
        return findings;
    }
    let mut disconnected =
        Finding::new(&catalogue::CLUSTER_DISCONNECTED, cluster, "the local cluster cannot connect to the remote");
    if let Some(words) = &words {
        disconnected = disconnected.observed(format!("the local cluster's words: {words}"));
    }
    if found_error {
        findings.push(disconnected.detail("_resolve/cluster made it try."));
    } else if usable {
        findings.push(
            Finding::new(&catalogue::CLUSTER_LOCAL_PATH_DIFFERS, cluster, "farlink reaches the remote from here, and the local cluster does not")
                .detail(
                    "The path, the certificate and the protocol are fine from this host. What differs is the local cluster's own: its name servers, \
                     its egress address and filters for it, its authorities, client certificate or key, or settings read only at start.",
                )
                .or(&["filter-suspected"])
                .fix("run farlink on a local node, with the files of its elasticsearch.yml")
                .fix("look at the local nodes' logs for the first failure of this alias"),
        );
        findings.push(disconnected);
    } else {
        findings.push(
            disconnected
                .detail("farlink found no fault as far as it could test; what was not tested is where the cause is.")
                .fix("give farlink what the untested stages need (see what was not tested), or look at the local nodes' logs for this alias"),
        );
    }
    findings
}

fn speaks_of_key(words: &str) -> bool {
    ["API key", "apikey", "api key", "non-compliant", "extract credentials", "certificate identity"]
        .iter()
        .any(|f| words.contains(f))
}

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
