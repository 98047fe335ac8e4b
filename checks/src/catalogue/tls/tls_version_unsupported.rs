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
              does not offer. Elasticsearch offers TLS 1.2 and 1.3 unless configured otherwise.",
    how: "The TLS hello is answered with the alert protocol_version, or with a version that was \
          not offered.",
    look_alikes: &[
        LookAlike {
            id: "tls-no-shared-cipher",
            difference: "the version is agreed on, and the cipher is not",
        },
        LookAlike {
            id: "tls-handshake-failed",
            difference: "the alert does not name the reason",
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
