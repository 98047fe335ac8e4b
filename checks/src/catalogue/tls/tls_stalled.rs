use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `tls-stalled`.
pub static ENTRY: Entry = Entry {
    id: "tls-stalled",
    stage: Stage::Tls,
    severity: Severity::Error,
    title: "TLS begins and gets no answer",
    meaning: "The connection stands, the TLS hello was sent, and nothing comes back. A hung node, \
              a load balancer that waits for a dead backend, or a path that loses large packets \
              (MTU) does this; Elasticsearch gives up after 10 s.",
    how: "The connection is made, and no TLS answer, or only a part of one, arrives within the \
          time.",
    look_alikes: &[
        LookAlike {
            id: "tcp-timeout",
            difference: "the connection itself is not made",
        },
        LookAlike {
            id: "tls-slow",
            difference: "the answer comes, only late",
        },
        LookAlike {
            id: "proxy-no-backend",
            difference: "the proxy closes the connection instead of waiting",
        },
    ],
    fixes: &[
        Fix {
            platform: Platform::Any,
            change: "check that the remote nodes answer at all, and lower the MTU or clamp the TCP \
                     MSS on a VPN or overlay on the way if small packets pass and large ones do \
                     not",
        },
        Fix {
            platform: Platform::Enterprise,
            change: "on the remote installation allow the proxies to reach the allocators on \
                     19000-19999 (9400) and 23000-23999 (9443)",
        },
        Fix {
            platform: Platform::Kubernetes,
            change: "check the MTU of the overlay network, and that no sidecar holds connections \
                     to 9443 or 9300",
        },
    ],
    documentation: &[
        "https://www.elastic.co/docs/troubleshoot/elasticsearch/remote-clusters",
        "https://www.elastic.co/docs/deploy-manage/deploy/cloud-enterprise/ece-networking-prereq",
    ],
};
