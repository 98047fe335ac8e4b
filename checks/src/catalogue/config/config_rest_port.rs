use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `config-rest-port`.
pub static ENTRY: Entry = Entry {
    id: "config-rest-port",
    stage: Stage::Config,
    severity: Severity::Error,
    title: "the port is for the REST API, not for remote clusters",
    meaning: "Remote clusters speak the transport protocol, and ports 9200, 9243 and 443 speak \
              HTTP. The local cluster can connect to such a port, but it never gets an answer it \
              understands.",
    how: "The port of the remote address is 9200, 9243 or 443.",
    look_alikes: &[
        LookAlike {
            id: "transport-rest-endpoint",
            difference: "the port number is not telling, and the peer answered in HTTP as \
                         Elasticsearch",
        },
        LookAlike {
            id: "proxy-speaks-http",
            difference: "the port is right, and a load balancer in front treats it as HTTP",
        },
    ],
    fixes: &[
        Fix {
            platform: Platform::Hosted,
            change: "on the local cluster set the port of cluster.remote.<alias>.proxy_address to \
                     9443 (API key) or 9400 (certificate)",
        },
        Fix {
            platform: Platform::Enterprise,
            change: "on the local cluster set the port of cluster.remote.<alias>.proxy_address to \
                     9443 (API key) or 9400 (certificate)",
        },
        Fix {
            platform: Platform::Kubernetes,
            change: "on the local cluster use the service <cluster>-es-remote-cluster, port 9443 \
                     (API key), or <cluster>-es-transport, port 9300 (certificate), not \
                     <cluster>-es-http",
        },
        Fix {
            platform: Platform::SelfManaged,
            change: "on the local cluster set the port to 9443 (API key) or 9300 (certificate)",
        },
    ],
    documentation: &[
        "https://www.elastic.co/docs/troubleshoot/elasticsearch/remote-clusters",
        "https://www.elastic.co/docs/deploy-manage/remote-clusters/security-models",
    ],
};
