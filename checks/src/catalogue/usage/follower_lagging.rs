use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `follower-lagging`.
pub static ENTRY: Entry = Entry {
    id: "follower-lagging",
    stage: Stage::Usage,
    severity: Severity::Warning,
    title: "follower indices fall further and further behind",
    meaning: "A follower index copies more slowly than its leader is written, or has stopped copying \
              without an error. What is read from it is older and older, and after the leader's \
              retention period (12 hours by default) it may not be able to catch up.",
    how: "Over ten minutes or longer the lag in _ccr/stats of the local cluster went down in no \
              run: it doubled and grew by 1,000 operations or more, or nothing at all was copied. A \
              single run, which cannot tell, says so as information where 1,000 operations are missing \
              and no read was sent for five minutes.",
    look_alikes: &[
        LookAlike { id: "follower-failed", difference: "reads fail, and the reason is known" },
        LookAlike { id: "follower-paused", difference: "somebody paused the follower" },
        LookAlike { id: "tcp-latency-high", difference: "the way to the remote is slow; replication may still keep up" },
    ],
    fixes: &[
        Fix { platform: Platform::Any, change: "on the local cluster look at the node of the follower shard: disk, write thread pool, \
              indexing pressure" },
        Fix { platform: Platform::Any, change: "if the link is slow or the leader very busy: pause the follower, and resume it with \
              larger max_outstanding_read_requests and max_read_request_size" },
    ],
    documentation: &[
        "https://www.elastic.co/docs/deploy-manage/tools/cross-cluster-replication/manage-cross-cluster-replication",
        "https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-ccr-stats",
    ],
};
