use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `certificate-common-name-only`.
pub static ENTRY: Entry = Entry {
    id: "certificate-common-name-only",
    stage: Stage::Certificate,
    severity: Severity::Info,
    title: "the name is only in the certificate's common name",
    meaning: "The certificate has no DNS name among its alternative names, and Java then takes the \
              common name. Elasticsearch accepts it today; other TLS clients, and stricter rules \
              later, do not.",
    how: "The expected name matches the common name of the subject, and the certificate has no DNS \
          alternative name.",
    look_alikes: &[LookAlike {
        id: "certificate-name-mismatch",
        difference: "the common name does not match either",
    }],
    fixes: &[
        Fix {
            platform: Platform::SelfManaged,
            change: "issue the certificate of the remote again with its host names as alternative \
                     names (elasticsearch-certutil cert --dns)",
        },
        Fix {
            platform: Platform::Any,
            change: "for a load balancer that ends TLS, issue its certificate again with \
                     subjectAltName",
        },
    ],
    documentation: &[
        "https://www.elastic.co/docs/reference/elasticsearch/configuration-reference/security-settings",
    ],
};
