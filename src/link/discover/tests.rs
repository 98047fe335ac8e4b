#![allow(clippy::unwrap_used)]

use std::time::Duration;

use farlink_checks::model::evidence::Resolve;
use farlink_checks::model::link::{KeyPresence, Releases, Source, Trust, VerificationMode};

use super::*;
use crate::link::files::{NamedFile, Reader, Staged};
use crate::link::given::Facts;
use crate::read::Credentials;
use crate::read::test_server::{Answer, TestServer, replicating};

const INFO: &str = "/_remote/info";
const SETTINGS: &str = "/_cluster/settings?flat_settings=true&include_defaults=true&filter_path=*.cluster*";
const NODES: &str = "/_nodes/_all/settings,transport,remote_cluster_server?flat_settings=true";
const RESOLVE: &str = "/_resolve/cluster/*:*?timeout=10s";

macro_rules! sample {
    ($name:literal) => {
        Answer::json(include_str!(concat!("../../../tests/elasticsearch/samples/", $name, ".json")))
    };
}

fn local() -> Vec<(&'static str, Answer)> {
    vec![
        (INFO, sample!("local-8.19.21-remote-info")),
        (SETTINGS, sample!("local-8.19.21-settings")),
        (NODES, sample!("local-8.19.21-nodes")),
        (RESOLVE, sample!("local-8.19.21-resolve-all")),
    ]
}

async fn run(answers: Vec<(&'static str, Answer)>, wanted: &Wanted) -> (Discovery, Vec<String>) {
    let server = TestServer::start(answers).await;
    let client = Client::new(&server.url(), Credentials::None, &Trust::Unknown, Duration::from_secs(5)).unwrap();
    let mut discovery = discover(&client, wanted).await;
    assert_eq!(discovery.links.len(), discovery.views.len());
    if discovery.cluster.label == server.url() {
        discovery.cluster.label = "URL".into();
    }
    (discovery, server.paths())
}

fn of<'a>(discovery: &'a Discovery, alias: &str) -> (&'a Link, &'a ClusterView) {
    let index = discovery.links.iter().position(|link| link.alias == alias).unwrap();
    (&discovery.links[index], &discovery.views[index])
}

#[tokio::test]
async fn a_cluster_of_8_19_shows_every_alias_with_its_model_and_tls() {
    let (discovery, paths) = run(local(), &Wanted::default()).await;
    assert_eq!((paths.first().unwrap().as_str(), paths.last().unwrap().as_str(), paths.len()), (INFO, INFO, 8));
    assert_eq!(discovery.links.len(), 29);
    assert!(discovery.failure.is_none());
    let facts = ClusterFacts {
        label: "URL".into(),
        name: Some("local".into()),
        nodes: 1,
        releases: vec![ReleaseVersion::new(8, 19, 21)],
    };
    assert_eq!(discovery.cluster, facts);

    let (link, view) = of(&discovery, "key-expired");
    assert_eq!((link.mode, link.model), (Mode::Proxy, Some(Sourced::read(Model::ApiKey))));
    assert_eq!(link.server_name.as_deref(), Some("remote.lab.example"));
    assert_eq!(link.verification_mode, Some(Sourced::read(VerificationMode::Full)));
    assert_eq!(link.transport_tls, Some(Sourced::read(true)));
    // Its authorities are a file on the node.
    assert_eq!(link.trust, Trust::Unknown);
    assert_eq!(link.releases.local, Some(Sourced::read("8.19.21".into())));
    assert!(view.before.as_ref().unwrap().as_ref().unwrap().credentials);
    let resolve = Resolve { connected: false, error: Some("api key is expired".into()), version: None };
    assert_eq!(view.resolve, Some(Ok(Some(resolve))));
    assert_eq!(view.after, Some(view.before.clone()));
    assert!(view.unreadable.is_empty());

    let (link, view) = of(&discovery, "healthy-direct");
    assert_eq!(link.model, Some(Sourced::read(Model::Certificate)));
    assert_eq!(link.transport_tls, Some(Sourced::inferred(true)));
    assert_eq!(view.resolve.as_ref().unwrap().as_ref().unwrap().as_ref().unwrap().version.as_deref(), Some("9.5.3"));
    let (sniff, _) = of(&discovery, "healthy-sniff");
    assert_eq!((sniff.mode, sniff.targets.len(), sniff.server_name.as_deref()), (Mode::Sniff, 1, None));
    let (file, _) = of(&discovery, "unknown-host");
    assert!(file.targets[0].to_string().starts_with("no-such-host.invalid:"));
    let (bare, _) = of(&discovery, "no-server-name");
    assert_eq!(bare.server_name, None);
    assert!(discovery.links.iter().all(|link| !link.oddities.contains(&Oddity::AddressMissing)));
}

