use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `certificate-authority-file-invalid`.
pub static ENTRY: Entry = Entry {
    id: "certificate-authority-file-invalid",
    stage: Stage::Certificate,
    severity: Severity::Error,
    title: "the authority file holds no usable certificate",
    meaning: "The file that should hold the trusted authorities was read, and something in it is no \
              certificate. Elasticsearch does not start with such a file (one in DER it accepts), \
              and without any certificate farlink cannot judge the chain.",
    how: "The file has no PEM certificate (it is empty, a private key, a PKCS#12 or JKS store, DER, a \
          web page, or cut off), or something else beside its certificates.",
    look_alikes: &[
        LookAlike {
            id: "certificate-authority-is-leaf",
            difference: "the file holds a certificate, but it is no authority",
        },
        LookAlike {
            id: "certificate-untrusted",
            difference: "the file is usable, and does not hold the right authority",
        },
    ],
    fixes: &[
        Fix {
            platform: Platform::Any,
            change: "put the authority's certificate into the file as PEM (BEGIN CERTIFICATE), \
                     without its key; convert PKCS#12 with openssl pkcs12 -cacerts -nokeys, \
                     DER with openssl x509 -inform der",
        },
        Fix {
            platform: Platform::SelfManaged,
            change: "set xpack.security.remote_cluster_client.ssl.certificate_authorities or \
                     xpack.security.transport.ssl.certificate_authorities to PEM files; a PKCS#12 \
                     file belongs in truststore.path",
        },
        Fix {
            platform: Platform::Kubernetes,
            change: "take ca.crt of the secret <cluster>-es-transport-certs-public of the remote, \
                     decoded from base64",
        },
    ],
    documentation: &[
        "https://www.elastic.co/docs/reference/elasticsearch/configuration-reference/security-settings",
        "https://www.elastic.co/docs/troubleshoot/elasticsearch/security/trb-security-ssl",
    ],
};
