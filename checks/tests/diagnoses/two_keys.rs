//! What the local cluster says of its key beside what the agent meets with its own.

use super::api_key::asked_at_wire;
use super::staging::*;

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
