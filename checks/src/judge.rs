//! The verdict: from a link's evidence to its diagnosis, and from a run's to its report.

use jiff::Timestamp;

use crate::blame;
use crate::chains;
use crate::classify::chain::{self, ChainVerdict};
use crate::classify::local::{self, Word};
use crate::classify::name::{self, NameVerdict};
use crate::model::diagnosis::{AddressResult, Diagnosis, Outcome, StageResult, Status, Undecided, Verdict};
use crate::model::evidence::{Evidence, LinkEvidence, Suppress, Tls};
use crate::model::finding::{Certainty, Finding, Severity};
use crate::model::link::{HostPort, Link, Mode, Source, Sourced, Target, Trust};
use crate::model::report::Report;
use crate::model::stage::Stage;
use crate::model::text::list;
use crate::rules::{self, Context};
use crate::stages;
use crate::x509::{Purpose, analyse};

/// The report of a run, judged at the instant the run began.
pub fn report(evidence: &Evidence) -> Report {
    let links = evidence.links.iter().map(|link| diagnose(link, evidence.started)).collect();
    Report::new(evidence, links)
}

/// The diagnosis of one link, judged at the instant `at`.
pub fn diagnose(evidence: &LinkEvidence, at: Timestamp) -> Diagnosis {
    let link = &evidence.link;
    let anchors = chain::anchors(&link.trust);
    let contexts: Vec<Context<'_>> =
        evidence.addresses.iter().map(|address| Context::new(evidence, address, &anchors, at)).collect();
    let mut findings = rules::of_link(evidence, at);
    findings.extend(rules::of_clocks(evidence, &contexts, at));
    let mut addresses = Vec::new();
    for context in &contexts {
        let found = rules::of_address(context);
        let stages = stages::of_address(context, &found);
        let outcome = stages::outcome(&stages, &found);
        addresses.push(AddressResult { address: context.place(), outcome, stages });
        findings.extend(found);
    }
    let mut findings = merged(findings);
    let outcomes: Vec<Outcome> = addresses.iter().map(|address| address.outcome).collect();
    let word = local::judge(evidence.cluster.as_ref());
    let spoken = rules::of_local_cluster(evidence, &findings, &outcomes);
    if spoken.overrules {
        let cause = spoken.findings.iter().find(|finding| finding.id == "cluster-agent-path-differs");
        // What several connections met is so for the local cluster too, whichever member it has met.
        excuse(&mut findings, |finding| finding.id != "proxy-members-differ", cause.map(|finding| finding.id));
    }
    findings.retain(|finding| spoken.joined != Some(finding.id));
    findings.extend(spoken.findings);
    // Only now: what uses the link says nothing of the path that was weighed above.
    findings.extend(rules::of_usage(evidence, at));
    suppress(&mut findings, &evidence.suppressions, at);
    blame::settle(&mut findings);
    let verdict = verdict(&findings, &outcomes, &word);
    let stages = whole(evidence, &addresses, &findings);
    let model = contexts.iter().find_map(Context::model).or_else(|| link.model());
    Diagnosis {
        alias: link.alias.clone(),
        local: link.local.clone(),
        mode: link.mode,
        model,
        model_source: model.map(|model| match link.model {
            Some(Sourced { value, source }) if value == model && source != Source::Assumed => source,
            _ => Source::Inferred,
        }),
        proxy_address: (link.mode == Mode::Proxy).then(|| link.targets.first().map(Target::to_string)).flatten(),
        seeds: if link.mode == Mode::Sniff { link.targets.iter().map(Target::to_string).collect() } else { Vec::new() },
        server_name: link.server_name.as_deref().map(|name| crate::model::text::safe(name, 253)),
        verdict,
        root_cause: matches!(verdict, Verdict::Broken | Verdict::Degraded)
            .then(|| findings.iter().find(|f| f.is_error() && f.explained_by.is_none()).map(|f| f.id))
            .flatten(),
        undecided: (verdict == Verdict::Unknown).then(|| undecided(&stages, &word)),
        trust: trust(&link.trust),
        chains: chains::of_contexts(&contexts, &anchors),
        stages,
        proven: proven(&addresses, &word),
        addresses,
        findings,
    }
}

