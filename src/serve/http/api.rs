//! `/api/v1`: what is known of the links, as JSON.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use farlink_checks::model::diagnosis::{Diagnosis, Verdict};
use farlink_checks::model::link::Model;
use farlink_checks::model::report::{Group, Report, SCHEMA, Summary};
use farlink_checks::model::text::safe;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::answer::{JSON, fault};
use super::{App, pieces};
use crate::serve::table::{Change, Latest, LinkState};

/// `/api/v1/links`: every link in short.
pub(super) async fn links(State(app): State<Arc<App>>) -> Response {
    let entries = app.table.all().into_iter().map(|link| text(&Short::of(&link)));
    json(pieces::array("[".to_owned(), entries, "]\n"))
}

/// `/api/v1/links/NAME`: one link with its whole diagnosis.
pub(super) async fn link(State(app): State<Arc<App>>, name: Result<Path<String>, PathRejection>) -> Response {
    let Ok(Path(name)) = name else {
        return fault(StatusCode::BAD_REQUEST, "the link's name is not UTF-8");
    };
    match app.table.get(&name) {
        Some(link) => json(std::iter::once(text(&Whole::of(&link)) + "\n")),
        None => {
            let text = format!("no link is called {:?}; /api/v1/links has their names", safe(&name, 120));
            fault(StatusCode::NOT_FOUND, &text)
        }
    }
}

/// `/api/v1/reports/latest`: `farlink.report/1` of every link that was run, each judged at its own run.
pub(super) async fn report(State(app): State<Arc<App>>) -> Response {
    let latest: Vec<Arc<Latest>> = app.table.all().iter().filter_map(|link| link.latest.clone()).collect();
    let head = text(&frame(&app, &latest));
    // The links are the last field: they are judged one after the other, while the ones before are sent.
    let head = head.strip_suffix("]}").unwrap_or(&head).to_owned();
    json(pieces::array(head, latest.into_iter().map(|latest| text(&latest.diagnosis())), "]}\n"))
}

/// The report without its links.
fn frame(app: &App, latest: &[Arc<Latest>]) -> Report {
    let now = (app.clock)();
    let mut summary = Summary::default();
    let mut groups: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let mut ordered: Vec<Group> = Vec::new();
    for latest in latest {
        match latest.facts.verdict {
            Verdict::Ok => summary.ok += 1,
            Verdict::Degraded => summary.degraded += 1,
            Verdict::Broken => summary.broken += 1,
            Verdict::Unknown => summary.unknown += 1,
        }
        let Some(root) = &latest.facts.root else { continue };
        let place = *groups.entry((root.id, &root.cause_key)).or_insert_with(|| {
            ordered.push(Group { id: root.id, cause_key: root.cause_key.to_string(), links: Vec::new() });
            ordered.len() - 1
        });
        ordered[place].links.push(latest.evidence.link.name());
    }
    ordered.sort_by_key(|group| std::cmp::Reverse(group.links.len()));
    Report {
        schema: SCHEMA,
        tool: app.tool.clone(),
        started: latest.iter().map(|latest| latest.began).min().unwrap_or(now),
        finished: latest.iter().map(|latest| ended(latest)).max().unwrap_or(now),
        summary,
        groups: ordered,
        links: Vec::new(),
    }
}

fn ended(latest: &Latest) -> Timestamp {
    let length = SignedDuration::try_from_secs_f64(latest.seconds).unwrap_or_default();
    let ended = latest.began.saturating_add(length).unwrap_or(latest.began);
    // Milliseconds, as everywhere else in a report.
    Timestamp::from_millisecond(ended.as_millisecond()).unwrap_or(ended)
}

/// A link in the list.
#[derive(Serialize)]
struct Short<'a> {
    name: &'a str,
    /// `null` before the first run.
    verdict: Option<Verdict>,
    /// Since when the verdict and its root cause are what they are.
    since: Option<Timestamp>,
    broken_since: Option<Timestamp>,
    began: Option<Timestamp>,
    duration_seconds: Option<f64>,
    model: Option<Model>,
    root_cause: Option<Cause<'a>>,
    undecided: Option<&'a str>,
    findings: Vec<Found>,
}

#[derive(Serialize)]
struct Cause<'a> {
    id: &'static str,
    cause_key: &'a str,
    title: &'a str,
    fix: Option<&'a str>,
}

#[derive(Serialize)]
struct Found {
    id: &'static str,
    severity: &'static str,
    stage: &'static str,
}

impl<'a> Short<'a> {
    fn of(link: &'a LinkState) -> Self {
        let latest = link.latest.as_deref();
        let facts = latest.map(|latest| &latest.facts);
        let findings = facts.map_or(&[][..], |facts| &facts.findings).iter();
        Self {
            name: &link.name,
            verdict: link.verdict(),
            since: latest.and_then(|_| link.history.back()).map(|change| change.at),
            broken_since: link.broken_since,
            began: latest.map(|latest| latest.began),
            duration_seconds: latest.map(|latest| latest.seconds),
            model: facts.and_then(|facts| facts.model),
            root_cause: facts.and_then(|facts| facts.root.as_ref()).map(|root| Cause {
                id: root.id,
                cause_key: &root.cause_key,
                title: &root.title,
                fix: root.fix.as_deref(),
            }),
            undecided: facts.and_then(|facts| facts.undecided.as_deref()),
            findings: findings
                .map(|it| Found { id: it.id, severity: it.severity.name(), stage: it.stage.name() })
                .collect(),
        }
    }
}

/// A link on its own: its entry of the report, and what only the daemon knows.
#[derive(Serialize)]
struct Whole<'a> {
    name: &'a str,
    began: Option<Timestamp>,
    duration_seconds: Option<f64>,
    broken_since: Option<Timestamp>,
    /// The newest last.
    history: Vec<Past>,
    /// Absent before the first run.
    #[serde(flatten)]
    diagnosis: Option<Diagnosis>,
}

#[derive(Serialize)]
struct Past {
    at: Timestamp,
    verdict: Verdict,
    root_cause: Option<&'static str>,
}

impl<'a> Whole<'a> {
    fn of(link: &'a LinkState) -> Self {
        let latest = link.latest.as_deref();
        let past = |change: &Change| Past { at: change.at, verdict: change.verdict, root_cause: change.root_cause };
        Self {
            name: &link.name,
            began: latest.map(|latest| latest.began),
            duration_seconds: latest.map(|latest| latest.seconds),
            broken_since: link.broken_since,
            history: link.history.iter().map(past).collect(),
            diagnosis: latest.map(Latest::diagnosis),
        }
    }
}

/// JSON of what always serialises: strings, numbers and maps with string keys.
fn text(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

fn json(text: impl Iterator<Item = String> + Send + 'static) -> Response {
    ([(header::CONTENT_TYPE, JSON)], pieces::body(text)).into_response()
}
