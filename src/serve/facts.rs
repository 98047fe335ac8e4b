//! What one run of a link leaves behind for metrics, logs and the overview: small, and copied from the
//! diagnosis without judging anything anew.

use farlink_checks::model::chain::Role;
use farlink_checks::model::diagnosis::{Diagnosis, Status, Verdict};
use farlink_checks::model::evidence::{LinkEvidence, RemoteInfo};
use farlink_checks::model::finding::Severity;
use farlink_checks::model::link::Model;
use farlink_checks::model::stage::Stage;

/// What a run showed.
#[derive(Clone, Debug, PartialEq)]
pub struct Facts {
    /// Whether the link works.
    pub verdict: Verdict,
    /// Why not, while it is broken or degraded.
    pub root: Option<Root>,
    /// Why it is not known whether it works, while it is unknown.
    pub undecided: Option<Box<str>>,
    /// The security model, where it is known.
    pub model: Option<Model>,
    /// The stages that were tested, in the order of display.
    pub stages: Box<[StageFact]>,
    /// What was found and is not suppressed, without repetition.
    pub findings: Box<[FindingFact]>,
    /// When the chain's certificates end, in seconds since 1970: leaf, intermediate, root; the earliest
    /// over the addresses.
    pub not_after: [Option<i64>; 3],
    /// Whether the remote took the key when it was last tried.
    pub key_accepted: Option<bool>,
    /// When the key ends, in seconds since 1970, where its remote cluster could be asked.
    pub key_expiration: Option<i64>,
    /// What `_remote/info` says: connected, and how many sockets or nodes.
    pub remote_info: Option<(bool, Option<u64>)>,
    /// How many operations the follower that is furthest behind has yet to copy.
    pub follower_lag: Option<u64>,
}

/// The finding that explains why a link does not work.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Root {
    /// Its id.
    pub id: &'static str,
    /// What makes it the same fault on other links.
    pub cause_key: Box<str>,
    /// What was found, in one line.
    pub title: Box<str>,
    /// The first thing to change.
    pub fix: Option<Box<str>>,
}

/// One tested stage.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StageFact {
    /// Which.
    pub stage: Stage,
    /// Passed, warned or failed.
    pub status: Status,
    /// How long it took in seconds, where that was measured.
    pub seconds: Option<f64>,
}

/// One finding.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct FindingFact {
    /// Its id.
    pub id: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// Where it belongs.
    pub stage: Stage,
}

/// The names of [`Facts::not_after`]'s places, as label values.
pub const POSITIONS: [&str; 3] = ["leaf", "intermediate", "root"];

impl Facts {
    /// The facts of `diagnosis`, which `evidence` led to.
    pub fn of(diagnosis: &Diagnosis, evidence: &LinkEvidence) -> Self {
        let tested = diagnosis.stages.iter().filter(|stage| stage.status != Status::NotTested);
        let stages =
            tested.map(|it| StageFact { stage: it.stage, status: it.status, seconds: it.duration_seconds }).collect();
        let mut findings: Vec<FindingFact> = Vec::new();
        for finding in diagnosis.findings.iter().filter(|finding| finding.suppressed.is_none()) {
            let fact = FindingFact { id: finding.id, severity: finding.severity, stage: finding.stage };
            if !findings.contains(&fact) {
                findings.push(fact);
            }
        }
        Self {
            verdict: diagnosis.verdict,
            root: diagnosis.root().map(|root| Root {
                id: root.id,
                cause_key: root.cause_key.as_str().into(),
                title: root.title.as_str().into(),
                fix: root.fix.first().map(|fix| fix.as_str().into()),
            }),
            undecided: diagnosis.undecided.as_ref().map(|it| format!("{}: {}", it.stage, it.reason).into()),
            model: diagnosis.model,
            key_accepted: key_accepted(diagnosis),
            stages,
            findings: findings.into(),
            not_after: not_after(diagnosis),
            key_expiration: key_expiration(evidence),
            remote_info: remote_info(evidence),
            follower_lag: evidence.cluster.as_ref().and_then(|view| view.replication.as_ref()?.lag()),
        }
    }
}

/// The key's stage tells: it passes only with an answer to the key, and fails only by one.
fn key_accepted(diagnosis: &Diagnosis) -> Option<bool> {
    let stage = diagnosis.stages.iter().find(|stage| stage.stage == Stage::ApiKey)?;
    match stage.status {
        Status::Passed => Some(true),
        Status::Failed => Some(false),
        Status::Warned | Status::NotTested => None,
    }
}

fn key_expiration(evidence: &LinkEvidence) -> Option<i64> {
    let facts = evidence.remote.as_ref()?.key.as_ref().ok()?.as_ref()?;
    facts.expiration.map(|end| end.as_second())
}

fn not_after(diagnosis: &Diagnosis) -> [Option<i64>; 3] {
    let earliest = |wanted: Role| {
        let certificates = diagnosis.chains.iter().flat_map(|chain| &chain.certificates);
        let facts = certificates.filter(|it| it.role == wanted).filter_map(|it| it.facts.as_ref());
        facts.map(|facts| facts.not_after.as_second()).min()
    };
    [earliest(Role::Leaf), earliest(Role::Intermediate), earliest(Role::Authority)]
}

fn remote_info(evidence: &LinkEvidence) -> Option<(bool, Option<u64>)> {
    let view = evidence.cluster.as_ref()?;
    let last: &RemoteInfo = match &view.after {
        Some(Ok(Some(after))) => after,
        _ => view.before.as_ref().ok()?.as_ref()?,
    };
    Some((last.connected, last.sockets))
}
