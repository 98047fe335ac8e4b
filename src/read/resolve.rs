//! `GET /_resolve/cluster`: the local cluster dials its remotes and says how it went.
//!
//! One question for all remotes where the release takes a timeout (8.18), else one a remote, four at
//! a time; the API exists since 8.13.

use std::collections::BTreeMap;
use std::time::Duration;

use farlink_checks::model::evidence::{Read, ReadError, Resolve};
use farlink_checks::model::text::safe;
use farlink_checks::version::ReleaseVersion;
use futures_util::StreamExt as _;
use serde::Deserialize;
use tokio::time::Instant;

use super::client::Client;
use super::failure::REASON_LIMIT;
use super::remote_info::tolerant;

const SINCE: ReleaseVersion = ReleaseVersion::new(8, 13, 0);
const TIMEOUT_SINCE: ReleaseVersion = ReleaseVersion::new(8, 18, 0);
const AT_ONCE: usize = 4;

/// Above the ten seconds the cluster gives itself, so that its own answer comes first.
const ANSWER_WITHIN: Duration = Duration::from_secs(12);
/// The bound of all questions together where each remote is asked alone.
const ALL_WITHIN: Duration = Duration::from_secs(30);

/// What the cluster says of its remotes.
#[derive(Clone, Debug, PartialEq)]
pub enum Resolution {
    /// The release has no such API.
    NoSuchApi,
    /// One question for all remotes.
    Together(Read<BTreeMap<String, Resolve>>),
    /// One question a remote.
    Each(BTreeMap<String, Read<Option<Resolve>>>),
}

/// Asks the cluster to dial the remotes `aliases`. With an unknown `release` it is tried as on a new one first.
pub async fn resolve(client: &Client, release: Option<&ReleaseVersion>, aliases: &[&str]) -> Resolution {
    if release.is_some_and(|release| release.numbers() < SINCE.numbers()) {
        return Resolution::NoSuchApi;
    }
    if release.is_none_or(|release| release.numbers() >= TIMEOUT_SINCE.numbers()) {
        let within = client.timeout().max(ANSWER_WITHIN);
        let read = client.get_within::<Answers>("/_resolve/cluster/*:*?timeout=10s", within).await;
        let unknown_parameter = matches!(read, Err(ReadError::Status { status: 400, .. }));
        if release.is_some() || !unknown_parameter {
            return match read {
                Err(error) if release.is_none() && is_no_such_api(&error) => Resolution::NoSuchApi,
                read => Resolution::Together(read.map(Answers::evidence)),
            };
        }
    }
    let each = resolve_each(client, aliases).await;
    if release.is_none() && each.values().any(|read| matches!(read, Err(error) if is_no_such_api(error))) {
        return Resolution::NoSuchApi;
    }
    Resolution::Each(each)
}

impl Resolution {
    /// What it says of `alias`; `None` where nothing could be asked.
    pub fn of(&self, alias: &str) -> Option<Read<Option<Resolve>>> {
        match self {
            Self::NoSuchApi => None,
            Self::Together(Ok(all)) => Some(Ok(all.get(alias).cloned())),
            Self::Together(Err(error)) => Some(Err(error.clone())),
            Self::Each(each) => Some(each.get(alias).cloned().unwrap_or(Ok(None))),
        }
    }
}

async fn resolve_each(client: &Client, aliases: &[&str]) -> BTreeMap<String, Read<Option<Resolve>>> {
    let deadline = Instant::now() + ALL_WITHIN;
    let ask = |alias: String| async move {
        let left = deadline.saturating_duration_since(Instant::now());
        let read = if left.is_zero() {
            Err(ReadError::TimedOut { seconds: ALL_WITHIN.as_secs() })
        } else {
            let within = client.timeout().max(ANSWER_WITHIN).min(left);
            client.get_within::<Answers>(&format!("/_resolve/cluster/{}:*", in_path(&alias)), within).await
        };
        let own = read.map(|answers| answers.evidence().remove(&alias));
        (alias, own)
    };
    let questions: Vec<_> = aliases.iter().map(|alias| ask((*alias).to_owned())).collect();
    futures_util::stream::iter(questions).buffer_unordered(AT_ONCE).collect().await
}

/// A release without the API takes the path for a document of the index `_resolve`.
fn is_no_such_api(error: &ReadError) -> bool {
    match error {
        ReadError::Status { status: 404, reason } => reason.contains("no such index [_resolve]"),
        ReadError::Status { status: 405, .. } => true,
        _ => false,
    }
}

