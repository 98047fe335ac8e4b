//! API keys at the wire of a real 9.5.3 and in the words of a real 8.19.21 that dials it, joined.

use serde_json::Value;

use super::{Bed, alias, farlink};

/// The keys of the bed: the name of each file, and what a real remote says of it as a finding.
const KEYS: [(&str, Option<&str>); 6] = [
    ("good", None),
    ("wrong-secret", Some("api-key-wrong-secret")),
    ("unknown", Some("api-key-unknown")),
    ("expired", Some("api-key-expired")),
    ("invalidated", Some("api-key-invalidated")),
    ("wrong-type", Some("api-key-wrong-type")),
];

/// One link of a configuration: an alias of the local cluster, what else is set, and the agent's own key.
type Row<'a> = (String, String, Option<&'a str>);

/// The alias of the local cluster that uses the key of this name.
fn alias_of(key: &str) -> String {
    if key == "good" { "key-healthy".to_owned() } else { format!("key-{key}") }
}

/// One run over links of the local cluster.
fn run(bed: &Bed, links: &[Row<'_>]) -> Vec<Value> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("farlink.yml");
    let url = bed.0["nodes"]["local"]["rest"].as_str().unwrap();
    let mut text = format!("clusters: {{ prod: {{ url: \"{url}\" }} }}\nlinks:\n");
    for (alias, more, key) in links {
        let key = key.map(|key| format!(", api_key_file: {}/{key}", bed.file("api_keys"))).unwrap_or_default();
        text.push_str(&format!("  {alias}: {{ local: prod, ca_file: {}{more}{key} }}\n", bed.file("ca")));
    }
    std::fs::write(&file, text).unwrap();
    let report = farlink(&["diagnose".to_owned(), format!("--config={}", file.display())]);
    links.iter().map(|(name, ..)| alias(&report, name).clone()).collect()
}

/// Each finding about a key or a path as `id severity certainty`; others are those of the bed itself.
fn seen(link: &Value) -> Vec<String> {
    let text = |finding: &Value, key: &str| finding[key].as_str().unwrap().to_owned();
    let line = |f: &Value| format!("{} {} {}", text(f, "id"), text(f, "severity"), text(f, "certainty"));
    let all = link["findings"].as_array().unwrap().iter().map(line);
    let of_the_bed = ["cluster-connected-lazily", "config-duplicate-remote", "certificate-expiring"];
    all.filter(|line| !of_the_bed.iter().any(|id| line.starts_with(id))).collect()
}

/// The ids of [`seen`].
fn ids(link: &Value) -> Vec<String> {
    seen(link).iter().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
}

#[test]
fn the_wire_and_the_local_cluster_agree_on_every_key() {
    let bed = Bed::open();
    let links = KEYS.map(|(key, _)| (alias_of(key), String::new(), Some(key)));
    for ((key, id), link) in KEYS.into_iter().zip(run(&bed, &links)) {
        let expected: Vec<String> = id.iter().map(|id| format!("{id} error certain")).collect();
        assert_eq!(seen(&link), expected, "{key}: {link:#}");
        assert_eq!(link["verdict"], if id.is_some() { "broken" } else { "ok" }, "{key}");
        assert_eq!(link["root_cause"].as_str(), id, "{key}");
        if id.is_some() {
            let detail = link["findings"][0]["detail"].as_str().unwrap();
            assert!(detail.contains("says the same of the key that farlink was given"), "{key}: {detail}");
        }
    }
}

/// Each of the local cluster's keys with each other key, or none, in the agent's hands.
#[test]
fn the_local_clusters_key_decides_whatever_key_the_agent_has() {
    let bed = Bed::open();
    for turn in 1..=KEYS.len() {
        let ours = |index: usize| (turn < KEYS.len()).then(|| KEYS[(index + turn) % KEYS.len()]);
        let links: Vec<Row<'_>> = (0..KEYS.len())
            .map(|index| (alias_of(KEYS[index].0), String::new(), ours(index).map(|(key, _)| key)))
            .collect();
        for (index, link) in run(&bed, &links).iter().enumerate() {
            let (theirs, id) = KEYS[index];
            let place = format!("{theirs} there, {:?} here: {link:#}", ours(index));
            assert_eq!(link["verdict"], if id.is_some() { "broken" } else { "ok" }, "{place}");
            assert_eq!(link["root_cause"].as_str(), id, "{place}");
            let mut expected: Vec<String> = id.iter().map(|id| format!("{id} error certain")).collect();
            match ours(index) {
                None => expected.push("api-key-missing warning certain".to_owned()),
                Some((_, our_id)) => expected.extend(our_id.map(|id| format!("{id} info likely"))),
            }
            if id.is_none() && ours(index).is_some() {
                expected.push("cluster-agent-path-differs info certain".to_owned());
            }
            let mut found = seen(link);
            found.sort();
            expected.sort();
            assert_eq!(found, expected, "{place}");
        }
    }
}

/// `certificate-on-key-port` is the alias without credentials: as a node has it whose keystore lacks them.
#[test]
fn a_local_node_without_the_key_is_named_whichever_key_the_agent_has() {
    let bed = Bed::open();
    for (key, ours) in
        [(Some("good"), None), (Some("expired"), Some("api-key-expired")), (None, Some("api-key-missing"))]
    {
        let link = &run(&bed, &[("certificate-on-key-port".to_owned(), ", model: api-key".to_owned(), key)])[0];
        assert_eq!((&link["verdict"], &link["root_cause"]), (&"broken".into(), &"api-key-missing".into()), "{link:#}");
        let title = link["findings"][0]["title"].as_str().unwrap();
        assert_eq!(title, "the local cluster has no API key for this alias");
        assert_eq!(ids(link)[1..], ours.into_iter().collect::<Vec<_>>(), "{link:#}");
    }
}

/// What the local cluster dials under the same alias is another path than the agent's, as it is where a name
/// resolves differently there.
#[test]
fn paths_that_differ_are_named_on_the_side_that_fails() {
    const AGENT: &str = "cluster-agent-path-differs";
    const LOCAL: &str = "cluster-local-path-differs";
    let bed = Bed::open();
    let (to_transport, server) = ("key-on-transport-port", "remote_cluster_server");
    for (alias, port, key, verdict, root, others) in [
        // The local cluster works, and the agent's address refuses.
        ("key-healthy", "refused", "good", "ok", None, vec![AGENT, "tcp-refused"]),
        // The remote answers the local cluster's key, and the agent's address refuses.
        ("key-expired", "refused", "good", "broken", Some("api-key-expired"), vec![AGENT, "tcp-refused"]),
        // The local cluster dials the transport port with its key; the agent gets through.
        (to_transport, server, "good", "broken", Some(LOCAL), vec!["cluster-disconnected"]),
        // The same, and the agent's key is refused: that is not what the local cluster meets.
        (to_transport, server, "expired", "broken", Some(LOCAL), vec!["api-key-expired", "cluster-disconnected"]),
    ] {
        let address = format!(
            ", proxy_address: \"127.0.0.1:{}\", server_name: remote.lab.example, model: api-key",
            bed.0["ports"][port]
        );
        let link = &run(&bed, &[(alias.to_owned(), address, Some(key))])[0];
        assert_eq!((&link["verdict"], link["root_cause"].as_str()), (&verdict.into(), root), "{alias} {key}: {link:#}");
        let mut found = ids(link);
        found.retain(|id| Some(id.as_str()) != root);
        found.sort();
        assert_eq!(found, others, "{alias} {key}: {link:#}");
    }
}
