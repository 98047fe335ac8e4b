use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `proxy-server-name-required`.
pub static ENTRY: Entry = Entry {
    id: "proxy-server-name-required",
    stage: Stage::Proxy,
    severity: Severity::Error,
    title: "the proxy needs a server name, and the link sends none",
    meaning: "The proxy chooses the cluster by the name in TLS (SNI), and this link sends none. \
              Elasticsearch sends no name when server_name is unset and the mode is certificate or \
              none, or the host is an IP address or has no dot.",
    how: "Without a name the connection closes in TLS, and with a name the same address answers.",
    look_alikes: &[
        LookAlike {
            id: "proxy-server-name-unknown",
            difference: "the link sends a name, and it is the wrong one",
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
            change: "on the local cluster set cluster.remote.<alias>.server_name to the host that \
                     the TLS passthrough rule of the ingress routes",
        },
        Fix {
            platform: Platform::SelfManaged,
            change: "on the local cluster set cluster.remote.<alias>.server_name to a name in the \
                     SNI rules of the proxy, or give the proxy a default backend",
        },
    ],
    documentation: &[
        "https://www.elastic.co/docs/deploy-manage/remote-clusters/connection-modes",
        "https://www.elastic.co/docs/reference/elasticsearch/configuration-reference/remote-clusters",
    ],
};
