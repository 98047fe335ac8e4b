//! Which links there are: those of the configuration and those of the clusters, each with what its local
//! cluster says. A pure function of both, so that a reload and a discovery end in the same place.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use farlink_checks::model::evidence::ReadError;
use farlink_checks::model::link::Link;

use super::table::Name;
use crate::link::cluster_access::ClusterAccess;
use crate::link::config::Config;
use crate::link::discover::Discovery;
use crate::link::given::Given;
use crate::run::local::{join, unanswered};
use crate::run::planned::Planned;

/// What a local cluster said last.
#[derive(Clone, Debug)]
pub struct Told {
    /// Its remotes, when it could last be asked.
    pub discovery: Option<Arc<Discovery>>,
    /// Why it cannot be asked now.
    pub failure: Option<ReadError>,
}

/// Every link that can run, by name. A link whose local cluster has not been asked yet is left out: without
/// its word it would be judged by assumptions.
pub fn links(config: &Config, told: &HashMap<String, Told>) -> BTreeMap<Name, Planned> {
    let mut links = BTreeMap::new();
    for inputs in &config.links {
        let mut planned = Planned::alone(inputs.clone());
        if let Some(access) = local(config, &planned.inputs.link) {
            let Some(told) = told.get(&access.name) else { continue };
            complete(&mut planned, access, told);
        }
        add(&mut links, config, planned);
    }
    let from = config.discover.iter().flat_map(|discover| &discover.from);
    for access in from.filter_map(|name| config.clusters.iter().find(|access| access.name == *name)) {
        let Some(told) = told.get(&access.name) else { continue };
        let found = told.discovery.iter().flat_map(|discovery| &discovery.links);
        for link in found {
            let mut inputs = Arc::<Given>::default().join(link.clone());
            inputs.link.expiry_days.clone_from(&config.expiry_days);
            inputs.interval = config.interval;
            let mut planned = Planned::alone(inputs);
            complete(&mut planned, access, told);
            add(&mut links, config, planned);
        }
    }
    links
}

/// The clusters of `config` that have to be asked: those that a link names and those with links to find.
pub fn sources(config: &Config) -> Vec<&ClusterAccess> {
    let discovered = |access: &&ClusterAccess| config.discover.iter().any(|it| it.from.contains(&access.name));
    let named = |access: &&ClusterAccess| {
        config.links.iter().any(|inputs| inputs.link.local.as_deref() == Some(access.name.as_str()))
    };
    config.clusters.iter().filter(|access| discovered(access) || named(access)).collect()
}

fn local<'a>(config: &'a Config, link: &Link) -> Option<&'a ClusterAccess> {
    let name = link.local.as_deref()?;
    config.clusters.iter().find(|access| access.name == name)
}

fn complete(planned: &mut Planned, access: &ClusterAccess, told: &Told) {
    if let Some(discovery) = &told.discovery {
        planned.told = discovery.told;
        join(planned, discovery);
    }
    if let Some(failure) = &told.failure {
        planned.view = Some(unanswered(access, failure.clone()));
    }
}

/// The first of a name stays: what the configuration says of a link outranks that it was found.
fn add(links: &mut BTreeMap<Name, Planned>, config: &Config, mut planned: Planned) {
    planned.suppressions = config.suppressed(&planned.inputs.link);
    links.entry(planned.inputs.link.name().into()).or_insert(planned);
}
