use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `tls-client-certificate-required`.
pub static ENTRY: Entry = Entry {
    id: "tls-client-certificate-required",
    stage: Stage::Tls,
    severity: Severity::Error,
    title: "the port asks for a client certificate that is missing",
    meaning: "The remote lets in only clients with a certificate it trusts, as the transport port \
              of the certificate model does. A link without one is refused right after the TLS \
              handshake; when only farlink lacks the certificate, the stages behind it are not \
              tested.",
    how: "The server asks for a client certificate, and ends the connection with \
          certificate_required(116; JDK 25, TLS 1.3), handshake_failure(40; JDK 25, TLS 1.2) or \
          bad_certificate(42; JDK 17) when none comes.",
    look_alikes: &[
        LookAlike {
            id: "config-api-key-on-certificate-port",
            difference: "the link is of the API-key model, and the port is the wrong one",
        },
        LookAlike {
            id: "tls-client-certificate-untrusted",
            difference: "a certificate was sent, and the remote refused it",
        },
    ],
    fixes: &[
        Fix {
            platform: Platform::Any,
            change: "if only farlink lacks it, give it a client certificate and key (--cert-file \
                     and --key-file); for the API-key model use port 9443 instead",
        },
        Fix {
            platform: Platform::SelfManaged,
            change: "on every local node set xpack.security.transport.ssl.enabled: true with key \
                     and certificate (certificate model); on a remote whose 9443 should take keys \
                     only, set xpack.security.remote_cluster_server.ssl.client_authentication: \
                     none",
        },
        Fix {
            platform: Platform::Hosted,
            change: "the local deployment has its certificate already: check that port 9400 is \
                     meant, and set trust on both sides under Security > Remote connections",
        },
        Fix {
            platform: Platform::Enterprise,
            change: "the local deployment has its certificate already: check that port 9400 is \
                     meant, and set trust on both sides under Security > Remote connections",
        },
    ],
    documentation: &[
        "https://www.elastic.co/docs/deploy-manage/remote-clusters/remote-clusters-cert",
        "https://www.elastic.co/docs/troubleshoot/elasticsearch/remote-clusters",
    ],
};
