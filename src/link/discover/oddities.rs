//! What looks wrong in the settings of remotes before anything is dialled.
//!
//! One remote's settings are looked at alone, then beside the other remotes', then beside the nodes'.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use farlink_checks::model::link::{HostPort, Link, Mode, Oddity};

use crate::read::flat::RemoteSettings;
use crate::read::nodes::{Node, Nodes};

/// Settings that only one mode has (`ProxyConnectionStrategy`, `SniffConnectionStrategy`).
const PROXY_ONLY: [&str; 3] = ["proxy_address", "proxy_socket_connections", "server_name"];
const SNIFF_ONLY: [&str; 3] = ["seeds", "node_connections", "proxy"];

/// What the settings of one remote show by themselves.
pub(super) fn of_settings(mode: Mode, has_address: bool, settings: &RemoteSettings<'_>) -> Vec<Oddity> {
    let mut oddities = Vec::new();
    let is_set = |name: &str| settings.get(name).is_some_and(|values| values.iter().any(|value| !value.is_empty()));
    let others = match mode {
        Mode::Proxy => SNIFF_ONLY,
        Mode::Sniff => PROXY_ONLY,
    };
    // `proxy` has an oddity of its own.
    let keys: Vec<String> =
        others.iter().filter(|name| **name != "proxy" && is_set(name)).map(|&name| name.to_owned()).collect();
    if !keys.is_empty() {
        oddities.push(Oddity::ModeKeysMixed { keys });
    }
    if !has_address {
        oddities.push(Oddity::AddressMissing);
    }
    if is_set("proxy") {
        let value = settings.get("proxy").and_then(|values| values.first()).cloned().unwrap_or_default();
        oddities.push(Oddity::LegacyProxy { value });
    }
    oddities
}

/// Adds what links show when they are seen beside each other.
pub(super) fn add_duplicates(links: &mut [Link]) {
    let mut dialled: HashMap<(HostPort, Option<String>), BTreeSet<usize>> = HashMap::new();
    for (index, link) in links.iter().enumerate() {
        for address in link.targets.iter().filter_map(|target| target.valid()) {
            dialled.entry((address.clone(), link.server_name.clone())).or_default().insert(index);
        }
    }
    let mut others: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for same in dialled.values().filter(|same| same.len() > 1) {
        for &index in same {
            others.entry(index).or_default().extend(same.iter().filter(|&&other| other != index));
        }
    }
    for (index, same) in others {
        let aliases = same.into_iter().map(|other| links[other].alias.clone()).collect();
        links[index].oddities.push(Oddity::Duplicate { aliases });
    }
}

/// Adds what the local nodes show.
pub(super) fn add_of_nodes(links: &mut [Link], nodes: &Nodes) {
    let own: HashMap<&HostPort, &str> = nodes
        .nodes
        .iter()
        .rev()
        .flat_map(|node| node.addresses.iter().map(|address| (address, node.name.as_str())))
        .collect();
    let lacking: Vec<String> =
        nodes.nodes.iter().filter(|node| node.lacks_client_role()).map(|node| node.name.clone()).collect();
    let dialling: Vec<&Node> = nodes.nodes.iter().filter(|node| !node.lacks_client_role()).collect();
    let settings: Vec<_> = dialling.iter().map(|node| (node.name.as_str(), node.settings.remotes())).collect();
    for link in links {
        let itself = link.targets.iter().filter_map(|target| target.valid()).find_map(|address| own.get(address));
        if let Some(&node) = itself {
            link.oddities.push(Oddity::LinksToItself { node: node.to_owned() });
        }
        if !lacking.is_empty() {
            link.oddities.push(Oddity::ClientRoleMissing { nodes: lacking.clone(), of: nodes.nodes.len() });
        }
        link.oddities.extend(differing(&link.alias, &settings));
    }
}

