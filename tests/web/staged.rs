//! A daemon without its scheduler: links of the saved run, and an `App` over them.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use farlink::serve::control::Control;
use farlink::serve::facts::Facts;
use farlink::serve::http::{App, router};
use farlink::serve::metrics::Own;
use farlink::serve::table::{Latest, LinkState, Table};
use farlink_checks::judge;
use farlink_checks::model::evidence::{Evidence, LinkEvidence, Tool};
use futures_util::future::BoxFuture;
use jiff::Timestamp;

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// The saved run over the embedded estate.
pub fn saved() -> Evidence {
    serde_json::from_slice(&std::fs::read(root().join("tests/golden/estate.evidence.json")).unwrap()).unwrap()
}

/// A link called `name` after one run that observed `evidence`.
pub fn after_a_run(name: &str, evidence: &LinkEvidence, began: Timestamp) -> LinkState {
    let facts = Facts::of(&judge::diagnose(evidence, began), evidence);
    LinkState::new(name).after(Latest { began, seconds: 1.5, evidence: evidence.clone(), facts }).0
}

/// Every link of the saved run.
pub fn estate() -> Table {
    let evidence = saved();
    let table = Table::default();
    for link in &evidence.links {
        table.put(after_a_run(&link.link.name(), link, evidence.started));
    }
    table
}

/// Compares with a file of the repository, or writes it anew.
pub fn assert_current(path: &str, shown: &str) {
    let file = root().join(path);
    if std::env::var_os("FARLINK_BLESS").is_some() {
        std::fs::write(&file, shown).unwrap();
    }
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(kept == shown, "{path} differs; FARLINK_BLESS=1 cargo test --test web writes it anew");
}

/// Whether `program` is there; its absence is a failure in CI.
pub fn has(program: &str) -> bool {
    let there = std::process::Command::new(program).arg("version").output().is_ok();
    assert!(there || std::env::var_os("CI").is_none(), "{program} is missing");
    if !there {
        eprintln!("NOT RUN: {program} is missing");
    }
    there
}

/// Runs what it is told from the table, and counts.
#[derive(Default)]
pub struct Told {
    pub table: Arc<Table>,
    pub probes: AtomicUsize,
    pub ready: AtomicBool,
    pub wrong: AtomicBool,
}

impl Control for Told {
    fn probe(&self, name: String) -> BoxFuture<'_, Option<Arc<LinkState>>> {
        self.probes.fetch_add(1, Ordering::Relaxed);
        Box::pin(async move { self.table.get(&name) })
    }

    fn reload(&self) -> BoxFuture<'_, Result<(), String>> {
        let wrong = self.wrong.load(Ordering::Relaxed);
        Box::pin(async move { if wrong { Err("farlink.yml:3:5: unknown key".to_owned()) } else { Ok(()) } })
    }

    fn ready(&self) -> bool {
        self.ready.load(Ordering::Relaxed)
    }
}

/// The endpoints over `table`, and what they tell the daemon.
pub fn daemon(table: Table, reload: bool) -> (Router, Arc<Told>) {
    let table = Arc::new(table);
    let told = Arc::new(Told { table: Arc::clone(&table), ..Told::default() });
    let control: Arc<dyn Control> = told.clone();
    let app = App {
        table,
        control,
        own: Arc::new(Own::new(Arc::new(|| 0.0)).unwrap()),
        clock: || Timestamp::from_second(1_800_000_000).unwrap(),
        tool: Tool { name: "farlink".to_owned(), version: "1".to_owned() },
        listen: "127.0.0.1:19443".parse().unwrap(),
        reload,
        probe_deadline: Duration::from_secs(25),
    };
    (router(app, Router::new()), told)
}
