//! Whether an API key's index patterns cover an index expression: decided exactly, or not at all.
//!
//! An expression is a comma list of names with `*`, and `-` before what an earlier wildcard shall leave out
//! (Elasticsearch's multi-target syntax). The patterns are those of roles: `*`, `?` and `\` before a literal
//! character (`Automatons.wildcard`), or a regular expression between slashes, which is not read here.

use std::collections::{BTreeSet, HashSet, VecDeque};

/// How much of an expression is covered.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Coverage {
    /// All of it.
    Whole,
    /// These parts of the expression are not, or not in whole.
    Lacks(Vec<String>),
    /// It cannot be told.
    Undecided,
}

/// How many names an expression or a key may have to be read at all.
const NAMES: usize = 256;
/// How long a name may be, in characters; an index name has at most 255 bytes.
const LENGTH: usize = 255;
/// How many steps of patterns are taken before it counts as undecided; some milliseconds.
const STEPS: usize = 500_000;

/// What of `expression`, asked of the remote behind `alias`, the `patterns` do not cover.
pub fn judge(expression: &str, alias: &str, patterns: &[String]) -> Coverage {
    let parts: Vec<&str> = expression.split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
    let cut = |part: &&str| part.chars().count() > LENGTH;
    if parts.is_empty() || parts.len() > NAMES || patterns.len() > NAMES || parts.iter().any(cut) {
        return Coverage::Undecided;
    }
    let granted: Vec<Pattern> = patterns.iter().filter_map(|it| Pattern::granted(it)).collect();
    let all_read = granted.len() == patterns.len();
    let mut lacks = Vec::new();
    for (place, part) in parts.iter().enumerate() {
        if place > 0 && part.starts_with('-') {
            continue;
        }
        let Some(wanted) = name_of(part, alias).and_then(Pattern::wanted) else { return Coverage::Undecided };
        // What comes later leaves out of what a wildcard stands for; a plain name is asked for all the same.
        let left_out = parts[place + 1..].iter().filter_map(|later| later.strip_prefix('-'));
        let left_out = left_out.map(|later| name_of(later, alias).and_then(Pattern::wanted));
        let Some(left_out) = left_out.collect::<Option<Vec<_>>>() else { return Coverage::Undecided };
        let covering: Vec<&Pattern> = granted.iter().chain(left_out.iter().filter(|_| wanted.has_wildcard())).collect();
        let alone = covering.iter().any(|one| covers(&wanted, std::slice::from_ref(one)) == Some(true));
        match if alone { Some(true) } else { covers(&wanted, &covering) } {
            Some(true) => {}
            Some(false) => lacks.push((*part).to_owned()),
            None => return Coverage::Undecided,
        }
    }
    match lacks.is_empty() {
        true => Coverage::Whole,
        false if all_read => Coverage::Lacks(lacks),
        false => Coverage::Undecided,
    }
}

/// The name that a part asks of the remote; `None` where it is not for this alias, or not a plain name.
fn name_of<'a>(part: &'a str, alias: &str) -> Option<&'a str> {
    let name = match part.split_once(':') {
        Some((cluster, name)) if cluster == alias => name,
        Some(_) => return None,
        None => part,
    };
    // Date math, selectors, and the backing indices that a data stream's name stands for.
    let odd = name.contains(['<', '>', ':', '{', '%']) || [".ds-", ".fs-"].iter().any(|it| name.starts_with(it));
    match name {
        "_all" => Some("*"),
        _ if odd || name.starts_with('-') || name.is_empty() => None,
        _ => Some(name),
    }
}

/// One step of a pattern.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Step {
    Char(char),
    One,
    Any,
}

#[derive(Debug)]
struct Pattern(Vec<Step>);

impl Pattern {
    /// A name of an expression, in which only `*` is special.
    fn wanted(name: &str) -> Option<Self> {
        Some(Self(name.chars().map(|it| if it == '*' { Step::Any } else { Step::Char(it) }).collect()))
    }

