//! The answer in one sentence: for the estate, and for one link.

use std::sync::Arc;

use farlink_checks::model::diagnosis::Verdict;

use crate::serve::table::LinkState;

/// The estate's state, and what a reader may want to hear next.
pub(super) fn headline(links: &[Arc<LinkState>]) -> (String, Option<&'static str>) {
    let count = |verdict: Option<Verdict>| links.iter().filter(|link| link.verdict() == verdict).count();
    let all = links.len();
    let ends = |n: usize, is: &str, are: &str| match (n, all) {
        (1, 1) => format!("the only link {is}"),
        (n, all) if n == all => format!("all {all} links {are}"),
        (n, _) => format!("{n} of {all} links {}", if n == 1 { is } else { are }),
    };
    let [broken, degraded, unknown] = [Verdict::Broken, Verdict::Degraded, Verdict::Unknown].map(|it| count(Some(it)));
    match (all, count(None)) {
        (0, _) => ("no links".to_owned(), Some("Neither the configuration nor a cluster has named one yet.")),
        (_, waiting) if waiting == all => {
            ("not probed yet".to_owned(), Some("The first round is under way. Load this page again in a minute."))
        }
        _ if broken > 0 => (ends(broken, "is broken", "are broken"), None),
        _ if degraded > 0 => (ends(degraded, "works only in part", "work only in part"), None),
        _ if unknown > 0 => {
            (ends(unknown, "could not be judged", "could not be judged"), Some("Nothing failed so far."))
        }
        (_, waiting) => (ends(all - waiting, "works", "work"), None),
    }
}
