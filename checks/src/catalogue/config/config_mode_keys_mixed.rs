use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `config-mode-keys-mixed`.
pub static ENTRY: Entry = Entry {
    id: "config-mode-keys-mixed",
    stage: Stage::Config,
    severity: Severity::Error,
    title: "settings of both connection modes are set for one remote",
    meaning: "The settings of sniff mode and of proxy mode exclude each other, and the ones the \
              mode needs may be missing. Elasticsearch refuses such a combination, or keeps using \
              the mode that the settings do not describe.",
    how: "seeds or node_connections is set in proxy mode, proxy_address or \
          proxy_socket_connections in sniff mode, or the address that the mode needs is missing.",
    look_alikes: &[LookAlike {
        id: "config-legacy-sniff-proxy",
        difference: "sniff mode with the old setting cluster.remote.<alias>.proxy",
    }],
    fixes: &[Fix {
        platform: Platform::Any,
        change: "on the local cluster, for proxy mode set cluster.remote.<alias>.mode: proxy and \
                 proxy_address, and set seeds and node_connections to null; for sniff mode set \
                 seeds, and set proxy_address, proxy_socket_connections and server_name to null",
    }],
    documentation: &[
        "https://www.elastic.co/docs/deploy-manage/remote-clusters/connection-modes",
        "https://www.elastic.co/docs/reference/elasticsearch/configuration-reference/remote-clusters",
    ],
};
