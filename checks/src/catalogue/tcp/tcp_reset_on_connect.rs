use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `tcp-reset-on-connect`.
pub static ENTRY: Entry = Entry {
    id: "tcp-reset-on-connect",
    stage: Stage::Tcp,
    severity: Severity::Error,
    title: "the connection is accepted and reset at once",
    meaning: "The connection is made and then cut with a reset before a byte is exchanged. A \
              firewall or load balancer that rejects the caller does so, rarely the node itself.",
    how: "After the connection is made, a reset arrives within a moment, although nothing was \
          sent.",
    look_alikes: &[
        LookAlike {
            id: "tcp-refused",
            difference: "the reset answers the connection attempt itself, so that the connection \
                         is never made",
        },
        LookAlike {
            id: "tcp-closed-on-connect",
            difference: "the connection is closed in order",
        },
        LookAlike {
            id: "proxy-protocol-mismatch",
            difference: "the quiet connection stays open, and the reset comes after the first \
                         bytes",
        },
    ],
    fixes: &[
        Fix {
            platform: Platform::Any,
            change: "allow the addresses of the local nodes in the access rules of the firewall or \
                     load balancer in front of the remote, and read its log for the reason of the \
                     reset",
        },
        Fix {
            platform: Platform::Kubernetes,
            change: "check that no service mesh (sidecar) requires its own TLS on the remote's \
                     port 9443 or 9300; exclude the port from the mesh",
        },
    ],
    documentation: &["https://www.elastic.co/docs/troubleshoot/elasticsearch/remote-clusters"],
};
