use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `config-remote-unknown`.
pub static ENTRY: Entry = Entry {
    id: "config-remote-unknown",
    stage: Stage::Config,
    severity: Severity::Error,
    title: "the local cluster has no remote with this alias",
    meaning: "The local cluster knows no settings for this alias, so every request to it fails \
              with no_such_remote_cluster_exception. Nothing was dialled, and the network is not \
              at fault.",
    how: "No cluster.remote.<alias> setting exists in the cluster settings or on any node, and \
          remote-info does not list the alias.",
    look_alikes: &[
        LookAlike {
            id: "config-remote-client-role-missing",
            difference: "the alias is configured, and only the nodes without the role do not know \
                         it",
        },
        LookAlike {
            id: "config-settings-differ-between-nodes",
            difference: "some nodes know the alias from their elasticsearch.yml, others do not",
        },
    ],
    fixes: &[
        Fix {
            platform: Platform::Any,
            change: "on the local cluster set cluster.remote.<alias>.mode: proxy and \
                     cluster.remote.<alias>.proxy_address through PUT _cluster/settings, or \
                     correct the alias in the request",
        },
        Fix {
            platform: Platform::Kubernetes,
            change: "on the local cluster add the alias to spec.remoteClusters of the \
                     Elasticsearch resource, or set it through PUT _cluster/settings for a remote \
                     outside the operator",
        },
    ],
    documentation: &[
        "https://www.elastic.co/docs/deploy-manage/remote-clusters",
        "https://www.elastic.co/docs/reference/elasticsearch/configuration-reference/remote-clusters",
    ],
};
