//! The one task that owns the schedule: it starts runs when they are due, takes their results into the
//! state table, and answers what the endpoints and the sources ask of it. It never waits for one of them.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use farlink_checks::model::link::Link;
use tokio::sync::{Notify, mpsc, oneshot};
use tokio::task::{Id, JoinError, JoinSet};
use tokio::time::{Instant, sleep_until, timeout};

use super::Clock;
use super::facts::Facts;
use super::metrics::Own;
use super::pass::{Ran, run};
use super::pulse::Pulse;
use super::remote::{self, KeysReport};
use super::roster::{self, Told};
use super::schedule::Schedule;
use super::source::{self, Report};
use super::store::Store;
use super::table::{Change, Latest, LinkState, Name, Table};
use crate::link::config::Config;
use crate::link::given::Given;
use crate::probe::seams::Seams;
use crate::read::api_key::Shown;
use crate::run::planned::Planned;
use crate::run::remote::{Answers, Question, question};

/// How long runs that are under way may take once the daemon stops.
const GOODBYE: Duration = Duration::from_secs(10);

/// What the engine is asked to do.
#[derive(Debug)]
pub enum Command {
    /// Run a link now; the answer is what is known then, or nothing where there is no such link.
    Probe(String, oneshot::Sender<Option<Arc<LinkState>>>),
    /// Go on with another configuration.
    Use(Box<Setup>),
    /// End.
    Stop,
}

/// A configuration to go on with.
pub struct Setup {
    /// It.
    pub config: Arc<Config>,
    /// The network as it says.
    pub seams: Seams,
}

impl std::fmt::Debug for Setup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Change").finish_non_exhaustive()
    }
}

/// What the engine works with.
pub struct Engine {
    /// The links' states.
    pub table: Arc<Table>,
    /// The daemon's own metrics.
    pub own: Arc<Own>,
    /// What survives a restart, where a folder was given.
    pub store: Option<Arc<Store>>,
    /// Told when something changed that has to survive.
    pub changed: Arc<Notify>,
    /// What others see of it.
    pub pulse: Arc<Pulse>,
    /// The present.
    pub clock: Clock,
    /// How many runs there may be at once.
    pub at_once: usize,
    /// How often to say that it is alive, and how.
    pub alive: Option<(Duration, fn())>,
}

impl Engine {
    /// Runs the links of `first` and of what follows it in `commands`, until it is told to stop.
    pub async fn run(self, first: Setup, mut commands: mpsc::Receiver<Command>) {
        let (report, mut reports) = mpsc::channel(16);
        let (keys_report, mut keys_reports) = mpsc::channel(16);
        let mut work = Work {
            engine: self,
            config: first.config,
            seams: first.seams,
            schedule: Schedule::default(),
            links: HashMap::new(),
            running: JoinSet::new(),
            names: HashMap::new(),
            asking: HashMap::new(),
            unrun: HashSet::new(),
            told: HashMap::new(),
            keys: Answers::new(),
            sources: JoinSet::new(),
            generation: 0,
            report,
            keys_report,
        };
        work.begin_sources();
        work.call_roll();
        let mut beat = Instant::now();
        loop {
            work.start_due();
            let next = work.schedule.next().filter(|_| work.running.len() < work.engine.at_once);
            let alive = work.engine.alive;
            tokio::select! {
                Some(ended) = work.running.join_next_with_id() => work.take(ended),
                Some(report) = reports.recv() => work.hear(report),
                Some(report) = keys_reports.recv() => work.hear_of_keys(report),
                command = commands.recv() => match command {
                    Some(Command::Probe(name, reply)) => work.probe(name, reply),
                    Some(Command::Use(change)) => work.change(*change),
                    Some(Command::Stop) | None => break,
                },
                () = until(next) => {}
                () = until(alive.map(|_| beat)) => if let Some((every, say)) = alive {
                    say();
                    beat = Instant::now() + every;
                },
            }
        }
        work.finish().await;
    }
}

async fn until(instant: Option<Instant>) {
    match instant {
        Some(instant) => sleep_until(instant).await,
        None => std::future::pending().await,
    }
}

struct Work {
    engine: Engine,
    config: Arc<Config>,
    seams: Seams,
    schedule: Schedule,
    links: HashMap<Name, Entry>,
    running: JoinSet<Ran>,
    names: HashMap<Id, (Name, Instant)>,
    asking: HashMap<Name, Vec<oneshot::Sender<Option<Arc<LinkState>>>>>,
    unrun: HashSet<Name>,
    told: HashMap<String, Told>,
    /// What the remote clusters say of the keys.
    keys: Answers,
    sources: JoinSet<()>,
    generation: u64,
    report: mpsc::Sender<Report>,
    keys_report: mpsc::Sender<KeysReport>,
}

struct Entry {
    planned: Arc<Planned>,
    /// When the last run began whose answers may still hold.
    holds_from: Option<Instant>,
}

