use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `api-key-invalidated`.
pub static ENTRY: Entry = Entry {
    id: "api-key-invalidated",
    stage: Stage::ApiKey,
    severity: Severity::Error,
    title: "the API key was invalidated",
    meaning: "Somebody, or an operator such as that of Kubernetes, has withdrawn the key on the \
              remote. It cannot be made valid again.",
    how: "The remote answers that the key has been invalidated.",
    look_alikes: &[
        LookAlike {
            id: "api-key-expired",
            difference: "the key ran out by itself",
        },
        LookAlike {
            id: "api-key-unknown",
            difference: "the key is gone altogether, as it is some time after being invalidated",
        },
    ],
    fixes: &[
        Fix {
            platform: Platform::Any,
            change: "on the remote create a new cross-cluster API key (POST \
                     /_security/cross_cluster/api_key), and store its encoded value on the local \
                     cluster under the same alias",
        },
        Fix {
            platform: Platform::SelfManaged,
            change: "on every local node run elasticsearch-keystore add -f \
                     cluster.remote.<alias>.credentials, then POST _nodes/reload_secure_settings",
        },
        Fix {
            platform: Platform::Hosted,
            change: "on the local deployment delete the key entry under Security > Remote \
                     connections and add the new one under the same alias (below 8.14 restart the \
                     deployment)",
        },
        Fix {
            platform: Platform::Enterprise,
            change: "on the local deployment delete the key entry under Security > Remote \
                     connections and add the new one under the same alias (below 8.14 restart the \
                     deployment)",
        },
        Fix {
            platform: Platform::Kubernetes,
            change: "replace cluster.remote.<alias>.credentials in the secret that \
                     spec.secureSettings of the local cluster lists",
        },
    ],
    documentation: &[
        "https://www.elastic.co/docs/troubleshoot/elasticsearch/remote-clusters",
        "https://www.elastic.co/docs/deploy-manage/remote-clusters/remote-clusters-api-key",
    ],
};
