//! From the shape of `farlink.yml` to a configuration that cannot be wrong: names that exist,
//! addresses and durations that parse, files that can be read.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use farlink_checks::model::evidence::Suppress;
use farlink_checks::model::finding::Suppression;
use farlink_checks::model::link::{Link, Mode, Oddity, Target};

use super::located::{Located, Named};
use super::{Config, Discover, Serve, SuppressOn, shape};
use crate::link::cluster_access::{AccessFacts, ClusterAccess};
use crate::link::files::{Files, NamedFile, Reader};
use crate::link::given::Facts;
use crate::link::inputs::{Inputs, ResolverChoice};
use crate::link::pattern::Pattern;
use crate::link::{address, duration};
use crate::usage::{Fault, Place, UsageError, closest, finding};

const INTERVAL: Duration = Duration::from_secs(30);
const KEY_INTERVAL: Duration = Duration::from_secs(300);
const DISCOVER_EVERY: Duration = Duration::from_secs(300);
/// How many steps of warnings there may be.
const EXPIRY_STEPS: usize = 5;
const LISTEN: &str = "127.0.0.1:19443";

/// Checks `file`, the content of the configuration at `path`, and reads the files it names.
pub(super) fn check(file: shape::File, path: &Path, files: &dyn Files) -> Result<Config, UsageError> {
    let mut checker = Checker { path, reader: Reader::new(files) };
    let clusters = checker.clusters(file.clusters.unwrap_or_default())?;
    let names: Vec<String> = clusters.iter().map(|cluster| cluster.name.clone()).collect();
    let interval = checker.interval(file.interval.as_ref(), INTERVAL)?;
    let expiry_days = checker.expiry_days(file.certificate_expiry_days.as_ref())?;
    let mut links = Vec::new();
    for (alias, link) in file.links.unwrap_or_default().0 {
        let mut inputs = checker.link(alias, &link, &names, interval)?;
        inputs.link.expiry_days.clone_from(&expiry_days);
        links.push(inputs);
    }
    mark_duplicates(&mut links);
    Ok(Config {
        path: path.to_owned(),
        discover: file.discover.map(|discover| checker.discover(&discover, &names)).transpose()?,
        management: checker.management(file.management.unwrap_or_default())?,
        resolver: checker.resolver(file.resolver.unwrap_or_default())?,
        interval,
        key_interval: checker.interval(file.key_interval.as_ref(), KEY_INTERVAL)?,
        expiry_days,
        serve: checker.serve(&file.serve.unwrap_or_default())?,
        suppress: file.suppress.iter().flatten().map(|entry| checker.suppress(entry)).collect::<Result<_, _>>()?,
        clusters,
        links,
    })
}

struct Checker<'a> {
    path: &'a Path,
    reader: Reader<'a>,
}

