use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `certificate-name-mismatch`.
pub static ENTRY: Entry = Entry {
    id: "certificate-name-mismatch",
    stage: Stage::Certificate,
    severity: Severity::Error,
    title: "the certificate is for another name",
    meaning: "With verification_mode full the certificate must have the server_name or the dialled \
              host as a name, and it has neither. The local cluster refuses it, although the \
              certificate itself may be valid and trusted.",
    how: "Neither server_name nor the host of the address matches a name of the certificate; a \
          wildcard stands for one label.",
    look_alikes: &[
        LookAlike {
            id: "proxy-server-name-unknown",
            difference: "the proxy does not route the name, so that no certificate comes",
        },
        LookAlike {
            id: "certificate-untrusted",
            difference: "the name may match, and the authority is not trusted",
        },
        LookAlike {
            id: "certificate-common-name-only",
            difference: "the name matches, though only in the common name",
        },
    ],
    fixes: &[
        Fix {
            platform: Platform::Hosted,
            change: "on the local cluster set cluster.remote.<alias>.server_name to the server \
                     name under Security > Remote cluster parameters of the remote",
        },
        Fix {
            platform: Platform::Enterprise,
            change: "on the local cluster set cluster.remote.<alias>.server_name to a name the \
                     proxy certificate has, or upload a wildcard certificate for the deployment \
                     domain under Platform > Settings > TLS certificates > Proxy",
        },
        Fix {
            platform: Platform::Kubernetes,
            change: "on the local cluster set cluster.remote.<alias>.server_name to \
                     <cluster>-es-remote-cluster.<namespace>.svc, or add the external name to \
                     spec.transport.tls.subjectAltNames of the remote",
        },
        Fix {
            platform: Platform::SelfManaged,
            change: "on the local cluster set cluster.remote.<alias>.server_name to a name in the \
                     certificate, or issue the certificate of the remote with the dialled name; \
                     verification_mode: certificate skips the name",
        },
    ],
    documentation: &[
        "https://www.elastic.co/docs/troubleshoot/elasticsearch/remote-clusters",
        "https://www.elastic.co/docs/reference/elasticsearch/configuration-reference/remote-clusters",
    ],
};
