//! When which link runs: each at its own interval, none twice at once, and never all of them together.
//!
//! Nothing here waits or reads a clock; the engine asks what is due. Time is tokio's, which does not
//! count a suspended machine's sleep, and a link that was due several times meanwhile runs once.

use std::collections::{BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::time::Duration;

use tokio::time::Instant;

use super::table::Name;

/// How far apart the first runs of two links are, as long as all begin within their interval.
const APART: Duration = Duration::from_millis(20);
/// By how much of its interval a run may come early or late, so that links do not stay in step.
const JITTER: f64 = 0.05;

/// The links and when each runs next.
#[derive(Debug, Default)]
pub struct Schedule {
    slots: HashMap<Name, Slot>,
    waiting: BTreeSet<(Instant, Name)>,
}

#[derive(Debug)]
struct Slot {
    interval: Duration,
    due: Instant,
    round: u64,
    /// When the run began that is under way.
    begun: Option<Instant>,
}

impl Schedule {
    /// Runs exactly the links of `wanted`, each at its interval. Those that are new begin spread out from
    /// `now` on; a link that is no longer wanted is forgotten, even while it runs.
    pub fn set(&mut self, wanted: impl IntoIterator<Item = (Name, Duration)>, now: Instant) {
        let wanted: HashMap<Name, Duration> = wanted.into_iter().collect();
        let gone: Vec<Name> = self.slots.keys().filter(|name| !wanted.contains_key(*name)).cloned().collect();
        for name in gone {
            self.forget(&name);
        }
        let fresh = wanted.keys().filter(|name| !self.slots.contains_key(*name)).count();
        let spread = APART.saturating_mul(u32::try_from(fresh).unwrap_or(u32::MAX));
        for (name, interval) in wanted {
            match self.slots.get_mut(&name) {
                Some(slot) if slot.interval == interval => {}
                Some(slot) => {
                    slot.interval = interval;
                    let sooner = slot.due.min(now + interval);
                    if slot.begun.is_none() && self.waiting.remove(&(slot.due, name.clone())) {
                        self.waiting.insert((sooner, name));
                    }
                    slot.due = sooner;
                }
                None => {
                    let due = now + spread.min(interval).mul_f64(fraction(&name, 0));
                    self.waiting.insert((due, name.clone()));
                    self.slots.insert(name, Slot { interval, due, round: 0, begun: None });
                }
            }
        }
    }

    /// When the next run is due; `None` where no link waits.
    pub fn next(&self) -> Option<Instant> {
        self.waiting.first().map(|(due, _)| *due)
    }

    /// A link that is due at `now`; it counts as running from here on.
    pub fn take(&mut self, now: Instant) -> Option<Name> {
        let name = self.waiting.first().filter(|(due, _)| *due <= now).map(|(_, name)| name.clone())?;
        self.begin(&name, now).then_some(name)
    }

    /// Runs a link at `now`, in turn or out of it: `false` where it runs already or is none of ours.
    pub fn begin(&mut self, name: &Name, now: Instant) -> bool {
        let Some(slot) = self.slots.get_mut(name).filter(|slot| slot.begun.is_none()) else { return false };
        self.waiting.remove(&(slot.due, name.clone()));
        slot.begun = Some(now);
        true
    }

    /// Says that a link's run has ended at `now`.
    pub fn ended(&mut self, name: &Name, now: Instant) {
        let Some(slot) = self.slots.get_mut(name) else { return };
        let Some(begun) = slot.begun.take() else { return };
        slot.round += 1;
        let shift = 1.0 + JITTER * (2.0 * fraction(name, slot.round) - 1.0);
        // A little late keeps the pace. What was missed is not made up for, and a run out of turn was the next one.
        let late = begun.saturating_duration_since(slot.due);
        let from = if late < slot.interval { slot.due.min(begun) } else { begun };
        slot.due = (from + slot.interval.mul_f64(shift)).max(now);
        self.waiting.insert((slot.due, name.clone()));
    }

    /// Whether a link is scheduled.
    pub fn has(&self, name: &str) -> bool {
        self.slots.contains_key(name)
    }

    /// How late the oldest due run is that has not begun.
    pub fn lag(&self, now: Instant) -> Duration {
        self.next().map(|due| now.saturating_duration_since(due)).unwrap_or_default()
    }

    fn forget(&mut self, name: &Name) {
        if let Some(slot) = self.slots.remove(name) {
            self.waiting.remove(&(slot.due, name.clone()));
        }
    }
}

/// A number from 0 to 1 that is the same each time for a name and a round.
fn fraction(name: &str, round: u64) -> f64 {
    let mut hasher = DefaultHasher::new();
    (name, round).hash(&mut hasher);
    (hasher.finish() >> 11) as f64 / (1u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn names(count: usize) -> Vec<(Name, Duration)> {
        (0..count).map(|number| (Name::from(format!("link-{number}")), SECOND * 30)).collect()
    }

    fn due(schedule: &mut Schedule, now: Instant) -> Vec<Name> {
        std::iter::from_fn(|| schedule.take(now)).collect()
    }

    #[tokio::test]
    async fn the_first_runs_are_spread_and_a_few_links_need_not_wait() {
        let start = Instant::now();
        for (count, all_within, at_once) in [(1, SECOND / 10, 1), (10, SECOND, 5), (10_000, SECOND * 30, 30)] {
            let mut schedule = Schedule::default();
            schedule.set(names(count), start);
            assert!(due(&mut schedule, start + SECOND / 100).len() <= at_once, "{count}");
            due(&mut schedule, start + all_within);
            assert_eq!(schedule.next(), None, "{count}");
        }
    }

    #[tokio::test]
    async fn a_link_never_runs_twice_at_once_and_keeps_its_interval_on_average() {
        let start = Instant::now();
        let mut schedule = Schedule::default();
        schedule.set(names(1), start);
        let mut now = start;
        for _ in 0..200 {
            now = schedule.next().unwrap();
            let name = schedule.take(now).unwrap();
            assert_eq!((schedule.next(), schedule.take(now + SECOND * 60)), (None, None));
            assert!(!schedule.begin(&name, now));
            schedule.ended(&name, now + SECOND);
        }
        let mean = (now - start).as_secs_f64() / 199.0;
        assert!((29.0..31.0).contains(&mean), "{mean}");
    }

    #[tokio::test]
    async fn what_a_suspended_machine_missed_is_run_once() {
        let start = Instant::now();
        let mut schedule = Schedule::default();
        schedule.set(names(3), start);
        for name in due(&mut schedule, start + SECOND) {
            schedule.ended(&name, start + SECOND);
        }
        let later = start + SECOND * 3600;
        assert!(schedule.lag(later) > SECOND * 3500);
        let late = due(&mut schedule, later);
        assert_eq!(late.len(), 3);
        assert_eq!(schedule.lag(later), Duration::ZERO);
        for name in late {
            schedule.ended(&name, later);
        }
        assert!(schedule.next().unwrap() >= later + SECOND * 28);
        assert_eq!(due(&mut schedule, later + SECOND * 32).len(), 3);
    }

    #[tokio::test]
    async fn runs_out_of_turn_put_off_the_next_one_by_one_interval_however_many_they_are() {
        let start = Instant::now();
        let mut schedule = Schedule::default();
        schedule.set(names(1), start);
        let name = schedule.take(start + SECOND).unwrap();
        schedule.ended(&name, start + SECOND);
        for second in 2..200 {
            assert!(schedule.begin(&name, start + SECOND * second));
            schedule.ended(&name, start + SECOND * second);
        }
        let next = schedule.next().unwrap() - (start + SECOND * 199);
        assert!((SECOND * 28..SECOND * 32).contains(&next), "{next:?}");
    }

    #[tokio::test]
    async fn a_run_that_takes_longer_than_its_interval_is_followed_at_once() {
        let start = Instant::now();
        let mut schedule = Schedule::default();
        schedule.set(names(1), start);
        let name = schedule.take(start + SECOND).unwrap();
        schedule.ended(&name, start + SECOND * 60);
        assert_eq!(schedule.next(), Some(start + SECOND * 60));
    }

    #[tokio::test]
    async fn links_come_and_go_and_a_shorter_interval_holds_at_once() {
        let start = Instant::now();
        let mut schedule = Schedule::default();
        schedule.set(names(3), start);
        let running = schedule.take(start + SECOND).unwrap();
        schedule.set(names(3).into_iter().filter(|(name, _)| *name != running), start);
        schedule.ended(&running, start + SECOND);
        assert!(!schedule.has(&running));
        for name in due(&mut schedule, start + SECOND) {
            schedule.ended(&name, start + SECOND);
        }
        schedule.set(names(2).into_iter().map(|(name, _)| (name, SECOND * 2)), start + SECOND);
        assert!(schedule.next().unwrap() <= start + SECOND * 3);
    }
}
