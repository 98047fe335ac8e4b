//! What farlink knows of a finding before it is found, and which links have it now: where runbook links of
//! alerts lead.

use std::sync::Arc;

use farlink_checks::catalogue::{ALL, Entry};
use farlink_checks::model::stage::Stage;
use jiff::Timestamp;
use maud::{Markup, html};

use super::layout::{self, Page, Place, link_path};
use super::{mark, moment};
use crate::serve::table::LinkState;

/// How many links are named.
const LONGEST: usize = 200;

/// The page of `entry`, with those of `links` that have it at the instant `now`.
pub(super) fn page(entry: &'static Entry, links: &[Arc<LinkState>], now: Timestamp) -> Page {
    let body = html! {
        p.crumb { a href="/findings" { "Findings" } " / " (entry.stage) }
        h1 { (sentence(entry.title)) }
        p.muted { code { (entry.id) } " · stage " (entry.stage) " · usually " (mark::severity(entry.severity).with(entry.severity.name())) }
        (having(entry, links, now))
        section { h2 { "What it means" } p { (entry.meaning) } }
        section {
            h2 { "What to change" }
            dl.wide { @for fix in entry.fixes { dt { (sentence(fix.platform.name())) } dd { (sentence(fix.change)) } } }
        }
        section { h2 { "How farlink knows" } p { (entry.how) } }
        @if !entry.look_alikes.is_empty() {
            section {
                h2 { "What looks alike" }
                dl.wide { @for other in entry.look_alikes { dt { (layout::id(other.id)) } dd { (sentence(other.difference)) } } }
            }
        }
        section {
            h2 { "Read more" }
            ul { @for url in entry.documentation { li { (layout::elsewhere(url)) } } }
        }
    };
    Page { title: entry.id.to_owned(), at: Some(now), current: Some(Place::OneFinding), body }
}

/// Every finding, by stage.
pub(super) fn index() -> Page {
    let body = html! {
        h1 { "Findings" }
        p.lead { "Everything farlink can find, in the order of the path from the local cluster to the remote one." }
        @for stage in Stage::ALL {
            @let entries: Vec<_> = ALL.iter().filter(|entry| entry.stage == stage).collect();
            @if !entries.is_empty() {
                section {
                    h2 { (sentence(stage.name())) }
                    dl.catalogue {
                        @for entry in entries { dt { (layout::id(entry.id)) } dd { (sentence(entry.title)) } }
                    }
                }
            }
        }
    };
    Page { title: "findings".to_owned(), at: None, current: Some(Place::Findings), body }
}

fn having(entry: &Entry, links: &[Arc<LinkState>], now: Timestamp) -> Markup {
    let has = |link: &&Arc<LinkState>| {
        link.latest.as_ref().is_some_and(|latest| latest.facts.findings.iter().any(|finding| finding.id == entry.id))
    };
    let having: Vec<_> = links.iter().filter(has).collect();
    html! {
        section {
            h2 { "Links that have it now" }
            @if having.is_empty() { p { "None." } }
            @else {
                ul.names {
                    @for link in having.iter().take(LONGEST) {
                        li {
                            (mark::verdict(link.verdict()).icon()) " "
                            a href=(link_path(&link.name)) { (link.name) }
                            @if let Some(since) = link.broken_since { " " span.muted { "broken for " (moment::span(now.as_second() - since.as_second())) } }
                        }
                    }
                }
                @if having.len() > LONGEST { p.muted { "And " (having.len() - LONGEST) " more." } }
            }
        }
    }
}

/// `text`, which the catalogue begins in lower case, as a sentence's beginning; ids and settings stay.
fn sentence(text: &str) -> String {
    let first = text.split(' ').next().unwrap_or_default();
    if first.contains(['.', '_', ':', '/']) || first.chars().skip(1).any(char::is_uppercase) {
        return text.to_owned();
    }
    let mut letters = text.chars();
    letters.next().map(|letter| letter.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
