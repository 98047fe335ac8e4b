use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `transport-publish-address-unreachable`.
pub static ENTRY: Entry = Entry {
    id: "transport-publish-address-unreachable",
    stage: Stage::Transport,
    severity: Severity::Error,
    title: "a publish address of the remote's nodes cannot be reached",
    meaning: "In sniff mode a seed is only where the local cluster begins: it asks the remote for its \
              nodes and dials the address that each of them publishes. Addresses of a private network, \
              of containers or of loopback are of no use from elsewhere.",
    how: "The remote listed its nodes, and the listed addresses were dialled from the agent's host.",
    look_alikes: &[
        LookAlike {
            id: "tcp-timeout",
            difference: "the configured address itself does not answer",
        },
        LookAlike {
            id: "transport-no-gateway-node",
            difference: "the addresses do not matter, because no node may be dialled",
        },
        LookAlike {
            id: "config-sniff-behind-proxy",
            difference: "the seed is a proxy, which the settings or the platform already show",
        },
    ],
    fixes: &[
        Fix {
            platform: Platform::Any,
            change: "on the local cluster set cluster.remote.<alias>.mode: proxy and \
                     cluster.remote.<alias>.proxy_address to an address that is reachable, and remove \
                     cluster.remote.<alias>.seeds",
        },
        Fix {
            platform: Platform::SelfManaged,
            change: "on every remote node set remote_cluster.publish_host and publish_port (API key) or \
                     transport.publish_host and publish_port (certificate) to an address that the local \
                     cluster reaches, and restart",
        },
        Fix {
            platform: Platform::Kubernetes,
            change: "use mode: proxy with a service in front of the remote; the addresses of pods are \
                     reachable inside their own network only",
        },
    ],
    documentation: &[
        "https://www.elastic.co/docs/deploy-manage/remote-clusters/connection-modes",
        "https://www.elastic.co/docs/reference/elasticsearch/configuration-reference/networking-settings",
    ],
};
