use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `tls-client-certificate-invalid`.
pub static ENTRY: Entry = Entry {
    id: "tls-client-certificate-invalid",
    stage: Stage::Tls,
    severity: Severity::Warning,
    title: "the client certificate given cannot be used",
    meaning: "The certificate or key file was read, but it does not hold a usable pair: it is \
              expired, of another key, or not a certificate. farlink goes on without it, and what \
              needs it is not tested.",
    how: "The file does not parse as a certificate or key, the key does not belong to the \
          certificate, or the certificate is outside its validity.",
    look_alikes: &[LookAlike {
        id: "tls-client-certificate-untrusted",
        difference: "the pair is usable, and the remote refuses it",
    }],
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
