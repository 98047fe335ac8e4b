#![allow(clippy::unwrap_used, clippy::expect_used)]

use farlink_checks::model::link::{KeyPresence, Mode, Model, Oddity, Source, Trust};

use super::*;
use crate::link::files::Staged;

fn staged() -> Staged {
    let made = rcgen::generate_simple_self_signed(["agent".to_owned()]).unwrap();
    let key = "aWQtb2Yta2V5OnVpMmxwMmF4VE5tc3lha3c5dHZObnc=";
    Staged::default()
        .with("etc/ca.pem", made.cert.pem())
        .with("etc/client.pem", made.cert.pem())
        .with("etc/client.key", made.signing_key.serialize_pem())
        .with("etc/secrets/prod", key)
        .with("etc/secrets/eu", key)
        .with("etc/secrets/cloud", "essu_anything")
        .with("etc/secrets/eu-password", "pass word\n")
        .with("etc/hosts", "")
        .with("etc/web.yml", "")
}

fn parse(text: &str) -> Result<Config, UsageError> {
    Config::parse(text.as_bytes(), Path::new("etc/farlink.yml"), &staged())
}

fn message(text: &str) -> String {
    parse(text).err().map(|error| error.to_string()).unwrap_or_default()
}

#[test]
fn the_example_is_a_configuration_and_fits_the_schema() {
    let config = parse(EXAMPLE).unwrap();
    let aliases: Vec<&str> = config.links.iter().map(|inputs| inputs.link.alias.as_str()).collect();
    assert_eq!(aliases, ["eu", "us"]);
    let eu = &config.links[0];
    assert_eq!((eu.link.local.as_deref(), eu.remote.as_deref()), (Some("prod"), Some("eu-cluster")));
    assert_eq!(eu.link.model.map(|model| (model.value, model.source)), Some((Model::ApiKey, Source::Given)));
    assert_eq!(eu.link.api_key, KeyPresence::Given { id: "id-of-key".into(), withheld: false });
    assert!(matches!(&eu.link.trust, Trust::Authorities { file, .. } if file == "ca.pem"));
    assert_eq!(eu.link.oddities, []);
    let us = &config.links[1];
    assert_eq!((us.link.mode, us.link.targets.len()), (Mode::Sniff, 2));
    assert!(us.secrets.identity.is_some());
    assert_eq!(config.discover, Some(Discover { from: vec!["prod".into()], every: Duration::from_secs(300) }));
    assert_eq!(config.serve.web_config.as_deref(), Some(Path::new("etc/web.yml")));
    assert_eq!(config.resolver.servers.len(), 2);
    let suppressed = config.suppressed(&eu.link);
    assert_eq!(suppressed.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(), ["certificate-expiring"]);
    assert!(config.suppressed(&us.link).is_empty());

    let schema = serde_json::to_value(schema()).unwrap();
    let value: serde_json::Value = serde_saphyr::from_str(EXAMPLE).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
    assert_eq!(errors, Vec::<String>::new());
    for wrong in [
        serde_json::json!({ "links": { "eu": { "proxy_adress": "h:1" } } }),
        serde_json::json!({ "certificate_expiry_days": [] }),
        serde_json::json!({ "certificate_expiry_days": [0] }),
        serde_json::json!({ "certificate_expiry_days": [6, 5, 4, 3, 2, 1] }),
    ] {
        assert!(!validator.is_valid(&wrong), "{wrong}");
    }
}

