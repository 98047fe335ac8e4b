use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `config-remote-server-disabled`.
pub static ENTRY: Entry = Entry {
    id: "config-remote-server-disabled",
    stage: Stage::Config,
    severity: Severity::Error,
    title: "the remote cluster server is not enabled on the remote",
    meaning: "Port 9443 exists only on nodes where the remote cluster server is enabled, and on \
              self-managed clusters and Kubernetes it is off by default. No API-key link reaches a \
              node that lacks it.",
    how: "The nodes of the remote report no remote_cluster_server section, on all or on some of \
          the nodes.",
    look_alikes: &[
        LookAlike {
            id: "tcp-refused",
            difference: "the remote was not asked, and the port refuses: the server may be off or \
                         the port wrong",
        },
        LookAlike {
            id: "tcp-timeout",
            difference: "a firewall drops the packets, whether the server is enabled or not",
        },
    ],
    fixes: &[
        Fix {
            platform: Platform::SelfManaged,
            change: "on every remote node set remote_cluster_server.enabled: true and \
                     remote_cluster.host to a reachable address, set the key and certificate of \
                     xpack.security.remote_cluster_server.ssl, and restart",
        },
        Fix {
            platform: Platform::Kubernetes,
            change: "on the remote set spec.remoteClusterServer.enabled: true in the Elasticsearch \
                     resource (restarts the nodes)",
        },
    ],
    documentation: &[
        "https://www.elastic.co/docs/deploy-manage/remote-clusters/remote-clusters-api-key",
        "https://www.elastic.co/docs/reference/elasticsearch/configuration-reference/networking-settings",
    ],
};
