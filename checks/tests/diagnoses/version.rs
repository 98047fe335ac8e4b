//! Releases: pairs of them, one of them alone, and several at one link.

use super::staging::*;

/// The eight releases that were measured, with the transport version ids they were seen to send
/// and whether their nodes say their release.
const MEASURED: [(&str, i32, bool); 8] = [
    ("7.17.29", 7_172_999, false),
    ("8.10.4", 8_500_061, false),
    ("8.14.3", 8_636_001, false),
    ("8.17.2", 8_797_002, false),
    ("8.19.21", 8_841_096, true),
    ("9.0.4", 9_000_013, true),
    ("9.2.2", 9_185_010, true),
    ("9.5.3", 9_458_007, true),
];

/// Which pairs connect; `tests/elasticsearch/pairs.sh` links real nodes of each and compares.
const PAIRS: &str = include_str!("../../../tests/elasticsearch/pairs.txt");

fn node(id: i32, release: Option<&str>) -> Attempt {
    let main = with_tls(Question::AsElasticsearch, None, TlsOutcome::Completed);
    let main = says(main, Said::Ping, Heard::Pong);
    let main = says(main, Said::TcpHandshake, Heard::Handshake { version: id, release: None });
    match release {
        Some(release) => {
            says(main, Said::ReleaseHandshake, Heard::Handshake { version: id, release: Some(release.into()) })
        }
        None => main,
    }
}

fn measured(release: &str) -> Attempt {
    let (_, id, tells) = MEASURED.into_iter().find(|row| row.0 == release).unwrap();
    node(id, tells.then_some(release))
}

fn local(address: &str, release: &str) -> Link {
    let mut link = link(address, None);
    link.releases.local = Some(Sourced::given(release.to_owned()));
    link
}

#[test]
fn every_pair_of_the_measured_releases_is_judged_as_the_table_has_it() {
    let rows: Vec<&str> = PAIRS.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).collect();
    let header: Vec<&str> = rows[0].split_whitespace().collect();
    assert_eq!(header[1..], MEASURED.map(|row| row.0));
    let mut pairs = 0;
    for row in &rows[1..] {
        let cells: Vec<&str> = row.split_whitespace().collect();
        for (remote, connects) in header[1..].iter().zip(&cells[1..]) {
            let expected = match *connects {
                "yes" => None,
                "no" => Some("version-transport-incompatible"),
                other => unreachable!("{other}"),
            };
            let found = root(local("127.0.0.1:9300", cells[0]), vec![measured(remote)]);
            assert_eq!(found, expected, "{} to {remote}", cells[0]);
            pairs += 1;
        }
    }
    assert_eq!(pairs, 64);
}

/// The documentation's rule (a) in its own words, against the same table: same major; 7.17 and any 8.x;
/// 8.18 and 9.0; 8.19 and any 9.x; nothing else.
#[test]
fn the_table_is_what_the_documentation_says() {
    let number = |release: &str| -> (u32, u32) {
        let mut parts = release.split('.').map(|part| part.parse().unwrap());
        (parts.next().unwrap(), parts.next().unwrap())
    };
    let says = |a: (u32, u32), b: (u32, u32)| match (a.min(b), a.max(b)) {
        (older, newer) if older.0 == newer.0 => true,
        ((7, 17), (8, _)) | ((8, 18), (9, 0)) | ((8, 19), (9, _)) => true,
        _ => false,
    };
    let rows: Vec<&str> = PAIRS.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).collect();
    let header: Vec<&str> = rows[0].split_whitespace().skip(1).collect();
    for row in &rows[1..] {
        let mut cells = row.split_whitespace();
        let local = cells.next().unwrap();
        for (remote, connects) in header.iter().zip(cells) {
            assert_eq!(connects == "yes", says(number(local), number(remote)), "{local} to {remote}");
        }
    }
}

