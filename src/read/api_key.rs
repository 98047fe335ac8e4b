//! `GET /_security/api_key?id=…`: what a cluster knows of one API key, never its secret.
//!
//! Who has the cluster privilege `read_security` or `manage_api_key` sees every key. Who has
//! `manage_own_api_key` alone is refused unless `owner=true` says that the keys of their own are meant
//! (`ManageOwnApiKeyClusterPrivilege`). A key that is not there is `404` with an empty list
//! (`RestGetApiKeyAction`).

use farlink_checks::model::evidence::{KeyAccess, KeyFacts, KeyKind, Read, ReadError};
use farlink_checks::model::text::safe;
use jiff::Timestamp;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

use super::client::Client;
use super::remote_info::tolerant;

/// The path.
pub const PATH: &str = "/_security/api_key";

/// The longest id that is asked for, in bytes; Elasticsearch's own have 20.
const ID_LIMIT: usize = 256;
/// How many characters of a key's name are kept.
const NAME_LIMIT: usize = 256;
/// How many index names of each kind are kept, and how long one may be, in characters.
const INDICES: (usize, usize) = (256, 255);

/// What the cluster says of one key.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Shown {
    /// The key, or why it could not be asked for; `None` where there is none of this id to be seen.
    pub key: Read<Option<KeyFacts>>,
    /// Only the keys of whoever asked can be seen.
    pub own_keys_only: bool,
}

/// Asks for the key with this `id`. One that no cluster gives is not asked for: there is none.
pub async fn api_key(client: &Client, id: &str) -> Shown {
    if id.is_empty() || id.len() > ID_LIMIT || id.chars().any(char::is_control) {
        return Shown { key: Ok(None), own_keys_only: false };
    }
    let path = format!("{PATH}?id={}", utf8_percent_encode(id, NON_ALPHANUMERIC));
    match asked(client, &path, id).await {
        Err(refused @ ReadError::Forbidden { .. }) => match asked(client, &format!("{path}&owner=true"), id).await {
            Ok(key) => Shown { key: Ok(key), own_keys_only: true },
            // The first refusal names the privilege that shows every key.
            Err(ReadError::Forbidden { .. }) => Shown { key: Err(refused), own_keys_only: false },
            Err(error) => Shown { key: Err(error), own_keys_only: false },
        },
        key => Shown { key, own_keys_only: false },
    }
}

async fn asked(client: &Client, path: &str, id: &str) -> Read<Option<KeyFacts>> {
    let answer: Answer = client.get_or_missing(path).await?;
    Ok(answer.api_keys.into_iter().find(|key| key.id == id).map(Key::facts))
}

#[derive(Deserialize)]
struct Answer {
    api_keys: Vec<Key>,
}

#[derive(Deserialize)]
struct Key {
    id: String,
    #[serde(default, deserialize_with = "tolerant")]
    name: Option<String>,
    /// From 8.10 on.
    #[serde(default, rename = "type", deserialize_with = "tolerant")]
    kind: Option<String>,
    /// In milliseconds since 1970, as the next.
    #[serde(default, deserialize_with = "tolerant")]
    creation: Option<i64>,
    #[serde(default, deserialize_with = "tolerant")]
    expiration: Option<i64>,
    #[serde(default, deserialize_with = "tolerant")]
    invalidated: Option<bool>,
    /// Of a cross-cluster key, from 8.10 on.
    #[serde(default, deserialize_with = "tolerant")]
    access: Option<Access>,
}

#[derive(Deserialize)]
struct Access {
    #[serde(default)]
    search: Vec<Granted>,
    #[serde(default)]
    replication: Vec<Granted>,
}

#[derive(Deserialize)]
struct Granted {
    #[serde(default, deserialize_with = "tolerant")]
    names: Option<Vec<String>>,
}

