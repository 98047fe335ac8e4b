//! Which releases a transport version id stands for, as data from Elasticsearch's `TransportVersions` and `TransportVersions.csv`.
//! From 8.9 to 8.17 one id covers several releases; later nodes say their release themselves.

use std::fmt;

use super::{ReleaseVersion, TransportVersionId};

/// The releases that report a given id.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReleaseRange {
    /// One release.
    Exactly(ReleaseVersion),
    /// Consecutive releases of one line, both ends included.
    Between(ReleaseVersion, ReleaseVersion),
    /// Some release of the line.
    Line {
        /// First number of the line.
        major: u16,
        /// Second number of the line.
        minor: u16,
    },
    /// Some release of the line or a later one.
    Since {
        /// First number of the line.
        major: u16,
        /// Second number of the line.
        minor: u16,
    },
    /// A release of OpenSearch.
    OpenSearch(ReleaseVersion),
    /// No release has this id: a development or serverless build.
    Unreleased,
}

impl fmt::Display for ReleaseRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exactly(release) => release.fmt(f),
            Self::Between(first, last) => write!(f, "{first} to {last}"),
            Self::Line { major, minor } => write!(f, "{major}.{minor}.x"),
            Self::Since { major, minor } => write!(f, "{major}.{minor} or later"),
            Self::OpenSearch(release) => write!(f, "OpenSearch {release}"),
            Self::Unreleased => f.write_str("no release"),
        }
    }
}

/// The releases that report `id`.
pub fn releases(id: TransportVersionId) -> ReleaseRange {
    if let Some(release) = id.opensearch_release() {
        return ReleaseRange::OpenSearch(release);
    }
    let id = id.id();
    if let Ok(row) = EXACT.binary_search_by_key(&id, |row| row.0) {
        let (_, (major, minor, first), last) = EXACT[row];
        let first_release = ReleaseVersion::new(major, minor, first);
        return match first == last {
            true => ReleaseRange::Exactly(first_release),
            false => ReleaseRange::Between(first_release, ReleaseVersion::new(major, minor, last)),
        };
    }
    match id {
        // 8.7 and 8.8 kept the scheme of releases; below that every release has its own id.
        ..8_090_000 => ReleaseRange::Exactly(ReleaseVersion::from_id(id)),
        8_772_000..8_773_000 => ReleaseRange::Line { major: 8, minor: 16 },
        8_797_000..8_798_000 => ReleaseRange::Line { major: 8, minor: 17 },
        8_840_000..8_841_000 => ReleaseRange::Line { major: 8, minor: 18 },
        8_841_000..8_842_000 => ReleaseRange::Line { major: 8, minor: 19 },
        9_000_000..9_001_000 => ReleaseRange::Line { major: 9, minor: 0 },
        9_112_000..9_113_000 => ReleaseRange::Line { major: 9, minor: 1 },
        9_185_000..9_186_000 => ReleaseRange::Line { major: 9, minor: 2 },
        9_458_000..9_459_000 => ReleaseRange::Line { major: 9, minor: 5 },
        9_001_000..9_186_000 => ReleaseRange::Unreleased,
        9_186_000.. => ReleaseRange::Since { major: 9, minor: 3 },
        _ => ReleaseRange::Unreleased,
    }
}

/// Id, first release, and the patch number of the last release with that id; sorted by id.
const EXACT: &[(u32, (u16, u16, u16), u16)] = &[
    (8_08_01_99, (8, 8, 1), 2),
    (8_500_0_20, (8, 9, 0), 2),
    (8_500_0_61, (8, 10, 0), 4),
    (8_512_0_01, (8, 11, 0), 4),
    (8_560_0_00, (8, 12, 0), 0),
    (8_560_0_01, (8, 12, 1), 2),
    (8_595_0_00, (8, 13, 0), 3),
    (8_595_0_01, (8, 13, 4), 4),
    (8_636_0_01, (8, 14, 0), 3),
    (8_702_0_02, (8, 15, 0), 1),
    (8_702_0_03, (8, 15, 2), 5),
    (8_772_0_01, (8, 16, 0), 0),
    (8_772_0_04, (8, 16, 1), 4),
    (8_772_0_05, (8, 16, 5), 5),
    (8_772_0_06, (8, 16, 6), 6),
    (8_797_0_02, (8, 17, 0), 2),
    (8_797_0_03, (8, 17, 3), 3),
    (8_797_0_04, (8, 17, 4), 4),
    (8_797_0_05, (8, 17, 5), 5),
    (8_797_0_06, (8, 17, 6), 6),
    (8_797_0_07, (8, 17, 7), 7),
    (8_797_0_08, (8, 17, 8), 8),
    (8_797_0_09, (8, 17, 9), 9),
    (8_797_0_10, (8, 17, 10), 10),
    // From here on the same id may cover a later patch release too, and the node says which it is.
    (8_840_0_02, (8, 18, 0), 0),
    (8_840_0_03, (8, 18, 1), 1),
    (8_840_0_04, (8, 18, 2), 2),
    (8_840_0_05, (8, 18, 3), 3),
    (8_840_0_06, (8, 18, 4), 4),
    (8_840_0_07, (8, 18, 5), 5),
    (8_840_0_08, (8, 18, 6), 6),
    (8_841_0_64, (8, 19, 0), 0),
    (8_841_0_65, (8, 19, 1), 1),
    (8_841_0_66, (8, 19, 2), 2),
    (8_841_0_67, (8, 19, 3), 3),
    (9_000_0_09, (9, 0, 0), 0),
    (9_000_0_10, (9, 0, 1), 1),
    (9_000_0_11, (9, 0, 2), 2),
    (9_000_0_12, (9, 0, 3), 3),
    (9_000_0_13, (9, 0, 4), 4),
    (9_000_0_14, (9, 0, 5), 5),
    (9_000_0_15, (9, 0, 6), 6),
    (9_112_0_03, (9, 1, 0), 0),
    (9_112_0_04, (9, 1, 1), 1),
    (9_112_0_05, (9, 1, 2), 2),
    (9_112_0_06, (9, 1, 3), 3),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_without_doubles() {
        assert!(EXACT.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 < pair[1].1));
        assert!(EXACT.iter().all(|(_, first, last)| first.2 <= *last));
    }

    #[test]
    fn ids_of_real_nodes_lead_to_the_release_that_reported_them() {
        for (id, shown) in [
            (6_082_399, "6.8.23"),
            (7_172_999, "7.17.29"),
            (8_060_199, "8.6.1"),
            (8_080_099, "8.8.0"),
            (8_080_199, "8.8.1 to 8.8.2"),
            (8_500_020, "8.9.0 to 8.9.2"),
            (8_500_061, "8.10.0 to 8.10.4"),
            (8_560_000, "8.12.0"),
            (8_636_001, "8.14.0 to 8.14.3"),
            (8_797_002, "8.17.0 to 8.17.2"),
            (8_840_002, "8.18.0"),
            (8_841_096, "8.19.x"),
            (9_000_013, "9.0.4"),
            (9_185_010, "9.2.x"),
            (9_458_007, "9.5.x"),
            (9_300_000, "9.3 or later"),
            (8_500_060, "no release"),
            (8_900_000, "no release"),
            (2_11_00_99 ^ 0x0800_0000, "OpenSearch 2.11.0"),
        ] {
            assert_eq!(releases(TransportVersionId::new(id)).to_string(), shown, "{id}");
        }
    }
}
