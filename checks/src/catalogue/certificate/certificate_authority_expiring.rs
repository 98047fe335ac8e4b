use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `certificate-authority-expiring`.
pub static ENTRY: Entry = Entry {
    id: "certificate-authority-expiring",
    stage: Stage::Certificate,
    severity: Severity::Warning,
    title: "an authority in the local trust file expires soon",
    meaning: "Elasticsearch does not check the dates of an authority that stands in its own trust \
              file, so that the link goes on working; the remote will move to another authority \
              before that day, and the link breaks then unless the new one is trusted in time.",
    how: "The end of validity of the trusted authority that the chain leads to is nearer than the \
          warning period, or before that of the certificate it issued.",
    look_alikes: &[
        LookAlike { id: "certificate-authority-expired", difference: "it has expired already" },
        LookAlike { id: "certificate-expiring", difference: "the certificate that the remote serves expires" },
    ],
    fixes: &[
        Fix {
            platform: Platform::SelfManaged,
            change: "add the renewed authority to certificate_authorities of the TLS settings of \
                     this link on every local node, beside the present one, before the remote \
                     changes its certificates",
        },
        Fix {
            platform: Platform::Hosted,
            change: "add the announced authority of the remote region under Security > Remote \
                     connections, beside the present one",
        },
        Fix {
            platform: Platform::Enterprise,
            change: "add the renewed authority of the remote under Security > Remote connections, \
                     beside the present one",
        },
        Fix {
            platform: Platform::Kubernetes,
            change: "copy ca.crt of the remote again after each renewal, or provide an authority \
                     with a long validity",
        },
    ],
    documentation: &["https://www.elastic.co/docs/reference/elasticsearch/configuration-reference/security-settings"],
};
