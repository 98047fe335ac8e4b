use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `proxy-ports-swapped`.
pub static ENTRY: Entry = Entry {
    id: "proxy-ports-swapped",
    stage: Stage::Proxy,
    severity: Severity::Error,
    title: "the load balancer sends the port to the wrong interface",
    meaning: "The port number belongs to one security model, and what answers behind it belongs to \
              the other: 9400 leads to 9443, or the reverse. Local clusters with correct settings \
              are refused.",
    how: "9443 asks for a client certificate as the transport interface does, or 9400 or 9300 \
          answers as the remote cluster server.",
    look_alikes: &[
        LookAlike {
            id: "config-api-key-on-certificate-port",
            difference: "the port in the local settings is the wrong one",
        },
        LookAlike {
            id: "transport-wrong-port",
            difference: "the wrong interface answers, and nothing shows that a load balancer is on \
                         the way",
        },
    ],
    fixes: &[
        Fix {
            platform: Platform::Any,
            change: "in the load balancer send 9443 to backend port 9443 and 9400 to backend port \
                     9400 (9300 on nodes)",
        },
        Fix {
            platform: Platform::Enterprise,
            change: "on the load balancer of the remote installation send 9443 to proxy port 9443, \
                     and 9400 to proxy port 9400",
        },
        Fix {
            platform: Platform::Kubernetes,
            change: "in the service of the remote set targetPort: 9443 for the remote cluster \
                     server and 9300 for transport",
        },
    ],
    documentation: &[
        "https://www.elastic.co/docs/deploy-manage/deploy/cloud-enterprise/ece-load-balancers",
        "https://www.elastic.co/docs/deploy-manage/remote-clusters/security-models",
    ],
};
