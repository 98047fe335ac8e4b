use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `dns-private-address`.
pub static ENTRY: Entry = Entry {
    id: "dns-private-address",
    stage: Stage::Dns,
    severity: Severity::Info,
    title: "the name of the remote resolves to a private address",
    meaning: "The address can be reached only from networks that route to it. That is intended for \
              private links and internal load balancers, and wrong when the remote should be \
              reached over the internet.",
    how: "An address of the host is in a private range (10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, \
          fc00::/7) or link-local.",
    look_alikes: &[
        LookAlike {
            id: "dns-loopback-address",
            difference: "the address is the host itself",
        },
        LookAlike {
            id: "tcp-timeout",
            difference: "whether the private address can be reached is shown by the connection \
                         attempt",
        },
    ],
    fixes: &[Fix {
        platform: Platform::Any,
        change: "if the remote should be reached over the internet, set \
                 cluster.remote.<alias>.proxy_address on the local cluster to the public name, or \
                 correct the answer of the internal DNS zone (split horizon)",
    }],
    documentation: &[
        "https://www.elastic.co/docs/troubleshoot/elasticsearch/remote-clusters",
        "https://www.elastic.co/docs/deploy-manage/remote-clusters/connection-modes",
    ],
};
