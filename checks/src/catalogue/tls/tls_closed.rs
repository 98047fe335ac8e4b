use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `tls-closed`.
pub static ENTRY: Entry = Entry {
    id: "tls-closed",
    stage: Stage::Tls,
    severity: Severity::Error,
    title: "the connection is closed during TLS",
    meaning: "The remote, or a device before it, closes the connection after the TLS hello without \
              saying why. The local cluster reports only that the handshake failed because of a \
              connection reset.",
    how: "The connection ends after the TLS hello without an alert, and the further questions do \
          not single out one cause.",
    look_alikes: &[
        LookAlike {
            id: "proxy-server-name-unknown",
            difference: "another server name gets an answer",
        },
        LookAlike {
            id: "proxy-no-backend",
            difference: "a quiet connection is closed too",
        },
        LookAlike {
            id: "tls-not-enabled",
            difference: "a plain transport ping gets an answer",
        },
        LookAlike {
            id: "proxy-protocol-mismatch",
            difference: "the connection is reset instead, and a PROXY header before the hello gets \
                         an answer",
        },
        LookAlike {
            id: "filter-suspected",
            difference: "the remote is at a platform proxy and its policies may refuse the caller",
        },
    ],
    fixes: &[
        Fix {
            platform: Platform::Any,
            change: "look up this connection in the log of the remote node or of the load balancer \
                     before it: it names the reason",
        },
        Fix {
            platform: Platform::Hosted,
            change: "check server_name on the local cluster against Security > Remote cluster \
                     parameters, and the network security policies of the remote",
        },
        Fix {
            platform: Platform::Enterprise,
            change: "check server_name on the local cluster against Security > Remote cluster \
                     parameters, and status_reason in the proxy log of the remote installation",
        },
        Fix {
            platform: Platform::Kubernetes,
            change: "check that no service mesh or HTTP ingress is in front of port 9443 or 9300",
        },
        Fix {
            platform: Platform::SelfManaged,
            change: "check xpack.security.transport.ssl.enabled or \
                     xpack.security.remote_cluster_server.ssl.enabled on the remote",
        },
    ],
    documentation: &[
        "https://www.elastic.co/docs/troubleshoot/elasticsearch/remote-clusters",
        "https://www.elastic.co/docs/troubleshoot/elasticsearch/security/trb-security-ssl",
    ],
};
