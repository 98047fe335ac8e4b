use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `certificate-expired`.
pub static ENTRY: Entry = Entry {
    id: "certificate-expired",
    stage: Stage::Certificate,
    severity: Severity::Error,
    title: "a certificate of the remote has expired",
    meaning: "A certificate in the chain that the remote presents is past its end, and \
              Elasticsearch refuses it unless verification is off. Every local cluster with this \
              remote loses the link when it next connects.",
    how: "The end of validity of the leaf or of an intermediate on the trusted path is before now.",
    look_alikes: &[
        LookAlike {
            id: "certificate-not-yet-valid",
            difference: "the validity has not begun, often because a clock is wrong",
        },
        LookAlike {
            id: "certificate-authority-expired",
            difference: "only the authority in the local trust file is expired, which \
                         Elasticsearch still accepts",
        },
        LookAlike {
            id: "certificate-untrusted",
            difference: "the dates are fine, and the authority is not trusted",
        },
    ],
    fixes: &[
        Fix {
            platform: Platform::SelfManaged,
            change: "renew the certificate with elasticsearch-certutil and replace the files of \
                     xpack.security.remote_cluster_server.ssl (9443) or \
                     xpack.security.transport.ssl (9300) on every remote node; they are reloaded \
                     by themselves",
        },
        Fix {
            platform: Platform::Enterprise,
            change: "for 9443 upload a renewed proxy certificate on the remote installation under \
                     Platform > Settings > TLS certificates > Proxy; for 9400 the platform renews \
                     node certificates",
        },
        Fix {
            platform: Platform::Kubernetes,
            change: "delete the expired certificate secret of the remote so that the operator \
                     issues it again, or renew your own one; for a load balancer that ends TLS \
                     renew its certificate",
        },
        Fix {
            platform: Platform::Hosted,
            change: "the platform renews its certificates: check that the link reaches the proxy \
                     itself and no device with an old certificate, then ask Elastic support",
        },
    ],
    documentation: &[
        "https://www.elastic.co/docs/troubleshoot/elasticsearch/remote-clusters",
        "https://www.elastic.co/docs/reference/elasticsearch/configuration-reference/security-settings",
    ],
};
