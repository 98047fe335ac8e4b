use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `auto-follow-failing`.
pub static ENTRY: Entry = Entry {
    id: "auto-follow-failing",
    stage: Stage::Usage,
    severity: Severity::Warning,
    title: "auto-follow does not succeed",
    meaning: "An auto-follow pattern makes follower indices for new indices of the remote cluster that \
              match it. While it fails, new indices are not followed; those that are followed already \
              go on.",
    how: "auto_follow_stats of _ccr/stats lists an error of the pattern that was met within the \
              last hour. Elasticsearch takes an error off this list when the same thing succeeds.",
    look_alikes: &[
        LookAlike { id: "auto-follow-remote-unknown", difference: "the remote that the pattern names does not exist here" },
        LookAlike { id: "cluster-disconnected", difference: "the link itself fails; patterns fail with it" },
    ],
    fixes: &[
        Fix { platform: Platform::Any, change: "change what the reason names: privileges of the user who made the pattern, a follower \
              index of that name that exists already, or soft deletes that are off on the leader" },
        Fix { platform: Platform::Any, change: "on the local cluster: GET _ccr/auto_follow/<pattern> shows the pattern, GET _ccr/stats \
              the errors" },
    ],
    documentation: &[
        "https://www.elastic.co/docs/deploy-manage/tools/cross-cluster-replication/manage-auto-follow-patterns",
        "https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-ccr-stats",
    ],
};
