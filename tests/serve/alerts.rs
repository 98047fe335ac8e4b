//! From a broken link to the notification: daemon, Prometheus and Alertmanager with the files of `deploy/`.

use std::fs;
use std::path::Path;

use farlink_lab::address::{Host, REMOTE_CLUSTER_PORT};
use farlink_lab::authority::{Authority, LeafOptions};
use farlink_lab::door::Fault;
use farlink_lab::estate::Estate;
use farlink_lab::handshake::Release;
use farlink_lab::key::{Key, KeyState, Licence, RemoteClusterServer};
use farlink_lab::node::{Node, NodeOptions, Profile};
use farlink_lab::tls::ServerTls;
use tokio::runtime::Runtime;

use crate::daemon::Daemon;
use crate::network::yaml;
use crate::prometheus::{ALERTMANAGER, Notified, PROMETHEUS, Service, Webhook};
use crate::wait::{have, until};

/// A remote cluster that takes no key but an expired one.
async fn expired_key(folder: &Path) -> (Node, Host, String) {
    let authority = Authority::new("Other CA").unwrap();
    let host = Host::claim();
    let key = Key { state: KeyState::Expired, ..Key::new("VuaCfGcBCdbkQm-e5aOx", "ui2lp2axTNmsyakw9tvNnw") };
    fs::write(folder.join("other-ca.pem"), authority.ca_pem()).unwrap();
    fs::write(folder.join("expired.key"), key.encoded()).unwrap();
    let names = LeafOptions { ips: vec![host.ip()], ..LeafOptions::dns(&["a.test"]) };
    let options = NodeOptions {
        profile: Profile::RemoteCluster(RemoteClusterServer { keys: vec![key], licence: Licence::Sufficient }),
        tls: Some(ServerTls::new(authority.issue(&names).unwrap())),
        ..NodeOptions::new(Release::V9_5_3)
    };
    let node = Node::start(host.listen(REMOTE_CLUSTER_PORT).await.unwrap(), options).unwrap();
    let link = format!(
        "  expired-key: {{ proxy_address: \"{}\", model: api-key, ca_file: {}, api_key_file: {} }}\n",
        node.address(),
        yaml(&folder.join("other-ca.pem")),
        yaml(&folder.join("expired.key")),
    );
    (node, host, link)
}

/// What a user of the estate would write, and the link with the expired key.
fn configuration(estate: &Estate, more: &str) -> String {
    let files = format!(
        "ca_file: {}, cert_file: {}, key_file: {}",
        yaml(estate.ca_file()),
        yaml(estate.certificate_file()),
        yaml(estate.key_file())
    );
    let links: String =
        estate.links().iter().map(|link| format!("  {}: {{ local: demo, {files} }}\n", link.alias)).collect();
    format!(
        "clusters:\n  demo: {{ url: {:?} }}\nlinks:\n{links}{more}resolver: {{ servers: [{:?}] }}\ninterval: 1s\n",
        estate.cluster_url(),
        estate.name_server().to_string(),
    )
}

/// What the local cluster says of a link.
fn connected(estate: &Estate, alias: &str, connected: bool) {
    estate.cluster().update(|cluster| {
        cluster.links.iter_mut().find(|link| link.alias == alias).unwrap().connected = connected;
    });
}

