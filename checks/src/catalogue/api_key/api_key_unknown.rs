use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `api-key-unknown`.
pub static ENTRY: Entry = Entry {
    id: "api-key-unknown",
    stage: Stage::ApiKey,
    severity: Severity::Error,
    title: "the remote has no API key with this id",
    meaning: "The key was created on another cluster, or it was deleted after being invalidated. A \
              key works only on the cluster that created it.",
    how: "The remote answers that it is unable to find the key id.",
    look_alikes: &[
        LookAlike {
            id: "api-key-invalidated",
            difference: "the key is still there, and marked as invalidated",
        },
        LookAlike {
            id: "api-key-wrong-secret",
            difference: "the id is known, and the secret is wrong",
        },
        LookAlike {
            id: "proxy-server-name-unknown",
            difference: "a wrong server name may lead to another deployment, which does not have \
                         the key",
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
