use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `tcp-refused`.
pub static ENTRY: Entry = Entry {
    id: "tcp-refused",
    stage: Stage::Tcp,
    severity: Severity::Error,
    title: "the connection is refused",
    meaning: "The host answers, and nothing listens on the port, or a firewall rejects the connection with a reset. \
              No local cluster gets any further.",
    how: "The connection attempt is answered with a reset (ECONNREFUSED).",
    look_alikes: &[LookAlike {
        id: "tcp-timeout",
        difference: "a firewall that drops packets gives no answer at all; a refusal is an answer",
    }],
    fixes: &[
        Fix {
            platform: Platform::SelfManaged,
            change: "on every remote node set remote_cluster_server.enabled: true (port 9443, API-key model), or check transport.port and network.host",
        },
        Fix {
            platform: Platform::Kubernetes,
            change: "set spec.remoteClusterServer.enabled: true, and in the service keep targetPort: 9443 (9300 for the certificate model)",
        },
        Fix {
            platform: Platform::Hosted,
            change: "use port 9443 (API key) or 9400 (certificate) of the proxy address",
        },
    ],
    documentation: &[
        "https://www.elastic.co/docs/troubleshoot/elasticsearch/remote-clusters",
    ],
};
