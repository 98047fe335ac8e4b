use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `tls-client-certificate-untrusted`.
pub static ENTRY: Entry = Entry {
    id: "tls-client-certificate-untrusted",
    stage: Stage::Tls,
    severity: Severity::Error,
    title: "the remote refuses the client certificate",
    meaning: "The remote does not trust the authority of the client certificate, or its trust \
              restrictions do not list the name in it. Trust must be set on both sides: here the \
              remote lacks it.",
    how: "A client certificate was sent that has no fault of its own, and the remote ends the \
          connection: Elasticsearch with certificate_unknown(46), others with unknown_ca(48), \
          bad_certificate(42) or access_denied(49). Where it announces an authority of the issuer's \
          name, its authority of that name has another key, or its trust restrictions do not list \
          the names in the certificate.",
    look_alikes: &[
        LookAlike {
            id: "tls-client-ca-not-accepted",
            difference: "the remote announces its authorities, and that of the certificate is not among them",
        },
        LookAlike {
            id: "tls-client-certificate-invalid",
            difference: "the certificate itself is at fault, such as an expired one; the alert is the same",
        },
        LookAlike {
            id: "tls-client-certificate-required",
            difference: "no certificate was sent",
        },
        LookAlike {
            id: "certificate-untrusted",
            difference: "the other direction: the local side does not trust the remote",
        },
    ],
    fixes: &[
        Fix {
            platform: Platform::SelfManaged,
            change: "on every remote node add the authority of the local cluster to \
                     xpack.security.transport.ssl.certificate_authorities, and its names to the \
                     file of xpack.security.transport.ssl.trust_restrictions.path if that is set",
        },
        Fix {
            platform: Platform::Hosted,
            change: "on the remote deployment add the local environment under Security > Remote \
                     connections, with its organization or environment ID, cluster ID and \
                     authority",
        },
        Fix {
            platform: Platform::Enterprise,
            change: "on the remote deployment add the local environment under Security > Remote \
                     connections, with its environment ID, cluster ID and authority; between \
                     installations also under Platform > Trust Management",
        },
        Fix {
            platform: Platform::Kubernetes,
            change: "on the remote add the authority of the local cluster in \
                     spec.transport.tls.certificateAuthorities (a config map with ca.crt)",
        },
    ],
    documentation: &[
        "https://www.elastic.co/docs/deploy-manage/remote-clusters/remote-clusters-cert",
        "https://www.elastic.co/docs/troubleshoot/elasticsearch/remote-clusters",
    ],
};