/// Equal findings at several addresses become one with all of them.
fn merged(findings: Vec<Finding>) -> Vec<Finding> {
    let mut out: Vec<Finding> = Vec::new();
    for finding in findings {
        let own_address = |f: &Finding| f.addresses.contains(&f.cause_key);
        let same = out.iter_mut().find(|other| {
            other.id == finding.id
                && other.severity == finding.severity
                && (other.cause_key == finding.cause_key || own_address(other) && own_address(&finding))
        });
        match same {
            Some(other) => {
                other.addresses.extend(finding.addresses);
                other.addresses.sort();
                other.addresses.dedup();
                other.evidence.extend(finding.evidence);
                other.evidence.dedup();
                other.certainty = other.certainty.min(finding.certainty);
            }
            None => out.push(finding),
        }
    }
    out
}

/// Marks what the configuration suppresses; the last day still counts as suppressed, in UTC.
fn suppress(findings: &mut [Finding], suppressions: &[Suppress], at: Timestamp) {
    let today = at.strftime("%Y-%m-%d").to_string();
    for finding in findings {
        let found = suppressions
            .iter()
            .find(|s| s.id == finding.id && s.suppression.until.as_ref().is_none_or(|until| *until >= today));
        finding.suppressed = found.map(|found| found.suppression.clone());
    }
}

/// Whether an API key may be sent over `tls`, seen when `link` dialled `target` at the instant `at`:
/// the peer proved its key, and chain, dates and name passed the link's verification mode, and no
/// client certificate was asked for.
pub fn may_send_key(link: &Link, target: &HostPort, tls: &Tls, at: Timestamp) -> bool {
    let mode = link.verification_mode.map(|mode| mode.value);
    let anchors = chain::anchors(&link.trust);
    let analysis = analyse(&tls.chain, &anchors, Purpose::Server, at);
    let verdict = chain::judge(&tls.chain, &analysis, &link.trust, &anchors, mode, Purpose::Server, at);
    let trusted = matches!(verdict, ChainVerdict::NotChecked | ChainVerdict::Trusted { .. });
    let Some(leaf) = analysis.leaf() else { return false };
    let named = matches!(name::judge(link, &target.host, leaf), NameVerdict::Matches { .. } | NameVerdict::NotChecked);
    tls.key_proven && trusted && named && tls.client_certificate.is_none()
}

/// The local cluster's word outranks what the probe found wrong on its own way.
fn excuse(findings: &mut [Finding], which: impl Fn(&Finding) -> bool, explained_by: Option<&'static str>) {
    for finding in findings.iter_mut().filter(|finding| finding.severity == Severity::Error && which(finding)) {
        finding.severity = Severity::Info;
        finding.certainty = finding.certainty.min(Certainty::Likely);
        finding.explained_by = explained_by;
    }
}

fn verdict(findings: &[Finding], outcomes: &[Outcome], word: &Word) -> Verdict {
    let error = findings.iter().any(Finding::is_error);
    let failed = outcomes.iter().filter(|outcome| **outcome == Outcome::Failed).count();
    let usable = outcomes.contains(&Outcome::Usable);
    // What uses the link cannot break it.
    let on_path = findings.iter().any(|finding| finding.is_error() && finding.stage != Stage::Usage);
    match word {
        Word::Fails { .. } | Word::KeyRefused { .. } if on_path => return Verdict::Broken,
        Word::Works { .. } => return if error { Verdict::Degraded } else { Verdict::Ok },
        _ => {}
    }
    if outcomes.is_empty() {
        return if on_path { Verdict::Broken } else { Verdict::Unknown };
    }
    match (on_path, failed) {
        (true, failed) if failed == outcomes.len() => Verdict::Broken,
        (true, 0) if !usable => Verdict::Broken,
        (true, _) => Verdict::Degraded,
        (false, _) if usable && error => Verdict::Degraded,
        (false, _) if usable => Verdict::Ok,
        (false, _) => Verdict::Unknown,
    }
}

/// The stages over all addresses: failed where all failed, warned where some did.
fn whole(evidence: &LinkEvidence, addresses: &[AddressResult], findings: &[Finding]) -> Vec<StageResult> {
    let mut out = Vec::new();
    for stage in Stage::ALL {
        let results: Vec<&StageResult> =
            addresses.iter().flat_map(|address| &address.stages).filter(|result| result.stage == stage).collect();
        let result = match stage {
            Stage::Dns => Some(dns(evidence, findings)),
            _ if !Stage::PATH.contains(&stage) => by_findings(stage, findings),
            _ if addresses.is_empty() => Some(StageResult::not_tested(stage, "no address to probe")),
            _ => combined(stage, &results, addresses.len()),
        };
        out.extend(result);
    }
    out
}