impl Checker<'_> {
    fn clusters(&mut self, clusters: Named<shape::Cluster>) -> Result<Vec<ClusterAccess>, UsageError> {
        let facts = |(name, cluster): (String, shape::Cluster)| AccessFacts {
            name: Some(name),
            url: (cluster.url.value.clone(), cluster.url.place(self.path)),
            api_key_file: self.file(cluster.api_key_file.as_ref()),
            user: cluster.user.map(|user| (user.value.clone(), user.place(self.path))),
            password_file: self.file(cluster.password_file.as_ref()),
            ca_file: self.file(cluster.ca_file.as_ref()),
        };
        let facts: Vec<AccessFacts> = clusters.0.into_iter().map(facts).collect();
        facts.iter().map(|facts| facts.read(&mut self.reader)).collect()
    }

    fn management(&mut self, apis: Named<shape::Management>) -> Result<Vec<ClusterAccess>, UsageError> {
        let as_cluster = |api: shape::Management| shape::Cluster {
            url: api.url,
            api_key_file: api.api_key_file,
            user: None,
            password_file: None,
            ca_file: api.ca_file,
        };
        self.clusters(Named(apis.0.into_iter().map(|(name, api)| (name, as_cluster(api))).collect()))
    }

    fn link(
        &mut self,
        alias: String,
        located: &Located<shape::Link>,
        clusters: &[String],
        interval: Duration,
    ) -> Result<Inputs, UsageError> {
        let shape = &located.value;
        let local = self.cluster_name(shape.local.as_ref(), clusters)?;
        let remote = self.cluster_name(shape.remote.as_ref(), clusters)?;
        if local.is_none() && shape.proxy_address.is_none() && shape.seeds.is_none() && shape.mode.is_none() {
            return Err(located.place(self.path).error(Fault::NoAddress { alias }));
        }
        let mode = shape.mode.unwrap_or(match shape.proxy_address {
            Some(_) => Mode::Proxy,
            None => Mode::Sniff,
        });
        let mut link = Link::new(alias, mode, self.targets(shape, mode)?);
        link.local = local;
        link.server_name.clone_from(&shape.server_name);
        link.oddities = oddities(shape, mode);

        let facts = Facts {
            model: shape.model,
            verification_mode: shape.verification_mode,
            transport_tls: shape.transport_tls,
            ca_file: self.file(shape.ca_file.as_ref()),
            cert_file: self.file(shape.cert_file.as_ref()),
            key_file: self.file(shape.key_file.as_ref()),
            api_key_file: self.file(shape.api_key_file.as_ref()),
            ..Facts::default()
        };
        let inputs = facts.read(&mut self.reader)?.join(link);
        Ok(Inputs {
            remote,
            indices: shape.indices.clone(),
            interval: self.interval(shape.interval.as_ref(), interval)?,
            ..inputs
        })
    }

    /// The addresses of `mode`. Those of the other mode must parse, too, and are not dialled.
    fn targets(&self, shape: &shape::Link, mode: Mode) -> Result<Vec<Target>, UsageError> {
        let parse = |text: &Located<String>, usual, place: Place| {
            address::with_port(&text.value, usual).map(Target::Valid).map_err(|fault| place.error(fault))
        };
        let mut proxy = Vec::new();
        if let Some(text) = &shape.proxy_address {
            proxy.push(parse(text, 9443, text.place(self.path))?);
        }
        let mut seeds = Vec::new();
        if let Some(list) = &shape.seeds {
            for text in &list.value.0 {
                seeds.push(parse(text, 9300, text.place_within(list, self.path))?);
            }
        }
        Ok(match mode {
            Mode::Proxy => proxy,
            Mode::Sniff => seeds,
        })
    }

    fn discover(&self, shape: &shape::Discover, clusters: &[String]) -> Result<Discover, UsageError> {
        let mut from = Vec::new();
        for name in &shape.from {
            from.extend(self.cluster_name(Some(name), clusters)?);
        }
        Ok(Discover { from, every: self.interval(shape.every.as_ref(), DISCOVER_EVERY)? })
    }

    fn resolver(&self, shape: shape::Resolver) -> Result<ResolverChoice, UsageError> {
        let server = |text: &Located<String>| {
            address::name_server(&text.value).map_err(|fault| text.place(self.path).error(fault))
        };
        let hosts = self.file(shape.hosts_file.as_ref());
        if let Some(file) = &hosts {
            self.reader.read(file)?;
        }
        Ok(ResolverChoice {
            servers: shape.servers.iter().map(server).collect::<Result<_, _>>()?,
            search: shape.search,
            hosts_file: hosts.map(|file| file.path),
        })
    }

    fn serve(&self, shape: &shape::Serve) -> Result<Serve, UsageError> {
        let (text, place) = match &shape.listen {
            Some(listen) => (listen.value.as_str(), listen.place(self.path)),
            None => (LISTEN, self.whole()),
        };
        let web_config = self.file(shape.web_config.as_ref());
        if let Some(file) = &web_config {
            self.reader.read(file)?;
        }
        Ok(Serve {
            listen: address::listen(text).map_err(|fault| place.error(fault))?,
            web_config: web_config.map(|file| file.path),
            state: shape.state.as_ref().map(|state| self.relative(&state.value)),
            reload: shape.reload,
        })
    }

    fn suppress(&self, shape: &shape::Suppress) -> Result<SuppressOn, UsageError> {
        let until = shape.until.as_ref().map(|until| {
            let date = until.value.trim().parse::<jiff::civil::Date>();
            date.map(|date| date.to_string())
                .map_err(|_| until.place(self.path).error(Fault::Date { text: until.value.clone() }))
        });
        let links = Pattern::parse(&shape.link.value).map_err(|fault| shape.link.place(self.path).error(fault))?;
        let suppression = Suppression { until: until.transpose()?, reason: shape.reason.clone() };
        let entry = finding(&shape.id.value).map_err(|fault| shape.id.place(self.path).error(fault))?;
        Ok(SuppressOn { links, suppress: Suppress { id: entry.id.to_owned(), suppression } })
    }

    fn cluster_name(&self, name: Option<&Located<String>>, clusters: &[String]) -> Result<Option<String>, UsageError> {
        match name {
            Some(name) if !clusters.contains(&name.value) => Err(name.place(self.path).error(Fault::UnknownCluster {
                name: name.value.clone(),
                suggestion: closest(&name.value, clusters.iter().map(String::as_str)),
                known: clusters.to_vec(),
            })),
            name => Ok(name.map(|name| name.value.clone())),
        }
    }

    fn interval(&self, text: Option<&Located<String>>, default: Duration) -> Result<Duration, UsageError> {
        text.map_or(Ok(default), |text| {
            duration::parse_interval(&text.value).map_err(|fault| text.place(self.path).error(fault))
        })
    }

    /// The days at which to warn, the longest first and each once.
    fn expiry_days(&self, list: Option<&Located<Vec<Located<i64>>>>) -> Result<Vec<u16>, UsageError> {
        let Some(list) = list else { return Ok(farlink_checks::model::link::expiry_days()) };
        if !(1..=EXPIRY_STEPS).contains(&list.value.len()) {
            return Err(list.place(self.path).error(Fault::ExpirySteps { most: EXPIRY_STEPS }));
        }
        let day = |day: &Located<i64>| match u16::try_from(day.value) {
            Ok(days @ 1..=365) => Ok(days),
            _ => Err(day.place_within(list, self.path).error(Fault::ExpiryDay { days: day.value })),
        };
        let mut days = list.value.iter().map(day).collect::<Result<Vec<u16>, _>>()?;
        days.sort_unstable_by(|a, b| b.cmp(a));
        days.dedup();
        Ok(days)
    }

    fn file(&self, text: Option<&Located<String>>) -> Option<NamedFile> {
        text.map(|text| NamedFile {
            path: self.relative(&text.value),
            shown: text.value.clone(),
            place: text.place(self.path),
        })
    }

    /// `text` as a path, relative to the folder of the configuration.
    fn relative(&self, text: &str) -> PathBuf {
        self.path.parent().unwrap_or(Path::new("")).join(text)
    }

    fn whole(&self) -> Place {
        Place::File(self.path.to_owned())
    }
}

