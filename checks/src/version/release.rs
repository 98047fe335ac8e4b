//! Release versions as people write them: `8.19.2`, `9.0.0-rc1`, `9.1.0-SNAPSHOT`.
//! A qualified build comes before the release it leads to.

use std::{cmp::Ordering, fmt, str::FromStr};

/// A release of Elasticsearch (or OpenSearch).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ReleaseVersion {
    /// First number.
    pub major: u16,
    /// Second number.
    pub minor: u16,
    /// Third number.
    pub patch: u16,
    /// What follows the first hyphen, for example `SNAPSHOT` or `rc1`; `None` for a final release.
    pub qualifier: Option<String>,
}

impl ReleaseVersion {
    /// The final release `major.minor.patch`.
    pub const fn new(major: u16, minor: u16, patch: u16) -> Self {
        Self { major, minor, patch, qualifier: None }
    }

    /// The release of an id of the scheme `MMmmrrbb` (`org.elasticsearch.Version`): 8140399 is 8.14.3.
    /// Build 99 is final; below it 25, 50 and 99 separate alpha, beta and release candidate.
    pub fn from_id(id: u32) -> Self {
        let part = |divisor: u32| (id / divisor % 100) as u16;
        let qualifier = match id % 100 {
            99 => None,
            alpha @ ..25 => Some(format!("alpha{alpha}")),
            beta @ ..50 => Some(format!("beta{}", beta - 25)),
            candidate => Some(format!("rc{}", candidate - 50)),
        };
        Self { major: (id / 1_000_000) as u16, minor: part(10_000), patch: part(100), qualifier }
    }

    /// The three numbers, which is all that compatibility looks at.
    pub fn numbers(&self) -> (u16, u16, u16) {
        (self.major, self.minor, self.patch)
    }

    fn qualifier_rank(&self) -> u8 {
        match self.qualifier.as_deref() {
            None => 4,
            Some(text) if text.starts_with("alpha") => 0,
            Some(text) if text.starts_with("beta") => 1,
            Some(text) if text.starts_with("rc") => 2,
            Some(_) => 3,
        }
    }
}

impl fmt::Display for ReleaseVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)?;
        self.qualifier.iter().try_for_each(|qualifier| write!(f, "-{qualifier}"))
    }
}

impl Ord for ReleaseVersion {
    fn cmp(&self, other: &Self) -> Ordering {
        self.numbers()
            .cmp(&other.numbers())
            .then_with(|| self.qualifier_rank().cmp(&other.qualifier_rank()))
            // rc2 before rc10.
            .then_with(|| self.qualifier.as_ref().map(String::len).cmp(&other.qualifier.as_ref().map(String::len)))
            .then_with(|| self.qualifier.cmp(&other.qualifier))
    }
}

impl PartialOrd for ReleaseVersion {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Why a text is not a release version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReleaseParseError {
    /// There are not exactly three parts before the qualifier.
    #[error("expected three numbers, as in 8.19.2")]
    NotThreeNumbers,
    /// A part is not a decimal number up to 65535.
    #[error("part {part} is not a number")]
    NotANumber {
        /// Which part, from 1.
        part: u8,
    },
    /// The qualifier is empty, longer than 64 bytes, or has other characters than letters, digits, `.`, `-`, `_`, `+`.
    #[error("what follows the hyphen is not a qualifier")]
    BadQualifier,
}

impl FromStr for ReleaseVersion {
    type Err = ReleaseParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (numbers, qualifier) = match text.split_once('-') {
            Some((numbers, qualifier)) => (numbers, Some(qualifier)),
            None => (text, None),
        };
        let mut parts = numbers.split('.');
        let (Some(major), Some(minor), Some(patch), None) = (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(ReleaseParseError::NotThreeNumbers);
        };
        let number = |part: u8, text: &str| match text.bytes().all(|byte| byte.is_ascii_digit()) {
            true => text.parse().map_err(|_| ReleaseParseError::NotANumber { part }),
            false => Err(ReleaseParseError::NotANumber { part }),
        };
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-_+".contains(&byte);
        if qualifier.is_some_and(|text| text.is_empty() || text.len() > 64 || !text.bytes().all(plain)) {
            return Err(ReleaseParseError::BadQualifier);
        }
        Ok(Self {
            major: number(1, major)?,
            minor: number(2, minor)?,
            patch: number(3, patch)?,
            qualifier: qualifier.map(str::to_owned),
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn versions_are_written_as_they_were_read() {
        for text in ["7.17.29", "9.0.0-rc1", "9.1.0-SNAPSHOT", "9.0.0-beta1-SNAPSHOT"] {
            assert_eq!(text.parse::<ReleaseVersion>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_is_no_version_says_which_part_is_wrong() {
        use ReleaseParseError::*;
        for (text, error) in [
            ("", NotThreeNumbers),
            ("8.19", NotThreeNumbers),
            ("8.19.2.1", NotThreeNumbers),
            ("8.x.2", NotANumber { part: 2 }),
            ("8.19.", NotANumber { part: 3 }),
            ("+8.19.2", NotANumber { part: 1 }),
            ("8.19.70000", NotANumber { part: 3 }),
            ("8.19.2-", BadQualifier),
            ("8.19.2-\u{1b}[31m", BadQualifier),
        ] {
            assert_eq!(text.parse::<ReleaseVersion>(), Err(error), "{text:?}");
        }
    }

    #[test]
    fn versions_sort_by_number_and_qualified_builds_before_the_release() {
        let sorted = [
            "8.9.2",
            "8.10.0",
            "9.0.0-alpha1",
            "9.0.0-beta1",
            "9.0.0-rc2",
            "9.0.0-rc10",
            "9.0.0-SNAPSHOT",
            "9.0.0",
            "9.0.1",
        ];
        let mut versions: Vec<ReleaseVersion> = sorted.iter().rev().map(|text| text.parse().unwrap()).collect();
        versions.sort();
        assert_eq!(versions.iter().map(ToString::to_string).collect::<Vec<_>>(), sorted);
    }

    #[test]
    fn ids_of_the_release_scheme_give_the_release() {
        for (id, text) in [
            (7_172_999, "7.17.29"),
            (8_140_399, "8.14.3"),
            (9_050_399, "9.5.3"),
            (8_000_051, "8.0.0-rc1"),
            (8_000_026, "8.0.0-beta1"),
            (8_000_002, "8.0.0-alpha2"),
        ] {
            assert_eq!(ReleaseVersion::from_id(id).to_string(), text);
        }
    }
}