impl Key {
    fn facts(self) -> KeyFacts {
        let at = |milliseconds: Option<i64>| Timestamp::from_millisecond(milliseconds?).ok();
        let kind = self.kind.map(|kind| match kind.as_str() {
            "rest" => KeyKind::Rest,
            "cross_cluster" => KeyKind::CrossCluster,
            _ => KeyKind::Other,
        });
        KeyFacts {
            name: self.name.map(|name| safe(&name, NAME_LIMIT)),
            kind,
            creation: at(self.creation),
            expiration: at(self.expiration),
            invalidated: self.invalidated == Some(true),
            access: self.access.map(Access::facts).filter(|_| kind == Some(KeyKind::CrossCluster)),
        }
    }
}

impl Access {
    fn facts(self) -> KeyAccess {
        let mut access = KeyAccess::default();
        for (granted, kept) in [(self.search, &mut access.search), (self.replication, &mut access.replication)] {
            for entry in granted {
                let names = entry.names.unwrap_or_else(|| {
                    access.cut_short = true;
                    Vec::new()
                });
                for name in names {
                    // What is not kept as it is would be another pattern.
                    if kept.len() < INDICES.0 && safe(&name, INDICES.1) == name {
                        kept.push(name);
                    } else {
                        access.cut_short = true;
                    }
                }
            }
        }
        access
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::time::Duration;

    use farlink_checks::model::link::Trust;

    use super::super::Credentials;
    use super::super::test_server::{Answer, TestServer};
    use super::*;

    const ID: &str = "VuaCfGcBCdbkQm-e5aOx";
    const ALL: &str = "/_security/api_key?id=VuaCfGcBCdbkQm%2De5aOx";
    const OWN: &str = "/_security/api_key?id=VuaCfGcBCdbkQm%2De5aOx&owner=true";

    fn status(status: u16, body: &str) -> Answer {
        Answer::of(status, "application/json", body)
    }

    async fn asked_of(id: &str, answers: Vec<(&'static str, Answer)>) -> (Shown, Vec<String>) {
        let server = TestServer::start(answers).await;
        let client = Client::new(&server.url(), Credentials::None, &Trust::Unknown, Duration::from_secs(5)).unwrap();
        (api_key(&client, id).await, server.paths())
    }

    async fn read(key: &str) -> Read<Option<KeyFacts>> {
        let body = format!(r#"{{"api_keys":[{{"id":"{ID}"{key}}}]}}"#);
        asked_of(ID, vec![(ALL, Answer::json(body))]).await.0.key
    }

    #[tokio::test]
    async fn a_cross_cluster_key_is_read_with_its_end_and_what_it_may_do() {
        let facts = read(
            r#","name":"eu\u001b","type":"cross_cluster","creation":1772366400000,"expiration":1772798400000,"invalidated":false,
            "username":"u","realm":"native","metadata":{},"role_descriptors":{"cross_cluster":{"cluster":["cross_cluster_search"]}},
            "access":{"search":[{"names":["logs-*","a"],"query":"{}","allow_restricted_indices":false},{"names":["b"]}],
            "replication":[{"names":["c"],"allow_restricted_indices":false}]}"#,
        )
        .await
        .unwrap()
        .unwrap();
        assert_eq!(facts.name.as_deref(), Some("eu\\u{1b}"));
        assert_eq!((facts.kind, facts.invalidated), (Some(KeyKind::CrossCluster), false));
        assert_eq!(facts.creation.unwrap().to_string(), "2026-03-01T12:00:00Z");
        assert_eq!(facts.expiration.unwrap().to_string(), "2026-03-06T12:00:00Z");
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let access = KeyAccess { search: names(&["logs-*", "a", "b"]), replication: names(&["c"]), cut_short: false };
        assert_eq!(facts.access, Some(access));
    }

    #[tokio::test]
    async fn what_a_release_does_not_say_is_open_and_an_odd_field_costs_only_itself() {
        for (key, expected) in [
            ("", KeyFacts::default()),
            (r#","expiration":null,"type":"rest""#, KeyFacts { kind: Some(KeyKind::Rest), ..KeyFacts::default() }),
            (r#","expiration":9223372036854775807,"creation":"x","name":1"#, KeyFacts::default()),
            (r#","invalidated":true,"invalidation":1"#, KeyFacts { invalidated: true, ..KeyFacts::default() }),
            (r#","type":"workload","access":{}"#, KeyFacts { kind: Some(KeyKind::Other), ..KeyFacts::default() }),
            (
                r#","type":"cross_cluster","access":{"search":"all"}"#,
                KeyFacts { kind: Some(KeyKind::CrossCluster), ..KeyFacts::default() },
            ),
        ] {
            assert_eq!(read(key).await, Ok(Some(expected)), "{key}");
        }
    }

    #[tokio::test]
    async fn more_names_than_are_kept_are_not_taken_for_all_of_them() {
        let names: Vec<String> = (0..300).map(|n| format!("\"a{n}\"")).collect();
        for names in [names.join(","), "\"a\\u001b\"".into(), format!("\"{}\"", "x".repeat(300))] {
            let key = format!(r#","type":"cross_cluster","access":{{"search":[{{"names":[{names}]}}]}}"#);
            let access = read(&key).await.unwrap().unwrap().access.unwrap();
            assert!(access.cut_short && access.search.len() <= INDICES.0, "{access:?}");
        }
    }

    #[tokio::test]
    async fn a_key_that_is_not_there_is_told_from_an_answer_that_is_none() {
        let none = r#"{"api_keys":[]}"#;
        for body in [status(404, none), status(200, none), status(200, r#"{"api_keys":[{"id":"other"}]}"#)] {
            let (shown, _) = asked_of(ID, vec![(ALL, body)]).await;
            assert_eq!(shown, Shown { key: Ok(None), own_keys_only: false });
        }
        for (body, expected) in [
            (status(404, r#"{"error":"x"}"#), ReadError::Status { status: 404, reason: "x".into() }),
            (status(404, ""), ReadError::Status { status: 404, reason: String::new() }),
            (status(400, none), ReadError::Status { status: 400, reason: String::new() }),
            (Answer::of(404, "text/html", "<title>Gone</title>"), ReadError::Html { title: Some("Gone".into()) }),
        ] {
            assert_eq!(asked_of(ID, vec![(ALL, body)]).await.0.key, Err(expected));
        }
        assert!(matches!(asked_of(ID, vec![(ALL, Answer::json("[]"))]).await.0.key, Err(ReadError::Shape { .. })));
    }

    #[tokio::test]
    async fn who_may_read_only_keys_of_their_own_is_asked_for_those() {
        let denied = r#"{"error":{"type":"security_exception","reason":"this action is granted by [read_security]"}}"#;
        let key = format!(r#"{{"api_keys":[{{"id":"{ID}"}}]}}"#);
        let forbidden = ReadError::Forbidden { reason: "this action is granted by [read_security]".into() };
        for (own, expected) in [
            (Answer::json(key), Shown { key: Ok(Some(KeyFacts::default())), own_keys_only: true }),
            (status(404, r#"{"api_keys":[]}"#), Shown { key: Ok(None), own_keys_only: true }),
            (status(403, "{}"), Shown { key: Err(forbidden), own_keys_only: false }),
        ] {
            let (shown, paths) = asked_of(ID, vec![(ALL, status(403, denied)), (OWN, own)]).await;
            assert_eq!(shown, expected);
            assert_eq!(paths, [ALL, OWN]);
        }
    }

    #[tokio::test]
    async fn an_id_cannot_leave_its_place_in_the_query_and_an_impossible_one_is_not_asked_for() {
        let (_, paths) = asked_of("a&owner=true#/../x y", vec![]).await;
        assert_eq!(paths, ["/_security/api_key?id=a%26owner%3Dtrue%23%2F%2E%2E%2Fx%20y"]);
        for id in ["", "a\r\nX-Evil: 1", &"x".repeat(300)] {
            let (shown, paths) = asked_of(id, vec![]).await;
            assert_eq!((shown.key, paths.len()), (Ok(None), 0));
        }
    }
}
