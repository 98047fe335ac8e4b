use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `dns-loopback-address`.
pub static ENTRY: Entry = Entry {
    id: "dns-loopback-address",
    stage: Stage::Dns,
    severity: Severity::Warning,
    title: "the name of the remote resolves to this host itself",
    meaning: "The address is a loopback address, so the local node dials itself instead of the \
              remote. A line in /etc/hosts or a default in the zone is the usual source.",
    how: "An address of the host is in 127.0.0.0/8 or is ::1.",
    look_alikes: &[
        LookAlike {
            id: "dns-private-address",
            difference: "the address is private, but belongs to another host",
        },
        LookAlike {
            id: "config-links-to-itself",
            difference: "the cluster UUID proves that the local cluster was reached",
        },
    ],
    fixes: &[Fix {
        platform: Platform::Any,
        change: "remove the host from /etc/hosts of the local nodes, or correct its record in DNS \
                 to the address of the remote",
    }],
    documentation: &["https://www.elastic.co/docs/troubleshoot/elasticsearch/remote-clusters"],
};
