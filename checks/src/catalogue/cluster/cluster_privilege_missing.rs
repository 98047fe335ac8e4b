use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `cluster-privilege-missing`.
pub static ENTRY: Entry = Entry {
    id: "cluster-privilege-missing",
    stage: Stage::Cluster,
    severity: Severity::Warning,
    title: "the user that farlink asks as lacks a privilege",
    meaning: "The remote accepts the local cluster and then refuses this one user's request. The \
              link itself works; who has no privilege for the remote sees an error or nothing. Or the \
              remote cluster does not let farlink read API keys, so when the link's key ends is not \
              known.",
    how: "resolve-cluster of the local cluster passes on that the action is unauthorized for the \
          user, which the remote says only after it has accepted the key or the certificate. Or \
          GET _security/api_key on the remote cluster is answered with status 403, or shows only \
          keys of the user's own.",
    look_alikes: &[
        LookAlike {
            id: "api-key-refused",
            difference: "the key itself is refused, whoever asks",
        },
        LookAlike {
            id: "cluster-credentials-refused",
            difference: "the local cluster does not let the user ask at all",
        },
    ],
    fixes: &[
        Fix {
            platform: Platform::Any,
            change: "on the local cluster give the user a role with remote_indices for the alias \
                     (names, and privileges such as read and view_index_metadata); the rights of \
                     the API key on the remote are the limit",
        },
        Fix {
            platform: Platform::Any,
            change: "to have the key's end read, on the remote cluster give the user or key that \
                     farlink has there the cluster privilege read_security (before 8.5 \
                     manage_api_key); manage_own_api_key is enough where the same user created the \
                     key",
        },
        Fix {
            platform: Platform::Any,
            change: "in the certificate model the remote cluster needs a role of the same name that \
                     grants the indices",
        },
    ],
    documentation: &[
        "https://www.elastic.co/docs/deploy-manage/remote-clusters/remote-clusters-api-key",
        "https://www.elastic.co/docs/troubleshoot/elasticsearch/remote-clusters",
    ],
};