/// What Elasticsearch would refuse in the settings of one alias (`RemoteClusterSettings`): that is
/// for a finding to say, not an error.
fn oddities(shape: &shape::Link, mode: Mode) -> Vec<Oddity> {
    let (missing, others) = match mode {
        Mode::Proxy => (
            shape.proxy_address.is_none(),
            vec![("seeds", shape.seeds.is_some()), ("node_connections", shape.node_connections.is_some())],
        ),
        Mode::Sniff => (
            shape.seeds.is_none(),
            vec![
                ("proxy_address", shape.proxy_address.is_some()),
                ("proxy_socket_connections", shape.proxy_socket_connections.is_some()),
                ("server_name", shape.server_name.is_some()),
            ],
        ),
    };
    let keys: Vec<String> = others.into_iter().filter(|(_, present)| *present).map(|(key, _)| key.to_owned()).collect();
    // Without any address the local cluster says it.
    let missing = missing && (shape.local.is_none() || shape.mode.is_some() || !keys.is_empty());
    let mut oddities = Vec::new();
    if !keys.is_empty() {
        oddities.push(Oddity::ModeKeysMixed { keys });
    }
    if missing {
        oddities.push(Oddity::AddressMissing);
    }
    oddities
}

/// Marks aliases of one local cluster that dial the same addresses with the same server name.
fn mark_duplicates(links: &mut [Inputs]) {
    let key = |link: &Link| {
        let targets: Vec<String> = link.targets.iter().map(ToString::to_string).collect();
        (link.local.clone(), targets, link.server_name.clone())
    };
    let mut groups: HashMap<_, Vec<String>> = HashMap::new();
    for inputs in links.iter().filter(|inputs| inputs.link.local.is_some() && !inputs.link.targets.is_empty()) {
        groups.entry(key(&inputs.link)).or_default().push(inputs.link.alias.clone());
    }
    groups.retain(|_, aliases| aliases.len() > 1);
    for inputs in links.iter_mut() {
        if let Some(aliases) = groups.get(&key(&inputs.link)) {
            let aliases = aliases.iter().filter(|alias| **alias != inputs.link.alias).cloned().collect();
            inputs.link.oddities.push(Oddity::Duplicate { aliases });
        }
    }
}