/// The settings of `alias` that are not the same in every node's `elasticsearch.yml`.
fn differing(alias: &str, nodes: &[(&str, BTreeMap<&str, RemoteSettings<'_>>)]) -> Option<Oddity> {
    let ((_, first), rest) = nodes.split_first()?;
    let empty = RemoteSettings::new();
    let first = first.get(alias).unwrap_or(&empty);
    let mut keys = BTreeSet::new();
    let mut names = Vec::new();
    for (name, remotes) in rest {
        let own = remotes.get(alias).unwrap_or(&empty);
        let different = first.keys().chain(own.keys()).filter(|key| first.get(*key) != own.get(*key));
        let different: Vec<String> = different.map(|&key| key.to_owned()).collect();
        if !different.is_empty() {
            names.push((*name).to_owned());
            keys.extend(different);
        }
    }
    (!keys.is_empty()).then(|| Oddity::SettingsDiffer { keys: keys.into_iter().collect(), nodes: names })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use farlink_checks::model::link::Target;

    use super::*;
    use crate::read::flat::Flat;

    fn flat(text: &str) -> Flat {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn settings_of_the_other_mode_and_missing_addresses_are_seen() {
        let mixed = |keys: &[&str]| Oddity::ModeKeysMixed { keys: keys.iter().map(|&key| key.to_owned()).collect() };
        for (mode, has_address, settings, expected) in [
            (Mode::Proxy, true, r#"{"cluster.remote.a.proxy_address":"h:1","cluster.remote.a.seeds":[]}"#, vec![]),
            (
                Mode::Proxy,
                true,
                r#"{"cluster.remote.a.seeds":["h:1"],"cluster.remote.a.node_connections":"3"}"#,
                vec![mixed(&["seeds", "node_connections"])],
            ),
            (
                Mode::Sniff,
                false,
                r#"{"cluster.remote.a.proxy_address":"h:1"}"#,
                vec![mixed(&["proxy_address"]), Oddity::AddressMissing],
            ),
            (
                Mode::Sniff,
                true,
                r#"{"cluster.remote.a.proxy":"h:1"}"#,
                vec![Oddity::LegacyProxy { value: "h:1".into() }],
            ),
        ] {
            let settings = flat(settings);
            assert_eq!(of_settings(mode, has_address, &settings.remotes()["a"]), expected);
        }
    }

    #[test]
    fn duplicates_share_address_and_server_name_and_not_only_one_of_them() {
        let link = |alias: &str, targets: &[&str], name: Option<&str>| {
            let mut link = Link::new(alias, Mode::Sniff, targets.iter().map(|text| Target::parse(text)).collect());
            link.server_name = name.map(str::to_owned);
            link
        };
        let mut links = [
            link("a", &["h:1", "h:2"], None),
            link("b", &["h:2", "h:1"], None),
            link("c", &["h:1"], Some("n")),
            link("d", &["h:3", "h:3"], None),
            link("e", &["broken"], None),
            link("f", &["broken"], None),
        ];
        add_duplicates(&mut links);
        assert_eq!(links[0].oddities, [Oddity::Duplicate { aliases: vec!["b".into()] }]);
        assert_eq!(links[1].oddities, [Oddity::Duplicate { aliases: vec!["a".into()] }]);
        assert!(links[2..].iter().all(|link| link.oddities.is_empty()));
    }

    #[test]
    fn a_link_to_itself_missing_roles_and_different_files_are_seen_on_nodes() {
        let node = |name: &str, roles: &[&str], address: &str, settings: &str| Node {
            name: name.into(),
            release: None,
            roles: Some(roles.iter().map(|&role| role.to_owned()).collect()),
            addresses: vec![address.parse().unwrap()],
            settings: flat(settings),
        };
        let client = ["remote_cluster_client"];
        let nodes = Nodes {
            cluster_name: None,
            nodes: vec![
                node("n1", &client, "10.0.0.1:9300", r#"{"cluster.remote.eu.proxy_address":"a:1"}"#),
                node(
                    "n2",
                    &client,
                    "10.0.0.2:9300",
                    r#"{"cluster.remote.eu.proxy_address":"b:1","cluster.remote.eu.mode":"proxy"}"#,
                ),
                node("n3", &["master"], "10.0.0.3:9300", "{}"),
            ],
        };
        let mut links = [
            Link::new("eu", Mode::Proxy, vec![Target::parse("a:1")]),
            Link::new("us", Mode::Sniff, vec![Target::parse("10.0.0.9:9300"), Target::parse("10.0.0.2:9300")]),
        ];
        add_of_nodes(&mut links, &nodes);
        let role = Oddity::ClientRoleMissing { nodes: vec!["n3".into()], of: 3 };
        let differ =
            Oddity::SettingsDiffer { keys: vec!["mode".into(), "proxy_address".into()], nodes: vec!["n2".into()] };
        assert_eq!(links[0].oddities, [role.clone(), differ]);
        assert_eq!(links[1].oddities, [Oddity::LinksToItself { node: "n2".into() }, role]);
    }
}
