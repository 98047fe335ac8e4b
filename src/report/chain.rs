//! A certificate chain as a tree, from the leaf to the authority, with the trouble at its place.

use farlink_checks::model::chain::{CertificateFacts, Chain, ChainLink, Role};
use farlink_checks::model::text::list;
use jiff::Timestamp;

use super::Style;

/// How many names are shown on a line.
const NAMES: usize = 6;

/// How much is said of each certificate.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(super) enum Depth {
    /// One line each.
    Brief,
    /// Names, dates, key, usages, constraints and identifiers.
    Full,
}

/// The certificates of `chain` as of the instant `at`, one step deeper for each issuer.
pub(super) fn tree(chain: &Chain, at: Timestamp, depth: Depth, indent: usize, style: Style) -> String {
    let mut out = String::new();
    // Authorities of one file stand side by side.
    let flat = chain.certificates.iter().all(|link| link.role == Role::Authority);
    for (place, link) in chain.certificates.iter().enumerate() {
        let level = if flat { 0 } else { place };
        let margin = indent + if link.role == Role::Unused { 0 } else { level * 3 };
        let branch = match (level, link.role) {
            (_, Role::Unused) => "·  ",
            (0, _) => "",
            _ => "└─ ",
        };
        out.push_str(&format!("{}{}\n", " ".repeat(margin), style.dim_lead(branch, &head(link, at, style))));
        if let (Depth::Full, Some(facts)) = (depth, &link.facts) {
            let below = margin + if branch.is_empty() { 3 } else { 6 };
            for (label, text) in details(facts) {
                out.push_str(&style.block(below, &format!("{label:<10}"), &text));
            }
        }
    }
    out
}

fn head(link: &ChainLink, at: Timestamp, style: Style) -> String {
    let mark = match (link.role, link.trouble.is_empty()) {
        (Role::Missing, _) | (_, false) => style.bad("✗"),
        (Role::Unused, _) => "○".to_owned(),
        _ => style.good("✓"),
    };
    let trouble = match link.trouble.as_slice() {
        [] => String::new(),
        trouble => format!("  ◀ {}", style.bad(&trouble.join(", "))),
    };
    let until = link.facts.as_ref().map(|facts| format!(", {}", until(facts, at))).unwrap_or_default();
    format!("{mark} {}  {}{trouble}", style.bold(&link.label), style.dim(&format!("{}{until}", role(link))))
}

/// What a certificate is to the path, in words.
pub(crate) fn role(link: &ChainLink) -> &'static str {
    match (link.role, link.served) {
        (Role::Authority, None) => "trusted authority",
        (role, _) => role.name(),
    }
}

/// Until when a certificate is valid, as of the instant `at`.
pub(crate) fn until(facts: &CertificateFacts, at: Timestamp) -> String {
    let day = |instant: Timestamp| instant.strftime("%Y-%m-%d").to_string();
    let days = (facts.not_after.as_second() - at.as_second()).div_euclid(86_400);
    match (facts.not_before > at, facts.not_after < at) {
        (true, _) => format!("valid from {} on", day(facts.not_before)),
        (_, true) => format!("expired on {}", day(facts.not_after)),
        (false, false) => format!("until {} ({days} days)", day(facts.not_after)),
    }
}

/// Everything a certificate says, each with its label.
pub(crate) fn details(facts: &CertificateFacts) -> Vec<(&'static str, String)> {
    let mut rows = vec![("subject", facts.subject.clone()), ("issuer", facts.issuer.clone())];
    if !facts.names.is_empty() {
        let more = (facts.names.len() + facts.more_names).saturating_sub(NAMES);
        let shown: Vec<String> = facts.names.iter().take(NAMES).cloned().collect();
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        rows.push(("names", format!("{}{more}", shown.join(", "))));
    }
    let day = |instant: Timestamp| instant.strftime("%Y-%m-%d %H:%M:%SZ").to_string();
    rows.push(("valid", format!("{} to {}", day(facts.not_before), day(facts.not_after))));
    rows.push(("key", format!("{}, signed with {}, serial {}", facts.key, facts.signature, facts.serial)));
    let mut may = Vec::new();
    match (facts.authority, facts.path_length) {
        (Some(true), Some(length)) => may.push(format!("authority (pathLenConstraint {length})")),
        (Some(true), None) => may.push("authority".to_owned()),
        (Some(false), _) => may.push("no authority".to_owned()),
        (None, _) => {}
    }
    may.extend(facts.key_usage.iter().map(|usage| format!("keyUsage {}", usage.join(" "))));
    may.extend(facts.extended_key_usage.iter().map(|usage| format!("extendedKeyUsage {}", usage.join(" "))));
    if !may.is_empty() {
        rows.push(("usage", may.join("; ")));
    }
    if !facts.permitted_names.is_empty() {
        rows.push(("permits", list(&facts.permitted_names)));
    }
    if !facts.excluded_names.is_empty() {
        rows.push(("excludes", list(&facts.excluded_names)));
    }
    rows.push(("SHA-256", facts.fingerprint.clone()));
    rows.push(("its key", facts.key_fingerprint.clone()));
    let id = |id: &Option<String>| id.clone().unwrap_or_else(|| "none".to_owned());
    rows.push(("key ids", format!("subject {}, authority {}", id(&facts.subject_key_id), id(&facts.authority_key_id))));
    if let Some(url) = &facts.issuer_url {
        rows.push(("issuer at", url.clone()));
    }
    rows
}
