use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `transport-cluster-changed`.
pub static ENTRY: Entry = Entry {
    id: "transport-cluster-changed",
    stage: Stage::Transport,
    severity: Severity::Error,
    title: "not the same cluster answers everywhere, or not the one that answered before",
    meaning: "A link is bound to the name of the cluster that answered first: connections to a cluster \
              of another name are refused (\"remote cluster name ... does not match\"). Addresses of two \
              clusters on one link, or an address that moved to another cluster, give such answers.",
    how: "The nodes that answered named different clusters, at different addresses or at different \
          times.",
    look_alikes: &[
        LookAlike {
            id: "certificate-differs-between-addresses",
            difference: "the certificates differ, and the clusters may still be the same",
        },
        LookAlike {
            id: "proxy-members-differ",
            difference: "the members behind one address are different listeners, whatever their cluster",
        },
    ],
    fixes: &[
        Fix {
            platform: Platform::Any,
            change: "on the local cluster keep only addresses of one remote cluster in \
                     cluster.remote.<alias>.seeds or behind cluster.remote.<alias>.proxy_address",
        },
        Fix {
            platform: Platform::SelfManaged,
            change: "if the remote was replaced or renamed on purpose: on the local cluster set the \
                     address of cluster.remote.<alias> to null and then again, which binds the link anew",
        },
    ],
    documentation: &[
        "https://www.elastic.co/docs/deploy-manage/remote-clusters",
        "https://www.elastic.co/docs/troubleshoot/elasticsearch/remote-clusters",
    ],
};
