use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `api-key-wrong-type`.
pub static ENTRY: Entry = Entry {
    id: "api-key-wrong-type",
    stage: Stage::ApiKey,
    severity: Severity::Error,
    title: "the API key is not a cross-cluster key",
    meaning: "The key is one for the REST API, and the remote cluster server takes keys of type \
              cross_cluster only. Id and secret are right, and it never works here whatever its \
              privileges.",
    how: "The remote answers that it expected the type cross_cluster and that the key has type \
          rest.",
    look_alikes: &[LookAlike {
        id: "api-key-wrong-secret",
        difference: "the remote says that the credentials are invalid",
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
