//! Findings from what the local cluster itself says, beside what the probe found.

mod key;
mod unusable;

pub(crate) use unusable::unusable;

use crate::catalogue::cluster as catalogue;
use crate::classify::local::{self, Word};
use crate::model::diagnosis::Outcome;
use crate::model::evidence::LinkEvidence;
use crate::model::finding::{Finding, Severity};
use crate::model::link::Model;
use crate::model::stage::Stage;
use crate::model::text::safe;

/// What the local cluster says, and what that makes of the probe's own findings.
#[derive(Default)]
pub(crate) struct Spoken {
    pub(crate) findings: Vec<Finding>,
    /// The probe's errors are about its own way or its own key, not about the link.
    pub(crate) overrules: bool,
    /// The probe's findings of this id are in one of these.
    pub(crate) joined: Option<&'static str>,
}

/// What the probe found, as far as it matters to the local cluster's word.
#[derive(Clone, Copy)]
enum Probe<'a> {
    /// It got through to the end at every address.
    Through,
    /// It got through at some addresses, and met an error at others.
    Partly,
    /// It got to the remote, and the key it was given is refused.
    Refused(&'a Finding),
    /// It met another error.
    Failed,
    /// It met no error as far as it could test.
    Open,
}

/// The local cluster's word beside the errors `found` by the probe, and how its addresses did.
pub(crate) fn word(evidence: &LinkEvidence, found: &[Finding], outcomes: &[Outcome]) -> Spoken {
    let cluster = evidence.cluster.as_ref().map(|view| safe(&view.cluster, 120)).unwrap_or_default();
    let probe = Probe::of(found, outcomes);
    match local::judge(evidence.cluster.as_ref()) {
        Word::NotAsked => Spoken::default(),
        Word::Works { lazily, denied } => works(&cluster, probe, lazily, denied.as_deref()),
        Word::KeyRefused { verdict, words } if evidence.link.model() == Some(Model::ApiKey) => {
            key::refused(evidence, probe, found, verdict, &words, &cluster)
        }
        Word::KeyRefused { words, .. } => fails(evidence, Some(&words), &cluster, probe),
        Word::Fails { error } => fails(evidence, error.as_deref(), &cluster, probe),
        Word::Idle => Spoken::of(vec![
            Finding::new(
                &catalogue::CLUSTER_DISCONNECTED,
                cluster,
                "the local cluster has no open connection to the remote",
            )
            .severity(Severity::Info)
            .detail("This release cannot be asked to try. An unused link looks the same as a broken one."),
        ]),
        Word::Unusable(error) => Spoken::of(vec![unusable(&error, &cluster)]),
    }
}

impl Spoken {
    fn of(findings: Vec<Finding>) -> Self {
        Self { findings, ..Self::default() }
    }
}

impl<'a> Probe<'a> {
    fn of(found: &'a [Finding], outcomes: &[Outcome]) -> Self {
        let errors = || found.iter().filter(|finding| finding.is_error());
        let at_key = |finding: &Finding| finding.stage == Stage::ApiKey && !finding.addresses.is_empty();
        match (outcomes.contains(&Outcome::Usable), errors().next()) {
            (true, None) => Self::Through,
            (true, Some(_)) => Self::Partly,
            (false, Some(first)) if errors().all(at_key) => Self::Refused(first),
            (false, Some(_)) => Self::Failed,
            (false, None) => Self::Open,
        }
    }
}

fn works(cluster: &str, probe: Probe<'_>, lazily: bool, denied: Option<&str>) -> Spoken {
    let mut findings = Vec::new();
    if lazily {
        findings.push(
            Finding::new(&catalogue::CLUSTER_CONNECTED_LAZILY, cluster, "the link had no open connection, and works when it is used")
                .detail("Elasticsearch opens connections to a remote when something uses it; _remote/info alone said disconnected."),
        );
    }
    if let Some(words) = denied {
        findings.push(
            Finding::new(&catalogue::CLUSTER_PRIVILEGE_MISSING, cluster, "the link works, and the user that farlink asks as may not use the remote")
                .detail("The remote lets the local cluster in and then denies this one user. Users with other roles are not affected.")
                .observed(format!("the remote's words: {}", safe(words, 300)))
                .fix("give the role of the user or key that farlink has for the local cluster remote_indices with view_index_metadata on this alias"),
        );
    }
    findings.extend(match probe {
        Probe::Through | Probe::Partly | Probe::Open => None,
        Probe::Refused(_) => Some(key::other_key_works(cluster)),
        Probe::Failed => Some(agent_path_differs(cluster, "the local cluster reaches the remote, and farlink does not from here")
            .detail(
                "The link works. What farlink found concerns its own way to the remote: another network, name server, trust or egress \
                 address, or a TLS session that the local cluster resumes.",
            )),
    });
    Spoken { findings, overrules: matches!(probe, Probe::Refused(_) | Probe::Failed | Probe::Open), joined: None }
}

fn agent_path_differs(cluster: &str, title: &str) -> Finding {
    Finding::new(&catalogue::CLUSTER_AGENT_PATH_DIFFERS, cluster, title)
        .fix("run farlink where the local cluster's nodes run, with the same authorities, to test what they see")
}

fn fails(evidence: &LinkEvidence, error: Option<&str>, cluster: &str, probe: Probe<'_>) -> Spoken {
    let mut disconnected =
        Finding::new(&catalogue::CLUSTER_DISCONNECTED, cluster, "the local cluster cannot connect to the remote");
    if let Some(words) = error {
        disconnected = disconnected.observed(format!("the local cluster's words: {}", safe(words, 300)));
    }
    let missing = key::missing(evidence);
    match probe {
        Probe::Failed | Probe::Partly => Spoken::of(vec![disconnected.detail("_resolve/cluster made it try.")]),
        Probe::Through | Probe::Refused(_) | Probe::Open if missing.is_some() => Spoken {
            findings: missing.into_iter().chain([disconnected]).collect(),
            overrules: true,
            joined: None,
        },
        Probe::Refused(finding) => {
            Spoken { findings: vec![key::never_gets_there(cluster, finding), disconnected], overrules: true, joined: None }
        }
        Probe::Through => Spoken::of(vec![
            Finding::new(&catalogue::CLUSTER_LOCAL_PATH_DIFFERS, cluster, "farlink reaches the remote from here, and the local cluster does not")
                .detail(
                    "The path, the certificate and the protocol are fine from this host. What differs is the local cluster's own: its name servers, \
                     its egress address and filters for it, its authorities, client certificate or key, or settings read only at start.",
                )
                .or(&["filter-suspected"])
                .fix("run farlink on a local node, with the files of its elasticsearch.yml")
                .fix("look at the local nodes' logs for the first failure of this alias"),
            disconnected,
        ]),
        Probe::Open => Spoken::of(vec![
            disconnected
                .detail("farlink found no fault as far as it could test; what was not tested is where the cause is.")
                .fix("give farlink what the untested stages need (see what was not tested), or look at the local nodes' logs for this alias"),
        ]),
    }
}