    /// A name of a role or key; `None` for a regular expression.
    fn granted(name: &str) -> Option<Self> {
        if name.starts_with('/') || name.chars().count() > LENGTH {
            return None;
        }
        let mut steps = Vec::new();
        let mut chars = name.chars();
        while let Some(one) = chars.next() {
            steps.push(match one {
                '*' => Step::Any,
                '?' => Step::One,
                '\\' => Step::Char(chars.next().unwrap_or('\\')),
                one => Step::Char(one),
            });
        }
        Some(Self(steps))
    }

    fn has_wildcard(&self) -> bool {
        self.0.contains(&Step::Any)
    }

    /// Where one may be from `place` without reading anything, `place` included.
    fn settle(&self, place: usize, into: &mut BTreeSet<usize>) {
        let mut place = place;
        while into.insert(place) && self.0.get(place) == Some(&Step::Any) {
            place += 1;
        }
    }

    /// Where one may be after reading `letter` in `places`; no letter stands for all that no pattern names.
    fn read(&self, places: &BTreeSet<usize>, letter: Option<char>) -> BTreeSet<usize> {
        let mut next = BTreeSet::new();
        for place in places {
            match self.0.get(*place) {
                Some(Step::Any) => self.settle(*place, &mut next),
                Some(Step::One) => self.settle(place + 1, &mut next),
                Some(Step::Char(own)) if Some(*own) == letter => self.settle(place + 1, &mut next),
                Some(Step::Char(_)) | None => {}
            }
        }
        next
    }
}

