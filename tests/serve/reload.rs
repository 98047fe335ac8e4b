//! The configuration read again while links are probed.

use farlink_lab::door::Fault;

use crate::daemon::{Daemon, value};
use crate::network::{Network, series};
use crate::wait::{times, until};

const RELOADED: &str = "farlink_config_last_reload_successful";
const SINCE: &str = "farlink_link_broken_since_timestamp_seconds";
const BROKEN_RUNS: &str = "farlink_probes_total{link=\"link-0\",verdict=\"broken\"}";

/// Files that cannot be used, and where the log says so.
const WRONG: [(&str, &str); 4] = [
    ("links:\n  eu: { proxy_adress: \"a:1\" }\n", "farlink.yml:2:9"),
    ("links:\n  eu: { proxy_address: \"a:1\" }\ninterval: soon\n", "farlink.yml:3:11"),
    ("links: [\n", "farlink.yml:1:8"),
    ("links:\n  eu: { proxy_address: \"a:1\", ca_file: missing.pem }\n", "farlink.yml:2:40"),
];

#[test]
fn right_and_wrong_files_in_turn_lose_nothing_and_a_wrong_one_changes_nothing() {
    let network = Network::start(8);
    network.break_link(0, Fault::ResetOnAccept);
    let daemon = Daemon::over(&network.config("1s", ""));
    let since = daemon.until_metric(&series(SINCE, 0), |_| true);
    for link in 0..8 {
        daemon.until_metric(&series("farlink_probe_last_run_timestamp_seconds", link), |_| true);
    }
    // Each run has a connection open for a moment.
    let before = daemon.descriptors() + 8;
    let (mut runs, mut said) = (0.0, 0);
    for round in 0..times(5, 50) {
        let (wrong, place) = WRONG[round % WRONG.len()];
        let links = if round % 2 == 0 { 8 } else { 4 };
        let has = |exposition: &str, link| value(exposition, &series("farlink_link_up", link)).is_some();
        let shows = |exposition: &str| has(exposition, 0) && has(exposition, 3);

        let kept = daemon.get("/metrics");
        network.write("farlink.yml", wrong);
        daemon.signal("HUP");
        daemon.until_metric(RELOADED, |right| right == 0.0);
        let complaints = || daemon.log().lines().filter(|line| line.contains("the one before stays")).count();
        said = until("the log says it", || (complaints() > said).then(complaints), || daemon.log());
        let log = daemon.log();
        let line = log.lines().rfind(|line| line.contains("the one before stays")).unwrap();
        assert!(line.contains("ERROR") && line.contains(place), "{place}: {line}");
        let now = daemon.get("/metrics");
        assert!((0..8).all(|link| has(&now, link) == has(&kept, link)), "{now}");

        network.write("farlink.yml", &format!("links:\n{}interval: 1s\n", network.links(0..links)));
        daemon.signal("HUP");
        daemon.until_metric(RELOADED, |right| right == 1.0);
        let right = |exposition: &String| shows(exposition) && has(exposition, 7) == (links == 8);
        until("the links of the file", || Some(daemon.get("/metrics")).filter(right), || daemon.log());
        assert_eq!(daemon.metric(&series(SINCE, 0)), Some(since), "round {round}");
        let more = daemon.metric(BROKEN_RUNS).unwrap();
        assert!(more >= runs, "{more} runs after {runs}");
        runs = more;
    }
    daemon.until_metric(BROKEN_RUNS, |more| more > runs);
    let changes = |link| daemon.metric(&series("farlink_link_verdict_changes_total", link));
    assert_eq!((0..4).map(changes).collect::<Vec<_>>(), [Some(0.0); 4], "{}", daemon.log());
    daemon.until_descriptors(before);
}
