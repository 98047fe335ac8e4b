use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `transport-closed`.
pub static ENTRY: Entry = Entry {
    id: "transport-closed",
    stage: Stage::Transport,
    severity: Severity::Error,
    title: "the connection is closed at the transport handshake",
    meaning: "Connection and TLS are fine, and the other side then closes the connection instead \
              of answering. A proxy that cannot reach its backend, a filter, or a port that \
              expects something else can be behind it.",
    how: "The connection ends after the transport handshake was sent, without an answer or an \
          alert.",
    look_alikes: &[
        LookAlike {
            id: "tls-client-certificate-required",
            difference: "an alert says that a client certificate is missing",
        },
        LookAlike {
            id: "filter-suspected",
            difference: "the remote is at a platform proxy whose policies may refuse the caller",
        },
        LookAlike {
            id: "version-transport-incompatible",
            difference: "the remote answers, or logs, that the version does not fit",
        },
        LookAlike {
            id: "proxy-terminates-tls",
            difference: "TLS ends at a load balancer, and the backend refuses what is passed on",
        },
    ],
    fixes: &[
        Fix {
            platform: Platform::Any,
            change: "look up this connection in the log of the remote node or of the load balancer \
                     before it",
        },
        Fix {
            platform: Platform::Hosted,
            change: "check the network security policies of the remote deployment, and that \
                     server_name is the one under Security > Remote cluster parameters",
        },
        Fix {
            platform: Platform::Enterprise,
            change: "on the remote installation allow the proxies to reach the allocators on \
                     23000-23999 (9443) and 19000-19999 (9400), and read status_reason in the \
                     proxy log",
        },
        Fix {
            platform: Platform::Kubernetes,
            change: "check that the backend of a load balancer that ends TLS is dialled with TLS \
                     on 9443",
        },
    ],
    documentation: &[
        "https://www.elastic.co/docs/troubleshoot/elasticsearch/remote-clusters",
        "https://www.elastic.co/docs/deploy-manage/deploy/cloud-enterprise/ece-networking-prereq",
    ],
};
