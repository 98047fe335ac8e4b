//! The catalogue as a whole: unique, described, and consistent with itself.

#![allow(missing_docs)]

use std::collections::BTreeSet;

use farlink_checks::catalogue::{ALL, entry};

#[test]
fn every_id_is_unique_and_kebab_case_with_its_stage_first() {
    let mut seen = BTreeSet::new();
    for entry in ALL {
        assert!(seen.insert(entry.id), "{} twice", entry.id);
        assert!(entry.id.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{}", entry.id);
        let named = ["licence-", "follower-", "auto-follow-"].iter().any(|prefix| entry.id.starts_with(prefix));
        assert!(entry.id.starts_with(entry.stage.name()) || named, "{}", entry.id);
    }
}

#[test]
fn every_entry_says_what_it_means_how_it_is_known_and_what_to_change() {
    for entry in ALL {
        assert!(!entry.title.is_empty() && !entry.title.ends_with('.') && entry.title.len() < 100, "{}", entry.id);
        assert!(entry.meaning.len() > 40 && entry.how.len() > 20, "{}", entry.id);
        assert!(!entry.fixes.is_empty() && !entry.documentation.is_empty(), "{}", entry.id);
        assert!(entry.documentation.iter().all(|page| page.starts_with("https://www.elastic.co/")), "{}", entry.id);
    }
}

#[test]
fn look_alikes_exist_and_are_others() {
    for one in ALL {
        for other in one.look_alikes {
            assert!(entry(other.id).is_some() && other.id != one.id, "{} names {}", one.id, other.id);
        }
    }
}
