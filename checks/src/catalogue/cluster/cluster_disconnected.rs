use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `cluster-disconnected`.
pub static ENTRY: Entry = Entry {
    id: "cluster-disconnected",
    stage: Stage::Cluster,
    severity: Severity::Error,
    title: "the local cluster is not connected to the remote",
    meaning: "The local cluster itself says that it has no connection, also after it was asked to \
              make one. Searches of this remote fail, or skip it silently when skip_unavailable is \
              true.",
    how: "remote-info and resolve-cluster of the local cluster both say that the remote is not \
          connected.",
    look_alikes: &[
        LookAlike {
            id: "cluster-connected-lazily",
            difference: "it connects once it is asked to",
        },
        LookAlike {
            id: "cluster-local-path-differs",
            difference: "farlink itself gets through to the remote",
        },
        LookAlike {
            id: "config-remote-unknown",
            difference: "the local cluster does not know the alias",
        },
    ],
    fixes: &[
        Fix {
            platform: Platform::Any,
            change: "follow the finding of the path that explains this one; if there is none, read \
                     the log of the local nodes for ProxyConnectionStrategy, \
                     SniffConnectionStrategy and RemoteClusterService",
        },
        Fix {
            platform: Platform::SelfManaged,
            change: "after a repaired name or network, set a setting of the alias again through \
                     PUT _cluster/settings so that the nodes reconnect at once",
        },
    ],
    documentation: &[
        "https://www.elastic.co/docs/troubleshoot/elasticsearch/remote-clusters",
        "https://www.elastic.co/docs/reference/elasticsearch/configuration-reference/remote-clusters",
    ],
};
