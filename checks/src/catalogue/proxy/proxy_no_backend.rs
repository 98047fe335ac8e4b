use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `proxy-no-backend`.
pub static ENTRY: Entry = Entry {
    id: "proxy-no-backend",
    stage: Stage::Proxy,
    severity: Severity::Error,
    title: "the proxy has no working backend",
    meaning: "The proxy accepts the connection itself, but it has nobody to pass it to: no backend \
              is configured, none is healthy, or all refuse. That the port is open says nothing \
              about the remote.",
    how: "The connection closes at once, or after the proxy's retries, whatever is sent and even \
          when nothing is sent.",
    look_alikes: &[
        LookAlike {
            id: "proxy-server-name-unknown",
            difference: "a quiet connection stays open, and another server name may be answered",
        },
        LookAlike {
            id: "tcp-closed-on-connect",
            difference: "the same behaviour with nothing that shows a proxy",
        },
        LookAlike {
            id: "filter-suspected",
            difference: "an IP filter of a node closes connections in the same way",
        },
        LookAlike {
            id: "proxy-protocol-mismatch",
            difference: "a PROXY header sent by the load balancer makes the node close at once \
                         too; only its log tells",
        },
    ],
    fixes: &[
        Fix {
            platform: Platform::Any,
            change: "check the backend pool of the load balancer: addresses, port (9443, 9400 or \
                     9300), health check by TCP connect",
        },
        Fix {
            platform: Platform::Enterprise,
            change: "on the remote installation allow the proxies to reach the allocators on \
                     19000-19999 (9400) and 23000-23999 (9443), and check that the deployment runs",
        },
        Fix {
            platform: Platform::Kubernetes,
            change: "check that the remote's service has endpoints, that its selector matches the \
                     pods, and that targetPort is 9443 or 9300",
        },
        Fix {
            platform: Platform::SelfManaged,
            change: "on every remote node behind the proxy set remote_cluster_server.enabled: true \
                     and bind it off loopback (remote_cluster.host)",
        },
    ],
    documentation: &[
        "https://www.elastic.co/docs/troubleshoot/elasticsearch/remote-clusters",
        "https://www.elastic.co/docs/deploy-manage/deploy/cloud-enterprise/ece-networking-prereq",
    ],
};
