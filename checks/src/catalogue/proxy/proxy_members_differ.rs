use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `proxy-members-differ`.
pub static ENTRY: Entry = Entry {
    id: "proxy-members-differ",
    stage: Stage::Proxy,
    severity: Severity::Error,
    title: "the members behind the proxy do not all answer alike",
    meaning: "One address leads to several nodes, and not all of them offer what the link needs: the \
              remote cluster server is off on some, another port of some is forwarded to, or some are \
              dead. The link works now and then, depending on which member a connection meets.",
    how: "Several connections were made to the same address in the same way, and they met different \
          listeners.",
    look_alikes: &[
        LookAlike {
            id: "config-remote-server-disabled",
            difference: "every connection meets a node whose remote cluster server is off",
        },
        LookAlike {
            id: "transport-wrong-port",
            difference: "every connection meets the port of the other security model",
        },
        LookAlike {
            id: "proxy-no-backend",
            difference: "no connection meets a live server",
        },
    ],
    fixes: &[
        Fix {
            platform: Platform::Any,
            change: "on the load balancer forward this port to one kind of listener on every member: \
                     9443 (API key) or 9300 (certificate), with a health check by TCP connect to the \
                     same port",
        },
        Fix {
            platform: Platform::SelfManaged,
            change: "on every remote node behind the load balancer set remote_cluster_server.enabled: \
                     true and restart, or take the nodes without it out of the pool",
        },
        Fix {
            platform: Platform::Kubernetes,
            change: "on the remote check that the selector of the service matches only pods with the \
                     remote cluster server, and that targetPort is 9443 or 9300",
        },
    ],
    documentation: &[
        "https://www.elastic.co/docs/deploy-manage/remote-clusters/remote-clusters-api-key",
        "https://www.elastic.co/docs/troubleshoot/elasticsearch/remote-clusters",
    ],
};
