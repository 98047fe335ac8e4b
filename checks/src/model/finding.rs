//! One judged fact about a link.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::stage::Stage;
use crate::catalogue::Entry;

/// How much a finding matters to the link. The order is from harmless to fatal.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, JsonSchema, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Worth knowing; nothing to do.
    Info,
    /// Elasticsearch accepts it today; it will or may break.
    Warning,
    /// Elasticsearch refuses it, or it stops Elasticsearch.
    Error,
}

impl Severity {
    /// The name used in reports and options.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// How sure a finding is. The order is from vague to proven.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, JsonSchema, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Certainty {
    /// Several causes look alike from here; the detail lists them.
    Possible,
    /// This cause is more likely than the others.
    Likely,
    /// The evidence admits one cause.
    Certain,
}

impl Certainty {
    /// The name used in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Possible => "possible",
            Self::Likely => "likely",
            Self::Certain => "certain",
        }
    }
}

/// One judged fact: what was found, how sure it is, and what to change.
#[derive(Clone, Debug, JsonSchema, PartialEq, Serialize)]
pub struct Finding {
    /// The finding's id, kebab case, never reused or renamed.
    pub id: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// How sure it is.
    pub certainty: Certainty,
    /// Where on the path it belongs.
    pub stage: Stage,
    /// What it is about, such as `10.0.0.5:9443 CN=proxy`.
    pub subject: String,
    /// The addresses it was found at, sorted; empty for the link as a whole.
    pub addresses: Vec<String>,
    /// What makes two findings of different links the same fault.
    pub cause_key: String,
    /// What was found, in one line that stands alone.
    pub title: String,
    /// What it means and how it is known.
    pub detail: String,
    /// What to change: which setting, on which side, to which value.
    pub fix: Vec<String>,
    /// The id of the finding that explains this one.
    pub explained_by: Option<&'static str>,
    /// Other causes that would look the same.
    pub alternatives: Vec<&'static str>,
    /// Set when the configuration suppresses it.
    pub suppressed: Option<Suppression>,
    /// What was observed, one fact a line.
    pub evidence: Vec<String>,
    /// Where to read more.
    pub documentation: Vec<&'static str>,
}

/// Why a finding does not count.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
pub struct Suppression {
    /// The last day on which it does not count.
    pub until: Option<String>,
    /// Why.
    pub reason: String,
}

impl Finding {
    /// A finding of `entry` about `subject`, as severe and as certain as can be, with the
    /// catalogue's documentation. The `with_…` methods say the rest.
    pub fn new(entry: &'static Entry, subject: impl Into<String>, title: impl Into<String>) -> Self {
        let subject = subject.into();
        Self {
            id: entry.id,
            severity: entry.severity,
            certainty: Certainty::Certain,
            stage: entry.stage,
            addresses: Vec::new(),
            cause_key: subject.clone(),
            subject,
            title: title.into(),
            detail: String::new(),
            fix: Vec::new(),
            explained_by: None,
            alternatives: Vec::new(),
            suppressed: None,
            evidence: Vec::new(),
            documentation: entry.documentation.to_vec(),
        }
    }

    /// The same with this explanation.
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }

    /// The same with one more thing to change.
    pub fn fix(mut self, fix: impl Into<String>) -> Self {
        self.fix.push(fix.into());
        self
    }

    /// The same, found at `address`.
    pub fn at(mut self, address: impl ToString) -> Self {
        self.addresses.push(address.to_string());
        self
    }

    /// The same with one more observed fact.
    pub fn observed(mut self, fact: impl Into<String>) -> Self {
        self.evidence.push(fact.into());
        self
    }

    /// The same, at most as certain as `certainty`.
    pub fn at_most(mut self, certainty: Certainty) -> Self {
        self.certainty = self.certainty.min(certainty);
        self
    }

    /// The same with this severity.
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// The same with other causes that would look alike.
    pub fn or(mut self, alternatives: &[&'static str]) -> Self {
        self.alternatives.extend(alternatives.iter().filter(|id| **id != self.id));
        self
    }

    /// The same with `key` to tell whether two links share the fault.
    pub fn keyed(mut self, key: impl Into<String>) -> Self {
        self.cause_key = key.into();
        self
    }

    /// Whether it is an error that counts.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error && self.suppressed.is_none()
    }
}
