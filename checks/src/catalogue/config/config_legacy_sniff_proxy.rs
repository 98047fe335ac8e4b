use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `config-legacy-sniff-proxy`.
pub static ENTRY: Entry = Entry {
    id: "config-legacy-sniff-proxy",
    stage: Stage::Config,
    severity: Severity::Warning,
    title: "the remote uses the proxy setting of old releases",
    meaning: "The setting cluster.remote.<alias>.proxy with a made-up seed was the way through a \
              proxy before proxy mode existed (7.6). Newer releases have proxy mode instead, and \
              the old setting stops working after an upgrade.",
    how: "cluster.remote.<alias>.proxy is set.",
    look_alikes: &[LookAlike {
        id: "config-mode-keys-mixed",
        difference: "current settings of both modes are set together",
    }],
    fixes: &[Fix {
        platform: Platform::Any,
        change: "on the local cluster set cluster.remote.<alias>.mode: proxy, proxy_address to the \
                 old value of proxy, and server_name to the host of the old seed, and set proxy \
                 and seeds to null",
    }],
    documentation: &[
        "https://www.elastic.co/docs/deploy-manage/remote-clusters/connection-modes",
        "https://www.elastic.co/docs/reference/elasticsearch/configuration-reference/remote-clusters",
    ],
};
