//! What the engine shows of itself at any time, without being asked.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::Instant;

/// What others may know of the engine at any time.
#[derive(Debug)]
pub struct Pulse {
    ready: AtomicBool,
    /// When the next run is due, in nanoseconds after `origin`; `u64::MAX` where none is.
    next: AtomicU64,
    origin: Instant,
}

impl Pulse {
    /// A daemon that has just begun.
    pub fn new() -> Arc<Self> {
        Arc::new(Self { ready: AtomicBool::new(false), next: AtomicU64::new(u64::MAX), origin: Instant::now() })
    }

    /// How late the oldest due, not yet started run is now, in seconds.
    pub fn lag(&self) -> f64 {
        let next = Duration::from_nanos(self.next.load(Ordering::Relaxed));
        self.origin.elapsed().saturating_sub(next).as_secs_f64()
    }

    /// Whether every link has been run once.
    pub fn is_ready(&self) -> bool {
        self.ready.load(Ordering::Relaxed)
    }

    pub(super) fn set_ready(&self) {
        self.ready.store(true, Ordering::Relaxed);
    }

    pub(super) fn set_next(&self, next: Option<Instant>) {
        let after = |next: Instant| u64::try_from(next.saturating_duration_since(self.origin).as_nanos());
        self.next.store(next.map_or(u64::MAX, |next| after(next).unwrap_or(u64::MAX)), Ordering::Relaxed);
    }
}
