use crate::catalogue::{Entry, Fix, LookAlike, Platform};
use crate::model::finding::Severity;
use crate::model::stage::Stage;

/// `config-alias-invalid`.
pub static ENTRY: Entry = Entry {
    id: "config-alias-invalid",
    stage: Stage::Config,
    severity: Severity::Warning,
    title: "the alias has characters that a key entry cannot have",
    meaning: "Elasticsearch accepts the alias, but the platforms store an API key only under an \
              alias of lower-case letters, digits, hyphen and underscore. A key stored under a \
              differently written alias is not used, and the link silently becomes one of the \
              certificate model.",
    how: "The alias has characters other than a-z, 0-9, hyphen and underscore.",
    look_alikes: &[LookAlike {
        id: "api-key-missing",
        difference: "the alias is well formed, and no key is stored under it",
    }],
    fixes: &[Fix {
        platform: Platform::Any,
        change: "on the local cluster create the remote again under an alias of lower-case \
                 letters, digits, hyphen and underscore, and store the key under exactly this \
                 alias; followers are bound to the old alias and have to be created again",
    }],
    documentation: &[
        "https://www.elastic.co/docs/deploy-manage/remote-clusters/remote-clusters-api-key",
        "https://www.elastic.co/docs/reference/elasticsearch/configuration-reference/remote-clusters",
    ],
};
