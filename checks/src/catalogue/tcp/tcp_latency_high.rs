use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `tcp-latency-high`.
pub static ENTRY: Entry = Entry {
    id: "tcp-latency-high",
    stage: Stage::Tcp,
    severity: Severity::Warning,
    title: "connecting to the remote takes long",
    meaning: "The link works, but each round trip is slow, so searches and replication over it are \
              slow too. A long distance, packet loss or an overloaded device on the way are the \
              usual reasons.",
    how: "The time to connect is above the limit, as measured from where farlink runs.",
    look_alikes: &[LookAlike {
        id: "tls-slow",
        difference: "connecting is quick, and the TLS handshake is slow",
    }],
    fixes: &[Fix {
        platform: Platform::Any,
        change: "look for packet loss and retransmissions between the local nodes and the remote \
                 (ss -ti), and for a detour through a VPN or another region; keep \
                 ccs_minimize_roundtrips=true for searches",
    }],
    documentation: &[
        "https://www.elastic.co/docs/troubleshoot/elasticsearch/remote-clusters",
        "https://www.elastic.co/docs/deploy-manage/remote-clusters/connection-modes",
    ],
};
