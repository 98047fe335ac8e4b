use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `transport-wrong-port`.
pub static ENTRY: Entry = Entry {
    id: "transport-wrong-port",
    stage: Stage::Transport,
    severity: Severity::Error,
    title: "the port belongs to the other security model",
    meaning: "Elasticsearch answers, but at the interface of the other model: the transport \
              interface takes node certificates, the remote cluster server takes API keys. The \
              requests of this link are refused there.",
    how: "The port asks for a client certificate, or the answer says that the channel profile or \
          the credentials are those of the other interface.",
    look_alikes: &[
        LookAlike {
            id: "config-api-key-on-certificate-port",
            difference: "the port number in the settings already shows it",
        },
        LookAlike {
            id: "config-certificate-model-on-api-key-port",
            difference: "the port number in the settings already shows it, the other way round",
        },
        LookAlike {
            id: "proxy-ports-swapped",
            difference: "a load balancer exchanges the ports",
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
