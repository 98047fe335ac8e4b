use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `certificate-self-signed`.
pub static ENTRY: Entry = Entry {
    id: "certificate-self-signed",
    stage: Stage::Certificate,
    severity: Severity::Error,
    title: "the certificate is self-signed and not trusted",
    meaning: "The remote presents a certificate that no authority has signed, and the local \
              cluster does not trust this very certificate. A default certificate of a load \
              balancer or a test setup is often behind it.",
    how: "The leaf is its own issuer, and it is not among the trusted certificates.",
    look_alikes: &[
        LookAlike {
            id: "certificate-untrusted",
            difference: "an authority has signed it, and that is not trusted",
        },
        LookAlike {
            id: "proxy-terminates-tls",
            difference: "the certificate belongs to a load balancer on a certificate-model port",
        },
    ],
    fixes: &[
        Fix {
            platform: Platform::SelfManaged,
            change: "on the remote use a certificate of an authority (elasticsearch-certutil ca, \
                     then cert), and on every local node add that authority to \
                     xpack.security.remote_cluster_client.ssl.certificate_authorities (9443) or \
                     xpack.security.transport.ssl.certificate_authorities (9300)",
        },
        Fix {
            platform: Platform::Enterprise,
            change: "on the remote installation upload a proxy certificate for the deployment \
                     domain, and trust its root on the local deployment",
        },
        Fix {
            platform: Platform::Kubernetes,
            change: "if an ingress presents its default certificate, switch it to TLS passthrough",
        },
        Fix {
            platform: Platform::Any,
            change: "trusting the certificate itself on the local side works too, until it is \
                     renewed",
        },
    ],
    documentation: &[
        "https://www.elastic.co/docs/troubleshoot/elasticsearch/security/trb-security-ssl",
        "https://www.elastic.co/docs/reference/elasticsearch/configuration-reference/security-settings",
    ],
};
