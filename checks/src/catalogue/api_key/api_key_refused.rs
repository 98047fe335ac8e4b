use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `api-key-refused`.
pub static ENTRY: Entry = Entry {
    id: "api-key-refused",
    stage: Stage::ApiKey,
    severity: Severity::Error,
    title: "the remote refuses the API key",
    meaning: "The remote does not accept the key, and its answer names no single reason. The local \
              cluster is refused in the same way.",
    how: "The remote answers the key with an authentication error that is not one of the known \
          ones, or closes the connection after it.",
    look_alikes: &[
        LookAlike {
            id: "api-key-unknown",
            difference: "the answer says that the id is not found",
        },
        LookAlike {
            id: "api-key-wrong-secret",
            difference: "the answer says that the credentials are invalid",
        },
        LookAlike {
            id: "api-key-expired",
            difference: "the answer says that it is expired",
        },
        LookAlike {
            id: "api-key-wrong-type",
            difference: "the answer names the type rest",
        },
        LookAlike {
            id: "transport-wrong-port",
            difference: "the answer comes from the transport interface, which takes no keys",
        },
    ],
    fixes: &[
        Fix {
            platform: Platform::Any,
            change: "on the remote look at the key (GET /_security/api_key?id=) and at its log \
                     (ApiKeyAuthenticator) for the reason; check that the security index .security \
                     is available",
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
