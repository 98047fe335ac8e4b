use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `tcp-timeout`.
pub static ENTRY: Entry = Entry {
    id: "tcp-timeout",
    stage: Stage::Tcp,
    severity: Severity::Error,
    title: "the connection attempt gets no answer",
    meaning: "Packets to the remote vanish: a firewall or security group drops them, there is no \
              route, or the host is down. Elasticsearch gives up after transport.connect_timeout \
              (30 s).",
    how: "The connection attempt is not answered within the time.",
    look_alikes: &[
        LookAlike {
            id: "tcp-refused",
            difference: "a refusal is an answer: the host is reached and the port is closed or \
                         rejected",
        },
        LookAlike {
            id: "tcp-unreachable",
            difference: "a router or the own host reports that there is no way",
        },
        LookAlike {
            id: "tls-stalled",
            difference: "the connection is made, and TLS gets no answer",
        },
    ],
    fixes: &[
        Fix {
            platform: Platform::Any,
            change: "allow TCP from the addresses of all local nodes to the remote's port (9443 \
                     API key, 9400 or 9300 certificate) in every firewall and security group on \
                     the way",
        },
        Fix {
            platform: Platform::Hosted,
            change: "on a private link allow port 9443 or 9400 in the security group of the \
                     endpoint; 443 and 9243 are not enough",
        },
        Fix {
            platform: Platform::Enterprise,
            change: "allow the allocators of the local installation to reach port 9443 or 9400 of \
                     the remote, and open that port on the remote's load balancer and proxies",
        },
        Fix {
            platform: Platform::Kubernetes,
            change: "allow ingress on 9443 or 9300 in the NetworkPolicy of the remote's pods, and \
                     egress in that of the local ones",
        },
        Fix {
            platform: Platform::SelfManaged,
            change: "check that transport.publish_host or remote_cluster.publish_host of the \
                     remote is routable from the local nodes when sniff mode is used",
        },
    ],
    documentation: &[
        "https://www.elastic.co/docs/troubleshoot/elasticsearch/remote-clusters",
        "https://www.elastic.co/docs/reference/elasticsearch/configuration-reference/networking-settings",
    ],
};