#[tokio::test]
async fn older_and_newer_releases_are_asked_what_they_can_answer() {
    let old = vec![
        (INFO, sample!("old-8.14.3-remote-info")),
        (SETTINGS, sample!("old-8.14.3-settings")),
        (NODES, sample!("old-8.14.3-nodes")),
        ("/_resolve/cluster/healthy:*", sample!("old-8.14.3-resolve-healthy")),
        ("/_resolve/cluster/too-far:*", sample!("old-8.14.3-resolve-too-far")),
    ];
    let (discovery, _) = run(old, &Wanted::default()).await;
    let (link, view) = of(&discovery, "too-far");
    assert_eq!(
        (link.model, link.transport_tls, link.verification_mode),
        (Some(Sourced::read(Model::Certificate)), None, None)
    );
    assert_eq!(view.resolve, Some(Ok(Some(Resolve::default()))));

    let ancient = vec![
        (INFO, sample!("ancient-7.17.29-remote-info")),
        (SETTINGS, sample!("ancient-7.17.29-settings")),
        (NODES, sample!("ancient-7.17.29-nodes")),
    ];
    let (discovery, paths) = run(ancient, &Wanted::default()).await;
    assert_eq!((discovery.links.len(), paths.len()), (2, 6));
    let (link, view) = of(&discovery, "healthy");
    assert_eq!(link.releases.local, Some(Sourced::read("7.17.29".into())));
    assert_eq!((&view.resolve, &view.after), (&None, &None));

    let plain = vec![
        (INFO, sample!("plain-9.5.3-remote-info")),
        (SETTINGS, sample!("plain-9.5.3-settings")),
        (NODES, sample!("plain-9.5.3-nodes")),
    ];
    let (discovery, paths) = run(plain, &Wanted::default()).await;
    assert!(discovery.links.is_empty() && discovery.failure.is_none());
    assert_eq!(paths.len(), 6);
}

