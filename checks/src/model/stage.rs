//! Where on the path of a link a finding belongs.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A part of the path from the local cluster to the remote one. The order is the order of display.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, JsonSchema, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum Stage {
    Config,
    Dns,
    Tcp,
    Proxy,
    Tls,
    Certificate,
    Transport,
    ApiKey,
    Filter,
    Trust,
    Version,
    Cluster,
    Usage,
}

impl Stage {
    /// Every stage, in the order of display.
    pub const ALL: [Self; 13] = [
        Self::Config,
        Self::Dns,
        Self::Tcp,
        Self::Proxy,
        Self::Tls,
        Self::Certificate,
        Self::Transport,
        Self::ApiKey,
        Self::Filter,
        Self::Trust,
        Self::Version,
        Self::Cluster,
        Self::Usage,
    ];

    /// The stages a probe walks through, each needing the one before.
    pub const PATH: [Self; 6] = [Self::Dns, Self::Tcp, Self::Tls, Self::Certificate, Self::Transport, Self::ApiKey];

    /// The stage's name in finding ids, metrics and reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Config => "config",
            Self::Dns => "dns",
            Self::Tcp => "tcp",
            Self::Proxy => "proxy",
            Self::Tls => "tls",
            Self::Certificate => "certificate",
            Self::Transport => "transport",
            Self::ApiKey => "api-key",
            Self::Filter => "filter",
            Self::Trust => "trust",
            Self::Version => "version",
            Self::Cluster => "cluster",
            Self::Usage => "usage",
        }
    }
}

impl std::fmt::Display for Stage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}
