use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `tls-intercepted`.
pub static ENTRY: Entry = Entry {
    id: "tls-intercepted",
    stage: Stage::Tls,
    severity: Severity::Error,
    title: "something on the way replaces the certificate of the remote",
    meaning: "A proxy between the clusters ends TLS and makes a certificate of its own for each \
              name that is asked for, as devices that inspect TLS do. The local cluster refuses it \
              unless it trusts the authority of the device, and client certificates and the \
              transport protocol do not survive it.",
    how: "A certificate of the same issuer was served for a name that cannot exist, or the issuer \
          has the name of a known product for TLS inspection.",
    look_alikes: &[
        LookAlike {
            id: "certificate-untrusted",
            difference: "a private authority of the remote that the local cluster was not told \
                         about",
        },
        LookAlike {
            id: "proxy-terminates-tls",
            difference: "a proxy of the remote side ends TLS with a certificate of its own",
        },
    ],
    fixes: &[Fix {
        platform: Platform::Any,
        change: "exempt the address of the remote cluster from TLS inspection on the way out \
                     of the local network (destination host and ports 9300, 9400, 9443)",
    }],
    documentation: &["https://www.elastic.co/docs/troubleshoot/elasticsearch/remote-clusters"],
};
