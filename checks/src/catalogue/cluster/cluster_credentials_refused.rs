use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `cluster-credentials-refused`.
pub static ENTRY: Entry = Entry {
    id: "cluster-credentials-refused",
    stage: Stage::Cluster,
    severity: Severity::Error,
    title: "a cluster refuses farlink's credentials",
    meaning: "farlink reached the REST API of a local or remote cluster, and was not allowed to read. This \
              says nothing about the links, and nothing about their own keys.",
    how: "The REST API answers 401, or 403 to every question.",
    look_alikes: &[
        LookAlike {
            id: "cluster-unreachable",
            difference: "no answer came at all",
        },
        LookAlike {
            id: "api-key-refused",
            difference: "the remote refuses the link's own key",
        },
    ],
    fixes: &[
        Fix {
            platform: Platform::Any,
            change: "give farlink a REST API key (api_key_file, --cluster-api-key-file) or a user \
                     with the cluster privilege monitor on the local cluster; a cross-cluster API \
                     key cannot be used for REST",
        },
        Fix {
            platform: Platform::Hosted,
            change: "a 403 that speaks of traffic filtering means that a network security policy \
                     of the local deployment must let this host in",
        },
    ],
    documentation: &["https://www.elastic.co/docs/troubleshoot/elasticsearch/remote-clusters"],
};
