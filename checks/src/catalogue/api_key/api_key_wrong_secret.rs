use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `api-key-wrong-secret`.
pub static ENTRY: Entry = Entry {
    id: "api-key-wrong-secret",
    stage: Stage::ApiKey,
    severity: Severity::Error,
    title: "the secret of the API key is wrong",
    meaning: "The remote knows the key's id, and the secret does not belong to it. The value was \
              mistyped or mixed from two keys.",
    how: "The remote answers with invalid credentials for the key id.",
    look_alikes: &[
        LookAlike {
            id: "api-key-unknown",
            difference: "the id is not known either",
        },
        LookAlike {
            id: "api-key-malformed",
            difference: "the value cannot be decoded",
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
