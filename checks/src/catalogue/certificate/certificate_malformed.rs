use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `certificate-malformed`.
pub static ENTRY: Entry = Entry {
    id: "certificate-malformed",
    stage: Stage::Certificate,
    severity: Severity::Error,
    title: "a certificate has a form that the JDK cannot read",
    meaning: "The JDK refuses to read a certificate of the chain, so that the TLS handshake of the \
              local cluster ends before anything is verified. Other clients may read it.",
    how: "The chain was read as sun.security.x509.X509CertImpl reads it: no extension twice, an \
          issuer, a subject or a critical subject alternative name, a named curve, known \
          extensions in their form.",
    look_alikes: &[
        LookAlike {
            id: "certificate-extension-unknown",
            difference: "it can be read, and a critical extension in it is not understood",
        },
        LookAlike { id: "certificate-weak", difference: "its key or signature is refused although it can be read" },
    ],
    fixes: &[Fix {
        platform: Platform::Any,
        change: "on the remote, or the proxy that serves it, issue the certificate again with \
                     a tool that keeps to RFC 5280, such as elasticsearch-certutil or OpenSSL with \
                     its defaults",
    }],
    documentation: &["https://www.elastic.co/docs/reference/elasticsearch/configuration-reference/security-settings"],
};
