use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `certificate-chain-incomplete`.
pub static ENTRY: Entry = Entry {
    id: "certificate-chain-incomplete",
    stage: Stage::Certificate,
    severity: Severity::Error,
    title: "the remote does not send the intermediate certificates",
    meaning: "The certificate was issued by an intermediate authority that the remote does not \
              send and the local cluster does not have. So the chain cannot be built up to the \
              trusted root, although that root is the right one.",
    how: "The issuer of the last certificate sent is neither in the chain nor among the trusted \
          authorities, and it is no root itself.",
    look_alikes: &[
        LookAlike {
            id: "certificate-untrusted",
            difference: "the chain is complete, and its root is not trusted",
        },
        LookAlike {
            id: "certificate-self-signed",
            difference: "the certificate is its own issuer",
        },
    ],
    fixes: &[
        Fix {
            platform: Platform::SelfManaged,
            change: "on every remote node put the certificate followed by its intermediates into \
                     the file of xpack.security.remote_cluster_server.ssl.certificate (9443) or \
                     xpack.security.transport.ssl.certificate (9300)",
        },
        Fix {
            platform: Platform::Enterprise,
            change: "on the remote installation upload the proxy certificate with its full chain: \
                     key, certificate, intermediates, root",
        },
        Fix {
            platform: Platform::Kubernetes,
            change: "give the remote's own certificate secret a tls.crt with the full chain; the \
                     same for a load balancer that ends TLS",
        },
        Fix {
            platform: Platform::Any,
            change: "as a stopgap add the intermediate to the authorities that the local cluster \
                     trusts",
        },
    ],
    documentation: &[
        "https://www.elastic.co/docs/troubleshoot/elasticsearch/security/trb-security-ssl",
        "https://www.elastic.co/docs/troubleshoot/elasticsearch/remote-clusters",
    ],
};