/// `alias` as part of a path: an alias has letters, digits, `-` and `_`, whatever else a server invents.
fn in_path(alias: &str) -> String {
    let mut out = String::with_capacity(alias.len());
    for byte in alias.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[derive(Deserialize)]
#[serde(transparent)]
struct Answers(BTreeMap<String, Answer>);

#[derive(Deserialize)]
struct Answer {
    connected: bool,
    #[serde(default, deserialize_with = "tolerant")]
    error: Option<String>,
    #[serde(default, deserialize_with = "tolerant")]
    version: Option<Version>,
}

#[derive(Deserialize)]
struct Version {
    number: String,
}

impl Answers {
    fn evidence(self) -> BTreeMap<String, Resolve> {
        let evidence = |answer: Answer| Resolve {
            connected: answer.connected,
            error: answer.error.map(|text| safe(&text, REASON_LIMIT)),
            version: answer.version.map(|version| safe(&version.number, REASON_LIMIT)),
        };
        self.0.into_iter().map(|(alias, answer)| (alias, evidence(answer))).collect()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use farlink_checks::model::link::Trust;

    use super::super::Credentials;
    use super::super::test_server::{Answer as Served, TestServer};
    use super::*;

    const ALL: &str = "/_resolve/cluster/*:*?timeout=10s";
    const NO_TIMEOUT: &str = r#"{"error":{"type":"illegal_argument_exception","reason":"request [/_resolve/cluster/*:*] contains unrecognized parameter: [timeout]"},"status":400}"#;

    async fn ask(server: &TestServer, release: Option<&str>) -> Resolution {
        let client = Client::new(&server.url(), Credentials::None, &Trust::Unknown, Duration::from_secs(5)).unwrap();
        let release: Option<ReleaseVersion> = release.map(|text| text.parse().unwrap());
        resolve(&client, release.as_ref(), &["healthy", "too-far"]).await
    }

    fn answers() -> Vec<(&'static str, Served)> {
        vec![
            (ALL, Served::json(include_str!("../../tests/elasticsearch/samples/local-8.19.21-resolve-all.json"))),
            (
                "/_resolve/cluster/healthy:*",
                Served::json(include_str!("../../tests/elasticsearch/samples/old-8.14.3-resolve-healthy.json")),
            ),
            (
                "/_resolve/cluster/too-far:*",
                Served::json(include_str!("../../tests/elasticsearch/samples/old-8.14.3-resolve-too-far.json")),
            ),
        ]
    }

    #[tokio::test]
    async fn each_release_is_asked_in_its_own_way() {
        let each = ["/_resolve/cluster/healthy:*", "/_resolve/cluster/too-far:*"];
        for (release, paths) in [
            (Some("7.17.29"), &[][..]),
            (Some("8.12.2"), &[]),
            (Some("8.13.0-SNAPSHOT"), &each),
            (Some("8.17.9"), &each),
            (Some("8.18.0"), &[ALL]),
            (Some("9.5.3"), &[ALL]),
            (None, &[ALL]),
        ] {
            let server = TestServer::start(answers()).await;
            let resolution = ask(&server, release).await;
            let mut asked = server.paths();
            asked.sort();
            assert_eq!(asked, paths, "{release:?}");
            assert_eq!(resolution.of("healthy").is_none(), paths.is_empty());
        }
    }

    #[tokio::test]
    async fn the_clusters_words_are_kept() {
        let server = TestServer::start(answers()).await;
        let local = ask(&server, Some("8.19.21")).await;
        let expired = local.of("key-expired").unwrap().unwrap().unwrap();
        assert_eq!(expired, Resolve { connected: false, error: Some("api key is expired".into()), version: None });
        let healthy = local.of("healthy-direct").unwrap().unwrap().unwrap();
        assert_eq!(healthy, Resolve { connected: true, error: None, version: Some("9.5.3".into()) });
        assert_eq!(local.of("absent"), Some(Ok(None)));
        let old = ask(&server, Some("8.14.3")).await;
        assert_eq!(old.of("healthy").unwrap().unwrap().unwrap().version.as_deref(), Some("8.14.3"));
        assert_eq!(old.of("too-far"), Some(Ok(Some(Resolve::default()))));
    }

    #[tokio::test]
    async fn an_unknown_release_is_found_out_by_its_answers() {
        let refusing = || Served::of(400, "application/json", NO_TIMEOUT);
        let mut old = answers();
        old[0].1 = refusing();
        let server = TestServer::start(old).await;
        assert!(matches!(ask(&server, None).await, Resolution::Each(each) if each.len() == 2));
        let absent = || {
            Served::of(
                404,
                "application/json",
                include_str!("../../tests/elasticsearch/samples/ancient-7.17.29-resolve-all.json"),
            )
        };
        let ancient = vec![
            (ALL, refusing()),
            ("/_resolve/cluster/healthy:*", absent()),
            ("/_resolve/cluster/too-far:*", absent()),
        ];
        let server = TestServer::start(ancient).await;
        assert_eq!(ask(&server, None).await, Resolution::NoSuchApi);
    }

    #[test]
    fn an_invented_alias_cannot_leave_its_path_segment() {
        assert_eq!(in_path("eu-1_x"), "eu-1_x");
        assert_eq!(in_path("../a?b#*"), "%2E%2E%2Fa%3Fb%23%2A");
    }
}
