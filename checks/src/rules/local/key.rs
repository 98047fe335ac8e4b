//! Findings where the local cluster's API key and the one that farlink was given fare differently, or alike.

use super::{Probe, Spoken, agent_path_differs};
use crate::catalogue::api_key::API_KEY_MISSING;
use crate::catalogue::cluster as catalogue;
use crate::classify::key::{KeyVerdict, Told};
use crate::model::evidence::LinkEvidence;
use crate::model::finding::{Certainty, Finding, Severity};
use crate::model::link::Model;
use crate::rules::api_key::refusal;
use crate::version::ReleaseVersion;

/// The remote refuses the local cluster's key, so the local cluster's path up to the key works.
pub(super) fn refused(
    evidence: &LinkEvidence,
    probe: Probe<'_>,
    found: &[Finding],
    verdict: KeyVerdict,
    words: &str,
    cluster: &str,
) -> Spoken {
    let told = Told { verdict, words: words.to_owned() };
    let unread = matches!(verdict, KeyVerdict::Missing | KeyVerdict::MissingOrMalformed);
    let missing = if unread { missing(evidence) } else { None };
    let alias = &evidence.link.alias;
    let Some(mut finding) = missing.or_else(|| refusal(&told, "key of the local cluster", alias)) else {
        return Spoken::default();
    };
    let mut joined = None;
    let mut findings = Vec::new();
    match probe {
        Probe::Open => {}
        Probe::Through | Probe::Partly => {
            finding = finding
                .detail(
                    "The remote accepts the key that farlink was given, from here: what the local cluster holds is another key, or an older \
                     value that a node has not reloaded.",
                )
                .fix("if the keystore already has the right key: POST _nodes/reload_secure_settings on the local cluster");
        }
        Probe::Refused(own) if own.id == finding.id => {
            joined = Some(own.id);
            finding = finding.detail("The remote says the same of the key that farlink was given.");
            finding.addresses = found.iter().filter(|f| f.id == own.id).flat_map(|f| f.addresses.clone()).collect();
        }
        Probe::Refused(own) => {
            finding = finding.detail(format!(
                "farlink was given another key, which the remote refuses too ({}); that says nothing of the link.",
                own.id
            ));
        }
        Probe::Failed => findings.push(
            agent_path_differs(cluster, "the local cluster reaches the remote as far as its key, and farlink does not from here")
                .detail("What farlink found concerns its own way to the remote: another network, name server, trust or egress address."),
        ),
    }
    findings.push(finding);
    Spoken { findings, overrules: true, joined }
}

/// The link works with the local cluster's key, and the remote refuses farlink's.
pub(super) fn other_key_works(cluster: &str) -> Finding {
    Finding::new(
        &catalogue::CLUSTER_AGENT_PATH_DIFFERS,
        cluster,
        "the local cluster's API key works, and the one that farlink was given does not",
    )
    .detail("The link works. The remote refuses farlink's key only, so the two are different keys.")
    .fix("give farlink a key that the remote accepts (--api-key-file, or api_key_file of the link)")
}

/// The remote refuses farlink's key, and the local cluster does not even get that far: where the remote
/// refuses its key, `_resolve/cluster` says so (measured with 8.19.21 and 9.5.3).
pub(super) fn never_gets_there(cluster: &str, own: &Finding) -> Finding {
    Finding::new(
        &catalogue::CLUSTER_LOCAL_PATH_DIFFERS,
        cluster,
        "farlink gets as far as the API key from here, and the local cluster does not",
    )
    .at_most(Certainty::Likely)
    .detail(format!(
        "The local cluster would say so if its key were refused, and it does not: it fails before. Besides, the remote refuses the key \
         that farlink was given ({}).",
        own.id
    ))
    .or(&[own.id])
    .fix("run farlink on a local node, with the files of its elasticsearch.yml")
    .fix("look at the local nodes' logs for the first failure of this alias")
}

/// The node that was asked has no key for an alias that is to use one; releases before 8.10 do not show it.
pub(super) fn missing(evidence: &LinkEvidence) -> Option<Finding> {
    let link = &evidence.link;
    let info = evidence.cluster.as_ref()?.before.as_ref().ok()?.as_ref()?;
    let release = link.releases.local.as_ref().and_then(|local| local.value.parse::<ReleaseVersion>().ok());
    let shows = release.is_none_or(|release| release.numbers() >= (8, 10, 0));
    (link.model() == Some(Model::ApiKey) && !info.credentials && shows).then(|| {
        Finding::new(&API_KEY_MISSING, &link.alias, "the local cluster has no API key for this alias")
            .severity(Severity::Error)
            .detail(
                "Its _remote/info shows no cluster_credentials, so the node that was asked uses the certificate model. Another node may have \
                 the key: each has a keystore of its own, and an alias that is spelt differently there counts as none.",
            )
            .fix(format!(
                "on every local node run elasticsearch-keystore add cluster.remote.{}.credentials with the encoded key, then POST \
                 _nodes/reload_secure_settings",
                link.alias
            ))
            .observed("_remote/info of the local cluster: no cluster_credentials")
    })
}
