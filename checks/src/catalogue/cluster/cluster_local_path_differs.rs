use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `cluster-local-path-differs`.
pub static ENTRY: Entry = Entry {
    id: "cluster-local-path-differs",
    stage: Stage::Cluster,
    severity: Severity::Error,
    title: "farlink gets through, and the local cluster does not",
    meaning: "The remote works as seen from here, and the local cluster says that it is not \
              connected. What differs is on its side: network, DNS, trust, key or settings of its \
              nodes.",
    how: "The probe from here succeeds at every stage tested, and the local cluster says not \
          connected after being asked to connect.",
    look_alikes: &[
        LookAlike {
            id: "cluster-agent-path-differs",
            difference: "the other way round",
        },
        LookAlike {
            id: "cluster-disconnected",
            difference: "the probe from here fails too",
        },
        LookAlike {
            id: "config-settings-differ-between-nodes",
            difference: "only some local nodes fail",
        },
    ],
    fixes: &[
        Fix {
            platform: Platform::Any,
            change: "read the log of the local nodes for this alias, and allow TCP from every \
                     local node (not only from this host) to the remote",
        },
        Fix {
            platform: Platform::SelfManaged,
            change: "on every local node compare DNS, routes, \
                     xpack.security.remote_cluster_client.ssl and \
                     cluster.remote.<alias>.credentials with what farlink was given, and run POST \
                     _nodes/reload_secure_settings after a change of the key",
        },
        Fix {
            platform: Platform::Enterprise,
            change: "test from an allocator of the local installation: connections come from \
                     there, not from the proxies",
        },
        Fix {
            platform: Platform::Kubernetes,
            change: "check the egress NetworkPolicy of the local pods, and that every nodeSet has \
                     the same remote_cluster_client settings",
        },
        Fix {
            platform: Platform::Hosted,
            change: "check that the remote lets in the outgoing addresses of the local \
                     deployment's region, and the key entry under Security > Remote connections",
        },
    ],
    documentation: &[
        "https://www.elastic.co/docs/troubleshoot/elasticsearch/remote-clusters",
        "https://www.elastic.co/docs/deploy-manage/remote-clusters/remote-clusters-api-key",
    ],
};
