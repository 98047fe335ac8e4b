//! A link's verdict, its root cause and its findings in order of blame.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::chain::Chain;
use super::finding::Finding;
use super::link::{Mode, Model, Source};
use super::stage::Stage;

/// Whether a link works.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, JsonSchema, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Everything that decides was tested and passed.
    Ok,
    /// It works in part.
    Degraded,
    /// It does not work.
    Broken,
    /// Nothing failed, and not everything that decides could be tested.
    Unknown,
}

impl Verdict {
    /// Every verdict, in the order of summaries.
    pub const ALL: [Self; 4] = [Self::Ok, Self::Degraded, Self::Broken, Self::Unknown];

    /// The name used in reports and metrics.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Degraded => "degraded",
            Self::Broken => "broken",
            Self::Unknown => "unknown",
        }
    }
}

/// Whether a stage passed.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Tested, nothing wrong.
    Passed,
    /// Wrong on some addresses, or something to mind.
    Warned,
    /// Wrong.
    Failed,
    /// Not tested; never to be read as passed.
    NotTested,
}

/// One stage of the path.
#[derive(Clone, Debug, JsonSchema, PartialEq, Serialize)]
pub struct StageResult {
    /// Which.
    pub stage: Stage,
    /// How it went.
    pub status: Status,
    /// How long it took; the slowest address's for a link.
    pub duration_seconds: Option<f64>,
    /// Why it was not tested.
    pub reason: Option<String>,
    /// What was found there, in a few words, for the picture of the path.
    pub note: Option<String>,
}

impl StageResult {
    /// A stage that was tested.
    pub fn tested(stage: Stage, status: Status) -> Self {
        Self { stage, status, duration_seconds: None, reason: None, note: None }
    }

    /// A stage that was not tested, and why.
    pub fn not_tested(stage: Stage, reason: impl Into<String>) -> Self {
        Self { stage, status: Status::NotTested, duration_seconds: None, reason: Some(reason.into()), note: None }
    }

    /// The same with its duration in seconds.
    pub fn lasting(mut self, seconds: f64) -> Self {
        self.duration_seconds = Some(seconds);
        self
    }

    /// The same with a note for the picture.
    pub fn noted(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }
}

/// How one address did.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Every deciding stage was tested and passed.
    Usable,
    /// A deciding stage failed.
    Failed,
    /// Neither.
    Undecided,
}

/// One address of a link.
#[derive(Clone, Debug, JsonSchema, PartialEq, Serialize)]
pub struct AddressResult {
    /// IP and port.
    pub address: String,
    /// How it did.
    pub outcome: Outcome,
    /// Its stages.
    pub stages: Vec<StageResult>,
}

/// Why a verdict is unknown.
#[derive(Clone, Debug, JsonSchema, PartialEq, Serialize)]
pub struct Undecided {
    /// The first deciding stage that was not tested.
    pub stage: Stage,
    /// Why it was not.
    pub reason: String,
}

/// What is concluded about one link.
#[derive(Clone, Debug, JsonSchema, PartialEq, Serialize)]
pub struct Diagnosis {
    /// The alias.
    pub alias: String,
    /// The local cluster's name.
    pub local: Option<String>,
    /// How it connects.
    pub mode: Mode,
    /// The security model, where it is known.
    pub model: Option<Model>,
    /// How the model came to be known.
    pub model_source: Option<Source>,
    /// `proxy_address`, in proxy mode.
    pub proxy_address: Option<String>,
    /// `seeds`, in sniff mode.
    pub seeds: Vec<String>,
    /// `server_name`.
    pub server_name: Option<String>,
    /// Whether it works.
    pub verdict: Verdict,
    /// The first error that nothing else explains.
    pub root_cause: Option<&'static str>,
    /// Why the verdict is unknown.
    pub undecided: Option<Undecided>,
    /// Whom the local cluster is taken to trust, and how that is known.
    pub trust: String,
    /// The stages over all addresses.
    pub stages: Vec<StageResult>,
    /// Each address.
    pub addresses: Vec<AddressResult>,
    /// The certificate chains that the addresses served.
    pub chains: Vec<Chain>,
    /// In order of blame: the root cause first.
    pub findings: Vec<Finding>,
    /// What was proven about the link, one sentence each.
    pub proven: Vec<String>,
}

impl Diagnosis {
    /// The finding that is the root cause.
    pub fn root(&self) -> Option<&Finding> {
        let id = self.root_cause?;
        self.findings.iter().find(|finding| finding.id == id && finding.is_error())
    }

    /// The link's name: `local/alias`, or the alias alone.
    pub fn name(&self) -> String {
        match &self.local {
            Some(local) => format!("{local}/{}", self.alias),
            None => self.alias.clone(),
        }
    }
}
