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
              this. What Elasticsearch offers is its list cipher_suites without what its JDK \
              disables: JDK 24 and later, which Elasticsearch 9 brings, disable TLS_RSA_* (RSA key \
              exchange); every current JDK disables 3DES, RC4, anonymous and unencrypted suites.",
    how: "The TLS hello is answered with an alert, and hellos built by hand tell more: the server \
          refuses one with exactly what Elasticsearch offers on a current JDK, and answers one \
          with every suite there is. Where it answers what Elasticsearch offers on JDK 17 only, \
          the finding is likely, as it depends on the JDK of the local cluster. As information, it \
          says that the server agrees with Elasticsearch and that farlink's own TLS library cannot \
          test the rest (CBC suites, unusual groups).",
    look_alikes: &[
        LookAlike {
            id: "tls-version-unsupported",
            difference: "no hello in TLS 1.2 or 1.3 is answered, whatever it offers",
        },
        LookAlike {
            id: "tls-handshake-failed",
            difference: "the alert is the same, and no other hello gets an answer",
        },
        LookAlike {
            id: "proxy-server-name-unknown",
            difference: "another server name, or none, is answered with a certificate",
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
