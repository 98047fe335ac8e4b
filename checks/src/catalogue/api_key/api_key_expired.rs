use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `api-key-expired`.
pub static ENTRY: Entry = Entry {
    id: "api-key-expired",
    stage: Stage::ApiKey,
    severity: Severity::Error,
    title: "the API key has expired",
    meaning: "The key was created with an expiration, and that is over. Id, secret and type are \
              right, and the remote refuses the key all the same.",
    how: "The remote answers that the key is expired.",
    look_alikes: &[LookAlike {
        id: "api-key-invalidated",
        difference: "somebody has withdrawn the key before its end",
    }],
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
