use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `certificate-clock-skew`.
pub static ENTRY: Entry = Entry {
    id: "certificate-clock-skew",
    stage: Stage::Certificate,
    severity: Severity::Warning,
    title: "the clock of this host differs from that of the local cluster or of a peer",
    meaning: "Certificates are judged by the clock of whoever verifies them, and on a link that is the \
              clock of the local nodes. If the clock here is wrong, a certificate may seem expired or \
              not yet valid that the local cluster accepts; if that of the local nodes is wrong, it is \
              the other way round.",
    how: "The Date header of an answer of the local cluster's REST API, or of an HTTP answer of the \
          peer, differs from the time of this host by more than a minute. A \
          node itself may send none; Elastic Cloud and most proxies in front of nodes do. Without one, \
          a certificate \
          that is not valid yet has this finding as its alternative.",
    look_alikes: &[
        LookAlike { id: "certificate-not-yet-valid", difference: "the certificate was really issued for later" },
        LookAlike { id: "certificate-expired", difference: "the certificate has really expired" },
    ],
    fixes: &[Fix {
        platform: Platform::Any,
        change: "compare the clocks of this host, of the local nodes and of the remote with a \
                     time server (chronyc tracking, timedatectl), and mend the one that differs",
    }],
    documentation: &["https://www.elastic.co/docs/reference/elasticsearch/configuration-reference/security-settings"],
};
