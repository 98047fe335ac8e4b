use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `tls-not-enabled`.
pub static ENTRY: Entry = Entry {
    id: "tls-not-enabled",
    stage: Stage::Tls,
    severity: Severity::Error,
    title: "the remote port does not use TLS",
    meaning: "The local cluster opens TLS, and the port speaks the transport protocol in plain \
              text, so the remote closes the connection. Both sides must use TLS or neither.",
    how: "The TLS hello is answered with a close, and a plain transport ping gets a transport \
          answer.",
    look_alikes: &[
        LookAlike {
            id: "tls-closed",
            difference: "the plain question gets no transport answer either",
        },
        LookAlike {
            id: "transport-rest-endpoint",
            difference: "the plain answer is HTTP",
        },
    ],
    fixes: &[
        Fix {
            platform: Platform::SelfManaged,
            change: "on every remote node set xpack.security.transport.ssl.enabled: true (port \
                     9300) or xpack.security.remote_cluster_server.ssl.enabled: true (port 9443) \
                     with key and certificate, and restart",
        },
        Fix {
            platform: Platform::Kubernetes,
            change: "transport TLS is always on here: point cluster.remote.<alias>.proxy_address \
                     of the local cluster at the service of the remote cluster itself",
        },
        Fix {
            platform: Platform::Enterprise,
            change: "on the local cluster use port 9400 or 9443 of the proxy address; 9300 is \
                     plain text",
        },
    ],
    documentation: &[
        "https://www.elastic.co/docs/troubleshoot/elasticsearch/security/trb-security-ssl",
        "https://www.elastic.co/docs/reference/elasticsearch/configuration-reference/security-settings",
    ],
};
