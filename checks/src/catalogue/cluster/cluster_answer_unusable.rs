use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `cluster-answer-unusable`.
pub static ENTRY: Entry = Entry {
    id: "cluster-answer-unusable",
    stage: Stage::Cluster,
    severity: Severity::Error,
    title: "a cluster gives an answer that cannot be used",
    meaning: "The URL answers, but not as Elasticsearch does, or with an error that stops the \
              questions. What the local cluster knows about its remotes, or the remote one about the key, stays unknown.",
    how: "The answer is not JSON, too large or cut off, lacks the fields of Elasticsearch, or has \
          an error status other than 401 and 403.",
    look_alikes: &[
        LookAlike {
            id: "cluster-unreachable",
            difference: "no answer came at all",
        },
        LookAlike {
            id: "cluster-credentials-refused",
            difference: "the status is 401 or 403",
        },
    ],
    fixes: &[Fix {
        platform: Platform::Any,
        change: "set url of the cluster in farlink.yml (or --cluster) to Elasticsearch itself, not \
                 to Kibana or a login page, and check that the cluster has an elected master",
    }],
    documentation: &["https://www.elastic.co/docs/troubleshoot/elasticsearch/remote-clusters"],
};
