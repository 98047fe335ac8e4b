use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `proxy-protocol-mismatch`.
pub static ENTRY: Entry = Entry {
    id: "proxy-protocol-mismatch",
    stage: Stage::Proxy,
    severity: Severity::Error,
    title: "the PROXY header is sent or expected by one side only",
    meaning: "Load balancers can put a PROXY header with the caller's address before the first \
              byte, and both ends must agree on it. Elasticsearch nodes never understand it, and a \
              listener that expects it cuts every connection of a cluster.",
    how: "Every first byte is answered with a reset, and a connection that begins with a PROXY \
          header gets a TLS answer; or the remote logs bytes that spell PROXY.",
    look_alikes: &[
        LookAlike {
            id: "tcp-reset-on-connect",
            difference: "the reset comes before anything is sent",
        },
        LookAlike {
            id: "tls-closed",
            difference: "the connection is closed in TLS, and a PROXY header changes nothing",
        },
        LookAlike {
            id: "proxy-no-backend",
            difference: "the proxy has nobody to pass the connection to",
        },
    ],
    fixes: &[
        Fix {
            platform: Platform::Any,
            change: "in the load balancer switch the PROXY protocol off for 9443, 9400 and 9300, \
                     for what it accepts and for what it sends",
        },
        Fix {
            platform: Platform::Enterprise,
            change: "on the load balancer of the remote installation switch the PROXY protocol off \
                     for 9400; it is meant for 9243 and 9343",
        },
        Fix {
            platform: Platform::Kubernetes,
            change: "remove the annotation or ingress option that switches the PROXY protocol on \
                     for the remote's service",
        },
    ],
    documentation: &[
        "https://www.elastic.co/docs/deploy-manage/deploy/cloud-enterprise/ece-load-balancers",
        "https://www.elastic.co/docs/deploy-manage/remote-clusters/connection-modes",
    ],
};
