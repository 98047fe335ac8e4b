use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `certificate-expiring`.
pub static ENTRY: Entry = Entry {
    id: "certificate-expiring",
    stage: Stage::Certificate,
    severity: Severity::Warning,
    title: "a certificate expires soon",
    meaning: "The link works now, and it will be refused once the certificate has expired. New \
              connections fail first, existing ones when they reconnect. It may be the remote's certificate, or the \
              client certificate that was given to farlink.",
    how: "The end of validity of a certificate in the presented chain, or of the given client certificate, is nearer than the warning \
          period.",
    look_alikes: &[
        LookAlike {
            id: "certificate-expired",
            difference: "it has expired already",
        },
        LookAlike {
            id: "certificate-authority-expired",
            difference: "the certificate in question is in the local trust file",
        },
    ],
    fixes: &[
        Fix {
            platform: Platform::Any,
            change: "a client certificate: replace the file of \
                     xpack.security.transport.ssl.certificate (and key) on every local node before \
                     that day",
        },
        Fix {
            platform: Platform::SelfManaged,
            change: "renew the certificate with elasticsearch-certutil and replace the files of \
                     xpack.security.remote_cluster_server.ssl (9443) or \
                     xpack.security.transport.ssl (9300) on every remote node before that day",
        },
        Fix {
            platform: Platform::Enterprise,
            change: "for 9443 upload a renewed proxy certificate on the remote installation under \
                     Platform > Settings > TLS certificates > Proxy",
        },
        Fix {
            platform: Platform::Kubernetes,
            change: "the operator renews its own certificates in time; renew those you provide \
                     yourself, and those of a load balancer",
        },
        Fix {
            platform: Platform::Hosted,
            change: "nothing to do as a rule: the platform renews its certificates",
        },
    ],
    documentation: &[
        "https://www.elastic.co/docs/reference/elasticsearch/configuration-reference/security-settings",
    ],
};