#[tokio::test]
async fn what_is_forbidden_is_said_and_the_rest_still_comes() {
    let refused = |status| {
        Answer::of(status, "application/json", r#"{"error":{"reason":"action is unauthorized"},"status":403}"#)
    };
    let answers = vec![
        (INFO, sample!("local-8.19.21-remote-info")),
        (SETTINGS, refused(403)),
        (NODES, refused(403)),
        (RESOLVE, refused(403)),
    ];
    let (discovery, _) = run(answers, &Wanted::default()).await;
    assert_eq!(discovery.links.len(), 29);
    let (link, view) = of(&discovery, "key-healthy");
    let forbidden = ReadError::Forbidden { reason: "action is unauthorized".into() };
    assert_eq!(view.unreadable.iter().map(|it| it.path.as_str()).collect::<Vec<_>>(), [settings::PATH, nodes::PATH]);
    assert!(view.unreadable.iter().all(|it| it.error == forbidden));
    assert_eq!(view.resolve, Some(Err(forbidden)));
    assert_eq!(link.targets.len(), 1);
    assert_eq!(link.verification_mode, Some(Sourced::assumed(VerificationMode::Full)));
    assert_eq!(link.trust, Trust::PublicRoots { source: Source::Assumed });
    assert_eq!(of(&discovery, "healthy-sniff").0.targets.len(), 1);
    assert_eq!(of(&discovery, "healthy-direct").0.transport_tls, None);
    assert_eq!(link.releases, Releases::default());
}

#[tokio::test]
async fn an_unreadable_remote_info_is_the_one_failure() {
    for (answer, expected) in [
        (
            Answer::of(401, "application/json", "{}"),
            ReadError::CredentialsRefused { reason: String::new(), sent: false },
        ),
        (Answer::of(200, "text/html", "<title>Kibana</title>"), ReadError::Html { title: Some("Kibana".into()) }),
        (Answer::redirect("/login"), ReadError::Redirect { location: "LOGIN".into() }),
    ] {
        let (discovery, paths) = run(vec![(INFO, answer)], &Wanted::default()).await;
        assert!(discovery.links.is_empty());
        assert_eq!(paths.len(), 1);
        match (discovery.failure, expected) {
            (Some(ReadError::Redirect { location }), ReadError::Redirect { .. }) => {
                assert!(location.ends_with("/login"))
            }
            (failure, expected) => assert_eq!(failure, Some(expected)),
        }
    }
}

#[tokio::test]
async fn given_beats_read_and_an_absent_alias_says_which_there_are() {
    let files = Staged::default().with("ca.pem", "").with("api-key", "aWQ6dWkybHAyYXhUTm1zeWFrdzl0dk5udw==");
    let file = |option, path: &str| Some(NamedFile::option(option, std::path::Path::new(path)));
    let facts = Facts {
        model: Some(Model::Certificate),
        verification_mode: Some(VerificationMode::None),
        transport_tls: Some(false),
        ca_file: file("--ca-file", "ca.pem"),
        api_key_file: file("--api-key-file", "api-key"),
        releases: Releases {
            local: Some(Sourced::given("9.0.0".into())),
            remote: Some(Sourced::given("9.5.3".into())),
        },
        ..Facts::default()
    };
    let given = facts.read(&mut Reader::new(&files)).unwrap();
    let wanted = Wanted {
        local: Some("prod".into()),
        aliases: vec!["healthy-sni".into(), "helthy-sni".into(), "helthy-sni".into()],
        model: given.stated().0,
        local_release: None,
    };
    let (discovery, _) = run(local(), &wanted).await;
    assert_eq!(discovery.links.len(), 30);
    let (read, view) = of(&discovery, "key-healthy");
    assert_eq!(view.cluster, "prod");
    // The certificate model's settings, and not those of the model that the cluster shows.
    assert_eq!(read.transport_tls, Some(Sourced::inferred(true)));
    let link = given.join(read.clone()).link;
    assert_eq!(link.name(), "prod/key-healthy");
    assert_eq!(link.model, Some(Sourced::given(Model::Certificate)));
    assert_eq!(link.verification_mode, Some(Sourced::given(VerificationMode::None)));
    assert_eq!(link.transport_tls, Some(Sourced::given(false)));
    assert!(matches!(link.trust, Trust::Authorities { source: Source::Given, .. }));
    assert_eq!(link.api_key, KeyPresence::Given { id: "id".into(), withheld: false });
    assert_eq!(link.releases.local, Some(Sourced::given("9.0.0".into())));
    assert_eq!(link.releases.remote, Some(Sourced::given("9.5.3".into())));
    let (absent, view) = of(&discovery, "helthy-sni");
    assert!(matches!(absent.oddities.as_slice(), [Oddity::RemoteUnknown { known }] if known.len() == 29));
    assert_eq!((&view.before, &view.resolve), (&Ok(None), &Some(Ok(None))));
}

#[tokio::test]
async fn an_alias_that_only_settings_know_is_a_link_without_a_model() {
    let answers = vec![
        (INFO, Answer::json("{}")),
        (
            SETTINGS,
            Answer::json(
                r#"{"persistent":{"cluster.remote.eu.skip_unavailable":"true","cluster.remote.us.mode":"proxy","cluster.remote.us.proxy_address":"https://x:1"}}"#,
            ),
        ),
        (
            NODES,
            Answer::json(
                r#"{"nodes":{"1":{"name":"a","version":"9.5.3","settings":{"cluster.remote.yml.seeds":"a:1, b:2"}}}}"#,
            ),
        ),
    ];
    let (discovery, paths) = run(answers, &Wanted::default()).await;
    assert_eq!(paths.len(), 6);
    let aliases: Vec<&str> = discovery.links.iter().map(|link| link.alias.as_str()).collect();
    assert_eq!(aliases, ["eu", "us", "yml"]);
    assert_eq!(discovery.links[0].oddities, [Oddity::AddressMissing]);
    assert_eq!(discovery.links[0].model, None);
    assert!(matches!(discovery.links[1].targets[0], Target::Malformed { .. }));
    assert_eq!(discovery.links[2].targets.len(), 2);
    assert_eq!(discovery.views[0].before, Ok(None));
}

#[tokio::test]
async fn followers_and_patterns_come_to_the_link_of_their_alias_with_three_calls_for_all() {
    let mut answers = local();
    answers.extend(replicating());
    let (discovery, paths) = run(answers, &Wanted::default()).await;
    assert_eq!((paths.len(), paths.iter().filter(|path| path.contains("_ccr")).count()), (8, 3));
    let replication = of(&discovery, "key-healthy").1.replication.clone().unwrap();
    let followers: Vec<(&str, Option<u64>, bool)> =
        replication.followers.iter().map(|it| (it.name.as_str(), it.lag, it.paused)).collect();
    assert_eq!(followers, [("copy", Some(256), false), ("resting", None, true)]);
    assert_eq!(replication.patterns[0].name.as_deref(), Some("logs"));
    let other = of(&discovery, "healthy-direct").1.replication.clone().unwrap();
    assert!(other.followers.is_empty() && other.patterns.is_empty());
    // A pattern for an alias that is gone is told once.
    let strays: Vec<usize> =
        discovery.views.iter().map(|view| view.replication.as_ref().unwrap().strays.len()).collect();
    assert_eq!((strays[0], strays.iter().sum::<usize>()), (1, 1));
    assert!(of(&discovery, "key-healthy").1.unreadable.is_empty());
}

#[tokio::test]
async fn replication_that_may_not_be_read_is_said_and_changes_no_link() {
    let mut answers = local();
    answers.extend(replicating().into_iter().map(|(path, _)| {
        (path, Answer::of(403, "application/json", r#"{"error":{"reason":"action is unauthorized"},"status":403}"#))
    }));
    let (refused, _) = run(answers, &Wanted::default()).await;
    let (absent, _) = run(local(), &Wanted::default()).await;
    let unreadable: Vec<&str> = refused.views[0].unreadable.iter().map(|it| it.path.as_str()).collect();
    assert_eq!(unreadable, ["/_ccr/stats", "/*/_ccr/info", "/_ccr/auto_follow"]);
    assert_eq!((&refused.links, &refused.replicas), (&absent.links, &None));
    assert!(refused.views.iter().all(|view| view.replication.is_none()));
}
