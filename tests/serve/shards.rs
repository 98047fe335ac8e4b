//! Several daemons and several Prometheus servers, configured as docs/scale.md says.

use std::collections::BTreeSet;
use std::fs;
use std::net::SocketAddr;
use std::path::Path;

use farlink_lab::door::Fault;
use serde_json::{Value, json};

use crate::daemon::Daemon;
use crate::network::Network;
use crate::prometheus::{ALERTMANAGER, PROMETHEUS, Service, Webhook};
use crate::wait::{have, until};

const LINKS: usize = 8;
const TIMES: [(&str, &str); 3] = [(": 30s", ": 1s"), (": 25s", ": 1s"), (": 1m", ": 1s")];

/// The block of docs/scale.md that begins with this comment, with every time a second and these addresses.
fn documented(title: &str, addresses: &[(&str, SocketAddr)]) -> String {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/scale.md")).unwrap();
    let block =
        page.split("```yaml\n").find(|block| block.starts_with(&format!("# prometheus.yml, {title}\n"))).unwrap();
    let block = block.split("```").next().unwrap().to_owned();
    let block = TIMES.iter().fold(block, |block, (from, to)| block.replace(from, to));
    addresses.iter().fold(block, |block, (from, to)| {
        assert!(block.contains(from), "{title}: {from}");
        // Where the address is a regular expression too.
        block.replace(from, &to.to_string()).replace(&from.replace('.', "\\."), &to.to_string().replace('.', "\\."))
    })
}

/// Each (link, vantage) that a server probes.
fn probed(prometheus: &Service) -> BTreeSet<(String, String)> {
    let targets = prometheus.api("/api/v1/targets?state=active");
    let targets = targets["data"]["activeTargets"].as_array().cloned().unwrap_or_default();
    let word = |target: &Value, label: &str| target["labels"][label].as_str().unwrap().to_owned();
    let probes = targets.iter().filter(|target| target["labels"]["job"] == "farlink-probe");
    probes.map(|target| (word(target, "link"), word(target, "vantage"))).collect()
}

/// Waits for an alert on a link, and returns its labels.
fn told(prometheus: &Service, alert: &str, link: &str) -> Value {
    let fires = || prometheus.firing().into_iter().find(|it| it["alertname"] == alert && it["link"] == link);
    until(alert, fires, || format!("{link}: {:#?}\n{}", prometheus.firing(), prometheus.log()))
}

#[test]
fn two_shards_share_the_links_and_tell_broken_everywhere_from_broken_from_one_place() {
    if !have(&[PROMETHEUS, ALERTMANAGER]) {
        return;
    }
    let (east, west) = (Network::start(LINKS), Network::start(LINKS));
    let daemons = [Daemon::over(&east.config("1h", "")), Daemon::over(&west.config("1h", ""))];
    let webhook = Webhook::start();
    let alertmanager = Service::alertmanager(&webhook);
    let addresses = [
        ("127.0.0.1:9093", alertmanager.address),
        ("127.0.0.1:19443", daemons[0].address),
        ("127.0.0.1:19444", daemons[1].address),
    ];
    let shard = |number: usize| {
        let config = documented("shard 0 of 2", &addresses);
        Service::prometheus(&config.replace("regex: '0'", &format!("regex: '{number}'")))
    };
    let (shards, direct) = ([shard(0), shard(1)], Service::prometheus(&documented("direct", &addresses)));
    let above = Service::prometheus(&documented(
        "above the shards",
        &[("127.0.0.1:9090", shards[0].address), ("127.0.0.1:9091", shards[1].address)],
    ));

    // Every link of every daemon is probed by exactly one shard, and all places of a link by the same.
    let logs = || shards.iter().map(Service::log).collect::<String>();
    let shared = until(
        "every link is probed",
        || {
            let shared = [probed(&shards[0]), probed(&shards[1])];
            (shared[0].len() + shared[1].len() >= 2 * LINKS).then_some(shared)
        },
        logs,
    );
    assert_eq!(shared[0].len() + shared[1].len(), 2 * LINKS, "{shared:#?}");
    let links =
        |shard: &BTreeSet<(String, String)>| shard.iter().map(|(link, _)| link.clone()).collect::<BTreeSet<_>>();
    assert!(links(&shared[0]).is_disjoint(&links(&shared[1])), "{shared:#?}");
    assert!(shared.iter().all(|shard| !shard.is_empty() && shard.len() == 2 * links(shard).len()), "{shared:#?}");
    // The whole estate, seen from above, is all up.
    let query = "/api/v1/query?query=count(farlink_link_up%20==%201)";
    let all = json!((2 * LINKS).to_string());
    let up = |value: Value| (value["data"]["result"][0]["value"][1] == all).then_some(());
    until(
        "all links are up above the shards",
        || up(above.api(query)),
        || format!("{}{}", above.api(query), above.log()),
    );

    // One link of each shard breaks in the west, another one of each everywhere.
    for (shard, prometheus) in shards.iter().enumerate() {
        let mut names = links(&shared[shard]).into_iter();
        let (here, everywhere) = (names.next().unwrap(), names.next().unwrap());
        let number = |name: &str| name.strip_prefix("link-").unwrap().parse::<usize>().unwrap();
        west.break_link(number(&here), Fault::ResetOnAccept);
        for network in [&east, &west] {
            network.break_link(number(&everywhere), Fault::CloseOnAccept);
        }
        for prometheus in [prometheus, &direct] {
            let some = told(prometheus, "FarlinkLinkBrokenFromSomePlaces", &here);
            assert_eq!((&some["vantage"], &some["id"]), (&json!("west"), &json!("tcp-reset-on-connect")));
            let all = told(prometheus, "FarlinkLinkBrokenEverywhere", &everywhere);
            assert_eq!((&all["vantage"], &all["id"]), (&Value::Null, &json!("tcp-closed-on-connect")));
        }
        let elsewhere = shards[1 - shard].firing();
        assert!(elsewhere.iter().all(|it| it["link"] != here.as_str() && it["link"] != everywhere.as_str()));
        let page = webhook.until("the page", |it| !it.of(&everywhere, "firing").is_empty() && it.to == "/page", logs);
        assert_eq!(page.body["groupLabels"]["id"], "tcp-closed-on-connect");
        webhook.until("the hint", |it| !it.of(&here, "firing").is_empty() && it.to == "/chat", logs);
        let alerts = shards.iter().flat_map(Service::firing);
        let of = |it: &Value| it["link"] == here.as_str() && it["alertname"] != "FarlinkLinkBrokenFromSomePlaces";
        assert!(!alerts.into_iter().any(|it| of(&it)));
    }
}
