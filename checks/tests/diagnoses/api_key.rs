//! What is said of a key, at the wire and by the local cluster, each alone.

use super::staging::*;

const LIKELY: Certainty = Certainty::Likely;
const CERTAIN: Certainty = Certainty::Certain;
const POSSIBLE: Certainty = Certainty::Possible;

/// What Elasticsearch says of a key (`ApiKeyService`, `CrossClusterAccessAuthenticationService`,
/// `CrossClusterAccessServerTransportFilter`), and how certain that is when the cluster itself passes it on.
const WORDS: &[(&str, &str, Certainty)] = &[
    (
        "Cross cluster requests through the dedicated remote cluster server port require transport header \
         [_cross_cluster_access_credentials] but none found. Please ensure you have configured remote cluster credentials",
        "api-key-missing",
        CERTAIN,
    ),
    ("failed to extract credentials from headers", "api-key-malformed", LIKELY),
    (
        "header [_cross_cluster_access_credentials] value must be a valid API key credential",
        "api-key-malformed",
        CERTAIN,
    ),
    ("invalid cross-cluster API key value", "api-key-malformed", CERTAIN),
    ("unable to find apikey with id nobody", "api-key-unknown", CERTAIN),
    ("invalid credentials for API key [good]", "api-key-wrong-secret", CERTAIN),
    ("api key is expired", "api-key-expired", CERTAIN),
    ("api key [gone] has been invalidated", "api-key-invalidated", CERTAIN),
    (
        "authentication expected API key type of [cross_cluster], but API key [rest] has type [rest]",
        "api-key-wrong-type",
        CERTAIN,
    ),
    (
        "Expected signature for cross cluster API key, but no signature was provided",
        "api-key-signature-required",
        LIKELY,
    ),
    ("API key [x] requires certificate identity matching [CN=local]", "api-key-signature-required", LIKELY),
    ("Invalid cross cluster api key signature from [CN=a]", "api-key-signature-required", LIKELY),
    ("Failed to verify cross cluster api key signature certificate from [CN=a]", "api-key-signature-required", LIKELY),
    ("Provided signature does not contain any certificates", "api-key-signature-required", LIKELY),
    ("api keys are not enabled", "api-key-service-disabled", CERTAIN),
    ("current license is non-compliant for [advanced-remote-cluster-security]", "licence-insufficient", LIKELY),
    ("all nodes must have version [8.10.0] or higher to support", "version-api-key-model-too-old", LIKELY),
    ("failed to authenticate cross cluster credentials", "api-key-refused", POSSIBLE),
    ("unable to authenticate user [good] for action [a]", "api-key-refused", LIKELY),
    ("something new about the API key", "api-key-refused", LIKELY),
];

/// A link whose key was asked at the wire and answered with these causes.
pub(crate) fn asked_at_wire(words: &[&str]) -> LinkEvidence {
    let mut evidence = healthy();
    let main = &mut evidence.addresses[0].attempts[0];
    main.exchanges.retain(|exchange| !matches!(exchange.said, Said::KeyHandshake | Said::SubjectHandshake));
    let causes = [&["[n][127.0.0.1:9443][a]"], words].concat();
    *main = says(main.clone(), Said::KeyHandshake, exception(&causes));
    evidence
}

#[test]
fn a_key_that_was_not_tried_in_this_run_says_how_long_ago_it_was() {
    for (seconds_ago, note) in [(None, "accepted"), (Some(170.0), "accepted 3 min ago")] {
        let mut evidence = healthy();
        for exchange in &mut evidence.addresses[0].attempts[0].exchanges {
            exchange.seconds_ago = seconds_ago.filter(|_| exchange.said.has_key());
        }
        let diagnosis = judged(&evidence);
        let stage =
            diagnosis.stages.iter().find(|stage| stage.stage == farlink_checks::model::stage::Stage::ApiKey).unwrap();
        assert_eq!((stage.note.as_deref(), stage.duration_seconds.is_some()), (Some(note), seconds_ago.is_none()));
    }
}

#[test]
fn a_keys_verdict_from_the_cluster_itself_is_as_certain_as_its_words() {
    for (words, id, certainty) in WORDS {
        let mut evidence = evidence(key_link("127.0.0.1:9443"), vec![remote_cluster_server()]);
        evidence.cluster = Some(asked(false, Some(words)));
        let diagnosis = judged(&evidence);
        assert_eq!((diagnosis.verdict, diagnosis.root_cause), (Verdict::Broken, Some(*id)), "{words}");
        let finding = found(&diagnosis, id);
        assert_eq!((finding.certainty, finding.severity), (*certainty, Severity::Error), "{words}");
    }
}

#[test]
fn the_same_words_to_the_agents_key_are_at_most_likely_the_local_clusters_too() {
    for (words, id, certainty) in WORDS {
        let diagnosis = judged(&asked_at_wire(&[words]));
        assert_eq!((diagnosis.verdict, diagnosis.root_cause), (Verdict::Broken, Some(*id)), "{words}");
        assert_eq!(found(&diagnosis, id).certainty, (*certainty).min(LIKELY), "{words}");
    }
}

#[test]
fn what_is_said_after_the_key_was_accepted_counts_too() {
    let fails_with = |words: &str| {
        let mut evidence = healthy();
        let main = &mut evidence.addresses[0].attempts[0];
        main.exchanges.pop();
        *main = says(main.clone(), Said::SubjectHandshake, exception(&["[n][127.0.0.1:9443][a]", words]));
        judged(&evidence)
    };
    for (words, id) in [
        ("current license is non-compliant for [advanced-remote-cluster-security]", "licence-insufficient"),
        ("Expected signature for cross cluster API key, but no signature was provided", "api-key-signature-required"),
        (
            "action [a] towards remote cluster is unauthorized for user [_system] authenticated by API key id [x]",
            "api-key-refused",
        ),
    ] {
        let diagnosis = fails_with(words);
        assert_eq!((diagnosis.verdict, diagnosis.root_cause), (Verdict::Broken, Some(id)), "{words}");
    }
}

#[test]
fn a_port_that_takes_no_keys_says_nothing_of_the_key() {
    for words in [
        "No handler for action [cluster:internal/remote_cluster/handshake]",
        "remote cluster handshake action requires channel profile to be [_remote_cluster], but got [default]",
        "missing authentication credentials for action [cluster:internal/remote_cluster/handshake]",
        "action [cluster:internal/remote_cluster/handshake] is unauthorized for user [anonymous]",
    ] {
        let diagnosis = judged(&asked_at_wire(&[words]));
        assert!(ids(&diagnosis).iter().all(|id| !id.starts_with("api-key")), "{words}: {:?}", ids(&diagnosis));
        assert_eq!(diagnosis.verdict, Verdict::Broken, "{words}");
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
