use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `api-key-lacks-replication`.
pub static ENTRY: Entry = Entry {
    id: "api-key-lacks-replication",
    stage: Stage::ApiKey,
    severity: Severity::Info,
    title: "the API key may not be used for replication",
    meaning: "The key was created for search only, which is right for a link that only searches. A \
              follower index or an auto-follow pattern could not use it.",
    how: "GET _security/api_key on the remote cluster shows an access without replication.",
    look_alikes: &[
        LookAlike { id: "api-key-lacks-search", difference: "it is the other way round" },
        LookAlike { id: "licence-insufficient", difference: "the key may replicate, and the licence does not allow it" },
    ],
    fixes: &[
        Fix { platform: Platform::Any, change: "if the link is to replicate, on the remote PUT /_security/cross_cluster/api_key/<id> \
                     with access.replication for the leader indices, beside the access.search that it has" },
    ],
    documentation: &[
        "https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-security-update-cross-cluster-api-key",
        "https://www.elastic.co/docs/deploy-manage/remote-clusters/remote-clusters-api-key",
    ],
};
