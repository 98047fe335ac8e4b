use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `filter-suspected`.
pub static ENTRY: Entry = Entry {
    id: "filter-suspected",
    stage: Stage::Filter,
    severity: Severity::Error,
    title: "a network security policy or IP filter may refuse the caller",
    meaning: "The connection is cut where a filter of the remote would cut it, without a reason \
              being given. Policies on the remote apply to the API-key port 9443; for the \
              certificate port 9400 of the platforms they have no effect.",
    how: "Connections to 9443 are closed before the transport answer while the certificate port or \
          the REST API of the same host answers, or a REST answer is 403 and speaks of traffic \
          filtering.",
    look_alikes: &[
        LookAlike {
            id: "proxy-no-backend",
            difference: "the connection closes whatever is sent, also for callers that are allowed",
        },
        LookAlike {
            id: "tcp-closed-on-connect",
            difference: "nothing points to a filter",
        },
        LookAlike {
            id: "transport-closed",
            difference: "the remote has no policy, or the caller is known to be allowed",
        },
        LookAlike {
            id: "api-key-refused",
            difference: "an answer of Elasticsearch shows that no filter is in the way",
        },
    ],
    fixes: &[
        Fix {
            platform: Platform::Hosted,
            change: "on the remote add a network security policy that lets the caller in: a remote \
                     cluster filter with the local organization or cluster ID for a local cluster \
                     on Elastic Cloud Hosted, an IP filter with its outgoing addresses for any \
                     other",
        },
        Fix {
            platform: Platform::Enterprise,
            change: "on the remote add a rule set that lets the caller in: a remote cluster rule \
                     set for a local cluster of the same installation, an IP rule set with the \
                     addresses of its allocators or nodes for any other",
        },
        Fix {
            platform: Platform::SelfManaged,
            change: "on the remote add the addresses of the local nodes to \
                     xpack.security.remote_cluster.filter.allow (9443) or \
                     xpack.security.transport.filter.allow (9300)",
        },
        Fix {
            platform: Platform::Kubernetes,
            change: "on the remote add the addresses of the local nodes to \
                     xpack.security.remote_cluster.filter.allow in spec.nodeSets[].config, and \
                     allow 9443 in its NetworkPolicy",
        },
    ],
    documentation: &[
        "https://www.elastic.co/docs/deploy-manage/security/network-security",
        "https://www.elastic.co/docs/deploy-manage/security/remote-cluster-filtering",
        "https://www.elastic.co/docs/deploy-manage/security/ip-filtering-basic",
    ],
};
