//! Every remote of a running local cluster as a [`Link`], with what the cluster itself says of it.
//!
//! What cannot be read is said and goes without; only an unreadable `_remote/info` ends the discovery.

mod oddities;
mod tls;

use std::collections::{BTreeMap, BTreeSet};

use farlink_checks::model::evidence::{ClusterView, Read, ReadError, RemoteInfo, Unreadable};
use farlink_checks::model::link::{Link, Mode, Model, Oddity, Sourced, Target};
use farlink_checks::version::ReleaseVersion;

use self::tls::local_tls;
use super::replication::{Replicas, replicas};
use crate::read::Client;
use crate::read::flat::RemoteSettings;
use crate::read::nodes::{self, Nodes};
use crate::read::remote_info::{self, Remote, Remotes};
use crate::read::resolve::{Resolution, resolve};
use crate::read::settings::{self, Settings};
use crate::server_date::Told;

/// What discovery has to know beforehand. What else is given of a link joins it afterwards
/// ([`Given::join`](super::given::Given::join)).
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// The local cluster's name in the configuration.
    pub local: Option<String>,
    /// Aliases asked for by their exact names; one the cluster does not have becomes a link that says so.
    pub aliases: Vec<String>,
    /// The security model of every link, where it is stated: each has TLS settings of its own.
    pub model: Option<Model>,
    /// The local cluster's release, where it is stated, for a cluster that does not show its nodes.
    pub local_release: Option<ReleaseVersion>,
}

/// What a local cluster says of its remotes.
#[derive(Clone, Debug)]
pub struct Discovery {
    /// One link an alias, in the order of the aliases; then those asked for that do not exist.
    pub links: Vec<Link>,
    /// What the cluster says of each link, in the order of `links`.
    pub views: Vec<ClusterView>,
    /// What is known of the cluster itself.
    pub cluster: ClusterFacts,
    /// What it replicates; `None` where there is no such thing, or it cannot be read.
    pub replicas: Option<Replicas>,
    /// What its first answer said of its clock; the begin of a run makes evidence of it.
    pub told: Option<Told>,
    /// Why there are no links: `_remote/info` could not be read.
    pub failure: Option<ReadError>,
}

/// What is known of a local cluster.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct ClusterFacts {
    /// Its name in the configuration, or its URL.
    pub label: String,
    /// `cluster.name`.
    pub name: Option<String>,
    /// How many nodes it has; 0 when they could not be read.
    pub nodes: usize,
    /// The releases its nodes run, from the oldest.
    pub releases: Vec<ReleaseVersion>,
}

/// Asks the cluster behind `client` for its remotes, lets it dial them, and asks again.
pub async fn discover(client: &Client, wanted: &Wanted) -> Discovery {
    let label = wanted.local.clone().unwrap_or_else(|| client.url().to_owned());
    let before = match remote_info::remote_info(client).await {
        Ok(remotes) => remotes,
        Err(error) => {
            let cluster = ClusterFacts { label, ..ClusterFacts::default() };
            let (links, views, told) = (Vec::new(), Vec::new(), client.told());
            return Discovery { links, views, cluster, replicas: None, told, failure: Some(error) };
        }
    };
    let (mut unreadable, mut unreplicated) = (Vec::new(), Vec::new());
    let (settings, nodes, replicas) =
        tokio::join!(settings::settings(client), nodes::nodes(client), replicas(client, &mut unreplicated));
    let settings = readable(settings, settings::PATH, &mut unreadable).unwrap_or_default();
    let nodes = readable(nodes, nodes::PATH, &mut unreadable);
    unreadable.extend(unreplicated);

    let mut links = links(&before, &settings, nodes.as_ref(), wanted);
    let aliases: Vec<&str> = before.keys().map(String::as_str).collect();
    let release = nodes.as_ref().and_then(Nodes::oldest).or(wanted.local_release.as_ref());
    let resolution = if aliases.is_empty() { Resolution::NoSuchApi } else { resolve(client, release, &aliases).await };
    let after = match resolution {
        Resolution::NoSuchApi => None,
        _ => Some(remote_info::remote_info(client).await),
    };
    links.extend(unknown(&links, wanted));

    let views = links.iter().map(|link| ClusterView {
        cluster: label.clone(),
        before: Ok(said(&before, &link.alias)),
        resolve: resolution.of(&link.alias),
        after: after
            .as_ref()
            .map(|read| read.as_ref().map(|remotes| said(remotes, &link.alias)).map_err(ReadError::clone)),
        replication: None,
        unreadable: unreadable.clone(),
        date: None,
    });
    let views = views.collect();
    let cluster = facts(label, nodes);
    let discovery = Discovery { links, views, cluster, replicas: None, told: client.told(), failure: None };
    discovery.replicating(replicas)
}

impl Discovery {
    /// The same with `replicas` as what the cluster replicates, in every view what is the link's.
    pub fn replicating(mut self, replicas: Option<Replicas>) -> Self {
        for (link, view) in self.links.iter().zip(&mut self.views) {
            view.replication = replicas.as_ref().map(|replicas| replicas.of(&link.alias));
        }
        // What concerns no link is told once.
        let known = |alias: &str| self.links.iter().any(|link| link.alias == alias);
        let first = self.views.first_mut().and_then(|view| view.replication.as_mut());
        if let (Some(first), Some(replicas)) = (first, &replicas) {
            first.strays = replicas.strays(known);
        }
        self.replicas = replicas;
        self
    }
}

