use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `config-certificate-model-on-api-key-port`.
pub static ENTRY: Entry = Entry {
    id: "config-certificate-model-on-api-key-port",
    stage: Stage::Config,
    severity: Severity::Error,
    title: "no API key is configured, but the port is for the API-key model",
    meaning: "Without credentials for exactly this alias the local cluster silently uses the \
              certificate model and its transport settings. Port 9443 belongs to the remote \
              cluster server, which accepts requests with a cross-cluster API key only.",
    how: "The port is 9443, and remote-info shows no cluster_credentials for the alias, or the \
          certificate model was given.",
    look_alikes: &[LookAlike {
        id: "api-key-missing",
        difference: "the link is known to be of the API-key model, and only the key is missing",
    }],
    fixes: &[
        Fix {
            platform: Platform::Any,
            change: "to use the API-key model, add the cross-cluster API key on the local cluster \
                     under exactly this alias (lower case)",
        },
        Fix {
            platform: Platform::SelfManaged,
            change: "on every local node run elasticsearch-keystore add \
                     cluster.remote.<alias>.credentials, then POST _nodes/reload_secure_settings; \
                     to stay with the certificate model set the port to 9300",
        },
        Fix {
            platform: Platform::Hosted,
            change: "on the local deployment add the key under Security > Remote connections with \
                     the same alias; to stay with the certificate model set the port to 9400",
        },
        Fix {
            platform: Platform::Enterprise,
            change: "on the local deployment add the key under Security > Remote connections with \
                     the same alias; to stay with the certificate model set the port to 9400",
        },
        Fix {
            platform: Platform::Kubernetes,
            change: "on the local cluster list a secret with the key \
                     cluster.remote.<alias>.credentials in spec.secureSettings; to stay with the \
                     certificate model use the transport service, port 9300",
        },
    ],
    documentation: &[
        "https://www.elastic.co/docs/troubleshoot/elasticsearch/remote-clusters",
        "https://www.elastic.co/docs/deploy-manage/remote-clusters/security-models",
    ],
};
