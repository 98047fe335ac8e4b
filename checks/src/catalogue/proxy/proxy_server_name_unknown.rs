use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `proxy-server-name-unknown`.
pub static ENTRY: Entry = Entry {
    id: "proxy-server-name-unknown",
    stage: Stage::Proxy,
    severity: Severity::Error,
    title: "the proxy does not know the server name",
    meaning: "A proxy in front of the remote chooses the cluster by the name in TLS (SNI), and it \
              has no cluster for this one. It closes the connection, which the local cluster logs \
              as a connection reset.",
    how: "With the link's server name the connection closes in TLS, and with another name, or \
          none, the same address answers.",
    look_alikes: &[
        LookAlike {
            id: "proxy-server-name-required",
            difference: "the link sends no name at all",
        },
        LookAlike {
            id: "proxy-no-backend",
            difference: "the connection closes whatever name is sent, even when nothing is sent",
        },
        LookAlike {
            id: "certificate-name-mismatch",
            difference: "the proxy routes the name, and the certificate does not have it",
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
                     the TLS passthrough rule of the ingress routes, or add that name to the rule",
        },
        Fix {
            platform: Platform::SelfManaged,
            change: "on the local cluster set cluster.remote.<alias>.server_name to a name in the \
                     SNI rules of the proxy, or add the name there",
        },
    ],
    documentation: &[
        "https://www.elastic.co/docs/deploy-manage/remote-clusters/connection-modes",
        "https://www.elastic.co/docs/reference/elasticsearch/configuration-reference/remote-clusters",
    ],
};
