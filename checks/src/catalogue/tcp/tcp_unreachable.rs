use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `tcp-unreachable`.
pub static ENTRY: Entry = Entry {
    id: "tcp-unreachable",
    stage: Stage::Tcp,
    severity: Severity::Error,
    title: "the network reports that the remote cannot be reached",
    meaning: "The own host or a router on the way answered that there is no route to the address, \
              or that it is forbidden. No packet got to the remote.",
    how: "The connection attempt fails with ENETUNREACH, EHOSTUNREACH or EACCES.",
    look_alikes: &[
        LookAlike {
            id: "tcp-timeout",
            difference: "nobody answers, so packets are dropped silently",
        },
        LookAlike {
            id: "dns-family-broken",
            difference: "only the addresses of one family are unreachable",
        },
    ],
    fixes: &[
        Fix {
            platform: Platform::Any,
            change: "add the route from the local nodes to the remote network (VPN, peering, IPv6 \
                     default route), or correct the address in \
                     cluster.remote.<alias>.proxy_address",
        },
        Fix {
            platform: Platform::Kubernetes,
            change: "check the routes of the Kubernetes nodes and the egress rules of the local \
                     pods",
        },
    ],
    documentation: &["https://www.elastic.co/docs/troubleshoot/elasticsearch/remote-clusters"],
};
