//! What the daemon says of itself, in the registry of the `prometheus` crate.

use std::sync::Arc;

use jiff::Timestamp;
use prometheus::core::Collector;
use prometheus::{Gauge, GaugeVec, HistogramOpts, HistogramVec, Opts, PullingGauge, Registry, TextEncoder};

use crate::serve::facts::Facts;
use crate::serve::families::{self as family, Family};
use crate::serve::timings::TIMED;

/// How late the oldest due, not yet started run is, in seconds; asked at each scrape.
pub type Lag = Arc<dyn Fn() -> f64 + Send + Sync>;

/// Bounds in seconds: from a name in a hosts file to a link's whole deadline.
const BUCKETS: [f64; 13] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 20.0];

/// The daemon's own metrics.
#[derive(Debug)]
pub struct Own {
    registry: Registry,
    durations: HistogramVec,
    sources: GaugeVec,
    reloaded: Gauge,
}

impl Own {
    /// Metrics of a daemon that has just begun with a configuration that is right.
    pub fn new(lag: Lag) -> Result<Self, prometheus::Error> {
        let family::Family { name, help, labels, .. } = family::PROBE_DURATION;
        let durations = HistogramVec::new(HistogramOpts::new(name, help).buckets(BUCKETS.to_vec()), labels)?;
        for stage in TIMED {
            durations.get_metric_with_label_values(&[stage.name()])?;
        }
        let sources = gauges(&family::SOURCE_LAST_SUCCESS)?;
        let reloaded = Gauge::new(family::CONFIG_RELOADED.name, family::CONFIG_RELOADED.help)?;
        reloaded.set(1.0);
        let build = gauges(&family::BUILD_INFO)?;
        build.get_metric_with_label_values(&[env!("CARGO_PKG_VERSION"), env!("FARLINK_RUSTC")])?.set(1.0);
        let lag = PullingGauge::new(family::PROBE_LAG.name, family::PROBE_LAG.help, Box::new(move || lag()))?;
        let registry = Registry::new();
        let mut collectors: Vec<Box<dyn Collector>> = vec![
            Box::new(durations.clone()),
            Box::new(sources.clone()),
            Box::new(reloaded.clone()),
            Box::new(build),
            Box::new(lag),
        ];
        #[cfg(target_os = "linux")]
        collectors.push(Box::new(prometheus::process_collector::ProcessCollector::for_self()));
        for collector in collectors {
            registry.register(collector)?;
        }
        Ok(Self { registry, durations, sources, reloaded })
    }

    /// Counts how long the stages of a run took.
    pub fn observe(&self, facts: &Facts) {
        for fact in facts.stages.iter().filter(|fact| TIMED.contains(&fact.stage)) {
            if let Some(seconds) = fact.seconds {
                self.durations.with_label_values(&[fact.stage.name()]).observe(seconds);
            }
        }
    }

    /// Says whether the configuration was right when it was last read.
    pub fn reloaded(&self, right: bool) {
        self.reloaded.set(f64::from(u8::from(right)));
    }

    /// Says that the source `name`, a local cluster or a management API, answered at `at`.
    pub fn source(&self, name: &str, at: Timestamp) {
        self.sources.with_label_values(&[name]).set(at.as_millisecond() as f64 / 1000.0);
    }

    /// Says that the source `name` will be asked; until it answers, its last success is long ago, at 0.
    pub fn await_source(&self, name: &str) {
        self.sources.with_label_values(&[name]);
    }

    /// Forgets a source that the configuration no longer has.
    pub fn forget_source(&self, name: &str) {
        // One that never answered has no series.
        let _ = self.sources.remove_label_values(&[name]);
    }

    /// All of them in the text format.
    pub fn exposition(&self) -> Result<String, prometheus::Error> {
        TextEncoder::new().encode_to_string(&self.registry.gather())
    }
}

fn gauges(family: &Family) -> Result<GaugeVec, prometheus::Error> {
    GaugeVec::new(Opts::new(family.name, family.help), family.labels)
}

#[cfg(test)]
mod tests {
    use farlink_checks::model::diagnosis::{Status, Verdict};
    use farlink_checks::model::stage::Stage;

    use super::*;
    use crate::serve::facts::StageFact;

    fn facts(stage: Stage, seconds: f64) -> Facts {
        Facts {
            verdict: Verdict::Ok,
            root: None,
            undecided: None,
            model: None,
            stages: Box::new([StageFact { stage, status: Status::Passed, seconds: Some(seconds) }]),
            findings: Box::default(),
            not_after: [None; 3],
            key_accepted: None,
            key_expiration: None,
            remote_info: None,
            follower_lag: None,
        }
    }

    #[test]
    fn every_timed_stage_is_there_from_the_start_and_the_lag_is_asked_at_each_scrape() {
        let lag = Arc::new(std::sync::atomic::AtomicU32::new(0));
        let asked = Arc::clone(&lag);
        let own = Own::new(Arc::new(move || f64::from(asked.load(std::sync::atomic::Ordering::Relaxed)))).unwrap();
        let text = own.exposition().unwrap();
        for stage in TIMED {
            assert!(text.contains(&format!("farlink_probe_duration_seconds_count{{stage=\"{stage}\"}} 0")), "{text}");
        }
        assert!(text.contains("\nfarlink_probe_lag_seconds 0\n"), "{text}");
        assert!(text.contains("\nfarlink_config_last_reload_successful 1\n"), "{text}");
        assert!(text.contains("process_open_fds ") || !cfg!(target_os = "linux"), "{text}");
        lag.store(7, std::sync::atomic::Ordering::Relaxed);
        assert!(own.exposition().unwrap().contains("\nfarlink_probe_lag_seconds 7\n"));
    }

    #[test]
    fn runs_reloads_and_sources_are_seen_at_the_next_scrape() {
        let own = Own::new(Arc::new(|| 0.0)).unwrap();
        own.observe(&facts(Stage::Tls, 0.03));
        own.observe(&facts(Stage::Certificate, 0.03));
        own.reloaded(false);
        own.source("prod", Timestamp::from_second(1_800_000_000).unwrap());
        let text = own.exposition().unwrap();
        assert!(text.contains("farlink_probe_duration_seconds_bucket{stage=\"tls\",le=\"0.05\"} 1"), "{text}");
        assert!(!text.contains("stage=\"certificate\""), "{text}");
        assert!(text.contains("\nfarlink_config_last_reload_successful 0\n"), "{text}");
        assert!(text.contains("farlink_source_last_success_timestamp_seconds{source=\"prod\"} 1800000000\n"), "{text}");
        own.forget_source("prod");
        assert!(!own.exposition().unwrap().contains("source=\"prod\""));
    }
}
