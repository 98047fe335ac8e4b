use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `tls-slow`.
pub static ENTRY: Entry = Entry {
    id: "tls-slow",
    stage: Stage::Tls,
    severity: Severity::Warning,
    title: "the TLS handshake takes long",
    meaning: "The handshake succeeds, but it comes near the 10 s after which Elasticsearch gives \
              up. Under load it will fail now and then.",
    how: "The TLS handshake takes longer than the limit, while connecting is quicker.",
    look_alikes: &[
        LookAlike {
            id: "tcp-latency-high",
            difference: "connecting is already slow",
        },
        LookAlike {
            id: "tls-stalled",
            difference: "no answer comes at all",
        },
    ],
    fixes: &[
        Fix {
            platform: Platform::Any,
            change: "relieve the remote nodes or the load balancer that ends TLS (CPU, connection \
                     storms), and look for packet loss on the way",
        },
        Fix {
            platform: Platform::SelfManaged,
            change: "as a stopgap raise xpack.security.remote_cluster_server.ssl.handshake_timeout \
                     (9443) or xpack.security.transport.ssl.handshake_timeout (9300) from 10s \
                     where the release has it",
        },
    ],
    documentation: &[
        "https://www.elastic.co/docs/troubleshoot/elasticsearch/remote-clusters",
        "https://www.elastic.co/docs/reference/elasticsearch/configuration-reference/security-settings",
    ],
};
