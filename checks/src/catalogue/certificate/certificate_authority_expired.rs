use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `certificate-authority-expired`.
pub static ENTRY: Entry = Entry {
    id: "certificate-authority-expired",
    stage: Stage::Certificate,
    severity: Severity::Warning,
    title: "an authority in the local trust file has expired",
    meaning: "Elasticsearch does not check the dates of the authorities in its own trust file, so \
              the link still works. Other TLS clients refuse it, and the remote will move to \
              another authority sooner or later.",
    how: "A trusted authority that the chain leads to, or that the file holds, is past its end of \
          validity.",
    look_alikes: &[LookAlike {
        id: "certificate-expired",
        difference: "the remote presents an expired certificate, which is refused",
    }],
    fixes: &[
        Fix {
            platform: Platform::SelfManaged,
            change: "on every local node add the remote's new authority to \
                     xpack.security.remote_cluster_client.ssl.certificate_authorities (9443) or \
                     xpack.security.transport.ssl.certificate_authorities (9300), and remove the \
                     expired one once no certificate comes from it",
        },
        Fix {
            platform: Platform::Hosted,
            change: "on the local deployment upload the remote's current authority under Security \
                     > Remote connections",
        },
        Fix {
            platform: Platform::Enterprise,
            change: "on the local deployment upload the remote's current authority under Security \
                     > Remote connections",
        },
        Fix {
            platform: Platform::Kubernetes,
            change: "copy the current ca.crt of the remote again: the operator renews its \
                     authority yearly by default",
        },
    ],
    documentation: &[
        "https://www.elastic.co/docs/reference/elasticsearch/configuration-reference/security-settings",
    ],
};
