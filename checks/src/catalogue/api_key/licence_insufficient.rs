use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `licence-insufficient`.
pub static ENTRY: Entry = Entry {
    id: "licence-insufficient",
    stage: Stage::ApiKey,
    severity: Severity::Error,
    title: "the licence does not include this kind of remote cluster",
    meaning: "The API-key model needs an Enterprise or trial licence on both clusters, and a \
              cluster here has none or an expired one. Settings and key are accepted all the same; \
              requests are refused.",
    how: "The remote answers that its licence is non-compliant for the feature, or the licence of \
          a cluster is read and too low.",
    look_alikes: &[
        LookAlike {
            id: "api-key-refused",
            difference: "the key is refused; the licence is judged only after a good key",
        },
        LookAlike {
            id: "cluster-disconnected",
            difference: "a message that the licence could not be determined is a connection that \
                         failed",
        },
    ],
    fixes: &[
        Fix {
            platform: Platform::SelfManaged,
            change: "install an Enterprise licence on both clusters (PUT _license), or start a \
                     trial (POST _license/start_trial)",
        },
        Fix {
            platform: Platform::Kubernetes,
            change: "add the Enterprise licence secret to the operator (label \
                     license.k8s.elastic.co/scope: operator)",
        },
        Fix {
            platform: Platform::Hosted,
            change: "raise the subscription of the organization, or end its suspension",
        },
        Fix {
            platform: Platform::Enterprise,
            change: "install a current licence under Platform > Settings > License",
        },
        Fix {
            platform: Platform::Any,
            change: "or use the certificate model (9300 or 9400), which needs no Enterprise \
                     licence for searches",
        },
    ],
    documentation: &[
        "https://www.elastic.co/docs/deploy-manage/remote-clusters/remote-clusters-api-key",
        "https://www.elastic.co/docs/deploy-manage/remote-clusters/security-models",
    ],
};
