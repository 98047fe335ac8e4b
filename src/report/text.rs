//! The report for people: the answer, what to change, the path with its broken hop, the evidence.

use farlink_checks::model::diagnosis::{Diagnosis, Status, Verdict};
use farlink_checks::model::finding::{Certainty, Finding, Severity};
use farlink_checks::model::report::{Group, Report};
use farlink_checks::model::stage::Stage;
use farlink_checks::model::text::list;

use super::chain::{Depth, tree};
use super::{Style, path};

/// Broken links first, grouped by shared cause, then what is undecided, then what works.
pub(super) fn render(report: &Report, style: Style) -> String {
    if report.links.is_empty() {
        return "no links: the cluster has no remote clusters, or nothing was asked for\n".to_owned();
    }
    let mut out = String::new();
    for group in &report.groups {
        out.push_str(&shared(report, group, style));
        out.push('\n');
    }
    let alone = |link: &&Diagnosis| link.root().is_none();
    for link in report.links.iter().filter(alone).filter(|link| link.verdict == Verdict::Unknown) {
        out.push_str(&undecided(link, style));
        out.push('\n');
    }
    for link in report.links.iter().filter(alone).filter(|link| link.verdict != Verdict::Unknown) {
        out.push_str(&works(link, style));
    }
    out.push_str(&summary(report));
    out
}

fn shared(report: &Report, group: &Group, style: Style) -> String {
    let members: Vec<&Diagnosis> = report.links.iter().filter(|link| group.links.contains(&link.name())).collect();
    let Some((link, root)) = members.first().and_then(|link| Some((*link, link.root()?))) else { return String::new() };
    let count = match members.len() {
        1 => String::new(),
        n => format!("   {n} of {} links share this cause", report.links.len()),
    };
    let mut out = format!(
        "{}  {}  {}{count}\n",
        style.bold(&link.name()),
        style.verdict(link.verdict, link.verdict.name()),
        root.id
    );
    out.push_str(&style.block(2, "", &root.title));
    for fix in &root.fix {
        out.push_str(&style.block(2, "Fix   ", fix));
    }
    if members.len() > 1 {
        out.push_str(&style.block(2, "Links  ", &group.links.join(", ")));
    }
    out.push('\n');
    out.push_str(&path::picture(link, 2));
    if root.stage == Stage::Certificate {
        // The broken hop, looked at closely.
        let shown = link.chains.iter().find(|chain| chain.addresses.iter().any(|one| root.addresses.contains(one)));
        out.push_str(&shown.map(|chain| tree(chain, report.started, Depth::Brief, 2, style)).unwrap_or_default());
    }
    out.push_str(&style.block(2, "Why         ", &root.detail));
    out.push_str(&certainty(root, style));
    out.push_str(&backing(link, style));
    for fact in &root.evidence {
        out.push_str(&style.block(2, "Seen        ", fact));
    }
    for finding in link.findings.iter().filter(|finding| !std::ptr::eq(*finding, root)) {
        out.push_str(&also(finding, style));
    }
    if let Some(page) = root.documentation.first() {
        out.push_str(&format!("  {}{page}\n", style.dim("Read        ")));
    }
    out
}

fn undecided(link: &Diagnosis, style: Style) -> String {
    let mut out = format!("{}  {}", style.bold(&link.name()), style.verdict(link.verdict, "unknown"));
    match &link.undecided {
        Some(undecided) => out.push_str(&format!(
            "  no fault found, and not everything was tested\n{}",
            style.block(2, "", &format!("{}: {}", undecided.stage, undecided.reason))
        )),
        None => out.push('\n'),
    }
    for finding in link.findings.iter().filter(|f| f.severity >= Severity::Warning) {
        out.push_str(&also(finding, style));
        for fix in &finding.fix {
            out.push_str(&style.block(2, "Fix   ", fix));
        }
    }
    out.push('\n');
    out.push_str(&path::picture(link, 2));
    out.push_str(&backing(link, style));
    out
}

fn works(link: &Diagnosis, style: Style) -> String {
    let mut out = format!("{}  {}\n", style.bold(&link.name()), style.verdict(link.verdict, link.verdict.name()));
    for finding in &link.findings {
        out.push_str(&also(finding, style));
    }
    out
}

/// What was proven and what was not tested.
fn backing(link: &Diagnosis, style: Style) -> String {
    let mut out = String::new();
    for sentence in &link.proven {
        out.push_str(&style.block(2, "Proven      ", sentence));
    }
    for (reason, stages) in untested(link) {
        out.push_str(&style.block(2, "Not tested  ", &format!("{}: {reason}", list(&stages))));
    }
    out
}

/// Why stages were not tested, and which, each reason once.
pub(crate) fn untested(link: &Diagnosis) -> Vec<(&str, Vec<&str>)> {
    let mut untested: Vec<(&str, Vec<&str>)> = Vec::new();
    for stage in link.stages.iter().filter(|stage| stage.status == Status::NotTested) {
        let reason = stage.reason.as_deref().unwrap_or("not reached");
        match untested.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, stages)) => stages.push(stage.stage.name()),
            None => untested.push((reason, vec![stage.stage.name()])),
        }
    }
    untested
}

fn certainty(root: &Finding, style: Style) -> String {
    let others = if root.alternatives.is_empty() {
        String::new()
    } else {
        format!("; it could also be {}", root.alternatives.join(", "))
    };
    match root.certainty {
        Certainty::Certain => String::new(),
        Certainty::Likely => style.block(2, "Certainty   ", &format!("likely{others}")),
        Certainty::Possible => style.block(2, "Certainty   ", &format!("possible{others}")),
    }
}

fn also(finding: &Finding, style: Style) -> String {
    let label = match finding.severity {
        Severity::Error => "Also        ",
        Severity::Warning => "Warning     ",
        Severity::Info => "Note        ",
    };
    let because = finding.explained_by.map(|id| format!(" (explained by {id})")).unwrap_or_default();
    style.block(2, label, &format!("{}: {}{because}", finding.id, finding.title))
}

fn summary(report: &Report) -> String {
    let summary = &report.summary;
    let parts: Vec<String> =
        [(summary.ok, "ok"), (summary.degraded, "degraded"), (summary.broken, "broken"), (summary.unknown, "unknown")]
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| format!("{count} {word}"))
            .collect();
    let links = match report.links.len() {
        1 => "1 link".to_owned(),
        n => format!("{n} links"),
    };
    format!("\n{links}: {}\n", parts.join(", "))
}
