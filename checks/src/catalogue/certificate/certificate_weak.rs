use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `certificate-weak`.
pub static ENTRY: Entry = Entry {
    id: "certificate-weak",
    stage: Stage::Certificate,
    severity: Severity::Error,
    title: "a certificate has a key or signature that is too weak",
    meaning: "The JDK refuses RSA keys below 1024 bits, elliptic curves below 224 bits and MD5 \
              everywhere, SHA-1 under public authorities, and JDK 25 DSA signatures. What it still \
              accepts under a private authority, SHA-1 and RSA 1024, stricter clients and later \
              releases refuse.",
    how: "Key sizes and signature algorithms of the chain were compared with the security \
          properties jdk.certpath.disabledAlgorithms and jdk.tls.disabledAlgorithms of JDK 17 and \
          25.",
    look_alikes: &[LookAlike {
        id: "tls-no-shared-cipher",
        difference: "no certificate comes, because no cipher suite is shared",
    }],
    fixes: &[Fix {
        platform: Platform::Any,
        change: "on the remote, or the proxy that serves it, install a certificate with an RSA \
                     key of 2048 bits or more, or P-256, signed with SHA-256, and renew the \
                     authority likewise",
    }],
    documentation: &["https://www.elastic.co/docs/reference/elasticsearch/configuration-reference/security-settings"],
};
