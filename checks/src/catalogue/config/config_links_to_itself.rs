use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `config-links-to-itself`.
pub static ENTRY: Entry = Entry {
    id: "config-links-to-itself",
    stage: Stage::Config,
    severity: Severity::Warning,
    title: "the remote is the local cluster itself",
    meaning: "The address leads back to the cluster that dials, so searches count its own \
              documents twice and nothing reaches the cluster that was meant. On restart such a \
              link can also delay the node.",
    how: "The cluster at the address has the same cluster UUID as the local cluster.",
    look_alikes: &[LookAlike {
        id: "config-duplicate-remote",
        difference: "two aliases lead to one remote, which is another cluster",
    }],
    fixes: &[Fix {
        platform: Platform::Any,
        change: "on the local cluster set cluster.remote.<alias>.proxy_address and server_name (or \
                 seeds) to the remote cluster that was meant, or set all settings of the alias to \
                 null",
    }],
    documentation: &[
        "https://www.elastic.co/docs/deploy-manage/remote-clusters",
        "https://www.elastic.co/docs/reference/elasticsearch/configuration-reference/remote-clusters",
    ],
};
