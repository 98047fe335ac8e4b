use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `api-key-missing`.
pub static ENTRY: Entry = Entry {
    id: "api-key-missing",
    stage: Stage::ApiKey,
    severity: Severity::Warning,
    title: "there is no API key for this link",
    meaning: "The API-key model needs a cross-cluster API key, and none is at hand. If farlink was \
              given none, this stage is only not tested; if the local cluster has none, it uses \
              the certificate model and is refused on 9443.",
    how: "No key was given for the link, or the local cluster shows no cluster_credentials for the \
          alias, or the remote answers that it found no credentials.",
    look_alikes: &[
        LookAlike {
            id: "config-certificate-model-on-api-key-port",
            difference: "the settings of the local cluster show port 9443 and no key",
        },
        LookAlike {
            id: "config-alias-invalid",
            difference: "a key may be stored under a differently written alias",
        },
        LookAlike {
            id: "api-key-malformed",
            difference: "there is a key, and it cannot be decoded",
        },
    ],
    fixes: &[
        Fix {
            platform: Platform::Any,
            change: "if only farlink lacks it, give it a key of the remote (--api-key-file); a key \
                     of its own with minimal access is enough",
        },
        Fix {
            platform: Platform::SelfManaged,
            change: "on every local node run elasticsearch-keystore add \
                     cluster.remote.<alias>.credentials with the encoded value, then POST \
                     _nodes/reload_secure_settings",
        },
        Fix {
            platform: Platform::Hosted,
            change: "on the local deployment add the key under Security > Remote connections, with \
                     the alias of cluster.remote.<alias>",
        },
        Fix {
            platform: Platform::Enterprise,
            change: "on the local deployment add the key under Security > Remote connections, with \
                     the alias of cluster.remote.<alias>",
        },
        Fix {
            platform: Platform::Kubernetes,
            change: "on the local cluster list a secret with the key \
                     cluster.remote.<alias>.credentials in spec.secureSettings",
        },
    ],
    documentation: &[
        "https://www.elastic.co/docs/deploy-manage/remote-clusters/remote-clusters-api-key",
        "https://www.elastic.co/docs/troubleshoot/elasticsearch/remote-clusters",
    ],
};
