//! What the rules about certificates look at: a chain with where it comes from and what judges it.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;

use crate::classify::chain::{self, ChainVerdict};
use crate::classify::name::NameVerdict;
use crate::model::finding::Certainty;
use crate::model::link::{Model, Source, Trust};
use crate::x509::{Analysis, Certificate, Place, Purpose};

/// Where a chain was seen.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Origin {
    /// Served at an address.
    Served(String),
    /// In a file.
    File(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Served(target) => write!(f, "at {target}"),
            Self::File(name) => write!(f, "in {name}"),
        }
    }
}

/// A chain and everything that was classified about it.
pub(crate) struct Subject<'a> {
    pub(crate) origin: Origin,
    /// The address or file as findings show it.
    pub(crate) place: String,
    pub(crate) analysis: &'a Analysis,
    pub(crate) verdict: &'a ChainVerdict,
    pub(crate) name: Option<&'a NameVerdict>,
    pub(crate) trust: &'a Trust,
    /// Whether the names were judged by an assumed verification mode.
    pub(crate) mode_assumed: bool,
    pub(crate) purpose: Purpose,
    pub(crate) at: Timestamp,
    /// Days before the end of validity at which to warn, the longest first.
    pub(crate) expiry_days: &'a [u16],
    pub(crate) model: Option<Model>,
    /// `cluster.remote.<alias>.server_name`; empty where the link cannot have one (sniff mode).
    pub(crate) server_name_setting: String,
    /// The port of the link, where the chain was served on one.
    pub(crate) port: Option<u16>,
}

impl Subject<'_> {
    /// The served leaf, where it can be read.
    pub(crate) fn leaf(&self) -> Option<&Arc<Certificate>> {
        self.analysis.leaf()
    }

    /// `at es.example:9443 CN=proxy`, for a finding's subject.
    pub(crate) fn about(&self, certificate: Option<&Arc<Certificate>>) -> String {
        match certificate {
            Some(certificate) => format!("{} {}", self.place, certificate.label()),
            None => self.place.clone(),
        }
    }

    /// What a certificate at this place of the chain is called.
    pub(crate) fn noun(&self, place: Place) -> &'static str {
        match (place, self.purpose) {
            (Place::Served(0), Purpose::Server) => "certificate",
            (Place::Served(0), Purpose::Client) => "client certificate",
            (Place::Served(_), _) => "intermediate certificate",
            (Place::Anchor, _) => "trusted authority",
        }
    }

    /// Where the certificate has to be changed.
    pub(crate) fn side(&self) -> &'static str {
        match self.purpose {
            Purpose::Server => "on the remote (or the proxy that serves it)",
            Purpose::Client => "on the side that presents it",
        }
    }

    /// Whom the link trusts, in words.
    pub(crate) fn trusted(&self) -> &'static str {
        match self.trust {
            Trust::PublicRoots { .. } => "the public authorities a JDK trusts",
            _ => "the authorities of this link",
        }
    }

    /// The most that a finding about trust may be.
    pub(crate) fn certainty_of_trust(&self) -> Certainty {
        match chain::trust_source(self.trust) {
            Some(Source::Assumed) | None => Certainty::Likely,
            Some(_) => Certainty::Certain,
        }
    }

    /// The settings that hold the trusted authorities of a local cluster.
    pub(crate) fn trust_setting(&self) -> &'static str {
        match self.model {
            Some(Model::ApiKey) => "xpack.security.remote_cluster_client.ssl.certificate_authorities",
            Some(Model::Certificate) => "xpack.security.transport.ssl.certificate_authorities",
            None => {
                "xpack.security.remote_cluster_client.ssl.certificate_authorities (API keys) or \
                 xpack.security.transport.ssl.certificate_authorities (certificates)"
            }
        }
    }
}
