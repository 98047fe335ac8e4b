//! What a local cluster replicates, brought to the links: followers and auto-follow patterns by alias.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use farlink_checks::model::evidence::{Read, Unreadable};
use farlink_checks::model::replication::{AutoFollow, AutoFollowError, Follower, Replication};

use crate::read::Client;
use crate::read::ccr::{self, Info, Pattern, Stats};

/// What a cluster replicates, over all its remotes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Replicas {
    stats: Option<Stats>,
    info: Vec<Info>,
    patterns: Option<Vec<Pattern>>,
}

/// Asks for everything, with one call each; what cannot be read is added to `unreadable`. `None` where there is no
/// replication, or nothing of it can be read.
pub async fn replicas(client: &Client, unreadable: &mut Vec<Unreadable>) -> Option<Replicas> {
    let (stats, info, patterns) = tokio::join!(ccr::stats(client), ccr::info(client), ccr::auto_follow(client));
    let stats = readable(stats, ccr::STATS, unreadable);
    let info = readable(info, ccr::INFO, unreadable);
    let patterns = readable(patterns, ccr::AUTO_FOLLOW, unreadable);
    let any = stats.is_some() || info.is_some() || patterns.is_some();
    any.then(|| Replicas { stats, info: info.unwrap_or_default(), patterns })
}

fn readable<T>(read: Read<Option<T>>, path: &str, unreadable: &mut Vec<Unreadable>) -> Option<T> {
    read.map_err(|error| unreadable.push(Unreadable { path: path.to_owned(), error })).ok().flatten()
}

impl Replicas {
    /// Asks again how the followers do, where the cluster has said it before. What cannot be read this time stays.
    pub async fn refreshed(&self, client: &Client) -> Self {
        let mut fresh = self.clone();
        if self.stats.is_some()
            && let Ok(Some(stats)) = ccr::stats(client).await
        {
            fresh.stats = Some(stats);
        }
        fresh
    }

    /// What replicates over the link `alias`.
    pub fn of(&self, alias: &str) -> Replication {
        let (followers, more) = self.followers(alias);
        let patterns = self.auto_follow().filter(|pattern| pattern.remote == alias).take(Replication::PATTERNS);
        Replication { followers, more, patterns: patterns.collect(), strays: Vec::new() }
    }

    /// The patterns that name none of the aliases for which `known` holds.
    pub fn strays(&self, known: impl Fn(&str) -> bool) -> Vec<AutoFollow> {
        self.auto_follow().filter(|pattern| !known(&pattern.remote)).take(Replication::PATTERNS).collect()
    }

    /// The worst followers of `alias`, and how many more there are.
    fn followers(&self, alias: &str) -> (Vec<Follower>, u64) {
        let running = self.stats.iter().flat_map(|stats| &stats.followers).filter(|((remote, _), _)| remote == alias);
        let mut all: BTreeMap<&str, Follower> =
            running.map(|((_, name), follower)| (name.as_str(), follower.clone())).collect();
        // A paused follower has no task, so that only the other list has it.
        for info in self.info.iter().filter(|info| info.paused && info.remote == alias) {
            all.entry(&info.follower).or_insert_with(|| Follower {
                name: info.follower.clone(),
                leader: info.leader.clone(),
                paused: true,
                ..Follower::default()
            });
        }
        let mut worst: Vec<Follower> = all.into_values().collect();
        worst.sort_by_cached_key(|it| {
            let retries = it.reading.as_ref().map(|reading| reading.retries);
            Reverse((it.fatal.is_some(), retries, it.lag, it.paused, Reverse(it.name.clone())))
        });
        let more = worst.len().saturating_sub(Replication::FOLLOWERS);
        worst.truncate(Replication::FOLLOWERS);
        (worst, more as u64)
    }

    /// Every pattern with its errors; where patterns cannot be read, the aliases that active ones follow.
    fn auto_follow(&self) -> impl Iterator<Item = AutoFollow> {
        let errors = self.stats.as_ref().map_or(&[][..], |stats| &stats.errors);
        let followed = self.stats.as_ref().map_or(&[][..], |stats| &stats.auto_followed);
        let patterns = self.patterns.as_deref().unwrap_or_default();
        let named = patterns.iter().map(|pattern| AutoFollow {
            name: Some(pattern.name.clone()),
            remote: pattern.remote.clone(),
            paused: pattern.paused,
            errors: latest(errors.iter().filter(|error| pattern_of(error, patterns) == Some(pattern))),
        });
        let nameless = followed.iter().filter(|_| self.patterns.is_none()).map(|remote| AutoFollow {
            name: None,
            remote: remote.clone(),
            paused: false,
            // Which pattern an error is about says nothing of the alias, unless there is only one.
            errors: if followed.len() == 1 { latest(errors.iter()) } else { Vec::new() },
        });
        named.chain(nameless)
    }
}

