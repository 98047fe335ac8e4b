use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `transport-malformed`.
pub static ENTRY: Entry = Entry {
    id: "transport-malformed",
    stage: Stage::Transport,
    severity: Severity::Error,
    title: "the answer breaks the transport protocol",
    meaning: "The answer begins as the transport protocol does and then breaks its rules, so \
              Elasticsearch drops the connection. A device that changes bytes on the way, or a \
              server that only resembles Elasticsearch, can be behind it.",
    how: "The answer starts with the transport header, and its length, status or content is not \
          valid.",
    look_alikes: &[
        LookAlike {
            id: "transport-not-elasticsearch",
            difference: "the answer does not begin like the transport protocol",
        },
        LookAlike {
            id: "transport-opensearch",
            difference: "the answer is valid and from OpenSearch",
        },
    ],
    fixes: &[Fix {
        platform: Platform::Any,
        change: "in every load balancer, mesh or inspection device on the way make the port plain \
                 TCP passthrough; then compare with a direct connection to a remote node",
    }],
    documentation: &[
        "https://www.elastic.co/docs/deploy-manage/remote-clusters/connection-modes",
        "https://www.elastic.co/docs/troubleshoot/elasticsearch/remote-clusters",
    ],
};
