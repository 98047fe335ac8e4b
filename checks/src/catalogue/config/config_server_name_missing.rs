use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `config-server-name-missing`.
pub static ENTRY: Entry = Entry {
    id: "config-server-name-missing",
    stage: Stage::Config,
    severity: Severity::Warning,
    title: "server_name is not set",
    meaning: "Without server_name the local cluster names the host in TLS only with \
              verification_mode full and a dialled name with a dot, and otherwise no host at all. \
              A proxy that routes by name then cannot tell which deployment is meant, and a \
              certificate for another name is refused.",
    how: "The mode is proxy, server_name is empty, and the remote is at a platform proxy or is \
          dialled by IP address.",
    look_alikes: &[
        LookAlike {
            id: "proxy-server-name-required",
            difference: "the wire shows that the proxy refuses a connection without a name",
        },
        LookAlike {
            id: "certificate-name-mismatch",
            difference: "the certificate was served, and its names do not match",
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
                     <cluster>-es-remote-cluster.<namespace>.svc when the certificate of the \
                     operator is presented",
        },
        Fix {
            platform: Platform::SelfManaged,
            change: "on the local cluster set cluster.remote.<alias>.server_name to a host name \
                     that the remote certificate has",
        },
    ],
    documentation: &[
        "https://www.elastic.co/docs/reference/elasticsearch/configuration-reference/remote-clusters",
        "https://www.elastic.co/docs/deploy-manage/remote-clusters/connection-modes",
    ],
};