impl Work {
    /// Starts what is due, as far as there is room.
    fn start_due(&mut self) {
        let now = Instant::now();
        while self.running.len() < self.engine.at_once
            && let Some(name) = self.schedule.take(now)
        {
            self.start(name, now);
        }
        self.engine.pulse.set_next(self.schedule.next());
    }

    fn start(&mut self, name: Name, now: Instant) {
        let Some(entry) = self.links.get(&name) else { return };
        let known = self.engine.table.get(&name).and_then(|state| state.latest.clone());
        let earlier = known.zip(entry.holds_from).map(|(latest, began)| (latest, now - began));
        let run =
            run(Arc::clone(&entry.planned), self.seams.clone(), self.engine.clock, earlier, self.config.key_interval);
        let id = self.running.spawn(run).id();
        self.names.insert(id, (name, now));
    }

    /// Takes a run's result into the table, and says so where the verdict changed.
    fn take(&mut self, ended: Result<(Id, Ran), JoinError>) {
        let (id, latest, changed_key) = match ended {
            Ok((id, ran)) => (id, Some(ran.latest), ran.changed_key),
            Err(error) => (error.id(), None, None),
        };
        let Some((name, began)) = self.names.remove(&id) else { return };
        let asking = self.asking.remove(&name).unwrap_or_default();
        if let Some(given) = changed_key {
            self.take_key(&name, &given);
        }
        if let Some(entry) = self.links.get_mut(&name) {
            self.schedule.ended(&name, Instant::now());
            match latest {
                // What was dialled is no longer what the link is: the new one is run at once instead.
                Some(latest) if !dials_alike(&latest.evidence.link, &entry.planned.inputs.link) => {
                    let now = Instant::now();
                    if self.schedule.begin(&name, now) {
                        self.asking.insert(name.clone(), asking);
                        self.start(name, now);
                        return;
                    }
                }
                // One whose trust or model is known better meanwhile keeps the result, but nothing for the next run.
                Some(latest) => {
                    entry.holds_from = (latest.evidence.link == entry.planned.inputs.link).then_some(began);
                    self.keep(&name, latest);
                }
                None => {
                    tracing::error!(link = %name, "a run ended with a fault of farlink's own; the link keeps its state")
                }
            }
        }
        self.unrun.remove(&name);
        let state = self.engine.table.get(&name);
        for reply in asking {
            let _ = reply.send(state.clone());
        }
        self.check_ready();
    }

    fn keep(&self, name: &Name, latest: Latest) {
        let Some(state) = self.engine.table.get(name) else { return };
        self.engine.own.observe(&latest.facts);
        let (next, change) = state.after(latest);
        if let (Some(change), Some(latest)) = (change, &next.latest) {
            say(name, &change, &latest.facts);
            self.engine.changed.notify_one();
        }
        self.engine.table.put(next);
    }

    /// Goes on with a key that a run found in its file. Many links may share the file, so that no other link and no
    /// cluster is looked at again, unless the key's remote cluster has to be asked about another one.
    fn take_key(&mut self, name: &Name, given: &Arc<Given>) {
        let Some(entry) = self.links.get_mut(name) else { return };
        let now = &mut Arc::make_mut(&mut entry.planned).inputs;
        let before = question(now);
        now.take_key_of(given);
        let asked = question(now) != before;
        let same = |of: &Link| of.alias == now.link.alias && of.local == now.link.local;
        let configured = &mut Arc::make_mut(&mut self.config).links;
        if let Some(inputs) = configured.iter_mut().find(|inputs| same(&inputs.link)) {
            inputs.take_key_of(given);
        }
        tracing::info!(link = &**name, "the file of the API key has another key, which was tried");
        if asked {
            self.begin_sources();
        }
    }

    fn probe(&mut self, name: String, reply: oneshot::Sender<Option<Arc<LinkState>>>) {
        let Some((name, _)) = self.links.get_key_value(name.as_str()) else {
            let _ = reply.send(None);
            return;
        };
        let name = Name::clone(name);
        self.asking.entry(name.clone()).or_default().push(reply);
        // One that runs already answers too.
        let now = Instant::now();
        if self.schedule.begin(&name, now) {
            self.start(name, now);
        }
    }

    fn hear(&mut self, report: Report) {
        if report.generation != self.generation {
            return;
        }
        let known = self.told.entry(report.cluster.clone()).or_insert(Told { discovery: None, failure: None });
        let failed_before = known.failure.is_some();
        match report.said {
            Ok(discovery) => {
                if failed_before {
                    tracing::info!(source = %report.cluster, "the cluster answers again");
                }
                *known = Told { discovery: Some(discovery), failure: None };
                self.engine.own.source(&report.cluster, (self.engine.clock)());
            }
            Err(failure) => {
                if !failed_before {
                    tracing::warn!(source = %report.cluster, error = ?failure, "the cluster cannot be asked for its links");
                }
                known.failure = Some(failure);
            }
        }
        self.call_roll();
    }

