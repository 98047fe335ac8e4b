use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `api-key-service-disabled`.
pub static ENTRY: Entry = Entry {
    id: "api-key-service-disabled",
    stage: Stage::ApiKey,
    severity: Severity::Error,
    title: "API keys are switched off on the remote",
    meaning: "The remote does not accept API keys at all, so no key can work. The setting is on by \
              default; somebody has switched it off.",
    how: "The remote answers that API keys are not enabled.",
    look_alikes: &[
        LookAlike {
            id: "api-key-refused",
            difference: "the remote gives no reason",
        },
        LookAlike {
            id: "licence-insufficient",
            difference: "keys are on, and the licence does not include the model",
        },
    ],
    fixes: &[
        Fix {
            platform: Platform::SelfManaged,
            change: "on every remote node set xpack.security.authc.api_key.enabled: true, or \
                     remove it, and restart",
        },
        Fix {
            platform: Platform::Kubernetes,
            change: "on the remote remove xpack.security.authc.api_key.enabled: false from \
                     spec.nodeSets[].config",
        },
        Fix {
            platform: Platform::Enterprise,
            change: "on the remote deployment remove xpack.security.authc.api_key.enabled: false \
                     from the user settings",
        },
    ],
    documentation: &[
        "https://www.elastic.co/docs/reference/elasticsearch/configuration-reference/security-settings",
        "https://www.elastic.co/docs/deploy-manage/remote-clusters/remote-clusters-api-key",
    ],
};
