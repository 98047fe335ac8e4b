use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `version-nodes-mixed`.
pub static ENTRY: Entry = Entry {
    id: "version-nodes-mixed",
    stage: Stage::Version,
    severity: Severity::Info,
    title: "the addresses of one link answer with different releases",
    meaning: "The remote is being upgraded, or an upgrade stopped half way, or the address leads \
              to more than one cluster. While some nodes can talk to the local cluster and others \
              cannot, the link works or fails by chance.",
    how: "The transport handshake at one address of the link names another release than at \
          another address.",
    look_alikes: &[
        LookAlike {
            id: "version-transport-incompatible",
            difference: "a release at an address cannot talk to the local cluster",
        },
        LookAlike {
            id: "certificate-differs-between-addresses",
            difference: "the releases are the same, and the certificates are not",
        },
    ],
    fixes: &[
        Fix {
            platform: Platform::Any,
            change: "on the remote finish the upgrade (GET _nodes shows each node's version); if \
                     the addresses belong to different clusters, correct proxy_address or seeds on \
                     the local cluster",
        },
        Fix {
            platform: Platform::Kubernetes,
            change: "look at status.phase and status.version of the remote Elasticsearch resource: \
                     a rolling upgrade that waits says for what",
        },
    ],
    documentation: &[
        "https://www.elastic.co/docs/deploy-manage/upgrade",
        "https://www.elastic.co/docs/deploy-manage/remote-clusters",
    ],
};
