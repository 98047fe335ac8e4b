//! A key that the daemon is given is in nothing that it shows, writes or keeps.

use std::fs;
use std::process::Command;

use tokio::runtime::Runtime;

use crate::canary_roads::{Estate, Road};
use crate::daemon::{Daemon, serve};
use crate::leak::{SECRET, leak};
use crate::network::yaml;
use crate::wait::until;

/// The link that goes this way, and the local cluster where it has one. Settings have the names of the options.
fn configured(road: &Road, alias: &str) -> (String, Option<String>) {
    let mut settings = Vec::new();
    let mut cluster = Vec::new();
    for option in &road.arguments[1..] {
        let (name, value) = option.strip_prefix("--").unwrap().split_once('=').unwrap();
        let setting = |name: &str| format!("{}: {value:?}", name.replace('-', "_"));
        match name.strip_prefix("cluster") {
            Some("") => cluster.push(setting("url")),
            Some(rest) => cluster.push(setting(&rest[1..])),
            None => settings.push(setting(name)),
        }
    }
    if cluster.is_empty() {
        return (format!("  {alias}: {{ {} }}\n", settings.join(", ")), None);
    }
    settings.push("local: prod".to_owned());
    (format!("  eu: {{ {} }}\n", settings.join(", ")), Some(format!("  prod: {{ {} }}\n", cluster.join(", "))))
}

/// The name of each road's link, and the configuration of all.
fn configuration(estate: &Estate, state: &std::path::Path) -> (Vec<String>, String) {
    let (mut names, mut links, mut clusters) = (Vec::new(), String::new(), String::new());
    for (number, road) in estate.roads.iter().enumerate() {
        let alias = format!("road-{number}");
        let (link, cluster) = configured(road, &alias);
        links.push_str(&link);
        clusters.extend(cluster.clone());
        names.push(if cluster.is_some() { "prod%2Feu".to_owned() } else { alias });
    }
    let serve = format!("serve: {{ state: {} }}\ninterval: 1s\nkey_interval: 1s\n", yaml(state));
    (names, format!("clusters:\n{clusters}links:\n{links}{serve}"))
}

#[test]
fn the_key_is_in_no_log_metric_page_answer_or_state() {
    let runtime = Runtime::new().unwrap();
    let estate = runtime.block_on(Estate::start());
    for format in ["text", "json"] {
        let state = estate.file(&format!("state-{format}"));
        let (names, text) = configuration(&estate, &state);
        let config = estate.file("farlink.yml");
        fs::write(&config, text).unwrap();
        let mut command = serve(&config);
        command.args(["--log-level=trace", "--log-format", format]).env("RUST_LOG", "trace");
        let daemon = Daemon::start(command);

        let mut shown = Vec::new();
        for (name, road) in names.iter().zip(&estate.roads) {
            let plain = name.replace("%2F", "/");
            daemon.until_metric(&format!("farlink_probe_last_run_timestamp_seconds{{link=\"{plain}\"}}"), |_| true);
            let answer = daemon.get(&format!("/api/v1/links/{name}"));
            assert!(answer.contains(road.says), "{}: {answer}", road.name);
            for path in ["/links/", "/api/v1/links/", "/probe?link="] {
                let path = format!("{path}{name}");
                shown.push((daemon.get(&path), path));
            }
        }
        for path in ["/", "/metrics", "/api/v1/links", "/api/v1/reports/latest", "/sd", "/-/ready", "/-/healthy"] {
            shown.push((daemon.get(path), path.to_owned()));
        }
        // The key where it must not be, and the file that holds it in place of the configuration.
        for wrong in
            [format!("links: {{ eu: {{ api_key: {SECRET} }} }}\n"), fs::read_to_string(estate.file("key")).unwrap()]
        {
            fs::write(&config, wrong).unwrap();
            let complaints = || daemon.log().matches("the one before stays").count();
            let before = complaints();
            daemon.signal("HUP");
            until("the log says it", || (complaints() > before).then_some(()), || daemon.log());
        }
        let file = state.join("state.json");
        until("a state", || file.is_file().then_some(()), || daemon.log());
        shown.push((fs::read_to_string(&file).unwrap(), "the state".to_owned()));
        shown.push((daemon.log(), "the log".to_owned()));
        for (text, place) in shown {
            assert!(!text.is_empty(), "{place}");
            assert_eq!(leak(text.as_bytes()), None, "{place}: {text}");
        }
    }
}

#[test]
fn a_key_file_in_place_of_the_configuration_is_not_printed() {
    let runtime = Runtime::new().unwrap();
    let estate = runtime.block_on(Estate::start());
    for name in ["key", "json", "plain", "torn"] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_farlink"));
        command.args(["serve", "--listen=127.0.0.1:0", "--log-level=trace", "--config"]).arg(estate.file(name));
        let output = command.output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{name}");
        assert_eq!(leak(&output.stderr), None, "{name}: {}", String::from_utf8_lossy(&output.stderr));
    }
}
