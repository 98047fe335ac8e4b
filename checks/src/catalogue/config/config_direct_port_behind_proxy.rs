use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `config-direct-port-behind-proxy`.
pub static ENTRY: Entry = Entry {
    id: "config-direct-port-behind-proxy",
    stage: Stage::Config,
    severity: Severity::Warning,
    title: "a transport port of a node is used at a platform proxy",
    meaning: "On the proxies of Elastic Cloud Hosted and Elastic Cloud Enterprise, 9300 and 9343 \
              were for the old transport client, not for remote clusters. Remote clusters use 9400 \
              (certificate) or 9443 (API key) there.",
    how: "The host has the name of a platform proxy, and the port is 9300 or 9343.",
    look_alikes: &[LookAlike {
        id: "config-api-key-on-certificate-port",
        difference: "a key is configured, so that the port must be 9443 whatever the platform",
    }],
    fixes: &[
        Fix {
            platform: Platform::Hosted,
            change: "on the local cluster set the port of cluster.remote.<alias>.proxy_address to \
                     9400 for the certificate model or 9443 for the API-key model",
        },
        Fix {
            platform: Platform::Enterprise,
            change: "on the local cluster set the port of cluster.remote.<alias>.proxy_address to \
                     9400 for the certificate model or 9443 for the API-key model",
        },
    ],
    documentation: &[
        "https://www.elastic.co/docs/deploy-manage/remote-clusters/security-models",
        "https://www.elastic.co/docs/deploy-manage/deploy/cloud-enterprise/ece-networking-prereq",
    ],
};
