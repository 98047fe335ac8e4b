//! `GET /_cluster/settings`: the remotes' settings from the cluster state and from `elasticsearch.yml`.
//!
//! Remotes of `elasticsearch.yml` are among the defaults, so those are asked for too.

use std::collections::BTreeMap;

use farlink_checks::model::evidence::Read;
use serde::Deserialize;

use super::client::Client;
use super::flat::{Flat, RemoteSettings};

/// The path without its query.
pub const PATH: &str = "/_cluster/settings";

// A filter path splits at dots and flat names are one name, so `*.cluster.remote*` would match nothing.
const QUERY: &str = "?flat_settings=true&include_defaults=true&filter_path=*.cluster*";

/// The settings of a cluster.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq)]
pub struct Settings {
    #[serde(default)]
    transient: Flat,
    #[serde(default)]
    persistent: Flat,
    #[serde(default)]
    defaults: Flat,
}

/// Asks for the settings.
pub async fn settings(client: &Client) -> Read<Settings> {
    client.get(&format!("{PATH}{QUERY}")).await
}

impl Settings {
    /// Every remote's settings in force: transient over persistent over `elasticsearch.yml`.
    pub fn remotes(&self) -> BTreeMap<&str, RemoteSettings<'_>> {
        let mut merged = self.defaults.remotes();
        for stronger in [&self.persistent, &self.transient] {
            for (alias, settings) in stronger.remotes() {
                merged.entry(alias).or_default().extend(settings);
            }
        }
        merged
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn recorded_answers_give_every_alias_and_no_other_name() {
        for (body, count) in [
            (include_str!("../../tests/elasticsearch/samples/ancient-7.17.29-settings.json"), 2),
            (include_str!("../../tests/elasticsearch/samples/old-8.14.3-settings.json"), 2),
            (include_str!("../../tests/elasticsearch/samples/local-8.19.21-settings.json"), 29),
            (include_str!("../../tests/elasticsearch/samples/plain-9.5.3-settings.json"), 0),
        ] {
            let settings: Settings = serde_json::from_str(body).unwrap();
            assert_eq!(settings.remotes().len(), count);
        }
        let local: Settings =
            serde_json::from_str(include_str!("../../tests/elasticsearch/samples/local-8.19.21-settings.json"))
                .unwrap();
        assert!(local.remotes()["unknown-host"]["proxy_address"][0].starts_with("no-such-host.invalid:"));
    }

    #[test]
    fn transient_settings_win_over_persistent_ones_and_those_over_the_file() {
        let settings: Settings = serde_json::from_str(
            r#"{"defaults":{"cluster.remote.eu.mode":"sniff","cluster.remote.eu.server_name":"file"},
                "persistent":{"cluster.remote.eu.mode":"proxy","cluster.remote.eu.proxy_address":"p:1"},
                "transient":{"cluster.remote.eu.proxy_address":"t:1"}}"#,
        )
        .unwrap();
        let remotes = settings.remotes();
        let value = |name: &str| remotes["eu"][name][0].as_str();
        assert_eq!((value("mode"), value("server_name"), value("proxy_address")), ("proxy", "file", "t:1"));
    }
}
