use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `auto-follow-remote-unknown`.
pub static ENTRY: Entry = Entry {
    id: "auto-follow-remote-unknown",
    stage: Stage::Usage,
    severity: Severity::Warning,
    title: "an auto-follow pattern names a remote that does not exist",
    meaning: "A pattern is bound to the alias of a remote cluster. When the alias is removed or \
              renamed the pattern stays, finds nothing to ask, and follows no new index.",
    how: "_ccr/auto_follow or _ccr/stats of the local cluster names an alias that neither its \
              _remote/info nor its settings have. It is shown with one link of the cluster, because \
              the alias has none.",
    look_alikes: &[
        LookAlike { id: "auto-follow-failing", difference: "the remote exists, and following fails" },
        LookAlike { id: "config-remote-unknown", difference: "the alias that farlink was asked for does not exist, whether or not anything follows it" },
    ],
    fixes: &[
        Fix { platform: Platform::Any, change: "if the remote was renamed: on the local cluster set cluster.remote.<old alias> again, or \
              make the pattern anew for the new alias" },
        Fix { platform: Platform::Any, change: "if the remote is gone for good: DELETE _ccr/auto_follow/<pattern> on the local cluster" },
    ],
    documentation: &[
        "https://www.elastic.co/docs/deploy-manage/tools/cross-cluster-replication/manage-auto-follow-patterns",
    ],
};
