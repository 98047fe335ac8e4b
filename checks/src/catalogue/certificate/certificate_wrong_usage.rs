use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `certificate-wrong-usage`.
pub static ENTRY: Entry = Entry {
    id: "certificate-wrong-usage",
    stage: Stage::Certificate,
    severity: Severity::Error,
    title: "the certificate may not be used for this side of TLS",
    meaning: "Its extended key usage or key usage does not permit what it is used for. A \
              certificate for both directions of the certificate model needs serverAuth and \
              clientAuth.",
    how: "extendedKeyUsage, keyUsage and the Netscape certificate type were compared with what the \
          JDK wants of a TLS server or client (sun.security.validator.EndEntityChecker). Without \
          these extensions anything is allowed.",
    look_alikes: &[
        LookAlike {
            id: "certificate-constraint-violated",
            difference: "an authority above may not sign, while the certificate itself may be used",
        },
        LookAlike { id: "certificate-untrusted", difference: "the usage fits and the authority is not trusted" },
    ],
    fixes: &[
        Fix {
            platform: Platform::SelfManaged,
            change: "on the remote issue the certificate with elasticsearch-certutil, which sets \
                     no extended key usage, or with extendedKeyUsage serverAuth and clientAuth and \
                     keyUsage digitalSignature",
        },
        Fix {
            platform: Platform::Kubernetes,
            change: "give the certificate of the remote usages \"server auth\", \"client auth\" and \
                     \"digital signature\" (cert-manager: spec.usages)",
        },
        Fix {
            platform: Platform::Enterprise,
            change: "upload a proxy certificate with extendedKeyUsage serverAuth under Platform > \
                     Settings > TLS certificates > Proxy",
        },
    ],
    documentation: &["https://www.elastic.co/docs/reference/elasticsearch/configuration-reference/security-settings"],
};
