use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `api-key-indices-not-covered`.
pub static ENTRY: Entry = Entry {
    id: "api-key-indices-not-covered",
    stage: Stage::ApiKey,
    severity: Severity::Warning,
    title: "the API key does not cover the indices that the link is used for",
    meaning: "The key may search some indices of the remote, and not all that the link is used \
              for. A search by pattern leaves the others out and says nothing; a search for one of \
              them by its name is refused.",
    how: "The patterns under access.search of the key, as GET _security/api_key on the remote \
          cluster shows them, do not cover the index expression under indices of the link in \
          farlink.yml. Date math, selectors and regular expressions are not compared.",
    look_alikes: &[
        LookAlike { id: "api-key-lacks-search", difference: "the key may not search at all" },
        LookAlike { id: "cluster-privilege-missing", difference: "the key covers them, and the role of the user does not" },
    ],
    fixes: &[
        Fix { platform: Platform::Any, change: "on the remote PUT /_security/cross_cluster/api_key/<id> with the indices in \
                     access.search; give the whole access, because it replaces the former one" },
        Fix { platform: Platform::Any, change: "or set indices of the link in farlink.yml to what it is used for" },
    ],
    documentation: &[
        "https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-security-update-cross-cluster-api-key",
        "https://www.elastic.co/docs/deploy-manage/remote-clusters/remote-clusters-api-key",
    ],
};
