//! Every metric family of the daemon: the one list that the exposition, the reference page and the
//! dashboard are made from, and that tests hold them to.

/// What a family's samples are.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// A value that goes up and down.
    Gauge,
    /// A value that only grows, from zero at the daemon's start.
    Counter,
    /// Counts in buckets of seconds.
    Histogram,
}

impl Kind {
    /// The word after `# TYPE NAME`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Gauge => "gauge",
            Self::Counter => "counter",
            Self::Histogram => "histogram",
        }
    }
}

/// A metric family.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Family {
    /// Its name, in base units.
    pub name: &'static str,
    /// What its samples are.
    pub kind: Kind,
    /// Its labels, in the order of exposition; a histogram's `le` left out.
    pub labels: &'static [&'static str],
    /// One sentence without a full stop at its end, as `# HELP` wants it.
    pub help: &'static str,
}

macro_rules! families {
    ($($(#[$doc:meta])* $constant:ident = $name:literal $kind:ident [$($label:literal),*] $help:literal;)*) => {
        $(
            #[doc = $help]
            pub const $constant: Family = Family { name: $name, kind: Kind::$kind, labels: &[$($label),*], help: $help };
        )*
        /// All of them, in the order of exposition: links first, the daemon itself last.
        pub const FAMILIES: &[Family] = &[$($constant),*];
    };
}

families! {
    LINK_UP = "farlink_link_up" Gauge ["link"]
        "Whether the link works: 1 for the verdicts ok and degraded, 0 for broken; absent while unknown";
    LINK_VERDICT = "farlink_link_verdict" Gauge ["link", "verdict"]
        "The link's verdict: 1 for the one it has, 0 for the others";
    LINK_VERDICT_CHANGES = "farlink_link_verdict_changes_total" Counter ["link"]
        "How often the link's verdict changed";
    STAGE_UP = "farlink_stage_up" Gauge ["link", "stage"]
        "Whether the stage passed in the last run: 0 where it failed at every address; absent where it was not tested";
    STAGE_DURATION = "farlink_stage_duration_seconds" Gauge ["link", "stage"]
        "How long the stage took in the last run, at the slowest address";
    FINDING = "farlink_finding" Gauge ["link", "id", "severity", "stage"]
        "1 while the finding is present and not suppressed";
    ROOT_CAUSE = "farlink_root_cause" Gauge ["link", "id"]
        "1 for the finding that explains why the link is broken or degraded";
    BROKEN_SINCE = "farlink_link_broken_since_timestamp_seconds" Gauge ["link"]
        "Since when the link is broken; kept while unknown and over restarts, absent while it works";
    CERTIFICATE_NOT_AFTER = "farlink_certificate_not_after_timestamp_seconds" Gauge ["link", "position"]
        "When the certificate at this place of the chain ends, the earliest over the addresses";
    API_KEY_ACCEPTED = "farlink_api_key_accepted" Gauge ["link"]
        "Whether the remote cluster accepted the API key when it was last tried";
    API_KEY_EXPIRATION = "farlink_api_key_expiration_timestamp_seconds" Gauge ["link"]
        "When the API key expires, where the remote cluster's REST API could be asked";
    REMOTE_INFO_CONNECTED = "farlink_remote_info_connected" Gauge ["link"]
        "What the local cluster's _remote/info says of the link";
    REMOTE_INFO_SOCKETS = "farlink_remote_info_sockets" Gauge ["link"]
        "Open sockets (proxy mode) or connected nodes (sniff mode), as _remote/info says";
    FOLLOWER_LAG = "farlink_follower_lag_operations" Gauge ["link"]
        "How many operations the follower index that is furthest behind has yet to copy";
    PROBES = "farlink_probes_total" Counter ["link", "verdict"]
        "How many runs of the link ended with this verdict";
    LAST_RUN = "farlink_probe_last_run_timestamp_seconds" Gauge ["link"]
        "When the link's last run began";
    PROBE_DURATION = "farlink_probe_duration_seconds" Histogram ["stage"]
        "How long stages took, over all links and runs";
    PROBE_LAG = "farlink_probe_lag_seconds" Gauge []
        "How late the oldest due, not yet started run is now; 0 when none is";
    SOURCE_LAST_SUCCESS = "farlink_source_last_success_timestamp_seconds" Gauge ["source"]
        "When a cluster or a management API last answered all that it was asked";
    CONFIG_RELOADED = "farlink_config_last_reload_successful" Gauge []
        "Whether the configuration was right when it was last read";
    BUILD_INFO = "farlink_build_info" Gauge ["version", "rustversion"]
        "1; which build of farlink this is";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_in_base_units_and_help_is_one_sentence() {
        for family in FAMILIES {
            let Family { name, kind, labels, help } = family;
            assert!(name.starts_with("farlink_"), "{name}");
            assert_eq!(*kind == Kind::Counter, name.ends_with("_total"), "{name}");
            assert!(!labels.contains(&"cluster") && !labels.contains(&"instance"), "{name}");
            assert!(help.len() > 20 && !help.ends_with('.') && !help.contains('\n'), "{name}");
        }
    }
}
