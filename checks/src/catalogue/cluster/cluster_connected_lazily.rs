use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `cluster-connected-lazily`.
pub static ENTRY: Entry = Entry {
    id: "cluster-connected-lazily",
    stage: Stage::Cluster,
    severity: Severity::Info,
    title: "the local cluster connected only when it was asked to",
    meaning: "Connections to a remote are opened when something uses it, and remote-info only \
              tells what is open. So a remote that nobody uses can show as not connected and still \
              work.",
    how: "remote-info says not connected, then resolve-cluster reaches the remote and remote-info \
          says connected.",
    look_alikes: &[LookAlike {
        id: "cluster-disconnected",
        difference: "it is not connected after that either",
    }],
    fixes: &[Fix {
        platform: Platform::Any,
        change: "nothing to change; monitor the link with GET /_resolve/cluster instead of GET \
                 /_remote/info alone",
    }],
    documentation: &[
        "https://www.elastic.co/docs/troubleshoot/elasticsearch/remote-clusters",
        "https://www.elastic.co/docs/reference/elasticsearch/configuration-reference/remote-clusters",
    ],
};
