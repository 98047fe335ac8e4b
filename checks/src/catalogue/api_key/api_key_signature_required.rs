use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `api-key-signature-required`.
pub static ENTRY: Entry = Entry {
    id: "api-key-signature-required",
    stage: Stage::ApiKey,
    severity: Severity::Error,
    title: "the API key needs a signature that is missing or refused",
    meaning: "The key names a certificate identity, so the local cluster must sign its requests \
              with a matching certificate (9.3 and later on both sides). The signature is missing, \
              its authority is not trusted on the remote, or the name in the certificate does not \
              match.",
    how: "The remote answers that it expected a signature or a certificate identity, or that the \
          signature was not verified.",
    look_alikes: &[LookAlike {
        id: "api-key-wrong-secret",
        difference: "the key itself is refused",
    }],
    fixes: &[
        Fix {
            platform: Platform::SelfManaged,
            change: "on the local cluster set cluster.remote.<alias>.signing.certificate and \
                     cluster.remote.<alias>.signing.key, and on the remote \
                     cluster.remote.signing.certificate_authorities to their authority",
        },
        Fix {
            platform: Platform::Hosted,
            change: "on the local deployment set cluster.remote.<alias>.signing.certificate: \
                     node.crt and cluster.remote.<alias>.signing.key: node.key; on the remote set \
                     cluster.remote.signing.certificate_authorities: internal_tls_ca.crt in the \
                     same region and provider, otherwise to the local deployment's authority, \
                     uploaded as a bundle",
        },
        Fix {
            platform: Platform::Any,
            change: "on the remote correct certificate_identity of the key to a pattern that \
                     matches the subject name of the signing certificate (case and spaces count), \
                     or create a key without it",
        },
    ],
    documentation: &[
        "https://www.elastic.co/docs/deploy-manage/remote-clusters/ec-remote-cluster-strong-identity",
        "https://www.elastic.co/docs/reference/elasticsearch/configuration-reference/remote-clusters",
    ],
};
