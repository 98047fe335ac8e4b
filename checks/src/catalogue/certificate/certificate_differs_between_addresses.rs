use crate::catalogue::{Entry, Fix, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `certificate-differs-between-addresses`.
pub static ENTRY: Entry = Entry {
    id: "certificate-differs-between-addresses",
    stage: Stage::Certificate,
    severity: Severity::Warning,
    title: "the addresses of the remote present different certificates",
    meaning: "The nodes or proxies behind the name do not present the same certificate, or their \
              authorities differ. That is normal for nodes with one certificate each; where one \
              proxy certificate is expected, one of them was not updated.",
    how: "The leaf certificates, or their issuers, differ between the addresses of the link.",
    look_alikes: &[],
    fixes: &[
        Fix {
            platform: Platform::Any,
            change: "install the same certificate and chain on every proxy or load balancer behind \
                     the name",
        },
        Fix {
            platform: Platform::Enterprise,
            change: "on the remote installation check that every proxy host has received the \
                     current proxy certificate",
        },
        Fix {
            platform: Platform::SelfManaged,
            change: "on the remote let all node certificates come from one authority that the \
                     local cluster trusts",
        },
    ],
    documentation: &[
        "https://www.elastic.co/docs/troubleshoot/elasticsearch/remote-clusters",
        "https://www.elastic.co/docs/deploy-manage/remote-clusters/connection-modes",
    ],
};
