//! `farlink certs` as text and as JSON.

use farlink_checks::certs::{Certs, Judged};
use farlink_checks::model::chain::{Verification, Word};
use farlink_checks::model::finding::{Certainty, Severity};
use jiff::Timestamp;
use serde::Serialize;
use unicode_width::UnicodeWidthStr as _;

use super::Style;
use super::chain::{Depth, tree};
use crate::read::ssl_certificates::Loaded;

/// `certs` as indented JSON with a final line feed.
pub fn json(certs: &Certs) -> String {
    indented(certs)
}

/// Every chain: the verdict, what to change, the tree, and what each verifier says.
pub fn text(certs: &Certs, style: Style) -> String {
    certs.chains.iter().map(|judged| chain(judged, certs.at, style)).collect::<Vec<_>>().join("\n")
}

/// The certificates that a cluster has loaded, its own first, then those that it trusts.
pub fn loaded_text(loaded: &[Loaded], at: Timestamp, style: Style) -> String {
    let mut out = String::new();
    for (own, title) in [(true, "The node's own certificates"), (false, "Trusted authorities")] {
        let rows: Vec<&Loaded> = loaded.iter().filter(|c| c.has_private_key.unwrap_or(false) == own).collect();
        out.push_str(&format!("{}\n", style.bold(title)));
        if rows.is_empty() {
            out.push_str("  none\n");
        }
        let width = rows.iter().map(|c| name(c).width()).max().unwrap_or_default().min(60);
        for certificate in rows {
            let name = name(certificate);
            let pad = " ".repeat(width.saturating_sub(name.width()));
            let expiry = match certificate.expiry {
                Some(expiry) if expiry < at => style.bad(&format!("expired on {}", day(expiry))),
                Some(expiry) => {
                    let days = (expiry.as_second() - at.as_second()).div_euclid(86_400);
                    format!("until {} ({days} days)", day(expiry))
                }
                None => "no date".to_owned(),
            };
            let from = certificate.path.as_deref().unwrap_or("the JDK's own store");
            out.push_str(&format!("  {name}{pad}  {expiry}  {}\n", style.dim(from)));
        }
        out.push('\n');
    }
    out
}

/// The same as JSON.
pub fn loaded_json(loaded: &[Loaded], at: Timestamp) -> String {
    #[derive(Serialize)]
    struct Document<'a> {
        schema: &'static str,
        at: Timestamp,
        loaded: &'a [Loaded],
    }
    indented(&Document { schema: farlink_checks::certs::SCHEMA, at, loaded })
}

/// The JSON Schema of `farlink.certs/1`.
pub fn schema() -> String {
    indented(&schemars::schema_for!(Certs))
}

fn indented(value: &impl Serialize) -> String {
    // Strings, numbers and maps with string keys always serialise.
    let mut out = serde_json::to_string_pretty(value).unwrap_or_default();
    out.push('\n');
    out
}

fn chain(judged: &Judged, at: Timestamp, style: Style) -> String {
    let verification = &judged.chain.verification;
    let decided = verification.full.or(verification.certificate);
    let is_chain = judged.purpose != "authority";
    let verdict = match decided {
        None if !is_chain => "authorities".to_owned(),
        Some(Word::Accept) => style.good("accept"),
        Some(Word::Reject) => style.bad("reject"),
        None => "undecided".to_owned(),
    };
    let lead = judged.findings.iter().find(|finding| finding.severity == Severity::Error);
    let mut out = format!("{}  {verdict}  {}\n", style.bold(&judged.source), lead.map(|f| f.id).unwrap_or_default());
    out = out.trim_end().to_owned() + "\n";
    if let Some(lead) = lead {
        out.push_str(&style.block(2, "", &lead.title));
        for fix in &lead.fix {
            out.push_str(&style.block(2, "Fix   ", fix));
        }
    }
    out.push('\n');
    out.push_str(&tree(&judged.chain, at, Depth::Full, 2, style));
    out.push('\n');
    if let Some(lead) = lead {
        out.push_str(&style.block(2, "Why         ", &lead.detail));
        if lead.certainty < Certainty::Certain {
            out.push_str(&style.block(2, "Certainty   ", lead.certainty.name()));
        }
    }
    for finding in judged.findings.iter().filter(|finding| lead.is_none_or(|lead| !std::ptr::eq(*finding, lead))) {
        let label = match finding.severity {
            Severity::Error => "Also        ",
            Severity::Warning => "Warning     ",
            Severity::Info => "Note        ",
        };
        out.push_str(&style.block(2, label, &format!("{}: {}. {}", finding.id, finding.title, finding.detail)));
    }
    if !is_chain {
        return out;
    }
    out.push_str(&style.block(2, "Judged      ", &judged_as(judged, at)));
    for (label, said) in verifiers(verification) {
        out.push_str(&style.block(2, &format!("{label:<12}"), &said));
    }
    out
}

fn judged_as(judged: &Judged, at: Timestamp) -> String {
    let names = match judged.expected_names.as_slice() {
        [] => "no name asked for".to_owned(),
        names => format!("for the name {}", names.join(" or ")),
    };
    format!("as a TLS {}, {names}, at {}, by {}", judged.purpose, at.strftime("%Y-%m-%d %H:%M:%SZ"), judged.trust)
}

fn verifiers(verification: &Verification) -> Vec<(&'static str, String)> {
    let word = |word: Option<Word>| word.map_or("not judged", Word::name);
    let mut rows = vec![(
        "Elastic",
        format!("verification_mode full: {}; certificate: {}", word(verification.full), word(verification.certificate)),
    )];
    let newest = verification.by_jdk.values().last();
    let others = verification.by_jdk.iter().filter(|(_, said)| Some(*said) != newest);
    rows.extend(others.map(|(jdk, said)| {
        ("", format!("on JDK {jdk}: full: {}; certificate: {}", word(said.full), word(said.certificate)))
    }));
    let reason = verification.strict_reason.as_ref().map(|reason| format!(" ({reason})")).unwrap_or_default();
    rows.push(("Strict", format!("clients that keep to RFC 5280 and RFC 9525: {}{reason}", word(verification.strict))));
    rows
}

fn name(certificate: &Loaded) -> String {
    certificate.subject_dn.clone().or_else(|| certificate.alias.clone()).unwrap_or_else(|| "(no name)".to_owned())
}

fn day(instant: Timestamp) -> String {
    instant.strftime("%Y-%m-%d").to_string()
}