/// The pattern that `error` is about: it begins with the name, and a name may hold colons itself.
fn pattern_of<'a>(error: &AutoFollowError, patterns: &'a [Pattern]) -> Option<&'a Pattern> {
    let about = |pattern: &&Pattern| {
        error.about.strip_prefix(&pattern.name).is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
    };
    patterns.iter().filter(about).max_by_key(|pattern| pattern.name.len())
}

fn latest<'a>(errors: impl Iterator<Item = &'a AutoFollowError>) -> Vec<AutoFollowError> {
    let mut all: Vec<&AutoFollowError> = errors.collect();
    all.sort_by_key(|error| Reverse(error.at));
    all.into_iter().take(AutoFollow::ERRORS).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn follower(name: &str, lag: u64) -> ((String, String), Follower) {
        let follower = Follower { name: name.into(), leader: "l".into(), lag: Some(lag), ..Follower::default() };
        (("eu".into(), name.into()), follower)
    }

    fn error(about: &str) -> AutoFollowError {
        AutoFollowError { about: about.into(), reason: "why".into(), at: None }
    }

    fn pattern(name: &str, remote: &str) -> Pattern {
        Pattern { name: name.into(), remote: remote.into(), paused: false }
    }

    #[test]
    fn the_worst_followers_of_an_alias_are_kept_and_the_rest_counted() {
        let mut stats =
            Stats { followers: (0..300).map(|n| follower(&format!("f{n:03}"), n)).collect(), ..Stats::default() };
        let failed = Follower { fatal: Some("x".into()), lag: None, ..follower("failed", 0).1 };
        stats.followers.insert(("eu".into(), "failed".into()), failed);
        stats.followers.insert(("us".into(), "other".into()), Follower::default());
        let info = |name: &str| Info { remote: "eu".into(), follower: name.into(), leader: "l".into(), paused: true };
        // One that was paused when it was asked, and runs by now.
        let replicas = Replicas { stats: Some(stats), info: vec![info("paused"), info("f299")], patterns: None };
        let eu = replicas.of("eu");
        assert_eq!((eu.followers.len(), eu.more, eu.lag()), (256, 46, Some(299)));
        let names: Vec<&str> = eu.followers[..3].iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, ["failed", "f299", "f298"]);
        assert!(!eu.followers[1].paused);
        let paused = Replicas { info: vec![info("paused")], ..Replicas::default() }.of("eu");
        assert!(paused.followers[0].paused && paused.lag().is_none());
        assert_eq!(replicas.of("asia"), Replication::default());
    }

    #[test]
    fn errors_belong_to_the_pattern_whose_name_they_begin_with() {
        let stats = Stats {
            errors: vec![error("logs:x:y"), error("logs"), error("logs:x"), error("logsother")],
            ..Stats::default()
        };
        let patterns = [pattern("logs", "eu"), pattern("logs:x", "eu")];
        let replicas = Replicas { stats: Some(stats), info: vec![], patterns: Some(patterns.to_vec()) };
        let of = |name: &str| -> Vec<String> {
            let patterns = replicas.of("eu").patterns;
            let own = patterns.iter().filter(|it| it.name.as_deref() == Some(name));
            own.flat_map(|it| &it.errors).map(|error| error.about.clone()).collect()
        };
        assert_eq!(of("logs"), ["logs"]);
        assert_eq!(of("logs:x"), ["logs:x:y", "logs:x"]);
        assert_eq!(replicas.strays(|alias| alias == "eu"), []);
        assert_eq!(replicas.strays(|alias| alias == "us").len(), 2);
    }

    #[test]
    fn without_the_patterns_the_followed_aliases_are_still_known() {
        let stats = |aliases: &[&str]| Stats {
            auto_followed: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
            errors: vec![error("logs")],
            ..Stats::default()
        };
        let one = Replicas { stats: Some(stats(&["eu"])), ..Replicas::default() };
        assert_eq!(one.of("eu").patterns[0].errors.len(), 1);
        let two = Replicas { stats: Some(stats(&["eu", "us"])), ..Replicas::default() };
        assert!(two.of("eu").patterns[0].errors.is_empty());
        assert_eq!(two.strays(|alias| alias == "eu")[0].remote, "us");
    }
}
