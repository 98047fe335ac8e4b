use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `certificate-untrusted`.
pub static ENTRY: Entry = Entry {
    id: "certificate-untrusted",
    stage: Stage::Certificate,
    severity: Severity::Error,
    title: "the local cluster does not trust the authority of the certificate",
    meaning: "The chain leads to an authority that is not among those the local cluster trusts for \
              this link. The API-key model uses the trust of remote_cluster_client.ssl, the \
              certificate model that of transport.ssl.",
    how: "No path leads from the presented chain to a trusted authority, and the chain itself is \
          complete.",
    look_alikes: &[
        LookAlike {
            id: "certificate-chain-incomplete",
            difference: "an intermediate is missing, and the root may be trusted",
        },
        LookAlike {
            id: "certificate-self-signed",
            difference: "the certificate is its own authority",
        },
        LookAlike {
            id: "certificate-authority-is-leaf",
            difference: "the trust file holds a server certificate instead of its authority",
        },
        LookAlike {
            id: "config-api-key-on-certificate-port",
            difference: "the certificate is that of the transport interface: the port is the wrong \
                         one",
        },
    ],
    fixes: &[
        Fix {
            platform: Platform::SelfManaged,
            change: "on every local node add the remote's authority to the file in \
                     xpack.security.remote_cluster_client.ssl.certificate_authorities (API key) or \
                     xpack.security.transport.ssl.certificate_authorities (certificate); a changed \
                     file is read again by itself, a changed setting needs a restart. For a remote \
                     with a public certificate on 9443 leave the former unset, because it replaces \
                     the public roots",
        },
        Fix {
            platform: Platform::Hosted,
            change: "on the local deployment add the remote's authority under Security > Remote \
                     connections as a trusted environment; a remote on Elastic Cloud Hosted needs \
                     none for 9443",
        },
        Fix {
            platform: Platform::Enterprise,
            change: "on the local deployment add the remote's authority under Security > Remote \
                     connections as a trusted environment; take the root of the proxy certificate \
                     for 9443 and the environment's authority for 9400",
        },
        Fix {
            platform: Platform::Kubernetes,
            change: "on the local cluster mount the remote's authority (ca.crt of \
                     <cluster>-es-transport-certs-public) and set \
                     xpack.security.remote_cluster_client.ssl.certificate_authorities in every \
                     nodeSet; for 9300 use spec.transport.tls.certificateAuthorities",
        },
    ],
    documentation: &[
        "https://www.elastic.co/docs/troubleshoot/elasticsearch/remote-clusters",
        "https://www.elastic.co/docs/reference/elasticsearch/configuration-reference/security-settings",
    ],
};
