use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `api-key-malformed`.
pub static ENTRY: Entry = Entry {
    id: "api-key-malformed",
    stage: Stage::ApiKey,
    severity: Severity::Error,
    title: "the API key is not an encoded cross-cluster key",
    meaning: "The stored value cannot be decoded to an id and a secret, so the remote cannot even \
              look it up. A copied JSON answer, the bare secret, or a cut-off value is the usual \
              slip.",
    how: "The value is not base64 of id:secret with a secret of 22 characters, or the remote says \
          that it is not a valid API key credential.",
    look_alikes: &[
        LookAlike {
            id: "api-key-unknown",
            difference: "the value decodes, and the remote has no key of that id",
        },
        LookAlike {
            id: "api-key-missing",
            difference: "there is no value at all",
        },
    ],
    fixes: &[
        Fix {
            platform: Platform::Any,
            change: "use the field encoded of the answer that created the key, as it is: not id, \
                     not api_key, no quotes, no line break",
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
        "https://www.elastic.co/docs/deploy-manage/remote-clusters/remote-clusters-api-key",
        "https://www.elastic.co/docs/troubleshoot/elasticsearch/remote-clusters",
    ],
};
