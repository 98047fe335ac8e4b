//! A link whose remote cluster is named in the configuration: when its key ends is asked of that cluster.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use farlink_lab::handshake::Release;
use farlink_lab::key::Licence;
use farlink_lab::rest::{KeysSeen, RestAuth, RestCluster, RestKey, RestKeys, RestStub};
use serde_json::Value;
use tokio::net::TcpListener;

use super::cluster::nobody;
use super::estate::{farlink, json};
use super::keys::{Remote, SECRET, of};

const CANARY: &str = "a-password-that-nobody-may-see";

/// In so many days, in milliseconds since 1970.
fn in_days(days: u64) -> i64 {
    let end = SystemTime::now() + Duration::from_secs(days * 86_400 + 3600);
    i64::try_from(end.duration_since(UNIX_EPOCH).unwrap().as_millis()).unwrap()
}

fn key(days: u64) -> RestKey {
    let (id, search) = ("good".into(), vec!["logs-*".into()]);
    RestKey { id, expiration: Some(in_days(days)), search, replication: vec!["*".into()], own: false }
}

/// A remote with its port and its REST API, and the configuration of a link to it.
struct Estate {
    remote: Remote,
    rest: RestStub,
}

impl Estate {
    async fn start() -> Self {
        let remote = Remote::with_keys(Release::V9_5_3, Licence::Sufficient).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let cluster = RestCluster { name: "eu".into(), ..nobody() };
        let auth = RestAuth::Basic { user: "farlink".into(), password: CANARY.into() };
        let rest = RestStub::start(listener, cluster, auth, None).unwrap();
        Self { remote, rest }
    }

    fn shows(&self, keys: Vec<RestKey>, seen: KeysSeen) {
        self.rest.update(|cluster| cluster.keys = RestKeys { keys, seen });
    }

    /// The one link of the report, and how the run ended.
    async fn diagnose(&self, link: &str) -> (Value, Option<i32>) {
        let folder = self.remote.files.path();
        let config = format!(
            "clusters:\n  eu-cluster: {{ url: \"{}\", user: farlink, password_file: password }}\nlinks:\n  eu:\n    remote: eu-cluster\n    \
             proxy_address: \"{}\"\n    model: api-key\n    api_key_file: key\n    ca_file: ca.pem\n{link}",
            self.rest.url(),
            self.remote.node.address(),
        );
        std::fs::write(folder.join("key"), of("good")).unwrap();
        std::fs::write(folder.join("password"), CANARY).unwrap();
        std::fs::write(folder.join("farlink.yml"), config).unwrap();
        let evidence = folder.join("evidence.json");
        let arguments = [
            "diagnose".to_owned(),
            format!("--config={}", folder.join("farlink.yml").display()),
            format!("--save-evidence={}", evidence.display()),
            "--format=json".to_owned(),
        ];
        let output = tokio::task::spawn_blocking(move || farlink(arguments)).await.unwrap();
        let saved = std::fs::read_to_string(evidence).unwrap();
        for text in
            [&saved, &String::from_utf8_lossy(&output.stdout).into(), &String::from_utf8_lossy(&output.stderr).into()]
        {
            assert!(![CANARY, SECRET, &of("good")].iter().any(|secret| text.contains(secret)), "{text}");
        }
        (json(&output)["links"][0].clone(), output.status.code())
    }
}

/// The findings' ids with their severities, and the verdict.
fn seen(link: &Value) -> (Vec<String>, &str) {
    let line =
        |finding: &Value| format!("{} {}", finding["id"].as_str().unwrap(), finding["severity"].as_str().unwrap());
    (link["findings"].as_array().unwrap().iter().map(line).collect(), link["verdict"].as_str().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_that_ends_in_five_days_is_a_warning_and_the_link_works() {
    let estate = Estate::start().await;
    estate.shows(vec![key(5)], KeysSeen::All);
    let (link, code) = estate.diagnose("").await;
    assert_eq!((seen(&link), code), ((vec!["api-key-expiring warning".to_owned()], "ok"), Some(0)), "{link:#}");
    let title = link["findings"][0]["title"].as_str().unwrap();
    assert!(title.starts_with("the API key good expires on ") && title.ends_with(", in 5 days"), "{title}");
    estate.shows(vec![key(40)], KeysSeen::All);
    assert_eq!(seen(&estate.diagnose("").await.0), (vec![], "ok"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_link_is_used_for_is_held_against_what_the_key_may_search() {
    let estate = Estate::start().await;
    estate.shows(vec![key(40)], KeysSeen::All);
    for (indices, findings) in
        [("logs-a-*", vec![]), ("logs-*,metrics", vec!["api-key-indices-not-covered warning".to_owned()])]
    {
        let (link, code) = estate.diagnose(&format!("    indices: \"{indices}\"\n")).await;
        assert_eq!((seen(&link), code), ((findings, "ok"), Some(0)), "{indices}: {link:#}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_missing_privilege_is_said_and_the_link_works() {
    let estate = Estate::start().await;
    let own = RestKey { own: true, ..key(5) };
    for (keys, may_see, finding) in [
        (vec![key(5)], KeysSeen::Nothing, "cluster-privilege-missing warning"),
        (vec![key(5)], KeysSeen::Own, "cluster-privilege-missing info"),
        (vec![own], KeysSeen::Own, "api-key-expiring warning"),
        (vec![], KeysSeen::All, "api-key-unknown info"),
    ] {
        estate.shows(keys, may_see);
        let (link, code) = estate.diagnose("").await;
        assert_eq!((seen(&link), code), ((vec![finding.to_owned()], "ok"), Some(0)), "{may_see:?}: {link:#}");
        let fix = link["findings"][0]["fix"][0].as_str().unwrap();
        assert_eq!(fix.contains("read_security"), finding.starts_with("cluster"), "{fix}");
    }
}
