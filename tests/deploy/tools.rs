//! The judgement of the tools that read the files.

use std::process::Command;

use super::{deploy, files};

/// Runs a tool in `deploy/`; it has to succeed.
fn run(tool: &str, package: &str, arguments: &[&str]) -> String {
    let output = Command::new(tool)
        .args(arguments)
        .current_dir(deploy(""))
        .output()
        .unwrap_or_else(|error| panic!("{tool}: {error}; apt-get install {package}"));
    let words = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{tool} {arguments:?}\n{words}");
    words
}

fn promtool(arguments: &[&str], folder: &str) {
    let files = files(folder);
    let arguments: Vec<&str> = arguments.iter().copied().chain(files.iter().map(String::as_str)).collect();
    run("promtool", "prometheus", &arguments);
}

#[test]
fn promtool_finds_the_rules_right() {
    promtool(&["check", "rules"], "prometheus/rules");
}

#[test]
fn every_alert_fires_and_is_silent_as_its_tests_say() {
    promtool(&["test", "rules"], "prometheus/tests");
}

#[test]
fn promtool_finds_the_configuration_right() {
    run("promtool", "prometheus", &["check", "config", "prometheus/prometheus.yml"]);
}

#[test]
fn amtool_finds_the_alertmanager_right() {
    run("amtool", "prometheus-alertmanager", &["check-config", "alertmanager/alertmanager.yml"]);
}

#[test]
fn alerts_reach_the_receiver_that_is_meant() {
    let cases: &[(&str, &[&str])] = &[
        ("page", &["alertname=FarlinkLinkBroken", "severity=critical", "id=tcp-refused", "link=eu"]),
        ("page", &["alertname=FarlinkLinkBroken", "severity=critical", "link=eu"]),
        ("page", &["alertname=FarlinkDown", "severity=critical"]),
        ("chat", &["alertname=FarlinkLinkDegraded", "severity=warning", "id=tcp-some-addresses-dead"]),
        ("chat", &["alertname=FarlinkLinkUnknown", "severity=warning", "link=eu"]),
        ("mail", &["alertname=FarlinkCertificateExpiresIn30Days", "severity=info", "id=certificate-expiring"]),
    ];
    for (receiver, labels) in cases {
        let to = format!("--verify.receivers={receiver}");
        let head = ["config", "routes", "test", "--config.file=alertmanager/alertmanager.yml", &to];
        run("amtool", "prometheus-alertmanager", &[&head, *labels].concat());
    }
}

#[test]
fn the_unit_is_exposed_at_most_to_2_of_10() {
    run("systemd-analyze", "systemd", &["security", "--offline=true", "--threshold=20", "systemd/farlink.service"]);
}

#[test]
fn the_unit_names_only_what_systemd_knows() {
    let words = Command::new("systemd-analyze")
        .args(["verify", "--man=no", "systemd/farlink.service"])
        .current_dir(deploy(""))
        .output()
        .expect("systemd-analyze");
    let words = String::from_utf8_lossy(&words.stderr).into_owned();
    // The binary is not installed here; tests/deploy/packages verifies the unit where it is.
    let others: Vec<&str> =
        words.lines().filter(|line| line.contains("farlink") && !line.contains("is not executable")).collect();
    assert!(others.is_empty(), "{others:#?}");
}
