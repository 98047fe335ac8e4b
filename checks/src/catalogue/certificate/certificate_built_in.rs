use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `certificate-built-in`.
pub static ENTRY: Entry = Entry {
    id: "certificate-built-in",
    stage: Stage::Certificate,
    severity: Severity::Warning,
    title: "the certificate is the one that Elastic Cloud Enterprise brings along",
    meaning: "The proxies serve the certificate that the installation made for itself. It is good \
              for the default domain ip.es.io only, and no other cluster trusts its authority \
              unless it was told to.",
    how: "Issuer and subject have the names that the installer gives (elastic ce ...).",
    look_alikes: &[
        LookAlike { id: "certificate-untrusted", difference: "a certificate of another private authority" },
        LookAlike { id: "certificate-name-mismatch", difference: "the domain was changed and the certificate was not" },
    ],
    fixes: &[Fix {
        platform: Platform::Enterprise,
        change: "on the remote upload a wildcard certificate for the deployment domain under \
                     Platform > Settings > TLS certificates > Proxy, or copy the root of the \
                     built-in one (last in Show certificate chain) to the trust of the local \
                     cluster",
    }],
    documentation: &[
        "https://www.elastic.co/docs/deploy-manage/security/secure-your-elastic-cloud-enterprise-installation/manage-security-certificates",
    ],
};
