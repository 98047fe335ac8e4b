use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `transport-rest-endpoint`.
pub static ENTRY: Entry = Entry {
    id: "transport-rest-endpoint",
    stage: Stage::Transport,
    severity: Severity::Error,
    title: "the port is Elasticsearch's REST API",
    meaning: "Elasticsearch is reached, but at its HTTP interface, which does not speak the \
              transport protocol of remote clusters. Only the port is wrong.",
    how: "The port answers in HTTP with the header X-elastic-product: Elasticsearch.",
    look_alikes: &[
        LookAlike {
            id: "proxy-speaks-http",
            difference: "the HTTP answer comes from a load balancer, without that header",
        },
        LookAlike {
            id: "config-rest-port",
            difference: "the port number alone shows it",
        },
    ],
    fixes: &[
        Fix {
            platform: Platform::Hosted,
            change: "on the local cluster set cluster.remote.<alias>.proxy_address to the proxy \
                     address under Security > Remote cluster parameters of the remote, with port \
                     9443 (API key) or 9400 (certificate)",
        },
        Fix {
            platform: Platform::Enterprise,
            change: "on the local cluster set cluster.remote.<alias>.proxy_address to the proxy \
                     address under Security > Remote cluster parameters of the remote, with port \
                     9443 (API key) or 9400 (certificate)",
        },
        Fix {
            platform: Platform::Kubernetes,
            change: "on the local cluster use the service <cluster>-es-remote-cluster, port 9443 \
                     (API key), or <cluster>-es-transport, port 9300 (certificate)",
        },
        Fix {
            platform: Platform::SelfManaged,
            change: "on the local cluster set the port to remote_cluster.port (9443, API key) or \
                     transport.port (9300, certificate) of the remote",
        },
    ],
    documentation: &[
        "https://www.elastic.co/docs/troubleshoot/elasticsearch/remote-clusters",
        "https://www.elastic.co/docs/deploy-manage/remote-clusters/security-models",
    ],
};
