//! Every finding farlink can make: data only, one entry a file, one folder a stage.
//!
//! `build.rs` lists the files, so that an entry exists once its file does. `explain`, reports,
//! pages, alerts and documentation read what is written here; rules only add the particulars.

use crate::model::finding::Severity;
use crate::model::stage::Stage;

include!(concat!(env!("OUT_DIR"), "/catalogue.rs"));

/// What is known about a finding before it is found.
#[derive(Debug, PartialEq)]
pub struct Entry {
    /// Kebab case, stage first, never reused or renamed.
    pub id: &'static str,
    /// Where on the path it belongs.
    pub stage: Stage,
    /// Its usual severity; a rule may lower it.
    pub severity: Severity,
    /// What is wrong, in one line without particulars.
    pub title: &'static str,
    /// What it means for the link, in two or three sentences.
    pub meaning: &'static str,
    /// Which observations lead to it.
    pub how: &'static str,
    /// Findings that look alike, and what tells them apart.
    pub look_alikes: &'static [LookAlike],
    /// What to change, by platform.
    pub fixes: &'static [Fix],
    /// Public pages to read.
    pub documentation: &'static [&'static str],
}

/// A finding with the same symptom.
#[derive(Debug, PartialEq)]
pub struct LookAlike {
    /// Its id.
    pub id: &'static str,
    /// What tells it apart.
    pub difference: &'static str,
}

/// What to change on one platform.
#[derive(Debug, PartialEq)]
pub struct Fix {
    /// Where this applies.
    pub platform: Platform,
    /// Which setting, on which side, to which value.
    pub change: &'static str,
}

/// Where Elasticsearch runs.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Platform {
    /// Everywhere.
    Any,
    /// Elastic Cloud Hosted.
    Hosted,
    /// Elastic Cloud Enterprise.
    Enterprise,
    /// Elastic Cloud on Kubernetes.
    Kubernetes,
    /// Nodes the operator installs.
    SelfManaged,
}

impl Platform {
    /// The name a reader knows.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Any => "any platform",
            Self::Hosted => "Elastic Cloud Hosted",
            Self::Enterprise => "Elastic Cloud Enterprise",
            Self::Kubernetes => "Elastic Cloud on Kubernetes",
            Self::SelfManaged => "self-managed",
        }
    }
}

/// The entry with this id.
pub fn entry(id: &str) -> Option<&'static Entry> {
    ALL.iter().copied().find(|entry| entry.id == id)
}
