use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `tls-version-unsupported`.
pub static ENTRY: Entry = Entry {
    id: "tls-version-unsupported",
    stage: Stage::Tls,
    severity: Severity::Error,
    title: "the two sides have no TLS version in common",
    meaning: "The remote, or a device before it, speaks only TLS versions that the local cluster \
              does not offer. Elasticsearch offers TLS 1.2 and 1.3, and the JDK it runs on refuses \
              TLS 1.0 and 1.1 whatever supported_protocols says (jdk.tls.disabledAlgorithms).",
    how: "The TLS hello is answered with the alert protocol_version, or with a version that was \
          not offered. Hellos built by hand, one a version, then find out what the server does \
          speak: it refuses TLS 1.2 and 1.3 with every cipher suite there is, and answers TLS 1.1 \
          or 1.0.",
    look_alikes: &[
        LookAlike {
            id: "tls-no-shared-cipher",
            difference: "a hello in TLS 1.2 or 1.3 with every cipher suite is answered, so the \
                         version is agreed on",
        },
        LookAlike {
            id: "tls-handshake-failed",
            difference: "the alert does not name the reason, and no hello in any version is \
                         answered",
        },
    ],
    fixes: &[
        Fix {
            platform: Platform::SelfManaged,
            change: "on the remote add TLSv1.2 or TLSv1.3 to \
                     xpack.security.remote_cluster_server.ssl.supported_protocols (9443) or \
                     xpack.security.transport.ssl.supported_protocols (9300), or remove the \
                     setting, and restart; the same for xpack.security.remote_cluster_client.ssl \
                     on the local cluster",
        },
        Fix {
            platform: Platform::Any,
            change: "allow TLS 1.2 and 1.3 in the load balancer that ends TLS before the remote",
        },
    ],
    documentation: &[
        "https://www.elastic.co/docs/reference/elasticsearch/configuration-reference/security-settings",
        "https://www.elastic.co/docs/troubleshoot/elasticsearch/security/trb-security-ssl",
    ],
};
