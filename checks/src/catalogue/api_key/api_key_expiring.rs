use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `api-key-expiring`.
pub static ENTRY: Entry = Entry {
    id: "api-key-expiring",
    stage: Stage::ApiKey,
    severity: Severity::Warning,
    title: "the API key expires soon",
    meaning: "The link works now. Once the key has expired, the remote refuses it and every new \
              connection fails.",
    how: "GET _security/api_key on the remote cluster shows an expiration that is nearer than \
          the warning period. It is asked where farlink.yml names the link's remote cluster \
          and gives credentials for it; they need the cluster privilege read_security, or \
          manage_own_api_key where the same user created the key.",
    look_alikes: &[
        LookAlike { id: "api-key-expired", difference: "it has expired already" },
        LookAlike { id: "certificate-expiring", difference: "it is a certificate that ends soon" },
    ],
    fixes: &[
        Fix { platform: Platform::Any, change: "before the end give the key a later one: on the remote PUT \
                     /_security/cross_cluster/api_key/<id> with expiration (8.13 and later); nothing \
                     changes on the local cluster" },
        Fix { platform: Platform::Any, change: "or on the remote create a new cross-cluster API key (POST \
                     /_security/cross_cluster/api_key), and store its encoded value on the local cluster \
                     under the same alias" },
        Fix { platform: Platform::SelfManaged, change: "a new key: on every local node run elasticsearch-keystore add -f \
                     cluster.remote.<alias>.credentials, then POST _nodes/reload_secure_settings" },
        Fix { platform: Platform::Hosted, change: "a new key: on the local deployment delete the key entry under Security > Remote \
                     connections and add the new one under the same alias (below 8.14 restart the \
                     deployment)" },
        Fix { platform: Platform::Enterprise, change: "a new key: on the local deployment delete the key entry under Security > Remote \
                     connections and add the new one under the same alias (below 8.14 restart the \
                     deployment)" },
        Fix { platform: Platform::Kubernetes, change: "a new key: replace cluster.remote.<alias>.credentials in the secret that \
                     spec.secureSettings of the local cluster lists" },
    ],
    documentation: &[
        "https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-security-get-api-key",
        "https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-security-update-cross-cluster-api-key",
        "https://www.elastic.co/docs/deploy-manage/remote-clusters/remote-clusters-api-key",
    ],
};
