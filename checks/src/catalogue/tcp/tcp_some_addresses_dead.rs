use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `tcp-some-addresses-dead`.
pub static ENTRY: Entry = Entry {
    id: "tcp-some-addresses-dead",
    stage: Stage::Tcp,
    severity: Severity::Warning,
    title: "some addresses of the remote do not accept connections",
    meaning: "The name has several addresses, and not all of them work. Elasticsearch dials only \
              the first address of each answer, so that connections come up or fail by chance and \
              reconnects can take long.",
    how: "At least one address connects, and at least one is refused, unreachable or silent.",
    look_alikes: &[
        LookAlike {
            id: "dns-family-broken",
            difference: "exactly one of IPv4 and IPv6 fails",
        },
    ],
    fixes: &[
        Fix {
            platform: Platform::Any,
            change: "repair the dead members, or remove their addresses from the DNS record of the \
                     remote until they work",
        },
        Fix {
            platform: Platform::SelfManaged,
            change: "in sniff mode remove seeds that no longer exist from \
                     cluster.remote.<alias>.seeds on the local cluster",
        },
    ],
    documentation: &[
        "https://www.elastic.co/docs/troubleshoot/elasticsearch/remote-clusters",
        "https://www.elastic.co/docs/deploy-manage/remote-clusters/connection-modes",
    ],
};
