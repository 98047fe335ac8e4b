use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `version-transport-incompatible`.
pub static ENTRY: Entry = Entry {
    id: "version-transport-incompatible",
    stage: Stage::Version,
    severity: Severity::Error,
    title: "the releases of the two clusters are too far apart to talk",
    meaning: "Elasticsearch speaks to its own major release, and to the last minor releases of the \
              major before: 7.17 with any 8.x, 8.18 with 9.0 only, 8.19 with any 9.x. This pair is \
              outside, and the transport handshake fails, which is reported as a connection reset.",
    how: "The version in the transport handshake, or the versions of both clusters, are outside \
          that range.",
    look_alikes: &[
        LookAlike {
            id: "transport-closed",
            difference: "the connection closes at the same point, and the versions are not known",
        },
        LookAlike {
            id: "transport-opensearch",
            difference: "the other side is OpenSearch",
        },
    ],
    fixes: &[
        Fix {
            platform: Platform::Any,
            change: "upgrade the older cluster to the last minor release of its major (7.17 or \
                     8.19), or to the major of the other one",
        },
        Fix {
            platform: Platform::Kubernetes,
            change: "set spec.version of the older cluster to the last minor release of its major, \
                     then further",
        },
    ],
    documentation: &[
        "https://www.elastic.co/docs/deploy-manage/remote-clusters",
        "https://www.elastic.co/docs/deploy-manage/remote-clusters/remote-clusters-cert",
    ],
};
