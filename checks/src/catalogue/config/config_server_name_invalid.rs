use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `config-server-name-invalid`.
pub static ENTRY: Entry = Entry {
    id: "config-server-name-invalid",
    stage: Stage::Config,
    severity: Severity::Error,
    title: "server_name is not a host name",
    meaning: "Elasticsearch sends server_name in TLS as SNI, which only takes a host name. With \
              anything else it refuses to open the connection, before a packet is sent.",
    how: "cluster.remote.<alias>.server_name is an IP address, has a port or a scheme, or has \
          characters that a host name cannot have.",
    look_alikes: &[
        LookAlike {
            id: "config-address-malformed",
            difference: "proxy_address is what does not parse",
        },
        LookAlike {
            id: "proxy-server-name-unknown",
            difference: "the name is well formed, and the proxy does not know it",
        },
    ],
    fixes: &[
        Fix {
            platform: Platform::Hosted,
            change: "on the local cluster set cluster.remote.<alias>.server_name to the server \
                     name under Security > Remote cluster parameters of the remote",
        },
        Fix {
            platform: Platform::Enterprise,
            change: "on the local cluster set cluster.remote.<alias>.server_name to the server \
                     name under Security > Remote cluster parameters of the remote",
        },
        Fix {
            platform: Platform::Kubernetes,
            change: "on the local cluster set cluster.remote.<alias>.server_name to \
                     <cluster>-es-remote-cluster.<namespace>.svc, or to null",
        },
        Fix {
            platform: Platform::SelfManaged,
            change: "on the local cluster set cluster.remote.<alias>.server_name to a host name \
                     that the remote certificate has, without port and scheme, or to null",
        },
    ],
    documentation: &[
        "https://www.elastic.co/docs/reference/elasticsearch/configuration-reference/remote-clusters",
        "https://www.elastic.co/docs/deploy-manage/remote-clusters/connection-modes",
    ],
};