#[test]
fn each_mistake_has_its_line_its_column_and_what_to_write() {
    let cases = [
        ("linkss: {}", "etc/farlink.yml:1:1: unknown key \"linkss\"; did you mean \"links\"?"),
        (
            "links:\n  eu:\n    proxy_address: h:9443\n    verifcation_mode: full\n",
            "etc/farlink.yml:4:5: unknown key \"verifcation_mode\"; did you mean \"verification_mode\"?",
        ),
        (
            "links:\n  eu: { proxy_address: \"h:9443\", colour: red }\n",
            "etc/farlink.yml:2:34: unknown key \"colour\"; there are local, remote, mode, proxy_address, seeds, server_name, model, verification_mode, transport_tls, ca_file, cert_file, key_file, api_key_file, interval, indices, skip_unavailable, node_connections, proxy_socket_connections, transport.ping_schedule, transport.compress and transport.compression_scheme",
        ),
        (
            "links:\n  eu: { proxy_address: \"h:9443\", verification_mode: strict }\n",
            "etc/farlink.yml:2:53: \"strict\" is not one of the values here; there are full, certificate and none",
        ),
        (
            "links:\n  eu: { proxy_address: \"h:9443\", model: apikey }\n",
            "etc/farlink.yml:2:41: \"apikey\" is not one of the values here; did you mean \"api-key\"?",
        ),
        (
            "links:\n  eu: { proxy_address: \"https://h:9443\" }\n",
            "etc/farlink.yml:2:24: \"https://h:9443\" is not an address: it has a scheme; the transport protocol is no URL: write host:port; did you mean \"h:9443\"?",
        ),
        (
            "links:\n  eu: { proxy_address: h }\n",
            "etc/farlink.yml:2:24: \"h\" is not an address: it has no port; write host:port; did you mean \"h:9443\"?",
        ),
        (
            "links:\n  eu: { seeds: [\"a:9300\", \"b\"] }\n",
            "etc/farlink.yml:2:27: \"b\" is not an address: it has no port; write host:port; did you mean \"b:9300\"?",
        ),
        (
            "links:\n  eu: { seeds: \"a:9300, b\" }\n",
            "etc/farlink.yml:2:16: \"b\" is not an address: it has no port; write host:port; did you mean \"b:9300\"?",
        ),
        (
            "links:\n  eu: { proxy_address: \"h:9443\", local: prd }\nclusters:\n  prod: { url: \"https://h:9200\" }\n",
            "etc/farlink.yml:2:41: clusters has no \"prd\"; did you mean \"prod\"?",
        ),
        (
            "links:\n  eu: { proxy_address: \"h:9443\", local: prod }\n",
            "etc/farlink.yml:2:41: clusters has no \"prod\"; add it under clusters",
        ),
        (
            "links:\n  eu: { proxy_address: \"h:9443\", ca_file: gone.pem }\n",
            "etc/farlink.yml:2:43: cannot read etc/gone.pem: there is no such file",
        ),
        (
            "links:\n  eu: { proxy_address: \"h:9443\", api_key_file: /gone }\n",
            "etc/farlink.yml:2:48: cannot read /gone: there is no such file",
        ),
        (
            "links:\n  eu: { proxy_address: \"h:9443\", cert_file: client.pem }\n",
            "etc/farlink.yml:2:45: it needs key_file: a client certificate cannot be presented without its private key",
        ),
        (
            "links:\n  eu: { proxy_address: \"h:9443\", cert_file: client.pem, key_file: client.key, api_key_file: secrets/eu }\n",
            "etc/farlink.yml:2:93: an API key and a client certificate are given; say which security model the link has: model: api-key or model: certificate",
        ),
        (
            "links:\n  eu: { proxy_address: \"h:9443\", transport_tls: maybe }\n",
            "etc/farlink.yml:2:49: true or false belongs here",
        ),
        (
            "links:\n  eu: { proxy_address: \"h:9443\", interval: 500ms }\n",
            "etc/farlink.yml:2:44: \"500ms\" is out of range; the duration must be 1s at the least",
        ),
        (
            "interval: 30\n",
            "etc/farlink.yml:1:11: \"30\" is not a duration; write it like 500ms, 20s, 5m or 1h; did you mean \"30s\"?",
        ),
        ("interval: soon\n", "etc/farlink.yml:1:11: \"soon\" is not a duration; write it like 500ms, 20s, 5m or 1h"),
        ("interval: [30s]\n", "etc/farlink.yml:1:11: text belongs here"),
        (
            "key_interval: 0s\n",
            "etc/farlink.yml:1:15: \"0s\" is out of range; the duration must be above 0 and at most a year",
        ),
        (
            "links:\n  eu: { server_name: x }\n",
            "etc/farlink.yml:2:7: the link \"eu\" has no address; write proxy_address or seeds, or local with the cluster that has this remote",
        ),
        ("links:\n  eu:\n", "etc/farlink.yml:2:5: a mapping of keys to values belongs here"),
        ("links:\n  eu: text\n", "etc/farlink.yml:2:7: a mapping of keys to values belongs here"),
        ("links: [eu]\n", "etc/farlink.yml:1:8: a mapping of keys to values belongs here"),
        ("- links\n", "etc/farlink.yml:1:1: a mapping of keys to values belongs here"),
        (
            "links:\n  eu: { proxy_address: \"h:9443\" }\n  eu: { proxy_address: \"h:9443\" }\n",
            "etc/farlink.yml:3:3: the key \"eu\" stands here twice; remove one",
        ),
        (
            "links:\n  eu: { proxy_address: \"h:9443\"\n",
            "etc/farlink.yml:2:7: this is not valid YAML: unclosed bracket '{'",
        ),
        (
            "links:\n\teu: {}\n",
            "etc/farlink.yml:2:2: this is not valid YAML: tabs disallowed within this context (block indentation)",
        ),
        ("clusters:\n  prod: {}\n", "etc/farlink.yml:2:9: the key \"url\" is missing"),
        (
            "clusters:\n  prod: { url: es.example }\n",
            "etc/farlink.yml:2:16: \"es.example\" is not the URL of a cluster; write it like https://es.example:9200",
        ),
        (
            "clusters:\n  prod: { url: \"https://u:p@es.example\" }\n",
            "etc/farlink.yml:2:16: the URL has credentials in it; give them as a user and a password file",
        ),
        (
            "clusters:\n  prod: { url: \"https://h:9200\", user: u }\n",
            "etc/farlink.yml:2:40: it needs a password file: a user is nobody to the cluster without a password",
        ),
        (
            "clusters:\n  prod: { url: \"https://h:9200\", user: \"u:p\", password_file: secrets/eu-password }\n",
            "etc/farlink.yml:2:40: a user name cannot have a colon; give the password as a file",
        ),
        (
            "clusters:\n  prod: { url: \"https://h:9200\", user: u, password_file: secrets/eu-password, api_key_file: secrets/prod }\n",
            "etc/farlink.yml:2:93: it cannot be combined with a user with a password: a cluster is asked with an API key or as a user; remove one of them",
        ),
        ("discover: { from: [prod] }\n", "etc/farlink.yml:1:20: clusters has no \"prod\"; add it under clusters"),
        ("discover: { from: prod }\n", "etc/farlink.yml:1:19: a list belongs here"),
        (
            "resolver: { servers: [dns.example] }\n",
            "etc/farlink.yml:1:23: \"dns.example\" is not an IP address; write it like 10.0.0.53, 10.0.0.53:5353 or [2001:db8::53]:53",
        ),
        ("resolver: { hosts_file: gone }\n", "etc/farlink.yml:1:25: cannot read etc/gone: there is no such file"),
        (
            "serve: { listen: 19443 }\n",
            "etc/farlink.yml:1:18: \"19443\" is not an address to listen on; write it like 127.0.0.1:19443",
        ),
        (
            "suppress: [ { link: \"[\", id: x } ]\n",
            "etc/farlink.yml:1:21: \"[\" is not a pattern; write an alias, or a pattern such as eu-*",
        ),
        ("links:\n  eu: { seeds: { a: b } }\n", "etc/farlink.yml:2:16: an address or a list of addresses belongs here"),
        (
            "a: 1\n---\nb: 2\n",
            "etc/farlink.yml:1:1: unknown key \"a\"; there are clusters, links, discover, management, resolver, interval, key_interval, certificate_expiry_days, serve and suppress",
        ),
        ("resolver: { serves: [] }\n", "etc/farlink.yml:1:13: unknown key \"serves\"; did you mean \"servers\"?"),
        ("serve: { web_config: gone.yml }\n", "etc/farlink.yml:1:22: cannot read etc/gone.yml: there is no such file"),
        (
            "suppress: [ { link: eu, id: x, until: tomorrow } ]\n",
            "etc/farlink.yml:1:39: \"tomorrow\" is not a date; write it like 2027-01-31",
        ),
        (
            "suppress:\n  - link: eu\n    id: certificate-expirng\n",
            "etc/farlink.yml:3:9: no finding is called \"certificate-expirng\"; did you mean \"certificate-expiring\"?",
        ),
        (
            "suppress: [ { link: eu, id: everything } ]\n",
            "etc/farlink.yml:1:29: no finding is called \"everything\"; `farlink explain --list` has them all",
        ),
        (
            "suppress: [ { link: eu, id: 7 } ]\n",
            "etc/farlink.yml:1:29: no finding is called \"7\"; `farlink explain --list` has them all",
        ),
        ("suppress: [ { link: eu } ]\n", "etc/farlink.yml:1:15: the key \"id\" is missing"),
        ("suppress: { link: eu }\n", "etc/farlink.yml:1:11: a list belongs here"),
        ("certificate_expiry_days: 30\n", "etc/farlink.yml:1:26: a list belongs here"),
        (
            "certificate_expiry_days: []\n",
            "etc/farlink.yml:1:26: 1 to 5 numbers of days belong here, such as [30, 14, 7]",
        ),
        (
            "certificate_expiry_days: [6, 5, 4, 3, 2, 1]\n",
            "etc/farlink.yml:1:26: 1 to 5 numbers of days belong here, such as [30, 14, 7]",
        ),
        (
            "certificate_expiry_days: [30, 0]\n",
            "etc/farlink.yml:1:31: 0 is out of range; the days before a certificate expires must be 1 to 365",
        ),
        (
            "certificate_expiry_days:\n  - 366\n",
            "etc/farlink.yml:2:5: 366 is out of range; the days before a certificate expires must be 1 to 365",
        ),
        ("certificate_expiry_days: [30, soon]\n", "etc/farlink.yml:1:31: a whole number belongs here"),
        ("certificate_expiry_days: [7.5]\n", "etc/farlink.yml:1:27: a whole number belongs here"),
        (
            "management: { cloud: { url: \"https://api.example\", api_key: x } }\n",
            "etc/farlink.yml:1:52: unknown key \"api_key\"; did you mean \"api_key_file\"?",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(message(text), expected, "{text}");
    }
}

#[test]
fn empty_sections_are_as_good_as_none() {
    let text = "clusters:\nlinks:\ndiscover: {}\nmanagement: {}\nresolver: {}\ninterval:\nserve: {}\nsuppress:\n";
    let config = parse(text).unwrap();
    assert_eq!(config.interval, Duration::from_secs(30));
    assert_eq!(config.key_interval, Duration::from_secs(300));
    assert_eq!(config.serve.listen.to_string(), "127.0.0.1:19443");
    assert_eq!(config.resolver, ResolverChoice::default());
}

#[test]
fn every_link_warns_at_the_days_of_the_configuration_the_longest_first() {
    let days = |text: &str| {
        let config = parse(&format!("{text}links: {{ eu: {{ proxy_address: \"h:9443\" }} }}\n")).unwrap();
        assert_eq!(config.links[0].link.expiry_days, config.expiry_days);
        let mut inputs = config.links[0].clone();
        inputs.learn(&Link::new("eu", Mode::Proxy, vec![]));
        assert_eq!(inputs.link.expiry_days, config.expiry_days, "what the cluster says is not about days");
        config.expiry_days
    };
    assert_eq!(days(""), [30, 14, 7]);
    assert_eq!(days("certificate_expiry_days:\n"), [30, 14, 7]);
    assert_eq!(days("certificate_expiry_days: [7, 90, 30, 7]\n"), [90, 30, 7]);
}

#[test]
fn a_configuration_is_looked_for_here_and_then_in_etc() {
    let here = Staged::default().with("./farlink.yml", "links: { a: { proxy_address: \"h:9443\" } }");
    let there = Staged::default().with("/etc/farlink/farlink.yml", "links: { b: { proxy_address: \"h:9443\" } }");
    let alias = |files: &Staged| Config::load(files, None).map(|config| config.links[0].link.alias.clone());
    assert_eq!(alias(&here).unwrap(), "a");
    assert_eq!(alias(&there).unwrap(), "b");
    assert_eq!(
        alias(&Staged::default()).unwrap_err().to_string(),
        "--config: there is no configuration (looked for ./farlink.yml and /etc/farlink/farlink.yml); write one (`farlink config example`), or give --cluster, --proxy-address or --seed"
    );
    let error = Config::load(&here, Some(Path::new("gone.yml"))).err().unwrap();
    assert_eq!(error.to_string(), "--config: cannot read gone.yml: there is no such file");
    let wrong = Staged::default().with("./farlink.yml", "x: 1");
    assert!(alias(&wrong).unwrap_err().to_string().starts_with("farlink.yml:1:1: unknown key"));
}

#[test]
fn links_are_named_by_alias_by_local_cluster_or_by_pattern() {
    let text = "clusters: { prod: { url: \"https://h:9200\" } }\nlinks:\n  eu-1: { local: prod, proxy_address: \"a:9443\" }\n  eu-2: { proxy_address: \"b:9443\" }\n  us: { proxy_address: \"c:9443\" }\n";
    let config = parse(text).unwrap();
    let select = |patterns: &[&str]| {
        let patterns: Vec<String> = patterns.iter().map(|&pattern| pattern.to_owned()).collect();
        let links = config.select(&patterns).map_err(|error| error.to_string())?;
        Ok::<_, String>(links.iter().map(|inputs| inputs.link.alias.clone()).collect::<Vec<_>>())
    };
    assert_eq!(select(&[]).unwrap(), ["eu-1", "eu-2", "us"]);
    assert_eq!(select(&["us", "eu-*"]).unwrap(), ["eu-1", "eu-2", "us"]);
    assert_eq!(select(&["prod/*"]).unwrap(), ["eu-1"]);
    assert_eq!(select(&["eu_1"]).unwrap_err(), "ALIAS: no link matches \"eu_1\"; did you mean \"eu-1\"?");
    assert_eq!(select(&["asia"]).unwrap_err(), "ALIAS: no link matches \"asia\"; there are eu-1, eu-2 and us");
    assert_eq!(select(&["["]).unwrap_err(), "ALIAS: \"[\" is not a pattern; write an alias, or a pattern such as eu-*");
    let empty = parse("# nothing yet\n").unwrap();
    assert_eq!(
        empty.select(&[]).unwrap_err().to_string(),
        "etc/farlink.yml: there is nothing to diagnose; add a link under links, or a cluster under discover.from"
    );
}

#[test]
fn what_elasticsearch_would_refuse_is_an_oddity_and_not_an_error() {
    let keys = |keys: &[&str]| Oddity::ModeKeysMixed { keys: keys.iter().map(|&key| key.to_owned()).collect() };
    let cases: [(&str, Mode, usize, Vec<Oddity>); 7] = [
        ("{ proxy_address: \"h:9443\" }", Mode::Proxy, 1, vec![]),
        ("{ seeds: \"a:9300, b:9300\" }", Mode::Sniff, 2, vec![]),
        ("{ proxy_address: \"h:9443\", seeds: [\"a:9300\"] }", Mode::Proxy, 1, vec![keys(&["seeds"])]),
        (
            "{ mode: sniff, proxy_address: \"h:9443\", server_name: n }",
            Mode::Sniff,
            0,
            vec![keys(&["proxy_address", "server_name"]), Oddity::AddressMissing],
        ),
        ("{ mode: proxy }", Mode::Proxy, 0, vec![Oddity::AddressMissing]),
        ("{ local: prod }", Mode::Sniff, 0, vec![]),
        (
            "{ proxy_address: \"h:9443\", skip_unavailable: true, transport.ping_schedule: 30s, transport.compress: true }",
            Mode::Proxy,
            1,
            vec![],
        ),
    ];
    for (link, mode, targets, oddities) in cases {
        let text = format!("clusters: {{ prod: {{ url: \"https://h:9200\" }} }}\nlinks:\n  eu: {link}\n");
        let config = parse(&text).unwrap();
        let link = &config.links[0].link;
        assert_eq!((link.mode, link.targets.len(), &link.oddities), (mode, targets, &oddities), "{text}");
    }
}

#[test]
fn two_aliases_of_one_cluster_with_one_address_name_each_other() {
    let text = "clusters: { prod: { url: \"https://h:9200\" } }\nlinks:\n  a: { local: prod, proxy_address: \"h:9443\" }\n  b: { local: prod, proxy_address: \"h:9443\" }\n  c: { local: prod, proxy_address: \"h:9443\", server_name: n }\n  d: { proxy_address: \"h:9443\" }\n";
    let config = parse(text).unwrap();
    let oddities: Vec<&[Oddity]> = config.links.iter().map(|inputs| inputs.link.oddities.as_slice()).collect();
    assert_eq!(oddities[0], [Oddity::Duplicate { aliases: vec!["b".into()] }]);
    assert_eq!(oddities[1], [Oddity::Duplicate { aliases: vec!["a".into()] }]);
    assert!(oddities[2].is_empty() && oddities[3].is_empty());
}

#[test]
fn a_cluster_is_asked_with_a_key_or_as_a_user_and_a_wrong_key_file_stops_nothing() {
    use crate::read::Credentials;
    let config = parse(EXAMPLE).unwrap();
    assert!(matches!(&config.clusters[0].credentials, Credentials::ApiKey(_)));
    assert!(
        matches!(&config.clusters[1].credentials, Credentials::User { name, password } if name == "farlink" && password.expose() == "pass word")
    );
    assert!(
        matches!(&config.management[0].credentials, Credentials::ApiKey(key) if key.header().as_str() == "ApiKey essu_anything")
    );
    let pasted = parse("clusters: { prod: { url: \"https://h:9200\", api_key_file: farlink.json } }\n");
    assert!(pasted.is_err());
    let files = staged().with("etc/farlink.json", "{\"encoded\": \"x\"}");
    let text = "clusters: { prod: { url: \"https://h:9200\", api_key_file: farlink.json } }\n";
    let config = Config::parse(text.as_bytes(), Path::new("etc/farlink.yml"), &files).unwrap();
    assert!(matches!(
        &config.clusters[0].credentials,
        Credentials::Unusable(farlink_checks::model::link::KeyFault::Json)
    ));
}

#[test]
fn ten_thousand_links_are_a_configuration_like_any_other() {
    let mut text = String::from("clusters: { prod: { url: \"https://h:9200\" } }\nlinks:\n");
    for number in 0..10_000 {
        text.push_str(&format!(
            "  link-{number}:\n    local: prod\n    mode: proxy\n    proxy_address: \"h{number}.example:9443\"\n    server_name: h{number}.example\n    model: api-key\n    verification_mode: full\n    transport_tls: true\n    api_key_file: secrets/eu\n    ca_file: ca.pem\n    interval: 60s\n    indices: \"logs-*\"\n    skip_unavailable: true\n    node_connections: 3\n"
        ));
    }
    assert!(text.len() > crate::link::files::LIMIT);
    let files = staged().with("etc/farlink.yml", text);
    let config = Config::load(&files, Some(Path::new("etc/farlink.yml"))).unwrap();
    assert_eq!(config.links.len(), 10_000);
    assert_eq!(config.links[9_999].interval, Duration::from_secs(60));
}
