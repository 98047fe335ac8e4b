use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `proxy-members-differ`.
pub static ENTRY: Entry = Entry {
    id: "proxy-members-differ",
    stage: Stage::Proxy,
    severity: Severity::Warning,
    title: "the members behind one address answer differently",
    meaning: "Repeated connections to the same address meet different certificates or different \
              outcomes. One member is configured differently or is broken, so the link works by \
              chance.",
    how: "Of several connections to one address, some succeed and others fail, or their \
          certificates differ.",
    look_alikes: &[
        LookAlike {
            id: "certificate-differs-between-addresses",
            difference: "each address always answers the same, and the addresses differ from each \
                         other",
        },
        LookAlike {
            id: "tcp-some-addresses-dead",
            difference: "whole addresses do not accept connections",
        },
    ],
    fixes: &[
        Fix {
            platform: Platform::Any,
            change: "compare the members behind the load balancer, give all the same certificate \
                     and ports, and take the broken one out of the pool",
        },
        Fix {
            platform: Platform::Enterprise,
            change: "on the remote installation check that every proxy host has the current \
                     certificate and is healthy (GET /_health on 9243)",
        },
        Fix {
            platform: Platform::SelfManaged,
            change: "on the remote set remote_cluster_server.enabled: true and the same \
                     xpack.security.remote_cluster_server.ssl settings on every node behind the \
                     load balancer",
        },
    ],
    documentation: &[
        "https://www.elastic.co/docs/deploy-manage/remote-clusters/connection-modes",
        "https://www.elastic.co/docs/deploy-manage/deploy/cloud-enterprise/ece-load-balancers",
    ],
};
