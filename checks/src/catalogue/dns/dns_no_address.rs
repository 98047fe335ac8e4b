use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `dns-no-address`.
pub static ENTRY: Entry = Entry {
    id: "dns-no-address",
    stage: Stage::Dns,
    severity: Severity::Error,
    title: "the name of the remote has no address",
    meaning: "The name exists, but it has neither an IPv4 nor an IPv6 address, so there is nothing \
              to dial. A record of another kind, or a load balancer that has lost all its members, \
              leaves a name like this.",
    how: "The resolver answers without error and without any A or AAAA record.",
    look_alikes: &[LookAlike {
        id: "dns-name-unknown",
        difference: "the name does not exist at all",
    }],
    fixes: &[
        Fix {
            platform: Platform::Any,
            change: "in the DNS zone of the remote add an A or AAAA record (or the CNAME to the \
                     load balancer) for the host of cluster.remote.<alias>.proxy_address",
        },
        Fix {
            platform: Platform::Kubernetes,
            change: "check that the remote's service of type LoadBalancer has an external address, \
                     and for a headless service that ready pods exist",
        },
    ],
    documentation: &["https://www.elastic.co/docs/troubleshoot/elasticsearch/remote-clusters"],
};
