use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `follower-failed`.
pub static ENTRY: Entry = Entry {
    id: "follower-failed",
    stage: Stage::Usage,
    severity: Severity::Error,
    title: "follower indices do not copy from the remote cluster",
    meaning: "A follower index copies a leader index over the link. After an error that it takes for \
              final Elasticsearch stops the copying until somebody resumes it, even when the cause is \
              gone; other errors it tries again and again, and copies nothing meanwhile.",
    how: "_ccr/stats of the local cluster has a fatal_exception for a shard of the follower, which \
              is an error, or the same read has failed ten times or more, which is a warning.",
    look_alikes: &[
        LookAlike { id: "cluster-disconnected", difference: "the link itself fails; reads that fail then are part of it" },
        LookAlike { id: "follower-paused", difference: "somebody paused the follower, and nothing failed" },
        LookAlike { id: "follower-lagging", difference: "reads succeed, and the follower does not keep up" },
    ],
    fixes: &[
        Fix { platform: Platform::Any, change: "remove the cause that the reason names, then on the local cluster POST \
              <follower>/_ccr/pause_follow and POST <follower>/_ccr/resume_follow" },
        Fix { platform: Platform::Any, change: "where operations are no longer available on the leader (its retention leases ended): \
              delete the follower index and follow the leader again" },
        Fix { platform: Platform::Any, change: "where the reason is about privileges: on the remote give the role read_ccr, and monitor \
              and read on the leader indices (certificate model), or let the API key's \
              access.replication name them" },
    ],
    documentation: &[
        "https://www.elastic.co/docs/deploy-manage/tools/cross-cluster-replication/manage-cross-cluster-replication",
        "https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-ccr-stats",
    ],
};
