//! What a cross-cluster key may do, against what the link is used for.

use super::Subject;
use crate::catalogue::api_key as catalogue;
use crate::classify::coverage::{self, Coverage};
use crate::model::evidence::KeyAccess;
use crate::model::finding::{Finding, Severity};
use crate::model::text::{list, safe};

/// How many patterns a sentence names.
const SHOWN: usize = 10;

/// What the key lacks. Only what `indices` of the link says is known to be used; the rest may be meant so.
pub(super) fn findings(subject: &Subject<'_>, access: &KeyAccess) -> Vec<Finding> {
    if access.cut_short {
        return Vec::new();
    }
    let indices = subject.view.indices.as_deref();
    let mut findings = Vec::new();
    if access.search.is_empty() {
        findings.push(lacks_search(subject, access, indices));
    } else if let Some(indices) = indices {
        findings.extend(not_covered(subject, access, indices));
    }
    if access.replication.is_empty() {
        findings.push(lacks_replication(subject, access));
    }
    findings
}

fn lacks_search(subject: &Subject<'_>, access: &KeyAccess, indices: Option<&str>) -> Finding {
    let title = match indices {
        Some(indices) => {
            format!("the API {} may not search, and the link is used for {}", subject.key, safe(indices, 80))
        }
        None => format!("the API {} may be used for replication, and not for search", subject.key),
    };
    let severity = if indices.is_some() { Severity::Warning } else { Severity::Info };
    Finding::new(&catalogue::API_KEY_LACKS_SEARCH, &subject.key, title)
        .severity(severity)
        .detail("Followers work with it. The remote refuses every search, whatever roles the user has on the local cluster.")
        .fix("if the link is to search: on the remote cluster PUT /_security/cross_cluster/api_key/<id> with access.search for its indices")
        .observed(granted("replication", &access.replication))
}

fn lacks_replication(subject: &Subject<'_>, access: &KeyAccess) -> Finding {
    let title = format!("the API {} may be used for search, and not for replication", subject.key);
    Finding::new(&catalogue::API_KEY_LACKS_REPLICATION, &subject.key, title)
        .severity(Severity::Info)
        .detail("That is right for a link that only searches. A follower index on the local cluster could not copy through it.")
        .fix("if the link is to replicate: on the remote cluster PUT /_security/cross_cluster/api_key/<id> with access.replication for the leaders")
        .observed(granted("search", &access.search))
}

fn not_covered(subject: &Subject<'_>, access: &KeyAccess, indices: &str) -> Option<Finding> {
    let Coverage::Lacks(parts) = coverage::judge(indices, &subject.link.alias, &access.search) else { return None };
    let shown: Vec<String> = parts.iter().take(SHOWN).map(|part| safe(part, 60)).collect();
    let title = format!("the API {} may not search all of {}", subject.key, list(&shown));
    Some(
        Finding::new(&catalogue::API_KEY_INDICES_NOT_COVERED, &subject.key, title)
            .severity(Severity::Warning)
            .detail(
                "A search by pattern leaves out what the key does not cover and says nothing; one for such an index by its name is refused. \
                 What the link is used for is indices in farlink.yml.",
            )
            .fix("on the remote cluster PUT /_security/cross_cluster/api_key/<id> with these indices in access.search")
            .fix("or in farlink.yml set indices of the link to what it is used for")
            .observed(granted("search", &access.search)),
    )
}

fn granted(what: &str, names: &[String]) -> String {
    let mut shown: Vec<String> = names.iter().take(SHOWN).map(|name| safe(name, 60)).collect();
    if names.len() > SHOWN {
        shown.push(format!("{} more", names.len() - SHOWN));
    }
    format!("access.{what} of the key: {}", list(&shown))
}