    fn hear_of_keys(&mut self, report: KeysReport) {
        if report.generation != self.generation {
            return;
        }
        let failure = report.answers.values().find_map(|shown| shown.key.as_ref().err());
        let failed = |(question, shown): (&Question, &Shown)| question.0 == report.cluster && shown.key.is_err();
        match (failure, self.keys.iter().any(failed)) {
            (Some(failure), false) => {
                tracing::warn!(source = %report.cluster, error = ?failure, "the cluster cannot be asked for API keys");
            }
            (None, true) => tracing::info!(source = %report.cluster, "the cluster answers again about API keys"),
            _ => {}
        }
        if failure.is_none() {
            self.engine.own.source(&report.cluster, (self.engine.clock)());
        }
        self.keys.extend(report.answers);
        self.call_roll();
    }

    fn change(&mut self, change: Setup) {
        let before = roster::asked(&self.config);
        (self.config, self.seams) = (change.config, change.seams);
        let after = roster::asked(&self.config);
        self.keys.retain(|question, _| roster::questions(&self.config).iter().any(|(_, of)| of.contains(question)));
        for gone in before.difference(&after) {
            self.engine.own.forget_source(gone);
            self.told.remove(gone);
        }
        self.begin_sources();
        self.call_roll();
    }

    /// Asks the clusters of the configuration from now on, and nobody else.
    fn begin_sources(&mut self) {
        self.sources.abort_all();
        self.generation += 1;
        let every = match &self.config.discover {
            Some(discover) => discover.every.min(self.config.interval),
            None => self.config.interval,
        };
        for access in roster::sources(&self.config) {
            self.engine.own.await_source(&access.name);
            self.sources.spawn(source::watch(access.clone(), every, self.generation, self.report.clone()));
        }
        for (access, questions) in roster::questions(&self.config) {
            self.engine.own.await_source(&access.name);
            let report = self.keys_report.clone();
            self.sources.spawn(remote::watch(access.clone(), questions, self.generation, report));
        }
    }

    /// Makes schedule and table what configuration and clusters say.
    fn call_roll(&mut self) {
        let links = roster::links(&self.config, &self.told, &self.keys);
        let gone: Vec<Name> = self.links.keys().filter(|name| !links.contains_key(*name)).cloned().collect();
        for name in gone {
            self.links.remove(&name);
            self.unrun.remove(&name);
            if let (Some(store), Some(state)) = (&self.engine.store, self.engine.table.get(&name)) {
                store.part_with(&state, (self.engine.clock)());
            }
        }
        self.engine.table.retain(|name| links.contains_key(name));
        self.schedule.set(links.iter().map(|(name, it)| (name.clone(), it.inputs.interval)), Instant::now());
        self.enter(links);
        self.check_ready();
    }

    fn enter(&mut self, links: BTreeMap<Name, Planned>) {
        for (name, planned) in links {
            let planned = Arc::new(planned);
            if let Some(entry) = self.links.get_mut(&name) {
                let (old, new) = (&entry.planned.inputs, &planned.inputs);
                if old.link != new.link || !old.secrets.has_same_key(&new.secrets) {
                    entry.holds_from = None;
                }
                entry.planned = planned;
                continue;
            }
            let state = match &self.engine.store {
                Some(store) => store.claim(&name),
                None => LinkState::new(name.clone()),
            };
            self.engine.table.put(state);
            self.unrun.insert(name.clone());
            self.links.insert(name, Entry { planned, holds_from: None });
        }
    }

    fn check_ready(&self) {
        let heard = roster::sources(&self.config).iter().all(|access| self.told.contains_key(&access.name));
        if heard && self.unrun.is_empty() {
            self.engine.pulse.set_ready();
        }
    }

    /// Lets runs end that are under way, within a bound.
    async fn finish(mut self) {
        self.sources.abort_all();
        let rest = async {
            while let Some(ended) = self.running.join_next_with_id().await {
                self.take(ended);
            }
        };
        if timeout(GOODBYE, rest).await.is_err() {
            tracing::warn!("runs that took too long were ended with the daemon");
        }
    }
}

/// Whether a run of one link says something of the other.
fn dials_alike(run: &Link, now: &Link) -> bool {
    (run.mode, &run.targets, &run.server_name) == (now.mode, &now.targets, &now.server_name)
}

/// The one line that a change of verdict is worth.
fn say(name: &Name, change: &Change, facts: &Facts) {
    let verdict = change.verdict.name();
    match (&facts.root, &facts.undecided) {
        (Some(root), _) => tracing::warn!(
            link = &**name,
            verdict,
            root_cause = root.id,
            title = &*root.title,
            fix = root.fix.as_deref().unwrap_or_default(),
            "the link is {verdict}"
        ),
        (None, Some(why)) => tracing::warn!(link = &**name, verdict, undecided = &**why, "the link is {verdict}"),
        (None, None) => tracing::info!(link = &**name, verdict, "the link is {verdict}"),
    }
}
