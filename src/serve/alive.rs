//! What the service manager is told: ready, reloading, alive, stopping (`sd_notify(3)`). Without one,
//! nobody listens and nothing happens.

use std::time::Duration;

use sd_notify::NotifyState;

/// Half the time in which the service manager wants to hear something, where it does.
pub fn interval() -> Option<Duration> {
    sd_notify::watchdog_enabled().map(|within| within / 2)
}

/// The scheduler is alive.
pub fn beat() {
    tell(&[NotifyState::Watchdog]);
}

/// The daemon listens and runs its links.
pub fn ready() {
    tell(&[NotifyState::Ready]);
}

/// The configuration is being read; [`ready`] ends it.
pub fn reloading() {
    if let Ok(now) = NotifyState::monotonic_usec_now() {
        tell(&[NotifyState::Reloading, now]);
    }
}

/// The daemon ends.
pub fn stopping() {
    tell(&[NotifyState::Stopping]);
}

fn tell(state: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(state) {
        tracing::debug!(%error, "the service manager could not be told");
    }
}
