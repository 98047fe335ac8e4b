//! Which links are meant: aliases, `local/alias`, or globs of either.

use farlink_checks::model::link::Link;
use globset::{Glob, GlobMatcher};

use crate::usage::{Fault, Place, UsageError};

/// One alias, `local/alias`, or a glob of either.
#[derive(Clone, Debug)]
pub struct Pattern(GlobMatcher);

impl Pattern {
    /// The pattern in `text`.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let glob = Glob::new(text).map_err(|_| Fault::Pattern { pattern: text.to_owned() })?;
        Ok(Self(glob.compile_matcher()))
    }

    /// Whether it means `link`.
    pub fn covers(&self, link: &Link) -> bool {
        self.0.is_match(&link.alias) || self.0.is_match(link.name())
    }
}

/// The links that a command is about: all without a pattern, else those that one of them means.
#[derive(Clone, Debug, Default)]
pub struct Chosen(pub Vec<(String, Pattern)>);

impl Chosen {
    /// Where the patterns of a command are written.
    pub const PLACE: Place = Place::Option("ALIAS");

    /// The patterns in `texts`, arguments of a command.
    pub fn parse(texts: &[String]) -> Result<Self, UsageError> {
        let parse = |text: &String| Ok((text.clone(), Pattern::parse(text).map_err(|fault| Self::PLACE.error(fault))?));
        texts.iter().map(parse).collect::<Result<_, _>>().map(Self)
    }

    /// Whether it means `link`.
    pub fn covers(&self, link: &Link) -> bool {
        self.0.is_empty() || self.0.iter().any(|(_, pattern)| pattern.covers(link))
    }

    /// Those that can only be one alias, because nothing in them stands for something else.
    pub fn exact(&self) -> Vec<String> {
        self.0.iter().map(|(text, _)| text).filter(|text| !text.contains(['*', '?', '[', '{'])).cloned().collect()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use farlink_checks::model::link::Mode;

    use super::*;

    #[test]
    fn a_link_is_meant_by_its_alias_by_its_name_or_by_a_glob_of_either() {
        let mut link = Link::new("eu-1", Mode::Proxy, Vec::new());
        link.local = Some("prod".into());
        for (text, covered) in [
            ("eu-1", true),
            ("prod/eu-1", true),
            ("eu-*", true),
            ("prod/*", true),
            ("*", true),
            ("eu", false),
            ("dev/*", false),
        ] {
            assert_eq!(Pattern::parse(text).unwrap().covers(&link), covered, "{text}");
        }
        assert!(matches!(Pattern::parse("["), Err(Fault::Pattern { .. })));
    }

    #[test]
    fn without_a_pattern_every_link_is_meant_and_a_glob_is_no_alias() {
        let link = Link::new("eu", Mode::Proxy, Vec::new());
        let chosen = |texts: &[&str]| Chosen::parse(&texts.iter().map(|&text| text.to_owned()).collect::<Vec<_>>());
        assert!(chosen(&[]).unwrap().covers(&link));
        assert!(chosen(&["us", "e?"]).unwrap().covers(&link));
        assert!(!chosen(&["us"]).unwrap().covers(&link));
        assert_eq!(chosen(&["eu", "e?", "{eu,us}"]).unwrap().exact(), ["eu"]);
        assert_eq!(
            chosen(&["["]).unwrap_err().to_string(),
            "ALIAS: \"[\" is not a pattern; write an alias, or a pattern such as eu-*"
        );
    }
}
