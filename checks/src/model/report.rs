//! The report of a run: `farlink.report/1`.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use super::diagnosis::{Diagnosis, Verdict};
use super::evidence::{Evidence, Tool};

/// The identifier of this format.
pub const SCHEMA: &str = "farlink.report/1";

/// What is concluded about every link of a run.
#[derive(Clone, Debug, JsonSchema, PartialEq, Serialize)]
pub struct Report {
    /// Always [`SCHEMA`].
    pub schema: &'static str,
    /// The program that observed.
    pub tool: Tool,
    /// When the run began.
    pub started: Timestamp,
    /// When it ended.
    pub finished: Timestamp,
    /// How many links have each verdict.
    pub summary: Summary,
    /// Links that share a root cause and its subject.
    pub groups: Vec<Group>,
    /// One entry a link.
    pub links: Vec<Diagnosis>,
}

/// How many links have each verdict.
#[derive(Clone, Copy, Debug, Default, Eq, JsonSchema, PartialEq, Serialize)]
#[allow(missing_docs)]
pub struct Summary {
    pub ok: usize,
    pub degraded: usize,
    pub broken: usize,
    pub unknown: usize,
}

/// Links with one shared cause.
#[derive(Clone, Debug, Eq, JsonSchema, PartialEq, Serialize)]
pub struct Group {
    /// The root cause.
    pub id: &'static str,
    /// What makes it the same fault.
    pub cause_key: String,
    /// The links' names, in the order of the report.
    pub links: Vec<String>,
}

impl Report {
    /// The report of `evidence`, whose links were judged as `links` says, in the same order.
    pub fn new(evidence: &Evidence, links: Vec<Diagnosis>) -> Self {
        let mut summary = Summary::default();
        let mut groups: Vec<Group> = Vec::new();
        for diagnosis in &links {
            match diagnosis.verdict {
                Verdict::Ok => summary.ok += 1,
                Verdict::Degraded => summary.degraded += 1,
                Verdict::Broken => summary.broken += 1,
                Verdict::Unknown => summary.unknown += 1,
            }
            let Some(root) = diagnosis.root() else { continue };
            let same = |group: &&mut Group| group.id == root.id && group.cause_key == root.cause_key;
            match groups.iter_mut().find(same) {
                Some(group) => group.links.push(diagnosis.name()),
                None => {
                    groups.push(Group { id: root.id, cause_key: root.cause_key.clone(), links: vec![diagnosis.name()] })
                }
            }
        }
        groups.sort_by_key(|group| std::cmp::Reverse(group.links.len()));
        Self {
            schema: SCHEMA,
            tool: evidence.tool.clone(),
            started: evidence.started,
            finished: evidence.finished,
            summary,
            groups,
            links,
        }
    }
}
