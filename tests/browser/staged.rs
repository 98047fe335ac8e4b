//! A table as a daemon would have it after three hours over the embedded estate, from its saved run, with
//! links that show what the run alone does not: a shared cause, a part that works, and what is not known.

use std::sync::{Arc, LazyLock};

use farlink::serve::facts::Facts;
use farlink::serve::table::{Latest, LinkState, Table};
use farlink_checks::judge;
use farlink_checks::model::evidence::{Evidence, LinkEvidence};
use farlink_checks::model::link::KeyPresence;
use jiff::{SignedDuration, Timestamp};

const SAVED: &str = include_str!("../golden/estate.evidence.json");

/// The present of every page over the staged table.
pub fn now() -> Timestamp {
    saved().finished + SignedDuration::from_secs(120)
}

/// The saved run of the estate.
pub fn saved() -> &'static Evidence {
    static RUN: LazyLock<Evidence> = LazyLock::new(|| serde_json::from_str(SAVED).unwrap());
    &RUN
}

/// The saved evidence of one link.
pub fn evidence(alias: &str) -> LinkEvidence {
    saved().links.iter().find(|link| link.link.alias == alias).unwrap().clone()
}

/// The same evidence about a link of another name.
pub fn renamed(mut evidence: LinkEvidence, local: Option<&str>, alias: &str) -> LinkEvidence {
    alias.clone_into(&mut evidence.link.alias);
    evidence.link.local = local.map(str::to_owned);
    evidence
}

/// A link that was healthy until `broken_for` minutes ago, and ran every three minutes for three hours.
pub fn lived(evidence: &LinkEvidence, broken_for: i64) -> LinkState {
    let healthy = renamed(self::evidence("healthy"), evidence.link.local.as_deref(), &evidence.link.alias);
    let started = saved().started;
    // Judged once each: the days of certificates do not pass in three hours.
    let (before, after) = (run(&healthy, started), run(evidence, started));
    let mut state = LinkState::new(evidence.link.name());
    for minutes in (0..60).rev().map(|run| 3 * run) {
        let mut run = if minutes <= broken_for { after.clone() } else { before.clone() };
        run.began = started - SignedDuration::from_mins(minutes);
        for (place, stage) in run.facts.stages.iter_mut().enumerate() {
            let noise = ((minutes * 7 + place as i64 * 31) as f64 * 12.989_8).sin() * 43_758.545;
            let wobble = 0.8 + 0.9 * noise.rem_euclid(1.0).powi(4);
            stage.seconds = stage.seconds.map(|seconds| seconds.abs() * wobble);
        }
        state = state.after(run).0;
    }
    state
}

/// What a run that began at `began` and saw this leaves behind.
pub fn run(evidence: &LinkEvidence, began: Timestamp) -> Latest {
    let diagnosis = judge::diagnose(evidence, began);
    Latest { began, seconds: 0.214, facts: Facts::of(&diagnosis, evidence), evidence: evidence.clone() }
}

/// The whole estate.
pub fn table() -> Arc<Table> {
    static TABLE: LazyLock<Arc<Table>> = LazyLock::new(|| Arc::new(staged()));
    TABLE.clone()
}

fn staged() -> Table {
    let table = Table::default();
    for (place, link) in saved().links.iter().enumerate() {
        table.put(lived(link, if link.link.alias.starts_with("healthy") { 0 } else { 20 + 9 * place as i64 }));
    }
    for city in ["berlin", "dublin", "lisbon", "madrid", "milan", "paris", "vienna"] {
        table.put(lived(&renamed(evidence("untrusted"), Some(city), "eu"), 47));
    }
    table.put(lived(&degraded(), 33));
    table.put(lived(&unknown(), 12));
    let mut expiring = renamed(evidence("healthy"), None, "expiring");
    expiring.link.expiry_days = vec![400];
    table.put(lived(&expiring, 180));
    table.put(lived(&renamed(evidence("healthy"), None, &hostile()), 0));
    table.put(LinkState::new("new-remote"));
    table
}

/// A name that would like to be more than one.
pub fn hostile() -> String {
    format!("<script>alert('x')</script>\" onfocus=\"alert(1)\" \u{202e}desrever {}", "long".repeat(60))
}

/// One of two addresses refuses.
pub fn degraded() -> LinkEvidence {
    let mut link = renamed(evidence("healthy"), None, "one-of-two");
    let refused = evidence("refused");
    for mut address in refused.addresses {
        address.target = link.addresses[0].target.clone();
        link.addresses.push(address);
    }
    link.cluster = None;
    link
}

/// The deadline came before the end.
pub fn unknown() -> LinkEvidence {
    let mut link = renamed(evidence("healthy"), None, "cut-short");
    link.addresses.clear();
    link.resolutions.clear();
    link.cluster = None;
    link.cut_short = true;
    link.link.api_key = KeyPresence::NotGiven;
    link
}
