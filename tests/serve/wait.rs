//! Waiting for what comes about by itself.

use std::time::{Duration, Instant};

/// Longer than anything takes on a busy machine.
pub const WITHIN: Duration = Duration::from_secs(60);
const BETWEEN: Duration = Duration::from_millis(25);

/// What `look` finds, once it finds something; `seen` says what there is where it never does.
pub fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>, seen: impl FnOnce() -> String) -> T {
    let end = Instant::now() + WITHIN;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < end, "not within {WITHIN:?}: {what}\n{}", seen());
        std::thread::sleep(BETWEEN);
    }
}

/// How often to try what depends on its moment: `few` times, and `many` for who has the time.
pub fn times(few: usize, many: usize) -> usize {
    if std::env::var_os("FARLINK_ALL").is_some() { many } else { few }
}

/// Whether all of these programs are there; a missing one is a failure in CI.
pub fn have(programs: &[&str]) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let there = |program: &&&str| std::env::split_paths(&path).any(|folder| folder.join(program).is_file());
    let missing: Vec<_> = programs.iter().filter(|program| !there(program)).collect();
    assert!(missing.is_empty() || std::env::var_os("CI").is_none(), "missing: {missing:?}");
    if !missing.is_empty() {
        eprintln!("NOT RUN: {missing:?} is missing");
    }
    missing.is_empty()
}
