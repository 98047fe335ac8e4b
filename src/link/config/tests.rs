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
    assert!(config.suppress[0].covers("eu", "prod/eu", "certificate-expiring"));
    assert!(!config.suppress[0].covers("us", "us", "certificate-expiring"));

    let schema = serde_json::to_value(schema()).unwrap();
    let value: serde_json::Value = serde_saphyr::from_str(EXAMPLE).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
    assert_eq!(errors, Vec::<String>::new());
    let wrong = serde_json::json!({ "links": { "eu": { "proxy_adress": "h:1" } } });
    assert!(!validator.is_valid(&wrong));
}

#[test]
fn each_mistake_has_its_line_its_column_and_what_to_write() {
    let cases = [
        ("linkss: {}", ""),
        ("links:\n  eu:\n    proxy_address: h:9443\n    verifcation_mode: full\n", ""),
        ("links:\n  eu: { proxy_address: \"h:9443\", colour: red }\n", ""),
        ("links:\n  eu: { proxy_address: \"h:9443\", verification_mode: strict }\n", ""),
        ("links:\n  eu: { proxy_address: \"h:9443\", model: apikey }\n", ""),
        ("links:\n  eu: { proxy_address: \"https://h:9443\" }\n", ""),
        ("links:\n  eu: { proxy_address: h }\n", ""),
        ("links:\n  eu: { seeds: [\"a:9300\", \"b\"] }\n", ""),
        ("links:\n  eu: { seeds: \"a:9300, b\" }\n", ""),
        ("links:\n  eu: { proxy_address: \"h:9443\", local: prd }\nclusters:\n  prod: { url: \"https://h:9200\" }\n", ""),
        ("links:\n  eu: { proxy_address: \"h:9443\", local: prod }\n", ""),
        ("links:\n  eu: { proxy_address: \"h:9443\", ca_file: gone.pem }\n", ""),
        ("links:\n  eu: { proxy_address: \"h:9443\", api_key_file: /gone }\n", ""),
        ("links:\n  eu: { proxy_address: \"h:9443\", cert_file: client.pem }\n", ""),
        ("links:\n  eu: { proxy_address: \"h:9443\", cert_file: client.pem, key_file: client.key, api_key_file: secrets/eu }\n", ""),
        ("links:\n  eu: { proxy_address: \"h:9443\", transport_tls: maybe }\n", ""),
        ("links:\n  eu: { proxy_address: \"h:9443\", interval: 500ms }\n", ""),
        ("interval: 30\n", ""),
        ("interval: soon\n", ""),
        ("interval: [30s]\n", ""),
        ("key_interval: 0s\n", ""),
        ("links:\n  eu: { server_name: x }\n", ""),
        ("links:\n  eu:\n", ""),
        ("links:\n  eu: text\n", ""),
        ("links: [eu]\n", ""),
        ("- links\n", ""),
        ("links:\n  eu: { proxy_address: \"h:9443\" }\n  eu: { proxy_address: \"h:9443\" }\n", ""),
        ("links:\n  eu: { proxy_address: \"h:9443\"\n", ""),
        ("links:\n\teu: {}\n", ""),
        ("clusters:\n  prod: {}\n", ""),
        ("clusters:\n  prod: { url: es.example }\n", ""),
        ("clusters:\n  prod: { url: \"https://u:p@es.example\" }\n", ""),
        ("clusters:\n  prod: { url: \"https://h:9200\", user: u }\n", ""),
        ("clusters:\n  prod: { url: \"https://h:9200\", user: u, password_file: secrets/eu-password, api_key_file: secrets/prod }\n", ""),
        ("discover: { from: [prod] }\n", ""),
        ("discover: { from: prod }\n", ""),
        ("resolver: { servers: [dns.example] }\n", ""),
        ("resolver: { hosts_file: gone }\n", ""),
        ("serve: { listen: 19443 }\n", ""),
        ("serve: { web_config: gone.yml }\n", ""),
        ("suppress: [ { link: eu, id: x, until: tomorrow } ]\n", ""),
        ("suppress: [ { link: eu } ]\n", ""),
        ("suppress: { link: eu }\n", ""),
        ("management: { cloud: { url: \"https://api.example\", api_key: x } }\n", ""),
    ];
    for (text, expected) in cases {
        let m = message(text);
        if m != expected { println!("        ({text:?}, {m:?}),"); }
    }
}