/// Whether every name that `wanted` stands for is one that some of `covering` stands for: no state is
/// reachable in which `wanted` may end and none of the others may. `None` where that takes too long.
fn covers(wanted: &Pattern, covering: &[&Pattern]) -> Option<bool> {
    type State = (BTreeSet<usize>, Vec<BTreeSet<usize>>);
    let letters: BTreeSet<Option<char>> = std::iter::once(wanted)
        .chain(covering.iter().copied())
        .flat_map(|pattern| &pattern.0)
        .filter_map(|step| if let Step::Char(own) = step { Some(Some(*own)) } else { None })
        .chain([None])
        .collect();
    let start = |pattern: &Pattern| {
        let mut places = BTreeSet::new();
        pattern.settle(0, &mut places);
        places
    };
    let first: State = (start(wanted), covering.iter().map(|pattern| start(pattern)).collect());
    let mut seen = HashSet::from([first.clone()]);
    let mut open = VecDeque::from([first]);
    let mut work = 0;
    while let Some((own, others)) = open.pop_front() {
        let ends = |pattern: &Pattern, places: &BTreeSet<usize>| places.contains(&pattern.0.len());
        let covered = covering.iter().zip(&others).any(|(pattern, places)| ends(pattern, places));
        if ends(wanted, &own) && !covered {
            return Some(false);
        }
        for letter in &letters {
            let next = wanted.read(&own, *letter);
            if next.is_empty() {
                continue;
            }
            work += others.iter().map(|places| 1 + places.len()).sum::<usize>() + next.len();
            if work > STEPS {
                return None;
            }
            let state = (next, covering.iter().zip(&others).map(|(it, places)| it.read(places, *letter)).collect());
            if seen.insert(state.clone()) {
                open.push_back(state);
            }
        }
    }
    Some(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(expression: &str, patterns: &[&str]) -> Coverage {
        let patterns: Vec<String> = patterns.iter().map(|it| (*it).to_owned()).collect();
        judge(expression, "eu", &patterns)
    }

    #[test]
    fn an_expression_is_covered_when_every_name_it_stands_for_is() {
        for (expression, patterns) in [
            ("logs-a", &["logs-a"][..]),
            ("logs-a-*", &["logs-*"]),
            ("logs-*", &["*"]),
            ("*", &["*"]),
            ("_all", &["x", "*"]),
            ("logs-*-eu", &["logs-*"]),
            ("logs-*-eu", &["*-eu"]),
            ("a*b*c", &["a*c"]),
            ("logs-a,logs-b-*", &["logs-?", "logs-b*"]),
            ("logs-*", &["logs-", "logs-?*"]),
            ("a*", &["a", "a?", "a??*"]),
            ("eu:logs-*", &["logs-*"]),
            (" logs-* , metrics ", &["logs-*", "metrics"]),
            ("logs-*,-logs-secret-*", &["logs-*"]),
            ("a*b", &["a\\*b", "a*"]),
            ("logs-*", &["/x.*/", "logs-*"]),
        ] {
            assert_eq!(of(expression, patterns), Coverage::Whole, "{expression} by {patterns:?}");
        }
    }

    #[test]
    fn the_parts_that_are_not_covered_are_named_as_they_are_written() {
        for (expression, patterns, lacks) in [
            ("logs-*", &["logs-a-*"][..], &["logs-*"][..]),
            ("logs-a,metrics-*", &["logs-*"], &["metrics-*"]),
            ("*", &["logs-*"], &["*"]),
            ("logs*", &["logs-*"], &["logs*"]),
            ("logs-*", &["logs-?*"], &["logs-*"]),
            ("logs-ab", &["logs-?"], &["logs-ab"]),
            ("logs-*-eu", &["logs-*-us"], &["logs-*-eu"]),
            ("eu:metrics", &["logs-*"], &["eu:metrics"]),
            ("logs-*", &[], &["logs-*"]),
            ("axb", &["a\\*b"], &["axb"]),
            // An exclusion takes away from what stands before it, and not from a plain name.
            ("logs-a,-logs-*", &["metrics"], &["logs-a"]),
            ("logs-a,-logs-a,logs-*", &["logs-a"], &["logs-*"]),
        ] {
            let lacks = lacks.iter().map(|it| (*it).to_owned()).collect();
            assert_eq!(of(expression, patterns), Coverage::Lacks(lacks), "{expression} by {patterns:?}");
        }
    }

    #[test]
    fn what_an_exclusion_leaves_out_need_not_be_covered() {
        assert_eq!(of("l*,-lo*", &["l", "l?", "li*"]), Coverage::Lacks(vec!["l*".into()]));
        assert_eq!(
            of("logs-a*,-logs-ab*", &["logs-a", "logs-a?", "logs-aa*"]),
            Coverage::Lacks(vec!["logs-a*".into()])
        );
        assert_eq!(of("logs-*,-logs-*-secret", &["logs-*"]), Coverage::Whole);
        assert_eq!(of("logs-*,-logs-?*", &["metrics"]), Coverage::Lacks(vec!["logs-*".into()]));
        assert_eq!(of("logs-*,-logs-*", &["metrics"]), Coverage::Whole);
    }

    #[test]
    fn what_cannot_be_told_is_not_decided() {
        let hard: Vec<String> = (0..60).map(|n| format!("*a{}b*", "?".repeat(n % 30))).collect();
        let hard: Vec<&str> = hard.iter().map(String::as_str).chain(["c", "*?c"]).collect();
        let long = "x".repeat(400);
        for (expression, patterns) in [
            ("<logs-{now/d}>", &["logs-*"][..]),
            ("us:logs-*", &["logs-*"]),
            ("*:logs-*", &["logs-*"]),
            ("logs-*::failures", &["logs-*"]),
            (".ds-logs-2026.01.01-000001", &["logs"]),
            ("-logs-*", &["logs-*"]),
            ("logs-*,-<logs-{now/d}>", &["logs-a"]),
            ("logs-*", &["/logs-.*/"]),
            ("", &["logs-*"]),
            (",", &["logs-*"]),
            (&long, &["logs-*"]),
            ("*c", &hard),
        ] {
            assert_eq!(of(expression, patterns), Coverage::Undecided, "{expression} by {patterns:?}");
        }
    }
}
