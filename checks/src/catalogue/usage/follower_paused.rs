use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `follower-paused`.
pub static ENTRY: Entry = Entry {
    id: "follower-paused",
    stage: Stage::Usage,
    severity: Severity::Info,
    title: "follower indices are paused",
    meaning: "Somebody paused the copying, for an upgrade or by hand. The leader keeps the operations \
              that are missing for a while only (index.soft_deletes.retention_lease.period, 12 hours \
              by default); after that the follower has to be made anew.",
    how: "_ccr/info of the local cluster gives the status paused for the follower.",
    look_alikes: &[
        LookAlike { id: "follower-failed", difference: "the follower stopped by itself, after an error" },
    ],
    fixes: &[
        Fix { platform: Platform::Any, change: "if this is not meant: on the local cluster POST <follower>/_ccr/resume_follow" },
    ],
    documentation: &[
        "https://www.elastic.co/docs/deploy-manage/tools/cross-cluster-replication/manage-cross-cluster-replication",
    ],
};
