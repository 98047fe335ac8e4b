//! Settings that show the fault by themselves.

use super::staging::*;

#[test]
fn an_api_key_link_at_a_port_that_demands_a_certificate_is_at_the_wrong_port() {
    let mut wrong = link(A, None);
    wrong.model = Some(Sourced::given(Model::ApiKey));
    assert_eq!(root(wrong, vec![asked_for_certificate(116, false, false)]), Some("config-api-key-on-certificate-port"));
}

#[test]
fn a_certificate_link_at_the_remote_cluster_server_is_named_by_its_port_number_where_that_shows_it() {
    assert_eq!(
        root(link("127.0.0.1:9443", None), vec![remote_cluster_server()]),
        Some("config-certificate-model-on-api-key-port")
    );
    assert_eq!(root(link("127.0.0.1:10443", None), vec![remote_cluster_server()]), Some("transport-wrong-port"));
}

#[test]
fn a_rest_port_by_its_number_is_named_as_such() {
    let main = with_tls(Question::AsElasticsearch, None, TlsOutcome::Closed);
    let answer = HttpAnswer { status: 400, elastic: true, ..HttpAnswer::default() };
    let http = says(attempt(Question::PlainHttp), Said::Http, Heard::Http(answer));
    let attempts = vec![main, quiet(Question::StayQuiet, End::Silence, 0.7), http];
    assert_eq!(root(link("127.0.0.1:9200", None), attempts.clone()), Some("config-rest-port"));
    assert_eq!(root(link("127.0.0.1:9400", None), attempts), Some("transport-rest-endpoint"));
}

#[test]
fn a_node_that_says_its_remote_cluster_server_is_off_is_believed_on_9443() {
    let main = says(
        transport_port(),
        Said::RemoteClusterHandshake,
        exception(&[
            "[n][127.0.0.1:9443][cluster:internal/remote_cluster/handshake]",
            "No handler for action [cluster:internal/remote_cluster/handshake]",
        ]),
    );
    for (port, id) in [
        (9443, "config-remote-server-disabled"),
        (9300, "config-api-key-on-certificate-port"),
        (10443, "transport-wrong-port"),
    ] {
        assert_eq!(root(key_link(&format!("127.0.0.1:{port}")), vec![main.clone()]), Some(id), "{port}");
    }
}

#[test]
fn a_model_that_the_port_only_suggests_gives_way_to_what_listens_there() {
    for (model, main) in [(Model::Certificate, remote_cluster_server()), (Model::ApiKey, transport_port_by_its_words())]
    {
        let mut link = link(A, None);
        link.model = Some(Sourced::inferred(model));
        let diagnosis = judged(&evidence(link, vec![main]));
        assert_eq!(found(&diagnosis, "proxy-ports-swapped").severity, Severity::Warning, "{model:?}");
        assert_ne!(diagnosis.model, Some(model));
    }
}

fn transport_port_by_its_words() -> Attempt {
    let words = "missing authentication credentials for action [cluster:internal/remote_cluster/handshake]";
    says(transport_port(), Said::RemoteClusterHandshake, exception(&["[n][a]", words]))
}

#[test]
fn settings_that_look_wrong_as_text_are_told_as_what_they_are() {
    let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
    for (oddity, id, severity) in [
        (Oddity::RemoteUnknown { known: names(&["us"]) }, "config-remote-unknown", Severity::Error),
        (Oddity::ModeKeysMixed { keys: names(&["seeds"]) }, "config-mode-keys-mixed", Severity::Warning),
        (Oddity::AddressMissing, "config-address-malformed", Severity::Error),
        (Oddity::LegacyProxy { value: "h:9400".into() }, "config-legacy-sniff-proxy", Severity::Warning),
        (Oddity::Duplicate { aliases: names(&["eu-2"]) }, "config-duplicate-remote", Severity::Warning),
        (Oddity::LinksToItself { node: "n-0".into() }, "config-links-to-itself", Severity::Warning),
        (
            Oddity::ClientRoleMissing { nodes: names(&["n-1"]), of: 3 },
            "config-remote-client-role-missing",
            Severity::Warning,
        ),
        (
            Oddity::SettingsDiffer { keys: names(&["mode"]), nodes: names(&["n-2"]) },
            "config-settings-differ-between-nodes",
            Severity::Warning,
        ),
    ] {
        let mut link = Link::new("eu", Mode::Proxy, vec![]);
        link.oddities = vec![oddity];
        let diagnosis = judged(&LinkEvidence::new(link));
        assert_eq!(found(&diagnosis, id).severity, severity, "{id}");
        assert_eq!(diagnosis.root_cause, (severity == Severity::Error).then_some(id));
    }
}

#[test]
fn an_address_that_is_none_is_an_error_of_the_link_and_not_of_the_run() {
    for text in ["eu.example", "https://eu.example:9443", "2001:db8::1:9443", "eu.example:99999"] {
        let diagnosis = judged(&LinkEvidence::new(link(text, None)));
        assert_eq!(diagnosis.root_cause, Some("config-address-malformed"), "{text}");
    }
}

#[test]
fn a_server_name_that_is_no_host_name_leads_whatever_the_port_does() {
    for name in ["eu.example:9443", "https://eu.example", "eu_example", "2001:db8::1", "eu.example."] {
        let refused = with_tls(Question::AsElasticsearch, None, TlsOutcome::BadServerName);
        assert_eq!(root(link(A, Some(name)), vec![refused]), Some("config-server-name-invalid"), "{name}");
    }
}

#[test]
fn an_address_of_elastics_platforms_says_which_mode_and_port_belong_to_it() {
    let seen = |mode, address: &str| {
        let mut link = link(address, None);
        link.mode = mode;
        ids(&judged(&LinkEvidence::new(link)))
    };
    let cloud = "x.es.eu-west-1.aws.found.io";
    let (sniff, direct) = ("config-sniff-behind-proxy", "config-direct-port-behind-proxy");
    assert_eq!(seen(Mode::Sniff, "10.0.0.5:9400"), [sniff]);
    assert_eq!(seen(Mode::Sniff, &format!("{cloud}:9300")), [direct, sniff]);
    assert_eq!(seen(Mode::Proxy, &format!("{cloud}:9343")), [direct]);
    assert!(seen(Mode::Proxy, &format!("{cloud}:9400")).is_empty());
    assert!(seen(Mode::Sniff, "10.0.0.5:9300").is_empty());
    assert!(seen(Mode::Proxy, "found.io.example:9300").is_empty());
}

#[test]
fn an_alias_that_no_key_entry_can_have_is_told_where_the_cluster_says_it() {
    let seen = |alias: &str, asked_for: bool| {
        let mut link = key_link("127.0.0.1:9443");
        link.alias = alias.into();
        let mut evidence = evidence(link, vec![remote_cluster_server()]);
        evidence.cluster = asked_for.then(|| asked(true, None));
        ids(&judged(&evidence)).contains(&"config-alias-invalid")
    };
    assert!(seen("EU.West", true));
    assert!(!seen("EU.West", false) && !seen("eu-west_1", true));
}
