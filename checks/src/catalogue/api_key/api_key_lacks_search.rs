use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `api-key-lacks-search`.
pub static ENTRY: Entry = Entry {
    id: "api-key-lacks-search",
    stage: Stage::ApiKey,
    severity: Severity::Warning,
    title: "the API key may not be used for search",
    meaning: "The key was created for replication only. The link connects, followers work, and the \
              remote refuses every search through it, whatever roles the user has.",
    how: "GET _security/api_key on the remote cluster shows an access without search. It is a \
          warning where indices of the link in farlink.yml says that it is searched, and \
          information otherwise.",
    look_alikes: &[
        LookAlike { id: "api-key-indices-not-covered", difference: "the key may search, and other indices" },
        LookAlike { id: "cluster-privilege-missing", difference: "the key may search, and this one user may not" },
    ],
    fixes: &[
        Fix { platform: Platform::Any, change: "if the link is to search, on the remote PUT /_security/cross_cluster/api_key/<id> \
                     with access.search for its indices, beside the access.replication that it has" },
    ],
    documentation: &[
        "https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-security-update-cross-cluster-api-key",
        "https://www.elastic.co/docs/deploy-manage/remote-clusters/remote-clusters-api-key",
    ],
};
