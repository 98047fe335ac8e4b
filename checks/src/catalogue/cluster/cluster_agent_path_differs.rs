use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `cluster-agent-path-differs`.
pub static ENTRY: Entry = Entry {
    id: "cluster-agent-path-differs",
    stage: Stage::Cluster,
    severity: Severity::Info,
    title: "the local cluster gets through, and farlink does not",
    meaning: "The link works: the local cluster's word decides. farlink runs in another network or \
              with other trust than the nodes, or the nodes resume an old TLS session, which hides \
              a wrong server name until it ends.",
    how: "The local cluster says that the remote is connected, and the probe from here fails.",
    look_alikes: &[
        LookAlike {
            id: "cluster-local-path-differs",
            difference: "the other way round",
        },
        LookAlike {
            id: "filter-suspected",
            difference: "a filter lets in the local cluster but not this host",
        },
    ],
    fixes: &[
        Fix {
            platform: Platform::Any,
            change: "run farlink where the local nodes run, with the same resolver, routes and \
                     authorities; if the failing stage is TLS or certificate, check server_name of \
                     the alias on the local cluster before the nodes restart",
        },
        Fix {
            platform: Platform::Kubernetes,
            change: "run farlink as a pod in the namespace of the local cluster",
        },
    ],
    documentation: &[
        "https://www.elastic.co/docs/troubleshoot/elasticsearch/remote-clusters",
        "https://www.elastic.co/docs/deploy-manage/remote-clusters/connection-modes",
    ],
};
