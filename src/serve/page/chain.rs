//! A certificate chain as a ladder from the leaf to the authority, with the trouble at its rung.

use farlink_checks::model::chain::{Chain, ChainLink, Role, Word};
use farlink_checks::model::text::list;
use jiff::Timestamp;
use maud::{Markup, html};

use super::mark::Sign;
use crate::report::chain::{details, role, until};

/// `chain` as of the instant `at`.
pub(super) fn ladder(chain: &Chain, at: Timestamp) -> Markup {
    let verification = &chain.verification;
    html! {
        @if !chain.addresses.is_empty() { p { "Served by " (list(&chain.addresses)) "." } }
        ol.chain { @for link in &chain.certificates { (rung(link, at)) } }
        ul.beside aria-label="What verifiers say" {
            (word("verification_mode full", verification.full))
            (word("verification_mode certificate", verification.certificate))
            (word("a strict client", verification.strict))
        }
        @if let Some(reason) = &verification.strict_reason { p.muted { "A strict client: " (reason) } }
    }
}

fn rung(link: &ChainLink, at: Timestamp) -> Markup {
    let sign = match (link.role, link.trouble.is_empty()) {
        (Role::Missing, _) | (_, false) => Sign::Bad,
        (Role::Unused, _) => Sign::Untested,
        _ => Sign::Good,
    };
    html! {
        li.(sign.class()) {
            p {
                (sign.icon()) " " strong { (link.label) } " "
                span.muted { (role(link)) @if let Some(facts) = &link.facts { ", " (until(facts, at)) } }
                @if !link.trouble.is_empty() { " " span.trouble { (link.trouble.join(", ")) } }
            }
            @if let Some(facts) = &link.facts {
                details {
                    summary { "What " (link.label) " says" }
                    dl.facts { @for (label, text) in details(facts) { dt { (label) } dd { (text) } } }
                }
            }
        }
    }
}

fn word(verifier: &str, word: Option<Word>) -> Markup {
    let sign = match word {
        Some(Word::Accept) => Sign::Good,
        Some(Word::Reject) => Sign::Bad,
        None => Sign::Untested,
    };
    html! { li { (sign.with(&format!("{verifier}: {}", word.map_or("not known", Word::name)))) } }
}
