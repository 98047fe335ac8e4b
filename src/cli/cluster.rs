//! Asking a local cluster for its links.

use std::time::Duration;

use farlink_checks::model::evidence::{ClusterView, ReadError};
use farlink_checks::model::link::{Link, Mode, Oddity, Source};

use super::Failure;
use super::plan::Planned;
use crate::link::cluster_access::ClusterAccess;
use crate::link::discover::{Discovery, Overrides, discover};
use crate::link::given::Given;
use crate::link::inputs::Inputs;
use crate::link::pattern::Chosen;
use crate::read;

/// Every remote that is `chosen` of the cluster behind `access`, completed with what was `given`. A cluster that cannot be asked is one link that says so.
pub(super) async fn links(
    access: &ClusterAccess,
    given: &Given,
    chosen: &Chosen,
    timeout: Duration,
) -> Result<Vec<Planned>, Failure> {
    let discovery = ask(access, chosen.exact(), timeout).await?;
    if let Some(failure) = discovery.failure {
        let link = Link::new(access.name.clone(), Mode::Proxy, Vec::new());
        return Ok(vec![Planned { view: Some(unanswered(access, failure)), ..Planned::alone(Inputs::new(link)) }]);
    }
    let links = discovery.links.into_iter().zip(discovery.views);
    Ok(links
        .filter(|(link, _)| chosen.covers(link))
        .map(|(link, view)| Planned { view: Some(view), ..Planned::alone(given.join(link)) })
        .collect())
}

/// Asks each local cluster that `planned` links name, once and all at the same time, and gives every
/// link what its cluster says of it. A link without an address gets the cluster's own.
pub(super) async fn join_views(
    planned: &mut [Planned],
    clusters: &[ClusterAccess],
    timeout: Duration,
) -> Result<(), Failure> {
    let named = |access: &&ClusterAccess| planned.iter().any(|p| p.inputs.link.local.as_deref() == Some(&access.name));
    let asked: Vec<&ClusterAccess> = clusters.iter().filter(named).collect();
    let answers = futures_util::future::join_all(asked.iter().map(|access| ask(access, Vec::new(), timeout))).await;
    for (access, answer) in asked.iter().zip(answers) {
        let discovery = answer?;
        for planned in planned.iter_mut().filter(|p| p.inputs.link.local.as_deref() == Some(&access.name)) {
            match &discovery.failure {
                Some(failure) => planned.view = Some(unanswered(access, failure.clone())),
                None => join(planned, &discovery, &access.name),
            }
        }
    }
    Ok(())
}

/// The view of a cluster that could not be asked.
fn unanswered(access: &ClusterAccess, failure: ReadError) -> ClusterView {
    ClusterView {
        cluster: access.name.clone(),
        before: Err(failure),
        resolve: None,
        after: None,
        unreadable: Vec::new(),
    }
}

fn join(planned: &mut Planned, discovery: &Discovery, cluster: &str) {
    let link = &mut planned.inputs.link;
    let place = discovery.links.iter().position(|read| read.alias == link.alias);
    let Some((read, view)) = place.and_then(|at| Some((discovery.links.get(at)?, discovery.views.get(at)?))) else {
        let known = discovery.links.iter().map(|read| read.alias.clone()).collect();
        link.oddities.push(Oddity::RemoteUnknown { known });
        return;
    };
    if link.targets.is_empty() {
        link.mode = read.mode;
        link.targets.clone_from(&read.targets);
        link.server_name = link.server_name.take().or_else(|| read.server_name.clone());
    }
    // What the configuration states stays; what it leaves open is read.
    let firm = |source: Source| source == Source::Given;
    if link.model.is_none_or(|model| !firm(model.source)) && read.model.is_some() {
        link.model = read.model;
    }
    if link.verification_mode.is_none_or(|mode| !firm(mode.source)) && read.verification_mode.is_some() {
        link.verification_mode = read.verification_mode;
    }
    if link.transport_tls.is_none_or(|tls| !firm(tls.source)) && read.transport_tls.is_some() {
        link.transport_tls = read.transport_tls;
    }
    link.releases.local = link.releases.local.take().or_else(|| read.releases.local.clone());
    link.oddities.extend(read.oddities.iter().cloned());
    planned.view = Some(ClusterView { cluster: cluster.to_owned(), ..view.clone() });
}

/// What the cluster says of its remotes.
async fn ask(access: &ClusterAccess, aliases: Vec<String>, timeout: Duration) -> Result<Discovery, Failure> {
    let client = read::Client::new(access.url.as_str(), access.credentials.clone(), &access.trust, timeout)?;
    Ok(discover(&client, &Overrides { aliases, ..Overrides::default() }).await)
}
