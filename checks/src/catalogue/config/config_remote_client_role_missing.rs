use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `config-remote-client-role-missing`.
pub static ENTRY: Entry = Entry {
    id: "config-remote-client-role-missing",
    stage: Stage::Config,
    severity: Severity::Warning,
    title: "local nodes that need it lack the role remote_cluster_client",
    meaning: "A node without this role cannot connect to remotes and answers as if the alias did \
              not exist. Searches coordinated by such a node, and replication, transforms and \
              datafeeds that run there, fail although other nodes are fine.",
    how: "node.roles of a coordinating, master-eligible, data, machine learning or transform node \
          of the local cluster lacks remote_cluster_client.",
    look_alikes: &[
        LookAlike {
            id: "config-remote-unknown",
            difference: "no node knows the alias, whatever its roles",
        },
        LookAlike {
            id: "config-settings-differ-between-nodes",
            difference: "the nodes have the role and lack the settings",
        },
    ],
    fixes: &[
        Fix {
            platform: Platform::SelfManaged,
            change: "on every local node that coordinates searches, is master-eligible, or runs \
                     replication, transforms or datafeeds, add remote_cluster_client to node.roles \
                     and restart it",
        },
        Fix {
            platform: Platform::Kubernetes,
            change: "on the local cluster add remote_cluster_client to node.roles in \
                     spec.nodeSets[].config",
        },
    ],
    documentation: &[
        "https://www.elastic.co/docs/deploy-manage/remote-clusters/remote-clusters-self-managed",
        "https://www.elastic.co/docs/reference/elasticsearch/configuration-reference/remote-clusters",
    ],
};
