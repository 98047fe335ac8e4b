use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `version-api-key-model-too-old`.
pub static ENTRY: Entry = Entry {
    id: "version-api-key-model-too-old",
    stage: Stage::Version,
    severity: Severity::Error,
    title: "a cluster is too old for the API-key model",
    meaning: "Remote clusters with API keys exist since 8.10, as a beta up to 8.13, and are \
              generally available since 8.14, on both clusters and on every node of them. An older \
              cluster has no remote cluster server, and cannot send a key.",
    how: "The release of the local cluster, or what the remote says in the transport handshake, is \
          before 8.10 (an error) or before 8.14 (a warning); or the remote answers that all its \
          nodes must have a newer version.",
    look_alikes: &[
        LookAlike {
            id: "version-transport-incompatible",
            difference: "the two releases cannot talk at all, in either model",
        },
        LookAlike {
            id: "config-remote-server-disabled",
            difference: "the remote is new enough, and its remote cluster server is off",
        },
    ],
    fixes: &[
        Fix {
            platform: Platform::Any,
            change: "upgrade every node of the older cluster to 8.14 or later (to the last minor \
                     release of its major at best)",
        },
        Fix {
            platform: Platform::Any,
            change: "or use the certificate model: on the local cluster set \
                     cluster.remote.<alias>.proxy_address to port 9300 or 9400, and take \
                     cluster.remote.<alias>.credentials out of the keystore",
        },
    ],
    documentation: &[
        "https://www.elastic.co/docs/deploy-manage/remote-clusters/remote-clusters-api-key",
        "https://www.elastic.co/docs/deploy-manage/remote-clusters/security-models",
    ],
};