#[test]
fn a_broken_link_is_told_with_its_root_cause_once_and_a_mended_one_is_resolved() {
    if !have(&[PROMETHEUS, ALERTMANAGER]) {
        return;
    }
    let runtime = Runtime::new().unwrap();
    let estate = runtime.block_on(Estate::start()).unwrap();
    let (_node, _host, expired) = runtime.block_on(expired_key(estate.directory()));
    let config = estate.directory().join("farlink.yml");
    fs::write(&config, configuration(&estate, &expired)).unwrap();
    let daemon = Daemon::over(&config);
    let webhook = Webhook::start();
    let alertmanager = Service::alertmanager(&webhook);
    let prometheus = Service::prometheus(&format!(
        "global: {{ scrape_interval: 1s, evaluation_interval: 1s }}\n\
         rule_files: [rules/*.yml]\n\
         alerting: {{ alertmanagers: [{{ static_configs: [{{ targets: ['{}'] }}] }}] }}\n\
         scrape_configs:\n\
         - job_name: farlink\n  \
           static_configs: [{{ targets: ['{}'], labels: {{ vantage: here }} }}]\n",
        alertmanager.address, daemon.address,
    ));
    let seen = || format!("{:#?}\n{}", prometheus.firing(), daemon.log());
    daemon.until_metric("farlink_link_up{link=\"demo/healthy\"}", |up| up == 1.0);

    // Broken from the start: one page for each cause, whatever else fires because of it.
    webhook.until("the page of the expired key", |it| !it.of("expired-key", "firing").is_empty(), seen);
    let of = |alert: &'static str| {
        until(
            alert,
            || prometheus.firing().into_iter().find(|it| it["alertname"] == alert && it["link"] == "expired-key"),
            seen,
        )
    };
    assert_eq!(of("FarlinkLinkBroken")["id"], of("FarlinkApiKeyNotAccepted")["id"]);
    let inhibited = || {
        let alerts = alertmanager.api("/api/v2/alerts?filter=alertname=%22FarlinkApiKeyNotAccepted%22");
        let state = alerts[0]["status"].clone();
        (state["state"] == "suppressed" && state["inhibitedBy"].as_array().is_some_and(|by| by.len() == 1))
            .then_some(())
    };
    until("the consequence is inhibited by its cause", inhibited, seen);

    // Broken: the cluster has lost its connections, and the door says why.
    estate.door("healthy").unwrap().set(Fault::ResetOnAccept);
    connected(&estate, "healthy", false);
    let page = webhook.until("the page", |it| !it.of("demo/healthy", "firing").is_empty(), seen);
    assert_eq!(page.to, "/page", "{page:#?}");
    let alerts = page.of("demo/healthy", "firing");
    assert_eq!(alerts.len(), 1, "{page:#?}");
    assert_eq!(alerts[0]["labels"]["alertname"], "FarlinkLinkBroken");
    assert_eq!(alerts[0]["labels"]["id"], "tcp-reset-on-connect", "{page:#?}");
    assert_eq!(alerts[0]["labels"]["vantage"], "here");
    let summary = "Remote cluster link demo/healthy is broken: tcp-reset-on-connect";
    assert_eq!(alerts[0]["annotations"]["summary"], summary);
    assert_eq!(alerts[0]["annotations"]["root_cause"], "tcp-reset-on-connect");
    // What the page leads to is there.
    for (annotation, holds) in [("runbook_url", "tcp-reset-on-connect"), ("link_url", "healthy")] {
        let url = alerts[0]["annotations"][annotation].as_str().unwrap();
        let path = url.strip_prefix(&format!("http://{}", daemon.address)).unwrap();
        assert!(daemon.get(path).contains(holds), "{url}");
    }

    // Links with one cause share a notification.
    estate.door("healthy-direct").unwrap().set(Fault::CloseOnAccept);
    connected(&estate, "healthy-direct", false);
    let both = |it: &Notified| {
        !it.of("demo/no-backend", "firing").is_empty() && !it.of("demo/healthy-direct", "firing").is_empty()
    };
    let shared = webhook.until("one notification of two links", both, seen);
    assert_eq!(shared.body["groupLabels"]["id"], "tcp-closed-on-connect");

    // Mended.
    estate.door("healthy").unwrap().heal();
    connected(&estate, "healthy", true);
    let resolved = webhook.until("the end", |it| !it.of("demo/healthy", "resolved").is_empty(), seen);
    assert_eq!((resolved.to.as_str(), &resolved.body["status"]), ("/page", &serde_json::json!("resolved")));
    assert_eq!(resolved.of("demo/healthy", "resolved")[0]["labels"]["id"], "tcp-reset-on-connect");

    // Nothing but pages: what follows from a broken link was told nobody a second time.
    let others: Vec<_> = webhook.all().into_iter().filter(|it| it.to != "/page").collect();
    assert!(others.is_empty(), "{others:#?}");
    let healthy: Vec<_> = webhook.all().into_iter().filter(|it| !it.of("demo/healthy", "firing").is_empty()).collect();
    assert_eq!(healthy.len(), 1, "{healthy:#?}");
}
