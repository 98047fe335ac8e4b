//! What a run needs of a link beside the network: the link, what may be sent for it, and what its two clusters say.

use std::sync::Arc;

use farlink_checks::judge::may_send_key;
use farlink_checks::model::evidence::{ClusterView, RemoteView, Suppress};
use jiff::Timestamp;

use crate::link::inputs::{Inputs, LinkSecrets, ResolverChoice};
use crate::probe::attempt::Credentials;
use crate::probe::dns::{Dns, DnsSetupError};
use crate::server_date::Told;

/// One link of a run.
#[derive(Clone)]
pub struct Planned {
    /// The link, and what only the probe may hold.
    pub inputs: Inputs,
    /// What its local cluster says.
    pub view: Option<ClusterView>,
    /// What that cluster said of its clock.
    pub told: Option<Told>,
    /// What its remote cluster says of the key.
    pub remote: Option<RemoteView>,
    /// What the configuration suppresses on it.
    pub suppressions: Vec<Suppress>,
}

impl Planned {
    /// A link without clusters to ask and without suppressions.
    pub fn alone(inputs: Inputs) -> Self {
        Self { inputs, view: None, told: None, remote: None, suppressions: Vec::new() }
    }
}

/// What may be sent for a link with these `secrets`, in a run that judges certificates at the instant `at`.
pub fn credentials(secrets: &LinkSecrets, at: Timestamp) -> Credentials {
    let key = secrets.api_key.clone();
    Credentials {
        client: secrets.identity.clone(),
        key: key.map(|key| {
            let may: crate::probe::attempt::MaySendKey =
                Arc::new(move |link, target, tls| may_send_key(link, target, tls, at));
            (key, may)
        }),
        anonymous_question: true,
    }
}

/// Resolving as `choice` says.
pub fn resolver(choice: &ResolverChoice) -> Result<Dns, DnsSetupError> {
    let hosts = choice.hosts_file.as_deref();
    Ok(match choice.servers.first() {
        Some(server) => Dns::given(*server, choice.search.as_deref().unwrap_or_default(), hosts)?,
        None => Dns::system(hosts)?,
    })
}
