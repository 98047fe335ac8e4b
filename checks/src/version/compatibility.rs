//! Whether two nodes can talk at all: the newer one names the oldest version it accepts (`minimumCompatibilityVersion`).
//! This is the transport handshake, which is symmetric; which pairs support cross-cluster search is a narrower question.

use std::cmp::Ordering;

use super::{ReleaseVersion, TransportVersionId};

/// Whether two versions complete a transport handshake, with the reason; `V` is what was compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Compatibility<V> {
    /// They can talk.
    Compatible,
    /// The newer one refuses the older one, which has to reach `minimum` first.
    TooFarApart {
        /// The older of the two.
        older: V,
        /// The newer of the two.
        newer: V,
        /// The oldest version that the newer one accepts.
        minimum: V,
    },
    /// At least one of them is OpenSearch, whose numbers are not those of Elasticsearch.
    OpenSearch,
    /// It is not known which versions the newer one accepts.
    Undetermined {
        /// The newer of the two.
        newer: V,
    },
}

impl<V> Compatibility<V> {
    /// Whether they are known to be able to talk.
    pub fn is_compatible(&self) -> bool {
        matches!(self, Self::Compatible)
    }
}

/// Whether nodes with these ids can talk, in either direction.
pub fn compatible(a: TransportVersionId, b: TransportVersionId) -> Compatibility<TransportVersionId> {
    if a.is_opensearch() || b.is_opensearch() {
        return Compatibility::OpenSearch;
    }
    let major = |version: &TransportVersionId| version.id() / 1_000_000;
    let minimum = match a.max(b).id() {
        6_000_000..7_000_000 => Some(5_06_00_99),
        7_000_000..8_000_000 => Some(6_08_00_99),
        8_000_000..8_842_000 => Some(7_17_00_99),
        // 9.0 and what was built on the way to it.
        8_842_000..9_001_000 => Some(8_840_0_00),
        9_001_000..10_000_000 => Some(TransportVersionId::INITIAL_8_19.id()),
        _ => None,
    };
    decide(a, b, major, minimum.map(TransportVersionId::new), TransportVersionId::cmp)
}

/// Whether nodes of these releases can talk, in either direction. Qualifiers do not count.
pub fn compatible_releases(a: &ReleaseVersion, b: &ReleaseVersion) -> Compatibility<ReleaseVersion> {
    let newest = a.max(b);
    let minimum = match (newest.major, newest.minor) {
        (6, _) => Some((5, 6)),
        (7, _) => Some((6, 8)),
        (8, _) => Some((7, 17)),
        (9, 0) => Some((8, 18)),
        (9, _) => Some((8, 19)),
        _ => None,
    };
    decide(
        a.clone(),
        b.clone(),
        |release| release.major,
        minimum.map(|(major, minor)| ReleaseVersion::new(major, minor, 0)),
        |release, other| release.numbers().cmp(&other.numbers()),
    )
}

fn decide<V, M: Eq>(
    a: V,
    b: V,
    major: impl Fn(&V) -> M,
    minimum: Option<V>,
    compare: impl Fn(&V, &V) -> Ordering,
) -> Compatibility<V> {
    let (older, newer) = if compare(&a, &b).is_gt() { (b, a) } else { (a, b) };
    match minimum {
        Some(minimum) if compare(&older, &minimum).is_lt() => Compatibility::TooFarApart { older, newer, minimum },
        Some(_) => Compatibility::Compatible,
        None if major(&older) == major(&newer) => Compatibility::Compatible,
        None => Compatibility::Undetermined { newer },
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// Release, its id, the other release, its id, and the minimum that keeps them apart, if any.
    type Pair = (&'static str, u32, &'static str, u32, Option<(&'static str, u32)>);

    const PAIRS: &[Pair] = &[
        ("7.17.29", 7_172_999, "8.19.21", 8_841_096, None),
        ("7.17.29", 7_172_999, "8.0.0", 8_000_099, None),
        ("7.16.3", 7_160_399, "8.0.0", 8_000_099, Some(("7.17.0", 7_170_099))),
        ("6.8.23", 6_082_399, "7.17.29", 7_172_999, None),
        ("6.7.2", 6_070_299, "7.17.29", 7_172_999, Some(("6.8.0", 6_080_099))),
        ("7.17.29", 7_172_999, "9.5.3", 9_458_007, Some(("8.19.0", 8_841_000))),
        ("7.17.29", 7_172_999, "9.0.4", 9_000_013, Some(("8.18.0", 8_840_000))),
        ("8.10.4", 8_500_061, "8.17.2", 8_797_002, None),
        ("8.17.2", 8_797_002, "9.0.4", 9_000_013, Some(("8.18.0", 8_840_000))),
        ("8.17.2", 8_797_002, "9.5.3", 9_458_007, Some(("8.19.0", 8_841_000))),
        ("8.18.0", 8_840_002, "9.0.4", 9_000_013, None),
        ("8.18.5", 8_840_007, "9.1.0", 9_112_003, Some(("8.19.0", 8_841_000))),
        ("8.19.0", 8_841_064, "9.0.4", 9_000_013, None),
        ("8.19.21", 8_841_096, "9.5.3", 9_458_007, None),
        ("9.0.4", 9_000_013, "9.5.3", 9_458_007, None),
    ];

    #[test]
    fn pairs_talk_exactly_if_the_newer_accepts_the_older_whichever_way_round() {
        for &(a, a_id, b, b_id, minimum) in PAIRS {
            let (a, b): (ReleaseVersion, ReleaseVersion) = (a.parse().unwrap(), b.parse().unwrap());
            let (a_id, b_id) = (TransportVersionId::new(a_id), TransportVersionId::new(b_id));
            let (by_release, by_id) = match minimum {
                None => (Compatibility::Compatible, Compatibility::Compatible),
                Some((release, id)) => (
                    Compatibility::TooFarApart {
                        older: a.clone(),
                        newer: b.clone(),
                        minimum: release.parse().unwrap(),
                    },
                    Compatibility::TooFarApart { older: a_id, newer: b_id, minimum: TransportVersionId::new(id) },
                ),
            };
            assert_eq!(compatible_releases(&a, &b), by_release);
            assert_eq!(compatible_releases(&b, &a), by_release);
            assert_eq!(compatible(a_id, b_id), by_id);
            assert_eq!(compatible(b_id, a_id), by_id);
        }
    }

    #[test]
    fn a_snapshot_counts_as_its_release() {
        let snapshot = "8.19.0-SNAPSHOT".parse().unwrap();
        assert!(compatible_releases(&snapshot, &ReleaseVersion::new(9, 5, 3)).is_compatible());
    }

    #[test]
    fn unknown_lines_and_opensearch_are_not_guessed() {
        let id = TransportVersionId::new;
        assert_eq!(compatible(id(9_458_007), id(10_001_000)), Compatibility::Undetermined { newer: id(10_001_000) });
        assert_eq!(compatible(id(10_000_000), id(10_001_000)), Compatibility::Compatible);
        assert_eq!(compatible(id(8_841_096), id(2_11_00_99 ^ 0x0800_0000)), Compatibility::OpenSearch);
        let (nine, ten) = (ReleaseVersion::new(9, 5, 0), ReleaseVersion::new(10, 0, 0));
        assert_eq!(compatible_releases(&nine, &ten), Compatibility::Undetermined { newer: ten });
    }
}
