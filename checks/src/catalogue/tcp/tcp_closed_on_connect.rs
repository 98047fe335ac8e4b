use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `tcp-closed-on-connect`.
pub static ENTRY: Entry = Entry {
    id: "tcp-closed-on-connect",
    stage: Stage::Tcp,
    severity: Severity::Error,
    title: "the connection is accepted and closed at once",
    meaning: "Something accepts the connection and closes it before a byte is exchanged. A load \
              balancer without a healthy backend does so, and so does an Elasticsearch node whose \
              IP filter denies the caller.",
    how: "After the connection is made, the peer closes it in order within a moment, although \
          nothing was sent.",
    look_alikes: &[
        LookAlike {
            id: "proxy-no-backend",
            difference: "further observations show a load balancer that has nobody to pass the \
                         connection to",
        },
        LookAlike {
            id: "filter-suspected",
            difference: "an IP filter of the remote closes connections in the same way",
        },
        LookAlike {
            id: "tcp-reset-on-connect",
            difference: "the connection is reset instead of closed in order",
        },
        LookAlike {
            id: "tls-closed",
            difference: "the connection stays open until TLS begins",
        },
    ],
    fixes: &[
        Fix {
            platform: Platform::Any,
            change: "check the health of the backends behind the remote address, and the log of \
                     the load balancer for this connection",
        },
        Fix {
            platform: Platform::SelfManaged,
            change: "on the remote add the addresses of the local nodes to \
                     xpack.security.remote_cluster.filter.allow (or \
                     xpack.security.transport.filter.allow)",
        },
        Fix {
            platform: Platform::Enterprise,
            change: "on the remote check that the proxies are healthy and in the load balancer's \
                     pool for ports 9400 and 9443",
        },
        Fix {
            platform: Platform::Kubernetes,
            change: "check that the remote's service has endpoints, and that targetPort is 9443 \
                     (9300 for the certificate model)",
        },
    ],
    documentation: &[
        "https://www.elastic.co/docs/troubleshoot/elasticsearch/remote-clusters",
        "https://www.elastic.co/docs/deploy-manage/security/ip-filtering-basic",
    ],
};
