//! Settings as `?flat_settings=true` writes them: dotted names, texts or lists of texts.
//!
//! Only the names that say something about remotes and their TLS are kept; everything else, secrets
//! in badly named settings included, is skipped while it is parsed.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;

/// The settings of one remote, by their names after `cluster.remote.<alias>.`.
pub type RemoteSettings<'a> = BTreeMap<&'a str, &'a [String]>;

const REMOTE: &str = "cluster.remote.";
const SECURITY: &str = "xpack.security.";

/// Flat settings, as far as they are about remotes and TLS.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Flat(BTreeMap<String, Vec<String>>);

impl Flat {
    /// The values of `name`: one for a plain setting, several for a list.
    pub fn values(&self, name: &str) -> Option<&[String]> {
        self.0.get(name).map(Vec::as_slice)
    }

    /// The value of a plain setting.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.values(name)?.first().map(String::as_str)
    }

    /// The names that are kept, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// The settings of every remote by alias. An alias has no dot (`Setting.AffixKey`), so the rest is the setting.
    pub fn remotes(&self) -> BTreeMap<&str, RemoteSettings<'_>> {
        let mut remotes: BTreeMap<&str, RemoteSettings<'_>> = BTreeMap::new();
        for (name, values) in &self.0 {
            let Some((alias, setting)) = name.strip_prefix(REMOTE).and_then(|rest| rest.split_once('.')) else {
                continue;
            };
            // `cluster.remote.node.attr` is a setting of all remotes.
            if (alias, setting) != ("node", "attr") && !alias.is_empty() && !setting.is_empty() {
                remotes.entry(alias).or_default().insert(setting, values);
            }
        }
        remotes
    }
}

fn is_kept(name: &str) -> bool {
    name.starts_with(REMOTE) || (name.starts_with(SECURITY) && name.contains(".ssl."))
}

impl<'de> Deserialize<'de> for Flat {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(FlatVisitor)
    }
}

struct FlatVisitor;

impl<'de> Visitor<'de> for FlatVisitor {
    type Value = Flat;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("flat settings")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Flat, A::Error> {
        let mut kept = BTreeMap::new();
        while let Some(name) = map.next_key::<String>()? {
            if !is_kept(&name) {
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            let values: Vec<String> = match map.next_value::<Value>()? {
                Value::Array(items) => items.iter().filter_map(text).collect(),
                value => text(&value).into_iter().collect(),
            };
            kept.insert(name, values);
        }
        Ok(Flat(kept))
    }
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn only_settings_about_remotes_and_tls_are_kept() {
        let flat: Flat = serde_json::from_str(
            r#"{"lab.keys":["a:secret"],"cluster.remote.node.attr":"x","cluster.remote.connections_per_cluster":"3",
                "cluster.remote.eu.seeds":["a:1","b:2"],"cluster.remote.eu.skip_unavailable":true,
                "xpack.security.authc.token":"t","xpack.security.transport.ssl.enabled":"true",
                "cluster.remote.odd.seeds":{"nested":1},"cluster.remote..mode":"proxy","cluster.remote.x.":"y"}"#,
        )
        .unwrap();
        assert!(flat.names().all(|name| !name.contains("keys") && !name.contains("token")));
        let remotes = flat.remotes();
        assert_eq!(remotes.keys().copied().collect::<Vec<_>>(), ["eu", "odd"]);
        assert_eq!(remotes["eu"]["seeds"], ["a:1", "b:2"]);
        assert_eq!(remotes["eu"]["skip_unavailable"], ["true"]);
        assert!(remotes["odd"]["seeds"].is_empty());
        assert_eq!(flat.text("xpack.security.transport.ssl.enabled"), Some("true"));
    }
}
