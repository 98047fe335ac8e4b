//! Asking a local cluster for its links.

use std::sync::Arc;
use std::time::Duration;

use farlink_checks::model::evidence::{ClusterView, ReadError};
use farlink_checks::model::link::{Link, Mode, Oddity};

use super::planned::Planned;
use crate::link::cluster_access::ClusterAccess;
use crate::link::discover::{Discovery, Wanted, discover};
use crate::link::given::Given;
use crate::link::inputs::Inputs;
use crate::link::pattern::Chosen;
use crate::read::{self, ClientError};

/// Every remote that is `chosen` of the cluster behind `access`, completed with what was `given`. A cluster that cannot be asked is one link that says so.
pub async fn links(
    access: &ClusterAccess,
    given: &Arc<Given>,
    chosen: &Chosen,
    timeout: Duration,
) -> Result<Vec<Planned>, ClientError> {
    let (model, release) = given.stated();
    let wanted = Wanted {
        local: None,
        aliases: chosen.exact(),
        model,
        local_release: release.and_then(|release| release.parse().ok()),
    };
    let discovery = ask(access, wanted, timeout).await?;
    if let Some(failure) = discovery.failure {
        let link = Link::new(access.name.clone(), Mode::Proxy, Vec::new());
        let view = Some(unanswered(access, failure));
        return Ok(vec![Planned { view, told: discovery.told, ..Planned::alone(Inputs::new(link)) }]);
    }
    let links = discovery.links.into_iter().zip(discovery.views);
    Ok(links
        .filter(|(link, _)| chosen.covers(link))
        .map(|(link, view)| Planned { view: Some(view), told: discovery.told, ..Planned::alone(given.join(link)) })
        .collect())
}

/// Asks each local cluster that `planned` links name, once and all at the same time, and gives every
/// link what its cluster says of it. A link without an address gets the cluster's own.
pub async fn join_views(
    planned: &mut [Planned],
    clusters: &[ClusterAccess],
    timeout: Duration,
) -> Result<(), ClientError> {
    let named = |access: &&ClusterAccess| planned.iter().any(|p| p.inputs.link.local.as_deref() == Some(&access.name));
    let asked: Vec<&ClusterAccess> = clusters.iter().filter(named).collect();
    let wanted = |access: &ClusterAccess| Wanted { local: Some(access.name.clone()), ..Wanted::default() };
    let answers = futures_util::future::join_all(asked.iter().map(|access| ask(access, wanted(access), timeout))).await;
    for (access, answer) in asked.iter().zip(answers) {
        let discovery = answer?;
        for planned in planned.iter_mut().filter(|p| p.inputs.link.local.as_deref() == Some(&access.name)) {
            planned.told = discovery.told;
            match &discovery.failure {
                Some(failure) => planned.view = Some(unanswered(access, failure.clone())),
                None => join(planned, &discovery),
            }
        }
    }
    Ok(())
}

/// The view of a cluster that could not be asked.
pub fn unanswered(access: &ClusterAccess, failure: ReadError) -> ClusterView {
    ClusterView {
        cluster: access.name.clone(),
        before: Err(failure),
        resolve: None,
        after: None,
        replication: None,
        unreadable: Vec::new(),
        date: None,
    }
}

/// Gives a link what its local cluster says of it.
pub fn join(planned: &mut Planned, discovery: &Discovery) {
    let link = &mut planned.inputs.link;
    let mut known = discovery.links.iter().zip(&discovery.views);
    match known.find(|(read, _)| read.alias == link.alias) {
        Some((read, view)) => {
            planned.inputs.learn(read);
            planned.view = Some(view.clone());
        }
        None => {
            let known = discovery.links.iter().map(|read| read.alias.clone()).collect();
            link.oddities.push(Oddity::RemoteUnknown { known });
        }
    }
}

/// What the cluster says of its remotes.
async fn ask(access: &ClusterAccess, wanted: Wanted, timeout: Duration) -> Result<Discovery, ClientError> {
    let client = read::Client::new(access.url.as_str(), access.credentials.clone(), &access.trust, timeout)?;
    Ok(discover(&client, &wanted).await)
}
