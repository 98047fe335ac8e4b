use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `dns-encoded-address-differs`.
pub static ENTRY: Entry = Entry {
    id: "dns-encoded-address-differs",
    stage: Stage::Dns,
    severity: Severity::Warning,
    title: "the address written in the name is not the one it resolves to",
    meaning: "Default names of Elastic Cloud Enterprise (ip.es.io) carry the address of a proxy in \
              the name. When it resolves elsewhere, or that proxy is gone, the name leads to the \
              wrong host.",
    how: "The host ends in ip.es.io, and the address in its label differs from the resolved or \
          reachable one.",
    look_alikes: &[LookAlike {
        id: "dns-private-address",
        difference: "name and address agree, and the address is a private one",
    }],
    fixes: &[Fix {
        platform: Platform::Enterprise,
        change: "on the remote installation set the deployment domain name to a name that resolves \
                 to the load balancer of the proxies, with a matching wildcard certificate, and \
                 use the new proxy address and server_name on the local cluster",
    }],
    documentation: &[
        "https://www.elastic.co/docs/deploy-manage/deploy/cloud-enterprise/change-endpoint-urls",
    ],
};
