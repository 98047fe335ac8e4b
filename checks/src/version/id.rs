//! Transport version ids: the number every frame carries and the tcp handshake negotiates.
//! Below 8_500_000 an id is a release (`MMmmrrbb`); from there it counts protocol changes (`M_NNN_S_PP`); OpenSearch sets bit 27.

use std::fmt;

use super::ReleaseVersion;

const OPENSEARCH: u32 = 1 << 27;
const FIRST_OF_TRANSPORT_SCHEME: u32 = 8_500_000;

/// A transport version id (`org.elasticsearch.TransportVersion`). Ids sort by age, those of OpenSearch behind all others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TransportVersionId(u32);

/// What the digits of an id mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// A release: `major`, `minor`, `revision`, and `build`, which is 99 for a final release.
    Release {
        /// Of the release.
        major: u32,
        /// Of the release.
        minor: u32,
        /// Of the release.
        revision: u32,
        /// 99 for a final release.
        build: u32,
    },
    /// A protocol change of the line `major`; `patch` counts those that went back to a released line.
    Transport {
        /// Of the line.
        major: u32,
        /// Counts changes of the main line.
        server: u32,
        /// Other products on the same base; 0 in releases.
        subsidiary: u32,
        /// Counts changes of a released line.
        patch: u32,
    },
}

impl TransportVersionId {
    /// What a probe announces: later than anything, so that a negotiating node answers with its own.
    pub const PROBE: Self = Self(99_999_999);
    /// First id whose frames carry the size of their variable header (7.6.0).
    pub const WITH_VARIABLE_HEADER_SIZE: Self = Self(7_06_00_99);
    /// First id whose requests carry no features array (8.0.0).
    pub const WITHOUT_FEATURES: Self = Self(8_00_00_99);
    /// First id from which the tcp handshake of format 8800000 is answered (8.18.0).
    pub const ANSWERS_RELEASE_HANDSHAKE: Self = Self(8_840_0_00);
    /// What 8.19 started from: the oldest that 9.1 and later accept, and the newest that this codec writes.
    pub const INITIAL_8_19: Self = Self(8_841_0_00);

    /// The id with this number.
    pub const fn new(id: u32) -> Self {
        Self(id)
    }

    /// The number.
    pub const fn id(self) -> u32 {
        self.0
    }

    /// Whether the id is of OpenSearch, which sets bit 27 (`org.opensearch.Version.MASK`).
    pub const fn is_opensearch(self) -> bool {
        self.0 & OPENSEARCH != 0
    }

    /// The release of OpenSearch, or `None` if the id is not of OpenSearch.
    pub fn opensearch_release(self) -> Option<ReleaseVersion> {
        self.is_opensearch().then(|| ReleaseVersion::from_id(self.0 ^ OPENSEARCH))
    }

    /// What the digits mean; the mask of OpenSearch is taken off first.
    pub fn scheme(self) -> Scheme {
        let id = self.0 & !OPENSEARCH;
        if self.is_opensearch() || id < FIRST_OF_TRANSPORT_SCHEME {
            Scheme::Release {
                major: id / 1_000_000,
                minor: id / 10_000 % 100,
                revision: id / 100 % 100,
                build: id % 100,
            }
        } else {
            Scheme::Transport {
                major: id / 1_000_000,
                server: id / 1000 % 1000,
                subsidiary: id / 100 % 10,
                patch: id % 100,
            }
        }
    }

    /// The version to write requests in for a node that answered the tcp handshake with this id: its own, but no later
    /// than [`Self::INITIAL_8_19`], which 9.x accepts. `None` for OpenSearch and for nodes before 7.6.
    pub fn for_requests(self) -> Option<Self> {
        (!self.is_opensearch() && self >= Self::WITH_VARIABLE_HEADER_SIZE).then(|| self.min(Self::INITIAL_8_19))
    }
}

impl fmt::Display for TransportVersionId {
    /// The plain number, as in Elasticsearch's logs; the alternate form (`{:#}`) groups the digits as its source does.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !f.alternate() {
            return write!(f, "{}", self.0);
        }
        match self.scheme() {
            Scheme::Release { major, minor, revision, build } => {
                write!(f, "{major}_{minor:02}_{revision:02}_{build:02}")
            }
            Scheme::Transport { major, server, subsidiary, patch } => {
                write!(f, "{major}_{server:03}_{subsidiary}_{patch:02}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_shown_in_the_scheme_their_value_belongs_to() {
        for (id, grouped) in [
            (7_172_999, "7_17_29_99"),
            (8_080_199, "8_08_01_99"),
            (8_500_061, "8_500_0_61"),
            (8_841_096, "8_841_0_96"),
            (9_000_013, "9_000_0_13"),
        ] {
            let id = TransportVersionId::new(id);
            assert_eq!(format!("{id:#}"), grouped);
            assert_eq!(id.to_string(), grouped.replace('_', ""));
        }
    }

    #[test]
    fn bit_27_is_opensearch() {
        let id = TransportVersionId::new(2_11_00_99 ^ 0x0800_0000);
        assert_eq!(id.opensearch_release(), Some(ReleaseVersion::new(2, 11, 0)));
        assert_eq!(id.for_requests(), None);
        assert_eq!(TransportVersionId::new(8_841_096).opensearch_release(), None);
        assert!(!TransportVersionId::PROBE.is_opensearch());
    }

    #[test]
    fn requests_are_written_in_the_nodes_version_up_to_8_19() {
        for (node, written) in
            [(7_172_999, 7_172_999), (8_636_001, 8_636_001), (8_841_096, 8_841_000), (9_458_007, 8_841_000)]
        {
            assert_eq!(TransportVersionId::new(node).for_requests(), Some(TransportVersionId::new(written)));
        }
        assert_eq!(TransportVersionId::new(6_082_399).for_requests(), None);
    }
}
