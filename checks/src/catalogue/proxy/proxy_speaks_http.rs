use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `proxy-speaks-http`.
pub static ENTRY: Entry = Entry {
    id: "proxy-speaks-http",
    stage: Stage::Proxy,
    severity: Severity::Error,
    title: "the load balancer treats the port as HTTP",
    meaning: "A load balancer or ingress on the way answers in HTTP, but remote clusters speak a \
              binary protocol over TCP. Nothing of the link gets through it.",
    how: "The answer to the first bytes is an HTTP message that does not come from Elasticsearch.",
    look_alikes: &[
        LookAlike {
            id: "transport-rest-endpoint",
            difference: "the HTTP answer comes from Elasticsearch itself (header \
                         X-elastic-product)",
        },
        LookAlike {
            id: "config-rest-port",
            difference: "the configured port is already one of the REST API",
        },
    ],
    fixes: &[
        Fix {
            platform: Platform::Any,
            change: "in the load balancer make the listener for 9443, 9400 or 9300 a TCP (layer 4) \
                     listener that passes bytes through unchanged, without HTTP mode",
        },
        Fix {
            platform: Platform::Enterprise,
            change: "on the load balancer of the remote installation configure 9400 and 9443 as \
                     TCP passthrough to the proxies",
        },
        Fix {
            platform: Platform::Kubernetes,
            change: "expose the remote with a LoadBalancer service or a TCP ingress (TLS \
                     passthrough) instead of an HTTP ingress",
        },
    ],
    documentation: &[
        "https://www.elastic.co/docs/deploy-manage/remote-clusters/connection-modes",
        "https://www.elastic.co/docs/deploy-manage/deploy/cloud-enterprise/ece-load-balancers",
    ],
};
