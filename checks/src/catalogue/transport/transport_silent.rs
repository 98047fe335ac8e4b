use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `transport-silent`.
pub static ENTRY: Entry = Entry {
    id: "transport-silent",
    stage: Stage::Transport,
    severity: Severity::Error,
    title: "the remote does not answer the transport handshake",
    meaning: "Connection and TLS stand, and the question of the transport protocol gets no answer. \
              An overloaded or hung node does this, and so does an HTTP port that waits for the \
              end of a line; Elasticsearch gives up after 30 s.",
    how: "No byte arrives after the transport handshake was sent, within the time.",
    look_alikes: &[
        LookAlike {
            id: "tls-stalled",
            difference: "already TLS gets no answer",
        },
        LookAlike {
            id: "transport-closed",
            difference: "the connection is closed instead",
        },
        LookAlike {
            id: "transport-rest-endpoint",
            difference: "a question in HTTP is answered",
        },
    ],
    fixes: &[
        Fix {
            platform: Platform::Any,
            change: "check the health of the remote nodes (long garbage collections, full \
                     transport threads) and that the load balancer's backend is the remote's \
                     transport or remote cluster port",
        },
        Fix {
            platform: Platform::Enterprise,
            change: "on the remote installation allow the proxies to reach the allocators on \
                     23000-23999 (9443) and 19000-19999 (9400)",
        },
        Fix {
            platform: Platform::Kubernetes,
            change: "check that the remote's pods are ready, and that no sidecar is in front of \
                     9443 or 9300",
        },
    ],
    documentation: &[
        "https://www.elastic.co/docs/troubleshoot/elasticsearch/remote-clusters",
        "https://www.elastic.co/docs/deploy-manage/deploy/cloud-enterprise/ece-networking-prereq",
    ],
};
