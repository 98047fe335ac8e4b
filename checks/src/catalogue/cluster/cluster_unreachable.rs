use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `cluster-unreachable`.
pub static ENTRY: Entry = Entry {
    id: "cluster-unreachable",
    stage: Stage::Cluster,
    severity: Severity::Error,
    title: "the REST API of a cluster cannot be reached",
    meaning: "farlink could not ask the local cluster for its remotes and their state, or the remote one when the key ends. This says \
              nothing about the links themselves.",
    how: "The request to the URL of the cluster fails in name resolution, connection, TLS or \
          time.",
    look_alikes: &[
        LookAlike {
            id: "cluster-answer-unusable",
            difference: "an answer came, and it is not usable",
        },
        LookAlike {
            id: "cluster-credentials-refused",
            difference: "the cluster answered 401 or 403",
        },
    ],
    fixes: &[
        Fix {
            platform: Platform::Any,
            change: "correct url and ca_file of the cluster in farlink.yml (or --cluster and \
                     --cluster-ca-file), and allow TCP from this host to its REST port",
        },
        Fix {
            platform: Platform::Hosted,
            change: "use the Elasticsearch endpoint of the local deployment, port 443 or 9243, and \
                     let this host in by its network security policies",
        },
        Fix {
            platform: Platform::Kubernetes,
            change: "use the service <cluster>-es-http, port 9200, with ca.crt of \
                     <cluster>-es-http-certs-public as the authority",
        },
    ],
    documentation: &[
        "https://www.elastic.co/docs/troubleshoot/elasticsearch/remote-clusters",
        "https://www.elastic.co/docs/reference/elasticsearch/configuration-reference/networking-settings",
    ],
};
