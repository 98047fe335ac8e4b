use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `proxy-terminates-tls`.
pub static ENTRY: Entry = Entry {
    id: "proxy-terminates-tls",
    stage: Stage::Proxy,
    severity: Severity::Error,
    title: "a load balancer ends TLS before it reaches the remote",
    meaning: "The certificate model needs one TLS session between the two clusters, because each \
              proves itself with its node certificate. A device that ends TLS and presents its own \
              certificate takes that proof away, and the remote refuses the connection.",
    how: "The certificate on a certificate-model port is not that of a node, and no client \
          certificate is asked for; the remote closes what is passed on.",
    look_alikes: &[
        LookAlike {
            id: "proxy-ports-swapped",
            difference: "the listener is an API-key port of the platform, where ending TLS at the \
                         proxy is right",
        },
        LookAlike {
            id: "certificate-untrusted",
            difference: "TLS goes through to the node, and only its authority is not trusted",
        },
    ],
    fixes: &[
        Fix {
            platform: Platform::Any,
            change: "in the load balancer set the listener for 9400 or 9300 to TCP (TLS \
                     passthrough), without a certificate of its own",
        },
        Fix {
            platform: Platform::Enterprise,
            change: "on the load balancer of the remote installation pass 9400 through as TCP to \
                     the proxies, without TLS termination",
        },
        Fix {
            platform: Platform::Kubernetes,
            change: "use TLS passthrough in the ingress, and exclude port 9300 from the service \
                     mesh; or move to the API-key model on 9443",
        },
    ],
    documentation: &[
        "https://www.elastic.co/docs/deploy-manage/remote-clusters/connection-modes",
        "https://www.elastic.co/docs/deploy-manage/deploy/cloud-enterprise/ece-load-balancers",
    ],
};
