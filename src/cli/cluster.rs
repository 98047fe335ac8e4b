//! Asking a local cluster for its links.

use std::time::Duration;

use farlink_checks::model::evidence::ClusterView;
use farlink_checks::model::link::{Link, Mode, Trust};
use rustls_pki_types::CertificateDer;

use super::Failure;
use super::plan::Planned;
use crate::link::cluster_access::{ClusterAccess, Credentials};
use crate::link::discover::{Discovery, Overrides, discover};
use crate::link::given::Given;
use crate::link::inputs::Inputs;
use crate::read;

/// Every remote of the cluster behind `access` that `aliases` ask for (all when empty), completed
/// with what was `given`. A cluster that cannot be asked is one link that says so.
pub(super) async fn links(
    access: &ClusterAccess,
    given: &Given,
    aliases: &[String],
    timeout: Duration,
) -> Result<Vec<Planned>, Failure> {
    let exact = aliases.iter().filter(|alias| !alias.contains(['*', '?', '['])).cloned().collect();
    let discovery = ask(access, exact, timeout).await?;
    if let Some(failure) = discovery.failure {
        let mut link = Link::new(access.name.clone(), Mode::Proxy, Vec::new());
        link.local = None;
        let view = ClusterView {
            cluster: access.name.clone(),
            before: Err(failure),
            resolve: None,
            after: None,
            unreadable: vec![],
        };
        return Ok(vec![Planned { view: Some(view), ..Planned::alone(Inputs::new(link)) }]);
    }
    let wanted = globs(aliases);
    let links = discovery.links.into_iter().zip(discovery.views);
    Ok(links
        .filter(|(link, _)| wanted.as_ref().is_none_or(|set| set.is_match(&link.alias)))
        .map(|(link, view)| Planned { view: Some(view), ..Planned::alone(given.join(link)) })
        .collect())
}

/// What the cluster says of its remotes.
async fn ask(access: &ClusterAccess, aliases: Vec<String>, timeout: Duration) -> Result<Discovery, Failure> {
    let credentials = match &access.credentials {
        Credentials::Anonymous | Credentials::Unusable(_) => read::Credentials::None,
        Credentials::ApiKey(key) => read::Credentials::api_key(&read::Secret::new(key.expose().to_owned()))?,
        Credentials::User { name, password } => {
            read::Credentials::basic(name.clone(), &read::Secret::new(password.expose().to_owned()))?
        }
    };
    let trust = match &access.trust {
        Some(Trust::Authorities { certificates, .. }) => {
            read::ServerTrust::Authorities(certificates.iter().map(|der| CertificateDer::from(der.0.clone())).collect())
        }
        _ => read::ServerTrust::PublicRoots,
    };
    let client = read::Client::new(access.url.as_str(), credentials, &trust, timeout)?;
    Ok(discover(&client, &Overrides { aliases, ..Overrides::default() }).await)
}

/// `None` when everything is wanted.
fn globs(patterns: &[String]) -> Option<globset::GlobSet> {
    if patterns.is_empty() {
        return None;
    }
    let mut set = globset::GlobSetBuilder::new();
    for pattern in patterns {
        // What is no glob is an alias.
        let glob = globset::Glob::new(pattern).or_else(|_| globset::Glob::new(&globset::escape(pattern)));
        if let Ok(glob) = glob {
            set.add(glob);
        }
    }
    set.build().ok()
}
