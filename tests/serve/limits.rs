//! What the system does not give.

use std::process::Command;
use std::time::{Duration, Instant};

use crate::daemon::{Daemon, serve, value, within};
use crate::network::{Network, series};
use crate::wait::{have, until};

#[test]
fn a_port_in_use_ends_it_with_its_address_and_code_2() {
    let network = Network::start(1);
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let config = network.config("1s", "");
    let output = Command::new(env!("CARGO_BIN_EXE_farlink"))
        .args(["serve", "--listen", &address, "--config"])
        .arg(config)
        .output()
        .unwrap();
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{words}");
    assert!(words.contains(&address) && words.contains("another program"), "{words}");
}

#[test]
fn with_256_descriptors_for_500_links_none_is_broken_by_it_and_none_is_kept() {
    if !have(&["prlimit"]) {
        return;
    }
    const LINKS: usize = 500;
    let network = Network::start(1);
    let links: String = (0..LINKS).map(|it| format!("  link-{it}: {}\n", network.link(0))).collect();
    let config = network.write("farlink.yml", &format!("links:\n{links}interval: 3s\n"));
    let daemon = Daemon::start(within("prlimit --nofile=256:256", &config));
    let runs = |exposition: &str, verdict: &str| {
        let run = |it| value(exposition, &format!("farlink_probes_total{{link=\"link-{it}\",verdict=\"{verdict}\"}}"));
        (0..LINKS).map(|it| run(it).unwrap_or_default()).collect::<Vec<f64>>()
    };
    // Clients that say nothing take descriptors too; the daemon closes them after a while.
    let idle: Vec<_> = (0..100).map(|_| std::net::TcpStream::connect(daemon.address).unwrap()).collect();
    let mut most = 0;
    let exposition = until(
        "every link has run three times",
        || {
            let exposition = daemon.get("/metrics");
            most = most.max(daemon.descriptors());
            runs(&exposition, "ok").iter().all(|runs| *runs >= 3.0).then_some(exposition)
        },
        || daemon.log(),
    );
    for verdict in ["broken", "degraded", "unknown"] {
        assert_eq!(runs(&exposition, verdict).iter().sum::<f64>(), 0.0, "{verdict}: {}", daemon.log());
    }
    assert!(most < 256, "{most}");
    assert!(!daemon.log().contains("ERROR") && !daemon.log().contains("WARN"), "{}", daemon.log());
    drop(idle);
    // With all links gone but one, all descriptors go too.
    network.write("farlink.yml", &format!("links:\n{}interval: 1h\n", network.links([0])));
    daemon.signal("HUP");
    until("one link", || daemon.metric(&series("farlink_link_up", 1)).is_none().then_some(()), || daemon.log());
    daemon.until_descriptors(24);
}

#[test]
fn it_ends_cleanly_while_runs_are_under_way() {
    let network = Network::start(3);
    for link in 0..3 {
        network.break_link(link, farlink_lab::door::Fault::Silent);
    }
    let mut daemon = Daemon::start(serve(&network.config("1s", "")));
    // The runs of the first round have nothing to hear for seconds.
    until("runs", || (daemon.descriptors() > 12).then_some(()), || daemon.log());
    let began = Instant::now();
    daemon.signal("TERM");
    assert_eq!(daemon.ended().code(), Some(0), "{}", daemon.log());
    // Ten seconds for runs and five for answers, and what a busy machine takes.
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
    assert!(daemon.log().contains("farlink stops"), "{}", daemon.log());
}
