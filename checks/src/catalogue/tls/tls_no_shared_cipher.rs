use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `tls-no-shared-cipher`.
pub static ENTRY: Entry = Entry {
    id: "tls-no-shared-cipher",
    stage: Stage::Tls,
    severity: Severity::Error,
    title: "the two sides have no cipher in common",
    meaning: "The remote accepts none of the cipher suites or key exchanges that were offered. A \
              narrowed cipher list on one side, or a certificate of an unusual key type, leads to \
              this.",
    how: "The TLS hello is answered with the alert handshake_failure or insufficient_security, and \
          a hello with other suites gets an answer.",
    look_alikes: &[
        LookAlike {
            id: "tls-version-unsupported",
            difference: "the alert is protocol_version",
        },
        LookAlike {
            id: "tls-handshake-failed",
            difference: "the alert is the same, and no other hello gets an answer",
        },
    ],
    fixes: &[
        Fix {
            platform: Platform::SelfManaged,
            change: "remove xpack.security.remote_cluster_server.ssl.cipher_suites (9443) or \
                     xpack.security.transport.ssl.cipher_suites (9300) on the remote, and the \
                     setting of the same name of the client on the local cluster, or give both a \
                     common suite, and restart",
        },
        Fix {
            platform: Platform::Any,
            change: "allow the current ECDHE suites with AES-GCM in the load balancer that ends \
                     TLS before the remote",
        },
    ],
    documentation: &[
        "https://www.elastic.co/docs/reference/elasticsearch/configuration-reference/security-settings",
        "https://www.elastic.co/docs/troubleshoot/elasticsearch/security/trb-security-ssl",
    ],
};