fn combined(stage: Stage, results: &[&StageResult], addresses: usize) -> Option<StageResult> {
    let first = *results.first()?;
    let count = |status: Status| results.iter().filter(|result| result.status == status).count();
    let mut result = match (count(Status::Failed), count(Status::Warned), count(Status::NotTested)) {
        (failed, _, _) if failed == results.len() && failed == addresses => StageResult::tested(stage, Status::Failed),
        (failed, warned, _) if failed + warned > 0 => StageResult::tested(stage, Status::Warned),
        (_, _, untested) if untested == results.len() => first.clone(),
        _ => StageResult::tested(stage, Status::Passed),
    };
    result.duration_seconds = results.iter().filter_map(|r| r.duration_seconds).max_by(f64::total_cmp);
    if result.status != Status::NotTested {
        let wanted = results.iter().find(|r| r.status == result.status).unwrap_or(&first);
        result.note.clone_from(&wanted.note);
    }
    Some(result)
}

fn dns(evidence: &LinkEvidence, findings: &[Finding]) -> StageResult {
    let seconds = evidence.resolutions.iter().map(|r| r.seconds).max_by(f64::total_cmp);
    let resolved = evidence.resolutions.iter().filter(|r| !r.addresses().is_empty()).count();
    let mut result = if evidence.resolutions.is_empty() {
        StageResult::not_tested(Stage::Dns, "no name to resolve")
    } else if resolved == 0 {
        StageResult::tested(Stage::Dns, Status::Failed)
    } else if resolved < evidence.resolutions.len()
        || findings.iter().any(|f| f.stage == Stage::Dns && f.severity >= Severity::Warning)
    {
        StageResult::tested(Stage::Dns, Status::Warned)
    } else {
        StageResult::tested(Stage::Dns, Status::Passed)
    };
    result.duration_seconds = seconds;
    result
}

fn by_findings(stage: Stage, findings: &[Finding]) -> Option<StageResult> {
    let worst = findings.iter().filter(|f| f.stage == stage && f.suppressed.is_none()).map(|f| f.severity).max()?;
    Some(StageResult::tested(
        stage,
        match worst {
            Severity::Error => Status::Failed,
            Severity::Warning => Status::Warned,
            Severity::Info => Status::Passed,
        },
    ))
}

fn undecided(stages: &[StageResult], word: &Word) -> Undecided {
    let untested = stages.iter().find(|stage| stage.status == Status::NotTested);
    match (untested, word) {
        (_, Word::Unusable(_))
            if stages.iter().all(|s| s.status == Status::NotTested || !Stage::PATH.contains(&s.stage)) =>
        {
            Undecided { stage: Stage::Cluster, reason: "the local cluster could not be asked for its remotes".into() }
        }
        (Some(stage), _) => Undecided { stage: stage.stage, reason: stage.reason.clone().unwrap_or_default() },
        (None, _) => Undecided { stage: Stage::Cluster, reason: "nothing was tested".into() },
    }
}

/// Whom `trust` is, and how that is known.
pub(crate) fn trust(trust: &Trust) -> String {
    match trust {
        Trust::Authorities { file, source, .. } => {
            format!("the authorities in {} ({})", crate::model::text::safe(file, 200), source.name())
        }
        Trust::PublicRoots { source } => format!("public authorities ({})", source.name()),
        Trust::Unknown => "unknown".to_owned(),
    }
}

fn proven(addresses: &[AddressResult], word: &Word) -> Vec<String> {
    let mut proven = Vec::new();
    if let Some(address) =
        addresses.iter().max_by_key(|a| a.stages.iter().filter(|s| s.status == Status::Passed).count())
    {
        let passed: Vec<String> = address
            .stages
            .iter()
            .filter(|stage| stage.status == Status::Passed)
            .map(|stage| match &stage.note {
                Some(note) => format!("{} ({note})", stage.stage),
                None => stage.stage.to_string(),
            })
            .collect();
        if !passed.is_empty() {
            proven.push(format!("{} passed at {}", list(&passed), address.address));
        }
    }
    if let Word::Works { .. } = word {
        proven.push("the local cluster says that the link works".to_owned());
    }
    proven
}
