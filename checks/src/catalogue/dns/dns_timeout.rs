use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `dns-timeout`.
pub static ENTRY: Entry = Entry {
    id: "dns-timeout",
    stage: Stage::Dns,
    severity: Severity::Error,
    title: "the name server does not answer",
    meaning: "No answer came within the time, so the local cluster has no address to dial. Either \
              the name server is down, or a firewall drops the questions.",
    how: "No configured name server answered the question for the host in time.",
    look_alikes: &[
        LookAlike {
            id: "dns-server-failure",
            difference: "an answer came, and it reports a failure",
        },
        LookAlike {
            id: "tcp-timeout",
            difference: "the name was resolved, and the remote does not answer",
        },
    ],
    fixes: &[
        Fix {
            platform: Platform::Any,
            change: "on the local nodes correct the name servers in /etc/resolv.conf, and allow \
                     UDP and TCP port 53 to them in the firewall",
        },
        Fix {
            platform: Platform::Kubernetes,
            change: "check that CoreDNS runs, and that no NetworkPolicy stops port 53 from the \
                     local pods",
        },
    ],
    documentation: &["https://www.elastic.co/docs/troubleshoot/elasticsearch/remote-clusters"],
};
