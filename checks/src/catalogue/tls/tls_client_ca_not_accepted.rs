use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `tls-client-ca-not-accepted`.
pub static ENTRY: Entry = Entry {
    id: "tls-client-ca-not-accepted",
    stage: Stage::Tls,
    severity: Severity::Error,
    title: "the remote does not accept the authority of the client certificate",
    meaning: "When it asks for a client certificate, the remote names the authorities it accepts, \
              and that of the local certificate is not among them. The Java client then sends no \
              certificate at all, and the remote refuses the connection.",
    how: "The names in the certificate request do not contain the issuer of the client certificate \
          or of its chain. It is an error where the remote refuses the certificate as well, and a \
          warning where it does not.",
    look_alikes: &[
        LookAlike {
            id: "tls-client-certificate-untrusted",
            difference: "its authority is announced, or none is, and it is refused all the same",
        },
        LookAlike {
            id: "tls-client-certificate-required",
            difference: "there is no client certificate at all",
        },
    ],
    fixes: &[
        Fix {
            platform: Platform::SelfManaged,
            change: "on every remote node add the authority of the local cluster to \
                     xpack.security.transport.ssl.certificate_authorities (or the truststore), and \
                     restart if the file was not listed before",
        },
        Fix {
            platform: Platform::Hosted,
            change: "on the remote deployment add the authority of the local environment under \
                     Security > Remote connections",
        },
        Fix {
            platform: Platform::Enterprise,
            change: "on the remote deployment add the authority of the local environment under \
                     Security > Remote connections",
        },
        Fix {
            platform: Platform::Kubernetes,
            change: "on the remote add the authority of the local cluster in \
                     spec.transport.tls.certificateAuthorities",
        },
    ],
    documentation: &[
        "https://www.elastic.co/docs/deploy-manage/remote-clusters/remote-clusters-cert",
        "https://www.elastic.co/docs/reference/elasticsearch/configuration-reference/security-settings",
    ],
};
