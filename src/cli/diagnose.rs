//! `farlink diagnose`: links from wherever they come, observed, judged and reported.

use std::io::Write as _;

use farlink_checks::judge;
use farlink_checks::model::evidence::{Evidence, LinkEvidence, SCHEMA};
use farlink_checks::model::finding::Severity;
use farlink_checks::model::report::Report;

use super::args::{Diagnose, Format};
use super::exit::Exit;
use super::output::Output;
use super::plan::Plan;
use super::request::Request;
use super::{Failure, exit};
use crate::link::config::Config;
use crate::link::files::{Files as _, Reader, System};
use crate::link::pattern::Chosen;
use crate::report::{self, Style};
use crate::run::planned::Planned;
use crate::run::{local, remote};

/// Runs it to its exit code.
pub(super) async fn run(options: &Diagnose) -> Result<Exit, Failure> {
    let output = Output::to(options.output.as_deref());
    let style = output.style(options.color);
    let evidence = match options.request()? {
        Request::Evidence(path) => select(saved(&path)?, &Chosen::parse(&options.aliases)?),
        request => {
            let plan = plan(options, request).await?;
            let live = options.format == Format::Short && options.output.is_none();
            observe(plan, live.then_some(style)).await?
        }
    };
    if let Some(path) = &options.save_evidence {
        let mut text = serde_json::to_string_pretty(&evidence)
            .map_err(|error| Failure::Evidence { file: path.display().to_string(), error: error.to_string() })?;
        text.push('\n');
        Output::to(Some(path)).write(&text)?;
    }
    let report = judge::report(&evidence);
    let printed = options.format == Format::Short && options.output.is_none() && options.evidence.is_none();
    if !printed {
        output.write(&report::render(&report, options.format.into(), style))?;
    }
    Ok(end(&report, options.fail_on))
}

/// How a run with this report ends.
pub(super) fn end(report: &Report, fail_on: exit::FailOn) -> Exit {
    let findings = report.links.iter().flat_map(|link| &link.findings);
    let worst: Option<Severity> = findings.filter(|finding| finding.suppressed.is_none()).map(|f| f.severity).max();
    Exit::of_diagnosis(fail_on, worst, report.summary.unknown > 0)
}

impl From<Format> for report::Format {
    fn from(format: Format) -> Self {
        match format {
            Format::Text => Self::Text,
            Format::Short => Self::Short,
            Format::Json => Self::Json,
        }
    }
}

/// Observes `plan`; with a style, each link's line is printed as soon as it is judged. On a
/// terminal, what is left is shown while it lasts.
async fn observe(plan: Plan, live: Option<Style>) -> Result<Evidence, Failure> {
    let width = plan.links.iter().map(|planned| planned.inputs.link.name().chars().count()).max().unwrap_or_default();
    let progress = indicatif::ProgressBar::new(plan.links.len() as u64);
    progress.set_style(
        indicatif::ProgressStyle::with_template("{pos} of {len} links")
            .unwrap_or_else(|_| indicatif::ProgressStyle::default_bar()),
    );
    let evidence = plan
        .observe(|at, evidence: &LinkEvidence| {
            progress.inc(1);
            let Some(style) = live else { return };
            let line = report::line(&judge::diagnose(evidence, at), width, style);
            progress.suspend(|| {
                // A reader that went away is noticed when the run ends.
                let _ = std::io::stdout().write_all(line.as_bytes());
            });
        })
        .await;
    progress.finish_and_clear();
    evidence
}

async fn plan(options: &Diagnose, request: Request) -> Result<Plan, Failure> {
    let files = System;
    let mut reader = Reader::new(&files);
    let mut plan = Plan { timeouts: options.timeouts(), ..Plan::default() };
    match request {
        Request::ByHand(by_hand, facts) => {
            let given = facts.read(&mut reader)?;
            plan.links = by_hand.links(&given)?.into_iter().map(Planned::alone).collect();
        }
        Request::Cluster(access, facts) => {
            let access = access.read(&mut reader)?;
            let given = facts.read(&mut reader)?;
            let chosen = Chosen::parse(&options.aliases)?;
            plan.links = local::links(&access, &given, &chosen, options.timeout).await?;
        }
        Request::Configuration(path) => {
            let config = Config::load(&files, path.as_deref())?;
            plan.resolver = config.resolver.clone();
            plan.links = configured(&config, &options.aliases)?;
            let questions = plan.links.iter().filter_map(|planned| remote::question(&planned.inputs)).collect();
            let (views, keys) = tokio::join!(
                local::join_views(&mut plan.links, &config.clusters, options.timeout),
                remote::ask(questions, &config.clusters, options.timeout),
            );
            views?;
            plan.links.iter_mut().for_each(|planned| remote::join(planned, &keys));
        }
        Request::Evidence(_) => {}
    }
    if let Some(resolver) = options.resolver()? {
        plan.resolver = resolver;
    }
    if options.no_key_probe {
        for planned in &mut plan.links {
            planned.inputs.withhold_key();
        }
    }
    Ok(plan)
}

fn configured(config: &Config, patterns: &[String]) -> Result<Vec<Planned>, Failure> {
    let selected = config.select(patterns)?;
    Ok(selected
        .into_iter()
        .map(|inputs| {
            let suppressions = config.suppressed(&inputs.link);
            Planned { suppressions, ..Planned::alone(inputs.clone()) }
        })
        .collect())
}

fn saved(path: &std::path::Path) -> Result<Evidence, Failure> {
    const LIMIT: usize = 256 << 20;
    let file = path.display().to_string();
    let refuse = |error: String| Failure::Evidence { file: file.clone(), error };
    let bytes = System.read(path, LIMIT).map_err(|error| refuse(error.to_string()))?;
    let evidence: Evidence =
        serde_json::from_slice(&bytes).map_err(|error| refuse(format!("not saved evidence: {error}")))?;
    if evidence.schema != SCHEMA {
        return Err(refuse(format!("its schema is \"{}\", and this farlink reads {SCHEMA}", evidence.schema)));
    }
    Ok(evidence)
}

fn select(mut evidence: Evidence, chosen: &Chosen) -> Evidence {
    evidence.links.retain(|link| chosen.covers(&link.link));
    evidence
}
