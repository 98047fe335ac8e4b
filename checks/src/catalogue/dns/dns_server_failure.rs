use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `dns-server-failure`.
pub static ENTRY: Entry = Entry {
    id: "dns-server-failure",
    stage: Stage::Dns,
    severity: Severity::Error,
    title: "the name server failed to answer the question",
    meaning: "The name server reported an error of its own, so it is not known whether the name \
              exists. The local cluster cannot dial while this lasts.",
    how: "The resolver answers SERVFAIL, REFUSED or with a broken message.",
    look_alikes: &[
        LookAlike {
            id: "dns-name-unknown",
            difference: "the name server answered properly, and the name does not exist",
        },
        LookAlike {
            id: "dns-timeout",
            difference: "no answer came at all",
        },
    ],
    fixes: &[
        Fix {
            platform: Platform::Any,
            change: "repair the resolver that the local nodes use (/etc/resolv.conf) or the zone's \
                     authoritative servers (delegation, DNSSEC); as a stopgap set \
                     cluster.remote.<alias>.proxy_address to the IP address and server_name to the \
                     host name",
        },
        Fix {
            platform: Platform::Kubernetes,
            change: "check CoreDNS in the cluster of the local nodes, and its forwarding to the \
                     zone of the remote",
        },
    ],
    documentation: &["https://www.elastic.co/docs/troubleshoot/elasticsearch/remote-clusters"],
};
