use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `certificate-extension-unknown`.
pub static ENTRY: Entry = Entry {
    id: "certificate-extension-unknown",
    stage: Stage::Certificate,
    severity: Severity::Error,
    title: "a certificate has a critical extension that the JDK does not know",
    meaning: "A critical extension must be understood by whoever verifies the certificate. The JDK \
              does not process this one and refuses the chain.",
    how: "The extensions marked critical were compared with those that the path validation of the \
          JDK processes (sun.security.provider.certpath).",
    look_alikes: &[
        LookAlike { id: "certificate-malformed", difference: "the certificate cannot be read at all" },
        LookAlike { id: "certificate-constraint-violated", difference: "an extension is understood and not kept" },
    ],
    fixes: &[Fix {
        platform: Platform::Any,
        change: "on the remote, or the proxy that serves it, issue the certificate again with \
                     that extension not critical, or without it",
    }],
    documentation: &["https://www.elastic.co/docs/reference/elasticsearch/configuration-reference/security-settings"],
};
