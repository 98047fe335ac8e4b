use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `config-duplicate-remote`.
pub static ENTRY: Entry = Entry {
    id: "config-duplicate-remote",
    stage: Stage::Config,
    severity: Severity::Warning,
    title: "two aliases lead to the same remote cluster",
    meaning: "Both aliases work, but a search over a wildcard such as *:index counts every \
              document of this remote twice. It also doubles the connections.",
    how: "Two aliases of the local cluster reach the same cluster UUID, or have the same address \
          and server name.",
    look_alikes: &[
        LookAlike {
            id: "config-links-to-itself",
            difference: "the cluster that is reached is the local one",
        },
        LookAlike {
            id: "proxy-server-name-unknown",
            difference: "the server name is wrong, and a proxy may route it to a default \
                         deployment",
        },
    ],
    fixes: &[Fix {
        platform: Platform::Any,
        change: "on the local cluster keep the alias that followers and searches use, and set \
                 every setting of the other one to null; if another cluster was meant, correct \
                 proxy_address and server_name",
    }],
    documentation: &[
        "https://www.elastic.co/docs/deploy-manage/remote-clusters",
        "https://www.elastic.co/docs/reference/elasticsearch/configuration-reference/remote-clusters",
    ],
};
