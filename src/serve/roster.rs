//! Which links there are: those of the configuration and those of the clusters, each with what its local
//! cluster says. A pure function of both, so that a reload and a discovery end in the same place.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
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
use crate::run::remote::{self, Answers, Question};

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
pub fn links(config: &Config, told: &HashMap<String, Told>, keys: &Answers) -> BTreeMap<Name, Planned> {
    let mut links = BTreeMap::new();
    for inputs in &config.links {
        let mut planned = Planned::alone(inputs.clone());
        if let Some(access) = local(config, &planned.inputs.link) {
            let Some(told) = told.get(&access.name) else { continue };
            complete(&mut planned, access, told);
        }
        remote::join(&mut planned, keys);
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

/// The names of all clusters of `config` that are asked for anything.
pub fn asked(config: &Config) -> HashSet<String> {
    let remotes = questions(config).into_iter().map(|(access, _)| access);
    sources(config).into_iter().chain(remotes).map(|access| access.name.clone()).collect()
}

/// What the remote clusters of `config` have to be asked about the keys of its links.
pub fn questions(config: &Config) -> Vec<(&ClusterAccess, BTreeSet<Question>)> {
    let all: BTreeSet<Question> = config.links.iter().filter_map(remote::question).collect();
    let of = |access: &ClusterAccess| all.iter().filter(|(cluster, _)| *cluster == access.name).cloned().collect();
    let asked = config.clusters.iter().map(|access| (access, of(access)));
    asked.filter(|(_, questions): &(_, BTreeSet<Question>)| !questions.is_empty()).collect()
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::link::discover::ClusterFacts;
    use crate::link::files::Staged;
    use farlink_checks::model::evidence::ClusterView;
    use farlink_checks::model::link::{Mode, Target};
    use std::path::Path;

    const CONFIG: &str = "clusters: { prod: { url: 'http://127.0.0.1:9200' } }\n\
        discover: { from: [prod] }\n\
        links:\n  alone: { proxy_address: 'a.example:9443' }\n  eu: { local: prod, server_name: stated.example }\n";

    fn config() -> Config {
        Config::parse(CONFIG.as_bytes(), Path::new("farlink.yml"), &Staged::default()).unwrap()
    }

    fn told(failure: Option<ReadError>) -> HashMap<String, Told> {
        let link = |alias: &str| {
            let mut link = Link::new(alias, Mode::Proxy, vec![Target::parse("read.example:9443")]);
            link.local = Some("prod".into());
            link
        };
        let links = vec![link("eu"), link("us")];
        let view = || ClusterView {
            cluster: "prod".into(),
            before: Ok(None),
            resolve: None,
            after: None,
            unreadable: Vec::new(),
            date: None,
            replication: None,
        };
        let views = vec![view(), view()];
        let cluster = ClusterFacts::default();
        let discovery = Discovery { links, views, cluster, told: None, failure: None, replicas: None };
        HashMap::from([("prod".to_owned(), Told { discovery: Some(Arc::new(discovery)), failure })])
    }

    fn names(links: &BTreeMap<Name, Planned>) -> Vec<&str> {
        links.keys().map(|name| &**name).collect()
    }

    #[test]
    fn a_link_waits_until_its_local_cluster_was_asked_once() {
        assert_eq!(names(&links(&config(), &HashMap::new(), &Answers::new())), ["alone"]);
        let failed = Told { discovery: None, failure: Some(ReadError::TimedOut { seconds: 10 }) };
        let failed = links(&config(), &HashMap::from([("prod".to_owned(), failed)]), &Answers::new());
        assert_eq!(names(&failed), ["alone", "prod/eu"]);
        assert!(failed["prod/eu"].view.as_ref().unwrap().before.is_err());
    }

    #[test]
    fn links_of_the_cluster_join_those_of_the_file_whose_word_counts_first() {
        let links = links(&config(), &told(None), &Answers::new());
        assert_eq!(names(&links), ["alone", "prod/eu", "prod/us"]);
        assert_eq!(links["prod/eu"].inputs.link.server_name.as_deref(), Some("stated.example"));
        assert_eq!(links["prod/us"].inputs.link.targets, [Target::parse("read.example:9443")]);
    }

    #[test]
    fn links_with_a_key_and_a_remote_have_it_asked_and_what_was_answered_joined() {
        use crate::read::api_key::Shown;
        // base64 of `good:` and 22 characters.
        let files = Staged::default().with("key", "Z29vZDp1aTJscDJheFRObXN5YWt3OXR2Tm53");
        let text = "clusters: { prod: { url: 'http://127.0.0.1:9200' }, eu: { url: 'http://127.0.0.1:9201' } }\n\
            links:\n  a: { proxy_address: 'a.example:9443', remote: eu, api_key_file: key }\n  \
            b: { proxy_address: 'b.example:9443', remote: eu, api_key_file: key, indices: 'logs-*' }\n  \
            c: { proxy_address: 'c.example:9443', remote: prod }\n  \
            d: { proxy_address: 'd.example:9443', api_key_file: key }\n";
        let config = Config::parse(text.as_bytes(), Path::new("farlink.yml"), &files).unwrap();
        let question = || ("eu".to_owned(), "good".to_owned());
        let asked: Vec<_> = questions(&config).into_iter().map(|(access, of)| (access.name.as_str(), of)).collect();
        assert_eq!(asked, [("eu", BTreeSet::from([question()]))]);
        assert_eq!(super::asked(&config), HashSet::from(["eu".to_owned()]));
        assert!(links(&config, &HashMap::new(), &Answers::new()).values().all(|link| link.remote.is_none()));
        let shown = Shown { key: Ok(None), own_keys_only: true };
        let links = links(&config, &HashMap::new(), &Answers::from([(question(), shown)]));
        let with_a_word: Vec<&str> =
            links.iter().filter(|(_, it)| it.remote.is_some()).map(|(name, _)| &**name).collect();
        assert_eq!(with_a_word, ["a", "b"]);
        assert_eq!(links["b"].remote.as_ref().unwrap().indices.as_deref(), Some("logs-*"));
    }

    #[test]
    fn a_cluster_that_no_longer_answers_loses_no_link() {
        let links = links(&config(), &told(Some(ReadError::TimedOut { seconds: 10 })), &Answers::new());
        assert_eq!(names(&links), ["alone", "prod/eu", "prod/us"]);
        assert_eq!(links["prod/eu"].inputs.link.targets, [Target::parse("read.example:9443")]);
        assert!(links["prod/us"].view.as_ref().unwrap().before.is_err());
    }
}
