use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `transport-no-gateway-node`.
pub static ENTRY: Entry = Entry {
    id: "transport-no-gateway-node",
    stage: Stage::Transport,
    severity: Severity::Error,
    title: "no node of the remote may be a gateway",
    meaning: "In sniff mode the local cluster connects to gateway nodes only: nodes that are not \
              dedicated masters, whose release it can talk to, and in the API-key model only those with \
              the remote cluster server. The remote lists no such node, so nothing is connected.",
    how: "The remote listed its nodes with their roles and releases, and none of them qualifies.",
    look_alikes: &[
        LookAlike {
            id: "transport-publish-address-unreachable",
            difference: "there are gateway nodes, and their addresses cannot be reached",
        },
        LookAlike {
            id: "version-transport-incompatible",
            difference: "the seed itself is of a release too far apart",
        },
        LookAlike {
            id: "config-remote-server-disabled",
            difference: "the port that is dialled has no remote cluster server",
        },
    ],
    fixes: &[
        Fix {
            platform: Platform::SelfManaged,
            change: "on the remote give at least one node a data, ingest or coordinating-only role \
                     (node.roles), and in the API-key model set remote_cluster_server.enabled: true on it",
        },
        Fix {
            platform: Platform::Any,
            change: "or on the local cluster set cluster.remote.<alias>.mode: proxy, which dials one \
                     address whatever the roles of the nodes behind it",
        },
    ],
    documentation: &[
        "https://www.elastic.co/docs/deploy-manage/remote-clusters/connection-modes",
        "https://www.elastic.co/docs/reference/elasticsearch/configuration-reference/node-settings",
    ],
};
