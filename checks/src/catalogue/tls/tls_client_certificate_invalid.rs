use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `tls-client-certificate-invalid`.
pub static ENTRY: Entry = Entry {
    id: "tls-client-certificate-invalid",
    stage: Stage::Tls,
    severity: Severity::Warning,
    title: "the client certificate given cannot be used",
    meaning: "The certificate or key file was read, but no remote takes what it holds: the \
              certificate is expired or not yet valid, not for clients (extendedKeyUsage without \
              clientAuth, keyUsage without digitalSignature), weak, of another key, or no \
              certificate at all. Where a remote refuses it for that, the link is broken for whoever \
              uses it; else it is a warning about what farlink was given.",
    how: "The certificate itself shows it. The alert does not: Elasticsearch answers every \
          certificate it refuses with certificate_unknown(46), whatever is wrong with it. Only \
          proxies say certificate_expired(45), certificate_revoked(44) or \
          unsupported_certificate(43).",
    look_alikes: &[
        LookAlike {
            id: "tls-client-certificate-untrusted",
            difference: "nothing is wrong with the certificate, and the remote refuses it",
        },
        LookAlike {
            id: "tls-client-ca-not-accepted",
            difference: "nothing is wrong with the certificate but its authority",
        },
    ],
    fixes: &[
        Fix {
            platform: Platform::Any,
            change: "give farlink the PEM certificate with its chain, and the matching unencrypted \
                     PEM key, of the local cluster's transport layer",
        },
        Fix {
            platform: Platform::SelfManaged,
            change: "if the local nodes use the same files, renew the certificate with \
                     elasticsearch-certutil and replace xpack.security.transport.ssl.certificate \
                     and key on every local node",
        },
    ],
    documentation: &[
        "https://www.elastic.co/docs/deploy-manage/remote-clusters/remote-clusters-cert",
        "https://www.elastic.co/docs/reference/elasticsearch/configuration-reference/security-settings",
    ],
};
