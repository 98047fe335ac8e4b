use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `certificate-chain-disordered`.
pub static ENTRY: Entry = Entry {
    id: "certificate-chain-disordered",
    stage: Stage::Certificate,
    severity: Severity::Info,
    title: "the chain is served out of order or with certificates that do not belong to it",
    meaning: "The JDK puts a chain in order by itself, with at most five intermediate certificates \
              then; in the right order it takes any number, as long as the server sends no more \
              than ten certificates. Other clients refuse chains out of order.",
    how: "The served order was compared with the path that leads to the authority.",
    look_alikes: &[LookAlike {
        id: "certificate-chain-incomplete",
        difference: "a certificate is missing, whatever the order",
    }],
    fixes: &[
        Fix {
            platform: Platform::Any,
            change: "on the remote, or the proxy that serves it, write the certificate file in \
                     this order: the server certificate, then each issuer of the one before; leave \
                     the rest out",
        },
        Fix {
            platform: Platform::Enterprise,
            change: "the proxy file has, in this order: private key, server certificate, \
                     intermediates, root",
        },
    ],
    documentation: &["https://www.elastic.co/docs/reference/elasticsearch/configuration-reference/security-settings"],
};
