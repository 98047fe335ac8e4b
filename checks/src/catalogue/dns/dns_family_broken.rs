use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `dns-family-broken`.
pub static ENTRY: Entry = Entry {
    id: "dns-family-broken",
    stage: Stage::Dns,
    severity: Severity::Warning,
    title: "the addresses of one IP family do not work",
    meaning: "The name has IPv4 and IPv6 addresses, and all of one family fail while the other \
              works. Elasticsearch tries only the first address of an answer, so the link works or \
              fails by the order of the addresses on each node.",
    how: "Every address of one family fails to connect, and at least one of the other family \
          connects.",
    look_alikes: &[LookAlike {
        id: "tcp-some-addresses-dead",
        difference: "addresses fail within one family too",
    }],
    fixes: &[Fix {
        platform: Platform::Any,
        change: "give the local nodes a route for the failing family, or remove its A or AAAA \
                 record; until then set java.net.preferIPv4Stack=true or \
                 java.net.preferIPv6Addresses=true in jvm.options of the local nodes to choose the \
                 family that works",
    }],
    documentation: &[
        "https://www.elastic.co/docs/troubleshoot/elasticsearch/remote-clusters",
        "https://www.elastic.co/docs/reference/elasticsearch/configuration-reference/networking-settings",
    ],
};
