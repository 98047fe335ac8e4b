use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `config-address-malformed`.
pub static ENTRY: Entry = Entry {
    id: "config-address-malformed",
    stage: Stage::Config,
    severity: Severity::Error,
    title: "the remote address is not a host and a port",
    meaning: "Elasticsearch takes the address as host:port and refuses anything else, so no \
              connection is ever attempted. A scheme, a path, a missing port and an IPv6 address \
              without brackets are the usual slips.",
    how: "The value of proxy_address or of a seed does not parse as host:port.",
    look_alikes: &[LookAlike {
        id: "config-server-name-invalid",
        difference: "the address parses, and it is server_name that is not a host name",
    }],
    fixes: &[Fix {
        platform: Platform::Any,
        change: "on the local cluster set cluster.remote.<alias>.proxy_address (or each of seeds) \
                 to host:port, without https:// and without a path; write an IPv6 address as \
                 [address]:port",
    }],
    documentation: &[
        "https://www.elastic.co/docs/reference/elasticsearch/configuration-reference/remote-clusters",
        "https://www.elastic.co/docs/deploy-manage/remote-clusters/connection-modes",
    ],
};
