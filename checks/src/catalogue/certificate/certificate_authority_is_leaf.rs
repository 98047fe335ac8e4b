use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `certificate-authority-is-leaf`.
pub static ENTRY: Entry = Entry {
    id: "certificate-authority-is-leaf",
    stage: Stage::Certificate,
    severity: Severity::Warning,
    title: "the trust file holds a server certificate instead of its authority",
    meaning: "Only this one certificate is trusted: other nodes of the remote are refused, and so \
              is its successor after a renewal. The first certificate of a chain is easily taken \
              for its root.",
    how: "A certificate in the trust file is no authority (basic constraints).",
    look_alikes: &[
        LookAlike {
            id: "certificate-untrusted",
            difference: "the file holds an authority, and it is another one",
        },
        LookAlike {
            id: "certificate-authority-file-invalid",
            difference: "the file holds no certificate at all",
        },
    ],
    fixes: &[
        Fix {
            platform: Platform::Enterprise,
            change: "use the last certificate of the chain under Platform > Settings > TLS \
                     certificates > Proxy > Show certificate chain of the remote installation",
        },
        Fix {
            platform: Platform::Kubernetes,
            change: "use ca.crt of <cluster>-es-transport-certs-public of the remote, not tls.crt",
        },
        Fix {
            platform: Platform::SelfManaged,
            change: "on every local node put the authority's certificate (ca.crt) into \
                     xpack.security.remote_cluster_client.ssl.certificate_authorities (9443) or \
                     xpack.security.transport.ssl.certificate_authorities (9300)",
        },
        Fix {
            platform: Platform::Hosted,
            change: "on the local deployment upload the root of the remote's chain under Security \
                     > Remote connections",
        },
    ],
    documentation: &[
        "https://www.elastic.co/docs/reference/elasticsearch/configuration-reference/security-settings",
        "https://www.elastic.co/docs/troubleshoot/elasticsearch/remote-clusters",
    ],
};
