use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `config-settings-differ-between-nodes`.
pub static ENTRY: Entry = Entry {
    id: "config-settings-differ-between-nodes",
    stage: Stage::Config,
    severity: Severity::Warning,
    title: "the nodes of the local cluster have different settings for this remote",
    meaning: "A remote defined in elasticsearch.yml exists only on the nodes whose file has it, as \
              that file has it. Requests then work or fail depending on which node coordinates \
              them.",
    how: "The cluster.remote.<alias> or remote_cluster_client.ssl settings of the nodes differ.",
    look_alikes: &[LookAlike {
        id: "config-remote-client-role-missing",
        difference: "the settings are the same, and the role is what some nodes lack",
    }],
    fixes: &[
        Fix {
            platform: Platform::SelfManaged,
            change: "set the remote once through PUT _cluster/settings, remove \
                     cluster.remote.<alias> from every elasticsearch.yml, and give all local nodes \
                     the same xpack.security.remote_cluster_client.ssl settings (restart needed)",
        },
        Fix {
            platform: Platform::Kubernetes,
            change: "give every nodeSet of the local cluster the same \
                     xpack.security.remote_cluster_client.ssl settings in spec.nodeSets[].config, \
                     and set the remote through PUT _cluster/settings",
        },
        Fix {
            platform: Platform::Hosted,
            change: "set the remote through PUT _cluster/settings on the local deployment, and \
                     remove it from the user settings",
        },
        Fix {
            platform: Platform::Enterprise,
            change: "set the remote through PUT _cluster/settings on the local deployment, and \
                     remove it from the user settings",
        },
    ],
    documentation: &[
        "https://www.elastic.co/docs/reference/elasticsearch/configuration-reference/remote-clusters",
        "https://www.elastic.co/docs/deploy-manage/remote-clusters/remote-clusters-api-key",
    ],
};
