//! What is said of a key.

use super::staging::*;

/// What Elasticsearch says of a key (`ApiKeyService`, `CrossClusterAccessAuthenticationService`).
const WORDS: &[(&str, &str)] = &[
    ("unable to find apikey with id nobody", "api-key-unknown"),
    ("invalid credentials for API key [good]", "api-key-wrong-secret"),
    ("api key is expired", "api-key-expired"),
    ("api key [gone] has been invalidated", "api-key-invalidated"),
    (
        "authentication expected API key type of [cross_cluster], but API key [rest] has type [rest]",
        "api-key-wrong-type",
    ),
    ("Expected signature for cross cluster API key, but no signature was provided", "api-key-signature-required"),
    ("API key [x] requires certificate identity matching [CN=local]", "api-key-signature-required"),
    ("api keys are not enabled", "api-key-service-disabled"),
    ("current license is non-compliant for [advanced-remote-cluster-security]", "licence-insufficient"),
    ("something new about the API key", "api-key-refused"),
];

#[test]
fn a_keys_verdict_from_the_cluster_itself_is_certain() {
    for (words, id) in WORDS {
        let mut link = link("127.0.0.1:9443", None);
        link.model = Some(Sourced::read(Model::ApiKey));
        let mut evidence = evidence(link, vec![remote_cluster_server()]);
        evidence.cluster = Some(asked(false, Some(words)));
        let diagnosis = judged(&evidence);
        assert_eq!(diagnosis.root_cause, Some(*id), "{words}");
        assert_eq!(found(&diagnosis, id).certainty, Certainty::Certain, "{words}");
    }
}

#[test]
fn the_same_words_to_the_agents_key_are_likely_the_local_clusters_too() {
    for (words, id) in WORDS {
        let mut link = key_link("127.0.0.1:9443");
        link.api_key = KeyPresence::Given { id: "good".into(), withheld: false };
        let mut main = remote_cluster_server();
        main.exchanges.pop();
        let main = says(main, Said::KeyHandshake, exception(&["[n][127.0.0.1:9443][a]", words]));
        let diagnosis = judged(&evidence(link, vec![main]));
        assert_eq!(diagnosis.root_cause, Some(*id), "{words}");
        assert_eq!(found(&diagnosis, id).certainty, Certainty::Likely, "{words}");
    }
}

#[test]
fn a_key_that_cannot_be_one_is_a_warning_and_was_not_sent() {
    for fault in [
        KeyFault::Empty,
        KeyFault::Json,
        KeyFault::NotEncoded,
        KeyFault::NotBase64,
        KeyFault::NoColon,
        KeyFault::SecretLength,
        KeyFault::InnerWhitespace,
        KeyFault::Quoted,
    ] {
        let mut link = key_link("127.0.0.1:9443");
        link.api_key = KeyPresence::Malformed { fault };
        let diagnosis = judged(&evidence(link, vec![remote_cluster_server()]));
        assert_eq!(found(&diagnosis, "api-key-malformed").severity, Severity::Warning, "{fault:?}");
        assert_eq!(diagnosis.verdict, Verdict::Unknown, "{fault:?}");
    }
}
