use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `config-api-key-on-certificate-port`.
pub static ENTRY: Entry = Entry {
    id: "config-api-key-on-certificate-port",
    stage: Stage::Config,
    severity: Severity::Error,
    title: "an API key is configured, but the port is for the certificate model",
    meaning: "A key makes the local cluster use the API-key model, which only the remote cluster \
              server (port 9443) speaks. The transport port asks for a client certificate instead \
              and refuses the connection or the first request, often with a misleading certificate \
              error.",
    how: "The alias has credentials (cluster_credentials in remote-info, or a key was given), and \
          its port is 9300 or 9400.",
    look_alikes: &[
        LookAlike {
            id: "transport-wrong-port",
            difference: "the port number looks right, and the answers on the wire show the other \
                         interface",
        },
        LookAlike {
            id: "tls-client-certificate-required",
            difference: "the link is meant for the certificate model, and the certificate is what \
                         is missing",
        },
        LookAlike {
            id: "proxy-ports-swapped",
            difference: "the port is right on the local side, and the load balancer sends it to \
                         the other port",
        },
    ],
    fixes: &[
        Fix {
            platform: Platform::Hosted,
            change: "on the local cluster set the port of cluster.remote.<alias>.proxy_address to \
                     9443; the address shown by the remote ends in 9400 and must be changed",
        },
        Fix {
            platform: Platform::Enterprise,
            change: "on the local cluster set the port of cluster.remote.<alias>.proxy_address to \
                     9443; the address shown by the remote ends in 9400 and must be changed",
        },
        Fix {
            platform: Platform::Kubernetes,
            change: "on the local cluster set proxy_address to the service \
                     <cluster>-es-remote-cluster, port 9443, and on the remote set \
                     spec.remoteClusterServer.enabled: true",
        },
        Fix {
            platform: Platform::SelfManaged,
            change: "on the local cluster set proxy_address or seeds to port 9443 \
                     (remote_cluster.port of the remote), and on every remote node set \
                     remote_cluster_server.enabled: true",
        },
    ],
    documentation: &[
        "https://www.elastic.co/docs/troubleshoot/elasticsearch/remote-clusters",
        "https://www.elastic.co/docs/deploy-manage/remote-clusters/security-models",
    ],
};