/// Every alias that anything names, as a link.
fn links(remotes: &Remotes, settings: &Settings, nodes: Option<&Nodes>, wanted: &Wanted) -> Vec<Link> {
    let mut merged = settings.remotes();
    for node in nodes.into_iter().flat_map(|nodes| &nodes.nodes).filter(|node| !node.lacks_client_role()) {
        for (alias, own) in node.settings.remotes() {
            // The answering node's file is among the cluster's defaults; another's only fills gaps.
            let known = merged.entry(alias).or_default();
            for (name, values) in own {
                known.entry(name).or_insert(values);
            }
        }
    }
    let aliases: BTreeSet<&str> = remotes.keys().map(String::as_str).chain(merged.keys().copied()).collect();
    let tls_of = |model| local_tls(model, nodes);
    let (api_key, certificate) = (tls_of(Model::ApiKey), tls_of(Model::Certificate));
    let oldest = nodes.and_then(Nodes::oldest).map(ToString::to_string);
    let none = RemoteSettings::new();
    let mut links: Vec<Link> = aliases
        .into_iter()
        .map(|alias| {
            let remote = remotes.get(alias);
            let mut link = link(alias, remote, merged.get(alias).unwrap_or(&none));
            link.local.clone_from(&wanted.local);
            link.model = wanted.model.map(Sourced::given).or_else(|| remote.map(|it| Sourced::read(model(it))));
            let read = match link.model() {
                Some(Model::ApiKey) => Some(&api_key),
                Some(Model::Certificate) => Some(&certificate),
                None => None,
            };
            if let Some(tls) = read {
                link.verification_mode = tls.verification_mode;
                link.transport_tls = tls.enabled;
                link.trust = tls.trust.clone();
            }
            link.releases.local = oldest.clone().map(Sourced::read);
            link
        })
        .collect();
    oddities::add_duplicates(&mut links);
    if let Some(nodes) = nodes {
        oddities::add_of_nodes(&mut links, nodes);
    }
    links
}

/// The link of one alias from its settings, and from its connection where those could not be read.
fn link(alias: &str, remote: Option<&Remote>, settings: &RemoteSettings<'_>) -> Link {
    let text = |name: &str| settings.get(name).and_then(|values| values.first()).filter(|value| !value.is_empty());
    let written = text("mode").and_then(|mode| match mode.to_ascii_lowercase().as_str() {
        "proxy" => Some(Mode::Proxy),
        "sniff" => Some(Mode::Sniff),
        _ => None,
    });
    // `RemoteConnectionStrategy.REMOTE_CONNECTION_MODE` is sniff by default.
    let mode = written.or_else(|| remote?.mode()).unwrap_or(Mode::Sniff);
    let setting = match mode {
        Mode::Proxy => "proxy_address",
        Mode::Sniff => "seeds",
    };
    let from_settings = settings.get(setting).copied().unwrap_or_default();
    // A list in elasticsearch.yml may be one text with commas.
    let parts = |values: &[String]| -> Vec<Target> {
        let split =
            values.iter().flat_map(|value| if mode == Mode::Sniff { value.split(',') } else { value.split('\0') });
        split.map(str::trim).filter(|part| !part.is_empty()).map(Target::parse).collect()
    };
    let mut targets = parts(from_settings);
    if targets.is_empty() {
        targets = remote.map(|remote| parts(remote.addresses(mode))).unwrap_or_default();
    }
    let oddities = oddities::of_settings(mode, !targets.is_empty(), settings);
    let mut link = Link::new(alias, mode, targets);
    // Only the proxy mode sends one.
    if mode == Mode::Proxy {
        link.server_name = text("server_name").cloned().or_else(|| remote?.server_name().map(str::to_owned));
    }
    link.oddities = oddities;
    link
}

/// Credentials in the keystore make a link one of the API-key model
/// (`RemoteClusterService.registerRemoteClusterHandshakeRequestHandler`, since 8.10).
fn model(remote: &Remote) -> Model {
    if remote.has_credentials() { Model::ApiKey } else { Model::Certificate }
}

/// A link for each alias that was asked for and does not exist.
fn unknown(links: &[Link], wanted: &Wanted) -> Vec<Link> {
    let known: Vec<String> = links.iter().map(|link| link.alias.clone()).collect();
    let asked: BTreeSet<&String> = wanted.aliases.iter().filter(|alias| !known.contains(alias)).collect();
    let absent = |alias: &String| {
        let mut link = Link::new(alias, Mode::Sniff, vec![]);
        link.local.clone_from(&wanted.local);
        link.oddities.push(Oddity::RemoteUnknown { known: known.clone() });
        link
    };
    asked.into_iter().map(absent).collect()
}

fn readable<T>(read: Read<T>, path: &str, unreadable: &mut Vec<Unreadable>) -> Option<T> {
    read.map_err(|error| unreadable.push(Unreadable { path: path.to_owned(), error })).ok()
}

fn said(remotes: &BTreeMap<String, Remote>, alias: &str) -> Option<RemoteInfo> {
    remotes.get(alias).map(Remote::evidence)
}

fn facts(label: String, nodes: Option<Nodes>) -> ClusterFacts {
    let Some(nodes) = nodes else {
        return ClusterFacts { label, ..ClusterFacts::default() };
    };
    let mut releases: Vec<ReleaseVersion> = nodes.nodes.iter().filter_map(|node| node.release.clone()).collect();
    releases.sort();
    releases.dedup();
    ClusterFacts { label, name: nodes.cluster_name, nodes: nodes.nodes.len(), releases }
}

#[cfg(test)]
mod tests;
