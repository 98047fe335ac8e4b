use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `transport-not-elasticsearch`.
pub static ENTRY: Entry = Entry {
    id: "transport-not-elasticsearch",
    stage: Stage::Transport,
    severity: Severity::Error,
    title: "what answers is not Elasticsearch",
    meaning: "The port is open, and something else than Elasticsearch answers on it. Address or \
              port are wrong, or a device on the way answers in the remote's place.",
    how: "The first bytes of the answer are those of another protocol, not of the transport \
          protocol or Elasticsearch's HTTP.",
    look_alikes: &[
        LookAlike {
            id: "transport-rest-endpoint",
            difference: "Elasticsearch answers, in HTTP",
        },
        LookAlike {
            id: "proxy-speaks-http",
            difference: "a load balancer answers in HTTP",
        },
        LookAlike {
            id: "transport-malformed",
            difference: "the answer begins like the transport protocol",
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
        "https://www.elastic.co/docs/reference/elasticsearch/configuration-reference/remote-clusters",
    ],
};
