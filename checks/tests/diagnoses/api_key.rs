//! What is said of a key, at the wire and by the local cluster.

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
fn asked_at_wire(words: &[&str]) -> LinkEvidence {
    let mut evidence = healthy();
    let main = &mut evidence.addresses[0].attempts[0];
    main.exchanges.retain(|exchange| !matches!(exchange.said, Said::KeyHandshake | Said::SubjectHandshake));
    let causes = [&["[n][127.0.0.1:9443][a]"], words].concat();
    *main = says(main.clone(), Said::KeyHandshake, exception(&causes));
    evidence
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

/// What the agent meets.
#[derive(Clone, Copy, Debug)]
enum Here {
    Accepted,
    Refused(&'static str),
    NoKey,
    Refuses,
}

/// What the local cluster says.
#[derive(Clone, Copy, Debug)]
enum There {
    Works,
    Refused(&'static str),
    Fails,
    HasNoKey,
    Denied,
}

const EXPIRED: &str = "api key is expired";
const UNKNOWN: &str = "unable to find apikey with id nobody";
const DENIED: &str = "action [indices:admin/resolve/cluster] towards remote cluster is unauthorized for user [u] with assigned \
                      roles [x] authenticated by API key id [k] of user [o]";

fn joined(there: There, here: Here) -> LinkEvidence {
    let mut evidence = match here {
        Here::Accepted => healthy(),
        Here::Refused(words) => asked_at_wire(&[words]),
        Here::NoKey => evidence(key_link("127.0.0.1:9443"), vec![remote_cluster_server()]),
        Here::Refuses => {
            let refused = Attempt { tcp: tcp(TcpOutcome::Refused), ..attempt(Question::AsElasticsearch) };
            LinkEvidence { link: healthy().link, ..evidence(key_link("127.0.0.1:9443"), vec![refused]) }
        }
    };
    let mut view = match there {
        There::Works => asked(true, None),
        There::Refused(words) => asked(false, Some(words)),
        There::Fails | There::HasNoKey => asked(false, None),
        There::Denied => asked(false, Some(DENIED)),
    };
    if let Ok(Some(info)) = &mut view.before {
        info.credentials = !matches!(there, There::HasNoKey);
    }
    evidence.cluster = Some(view);
    evidence
}

/// Every pair of what the local cluster says and what the agent meets: the verdict, its cause, what else
/// is found, and how the leading sentence begins.
#[test]
fn the_local_cluster_and_the_agent_never_contradict_each_other() {
    use Here::*;
    use Verdict::{Broken, Ok};
    const AGENT: &str = "cluster-agent-path-differs";
    const LOCAL: &str = "cluster-local-path-differs";
    type Row = (There, Here, Verdict, Option<&'static str>, &'static [&'static str], &'static str);
    let rows: &[Row] = &[
        (There::Works, Accepted, Ok, None, &[], ""),
        (
            There::Works,
            Here::Refused(EXPIRED),
            Ok,
            None,
            &[AGENT, "api-key-expired"],
            "the local cluster's API key works",
        ),
        (There::Works, NoKey, Ok, None, &["api-key-missing"], "farlink was given no API key"),
        (There::Works, Refuses, Ok, None, &[AGENT, "tcp-refused"], "the local cluster reaches the remote, and farlink"),
        (
            There::Refused(EXPIRED),
            Accepted,
            Broken,
            Some("api-key-expired"),
            &[],
            "the API key of the local cluster has",
        ),
        (
            There::Refused(EXPIRED),
            Here::Refused(EXPIRED),
            Broken,
            Some("api-key-expired"),
            &[],
            "the API key of the local",
        ),
        (
            There::Refused(EXPIRED),
            Here::Refused(UNKNOWN),
            Broken,
            Some("api-key-expired"),
            &["api-key-unknown"],
            "the API key of the local cluster has expired",
        ),
        (
            There::Refused(EXPIRED),
            NoKey,
            Broken,
            Some("api-key-expired"),
            &["api-key-missing"],
            "the API key of the local",
        ),
        (
            There::Refused(EXPIRED),
            Refuses,
            Broken,
            Some("api-key-expired"),
            &[AGENT, "tcp-refused"],
            "the API key of the local cluster has expired",
        ),
        (
            There::Fails,
            Accepted,
            Broken,
            Some(LOCAL),
            &["cluster-disconnected"],
            "farlink reaches the remote from here",
        ),
        (
            There::Fails,
            Here::Refused(EXPIRED),
            Broken,
            Some(LOCAL),
            &["cluster-disconnected", "api-key-expired"],
            "farlink gets as far as the API key from here",
        ),
        (
            There::Fails,
            NoKey,
            Broken,
            Some("cluster-disconnected"),
            &["api-key-missing"],
            "the local cluster cannot connect",
        ),
        (There::Fails, Refuses, Broken, Some("tcp-refused"), &["cluster-disconnected"], ""),
        (
            There::HasNoKey,
            Accepted,
            Broken,
            Some("api-key-missing"),
            &["cluster-disconnected"],
            "the local cluster has no API key for this alias",
        ),
        (
            There::HasNoKey,
            Here::Refused(EXPIRED),
            Broken,
            Some("api-key-missing"),
            &["cluster-disconnected", "api-key-expired"],
            "the local cluster has no API key for this alias",
        ),
        (
            There::HasNoKey,
            NoKey,
            Broken,
            Some("api-key-missing"),
            &["cluster-disconnected", "api-key-missing"],
            "the local cluster has no API key for this alias",
        ),
        (There::HasNoKey, Refuses, Broken, Some("tcp-refused"), &["cluster-disconnected"], ""),
        (There::Denied, Accepted, Ok, None, &["cluster-privilege-missing"], "the link works, and the user"),
        (There::Denied, NoKey, Ok, None, &["cluster-privilege-missing", "api-key-missing"], ""),
    ];
    for (there, here, verdict, root, others, sentence) in rows {
        let diagnosis = judged(&joined(*there, *here));
        let place = format!("{there:?} there, {here:?} here: {:#?}", diagnosis.findings);
        assert_eq!((diagnosis.verdict, diagnosis.root_cause), (*verdict, *root), "{place}");
        let mut expected: Vec<&str> = root.iter().chain(*others).copied().collect();
        // Lazily opened sockets are another matter.
        let mut made: Vec<&str> = ids(&diagnosis).into_iter().filter(|id| *id != "cluster-connected-lazily").collect();
        expected.sort();
        made.sort();
        assert_eq!(made, expected, "{place}");
        let said = diagnosis.findings.iter().any(|finding| finding.title.starts_with(sentence));
        assert!(said || sentence.is_empty(), "{place}");
        let errors = diagnosis.findings.iter().filter(|finding| finding.is_error());
        let unexplained: Vec<&str> = errors.filter(|f| f.explained_by.is_none()).map(|f| f.id).collect();
        assert_eq!(unexplained, root.iter().copied().collect::<Vec<_>>(), "{place}");
    }
}

#[test]
fn what_the_local_cluster_itself_denies_says_nothing_of_the_link() {
    let words = "action [a] towards remote cluster [eu] is unauthorized for user [u] because no remote indices privileges apply \
                 for the target cluster";
    let mut evidence = healthy();
    evidence.cluster = Some(asked(false, Some(words)));
    let diagnosis = judged(&evidence);
    assert_eq!(diagnosis.verdict, Verdict::Ok);
    assert_eq!(found(&diagnosis, "cluster-disconnected").severity, Severity::Info);
}