#[test]
fn a_release_before_the_api_key_model_is_an_error_and_one_of_its_beta_a_warning() {
    for (remote, severity) in [
        (measured("7.17.29"), Some(Severity::Error)),
        (node(8_500_020, None), Some(Severity::Error)),
        (measured("8.10.4"), Some(Severity::Warning)),
        (node(8_595_001, None), Some(Severity::Warning)),
        (measured("8.14.3"), None),
        (measured("9.5.3"), None),
    ] {
        let diagnosis = judged(&evidence(key_link("127.0.0.1:9443"), vec![remote.clone()]));
        let found = diagnosis.findings.iter().find(|f| f.id == "version-api-key-model-too-old");
        assert_eq!(found.map(|f| (f.severity, f.certainty)), severity.map(|s| (s, Certainty::Certain)), "{remote:?}");
        let other_model = judged(&evidence(link("127.0.0.1:9300", None), vec![remote]));
        assert!(!ids(&other_model).contains(&"version-api-key-model-too-old"));
    }
    for (release, severity) in [
        ("7.17.29", Some(Severity::Error)),
        ("8.9.2", Some(Severity::Error)),
        ("8.10.4", Some(Severity::Warning)),
        ("8.13.4", Some(Severity::Warning)),
        ("8.14.0", None),
        ("9.5.3", None),
    ] {
        let link = Link { model: Some(Sourced::given(Model::ApiKey)), ..local("127.0.0.1:9443", release) };
        let diagnosis = judged(&evidence(link, vec![measured("8.19.21")]));
        let found = diagnosis.findings.iter().find(|f| f.id == "version-api-key-model-too-old");
        assert_eq!(found.map(|f| f.severity), severity, "{release}");
    }
}

#[test]
fn the_release_explains_a_missing_remote_cluster_server() {
    let no_handler = exception(&["[n][127.0.0.1:9443][a]", "No handler for action [x]"]);
    let main = says(measured("7.17.29"), Said::RemoteClusterHandshake, no_handler);
    let diagnosis = judged(&evidence(key_link("127.0.0.1:9443"), vec![main.clone()]));
    assert_eq!(diagnosis.root_cause, Some("version-api-key-model-too-old"));
    let explained = found(&diagnosis, "config-remote-server-disabled").explained_by;
    assert_eq!(explained, Some("version-api-key-model-too-old"));
    let far = Link { model: Some(Sourced::given(Model::ApiKey)), ..local("127.0.0.1:9443", "9.5.3") };
    assert_eq!(root(far, vec![main]), Some("version-transport-incompatible"));
}

/// Each node at an address of its own.
fn at_addresses(link: Link, nodes: Vec<Attempt>) -> LinkEvidence {
    let mut evidence = evidence(link, vec![]);
    let first = evidence.addresses.remove(0);
    for (index, node) in nodes.into_iter().enumerate() {
        let mut address = AddressEvidence { attempts: vec![node], ..first.clone() };
        address.address.set_ip([127, 0, 0, 1 + index as u8].into());
        evidence.addresses.push(address);
    }
    evidence
}

#[test]
fn different_releases_at_the_addresses_of_one_link_are_noted_and_a_warning_where_they_matter() {
    let keyed = |release: &str| Link { model: Some(Sourced::given(Model::ApiKey)), ..local("127.0.0.1:9443", release) };
    for (link, nodes, severity) in [
        (local("127.0.0.1:9300", "9.5.3"), vec![measured("9.5.3"), measured("9.5.3")], None),
        // Of one only the id is known, and it is the same.
        (local("127.0.0.1:9300", "9.5.3"), vec![measured("9.5.3"), node(9_458_007, None)], None),
        (
            local("127.0.0.1:9300", "9.5.3"),
            vec![measured("9.5.3"), node(9_458_007, Some("9.5.4"))],
            Some(Severity::Info),
        ),
        (local("127.0.0.1:9300", "9.5.3"), vec![measured("9.5.3"), measured("8.19.21")], Some(Severity::Info)),
        (local("127.0.0.1:9300", "9.5.3"), vec![measured("9.5.3"), measured("8.17.2")], Some(Severity::Warning)),
        (local("127.0.0.1:9300", "8.19.21"), vec![measured("9.5.3"), measured("8.17.2")], Some(Severity::Info)),
        (keyed("8.19.21"), vec![measured("8.19.21"), node(8_500_020, None)], Some(Severity::Warning)),
        (keyed("8.19.21"), vec![measured("8.19.21"), measured("8.17.2")], Some(Severity::Info)),
    ] {
        let diagnosis = judged(&at_addresses(link, nodes));
        let found = diagnosis.findings.iter().find(|finding| finding.id == "version-nodes-mixed");
        assert_eq!(found.map(|finding| finding.severity), severity, "{found:?}");
        assert!(found.is_none_or(|finding| finding.addresses.len() == 2));
    }
}
