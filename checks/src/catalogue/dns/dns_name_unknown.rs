use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `dns-name-unknown`.
pub static ENTRY: Entry = Entry {
    id: "dns-name-unknown",
    stage: Stage::Dns,
    severity: Severity::Error,
    title: "the name of the remote does not exist",
    meaning: "The name server answered that there is no such name, so the local cluster has no \
              address to dial. A typing error, a deleted deployment, or a name that exists only in \
              another network are the usual reasons.",
    how: "The resolver answers NXDOMAIN for the host of the remote address.",
    look_alikes: &[
        LookAlike {
            id: "dns-server-failure",
            difference: "the name server failed, and says nothing about the name",
        },
        LookAlike {
            id: "dns-timeout",
            difference: "the name server did not answer at all",
        },
        LookAlike {
            id: "dns-no-address",
            difference: "the name exists, but has no address",
        },
    ],
    fixes: &[
        Fix {
            platform: Platform::Any,
            change: "on the local cluster correct the host in cluster.remote.<alias>.proxy_address \
                     or seeds, or create the record in the DNS zone that the local nodes use; \
                     nodes may keep the old answer until the setting is applied again or they \
                     restart",
        },
        Fix {
            platform: Platform::Hosted,
            change: "copy the proxy address from Security > Remote cluster parameters of the \
                     remote; a private link name resolves only inside its own network, so use the \
                     public one between deployments",
        },
        Fix {
            platform: Platform::Kubernetes,
            change: "outside the Kubernetes cluster use the name of the LoadBalancer or ingress; \
                     <service>.<namespace>.svc resolves only inside",
        },
    ],
    documentation: &[
        "https://www.elastic.co/docs/troubleshoot/elasticsearch/remote-clusters",
        "https://www.elastic.co/docs/reference/elasticsearch/configuration-reference/remote-clusters",
    ],
};
