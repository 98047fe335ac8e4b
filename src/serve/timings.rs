//! How long a link's stages took over the last hours, in a fixed number of bytes a link.

use std::collections::VecDeque;

use farlink_checks::model::stage::Stage;
use jiff::Timestamp;

use super::facts::StageFact;

/// The stages whose time is measured.
pub const TIMED: [Stage; 5] = [Stage::Dns, Stage::Tcp, Stage::Tls, Stage::Transport, Stage::ApiKey];
/// How many seconds one point stands for.
pub const WIDTH: i64 = 180;
/// How many points are kept: three hours.
pub const POINTS: usize = 60;

/// The slowest run of each three minutes, the newest last.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Timings(VecDeque<Point>);

/// What was measured in one stretch of [`WIDTH`] seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// When the stretch began, in units of [`WIDTH`] since 1970.
    slot: u32,
    /// Seconds by stage, in the order of [`TIMED`]; NaN where the stage was not tested.
    seconds: [f32; TIMED.len()],
}

impl Point {
    /// When the stretch began, in seconds since 1970.
    pub fn began(&self) -> i64 {
        i64::from(self.slot) * WIDTH
    }

    /// How long the `index`-th of [`TIMED`] took at most, in seconds.
    pub fn seconds(&self, index: usize) -> Option<f32> {
        self.seconds.get(index).copied().filter(|seconds| !seconds.is_nan())
    }
}

impl Timings {
    /// Every point, the oldest first.
    pub fn points(&self) -> impl Iterator<Item = &Point> {
        self.0.iter()
    }

    /// Adds what a run that began at `at` measured.
    pub fn add(&mut self, at: Timestamp, stages: &[StageFact]) {
        let slot = u32::try_from(at.as_second().div_euclid(WIDTH)).unwrap_or_default();
        let mut seconds = [f32::NAN; TIMED.len()];
        for (seconds, stage) in seconds.iter_mut().zip(TIMED) {
            let measured = stages.iter().find(|fact| fact.stage == stage).and_then(|fact| fact.seconds);
            *seconds = measured.map_or(f32::NAN, |measured| measured as f32);
        }
        match self.0.back_mut() {
            // `f32::max` takes the number where one side is NaN.
            Some(last) if last.slot == slot => {
                for (known, new) in last.seconds.iter_mut().zip(seconds) {
                    *known = known.max(new);
                }
            }
            _ => self.0.push_back(Point { slot, seconds }),
        }
        // A clock that was set back starts anew rather than showing time running backwards.
        self.0.retain(|point| point.slot <= slot);
        while self.0.len() > POINTS {
            self.0.pop_front();
        }
    }
}
