use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `certificate-not-yet-valid`.
pub static ENTRY: Entry = Entry {
    id: "certificate-not-yet-valid",
    stage: Stage::Certificate,
    severity: Severity::Error,
    title: "a certificate of the remote is not valid yet",
    meaning: "The validity of a certificate begins in the future, so Elasticsearch refuses it. \
              Either it was issued with a wrong date, or the clock of the side that checks is \
              slow.",
    how: "The start of validity of the leaf or of an intermediate on the trusted path is after \
          now.",
    look_alikes: &[LookAlike {
        id: "certificate-expired",
        difference: "the validity is over",
    }],
    fixes: &[
        Fix {
            platform: Platform::Any,
            change: "compare the clocks of the local nodes, of this host and of the issuing host, \
                     and correct time synchronisation (chrony, NTP)",
        },
        Fix {
            platform: Platform::SelfManaged,
            change: "if the clocks are right, issue the certificate of the remote again with a \
                     start in the past, and replace it on every remote node",
        },
    ],
    documentation: &[
        "https://www.elastic.co/docs/troubleshoot/elasticsearch/security/trb-security-ssl",
        "https://www.elastic.co/docs/troubleshoot/elasticsearch/remote-clusters",
    ],
};
