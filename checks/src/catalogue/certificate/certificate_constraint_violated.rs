use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `certificate-constraint-violated`.
pub static ENTRY: Entry = Entry {
    id: "certificate-constraint-violated",
    stage: Stage::Certificate,
    severity: Severity::Error,
    title: "a chain breaks a rule that one of its authorities sets",
    meaning: "An authority of the chain may not issue what it issued: it is no authority by its \
              basic constraints, its key may not sign certificates, too many authorities stand \
              below it, or a name below it lies outside its name constraints. The JDK refuses the \
              chain.",
    how: "Basic constraints, path lengths, key usages, policies and name constraints were followed \
          from the authority down to the certificate, as the JDK follows them. A common name \
          counts as host name where there is no DNS name.",
    look_alikes: &[
        LookAlike {
            id: "certificate-untrusted",
            difference: "the chain keeps its rules and ends at somebody who is not trusted",
        },
        LookAlike {
            id: "certificate-wrong-usage",
            difference: "the certificate itself may not be used for this side of TLS",
        },
    ],
    fixes: &[Fix {
        platform: Platform::Any,
        change: "on the remote, or the proxy that serves it, install a certificate whose names \
                     and path the authority allows, or have the authority issued again without the \
                     constraint",
    }],
    documentation: &["https://www.elastic.co/docs/reference/elasticsearch/configuration-reference/security-settings"],
};
