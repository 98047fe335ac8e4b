use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `config-sniff-behind-proxy`.
pub static ENTRY: Entry = Entry {
    id: "config-sniff-behind-proxy",
    stage: Stage::Config,
    severity: Severity::Warning,
    title: "sniff mode is used for a remote that is reached through a proxy",
    meaning: "In sniff mode the local cluster asks the seed for the addresses of the remote nodes \
              and dials those directly. Behind a proxy or load balancer these are private \
              addresses that it cannot reach, so the link never comes up or comes up only in part.",
    how: "The mode is sniff, and the seed has the name or port of a platform proxy, or resolves to \
          a load balancer.",
    look_alikes: &[LookAlike {
        id: "config-mode-keys-mixed",
        difference: "settings of both modes are present for the alias",
    }],
    fixes: &[
        Fix {
            platform: Platform::Hosted,
            change: "on the local cluster set cluster.remote.<alias>.mode: proxy, proxy_address \
                     and server_name as the remote shows under Security > Remote cluster \
                     parameters, and set seeds to null",
        },
        Fix {
            platform: Platform::Enterprise,
            change: "on the local cluster set cluster.remote.<alias>.mode: proxy, proxy_address \
                     and server_name as the remote shows under Security > Remote cluster \
                     parameters, and set seeds to null",
        },
        Fix {
            platform: Platform::Kubernetes,
            change: "on the local cluster set cluster.remote.<alias>.mode: proxy and proxy_address \
                     to the exposed service, unless the operator wrote the seeds for a remote in \
                     the same Kubernetes cluster",
        },
        Fix {
            platform: Platform::SelfManaged,
            change: "on the local cluster set cluster.remote.<alias>.mode: proxy, or make every \
                     remote node publish an address the local nodes can reach \
                     (transport.publish_host, or remote_cluster.publish_host for port 9443)",
        },
    ],
    documentation: &[
        "https://www.elastic.co/docs/deploy-manage/remote-clusters/connection-modes",
        "https://www.elastic.co/docs/reference/elasticsearch/configuration-reference/remote-clusters",
    ],
};
