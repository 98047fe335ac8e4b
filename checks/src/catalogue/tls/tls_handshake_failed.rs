use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `tls-handshake-failed`.
pub static ENTRY: Entry = Entry {
    id: "tls-handshake-failed",
    stage: Stage::Tls,
    severity: Severity::Error,
    title: "the TLS handshake fails",
    meaning: "The two sides do not agree on TLS, and the alert does not name one cause. The link \
              cannot be used until the handshake succeeds.",
    how: "The handshake ends with an alert or a protocol error that no more specific finding \
          covers.",
    look_alikes: &[
        LookAlike {
            id: "tls-version-unsupported",
            difference: "the alert is protocol_version",
        },
        LookAlike {
            id: "tls-no-shared-cipher",
            difference: "a hello with other ciphers gets an answer, as hellos built by hand show",
        },
        LookAlike {
            id: "tls-client-certificate-required",
            difference: "the server asked for a client certificate first",
        },
        LookAlike {
            id: "tls-closed",
            difference: "the connection ends without an alert",
        },
    ],
    fixes: &[
        Fix {
            platform: Platform::Any,
            change: "read the log of the remote node, or of the load balancer that ends TLS, for \
                     this connection: it names the reason of the alert",
        },
        Fix {
            platform: Platform::SelfManaged,
            change: "compare supported_protocols, cipher_suites and client_authentication of the \
                     remote's xpack.security.remote_cluster_server.ssl (9443) or \
                     xpack.security.transport.ssl (9300) with the local client settings",
        },
    ],
    documentation: &[
        "https://www.elastic.co/docs/troubleshoot/elasticsearch/security/trb-security-ssl",
        "https://www.elastic.co/docs/troubleshoot/elasticsearch/remote-clusters",
    ],
};
