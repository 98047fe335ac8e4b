use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `transport-opensearch`.
pub static ENTRY: Entry = Entry {
    id: "transport-opensearch",
    stage: Stage::Transport,
    severity: Severity::Error,
    title: "the remote is an OpenSearch cluster",
    meaning: "The other side speaks a similar protocol but is OpenSearch, which is no remote \
              cluster for current Elasticsearch releases. Versions and security differ, and the \
              connection is refused.",
    how: "The transport handshake or the HTTP answer names OpenSearch or one of its version ids.",
    look_alikes: &[LookAlike {
        id: "version-transport-incompatible",
        difference: "it is Elasticsearch, of a release too far apart",
    }],
    fixes: &[Fix {
        platform: Platform::Any,
        change: "on the local cluster set cluster.remote.<alias>.proxy_address or seeds to an \
                 Elasticsearch cluster, or move the data with a snapshot or reindex from remote",
    }],
    documentation: &["https://www.elastic.co/docs/deploy-manage/remote-clusters"],
};
