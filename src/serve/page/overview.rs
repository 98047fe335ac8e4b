//! The estate on one page: how many links work, what breaks the others, and what to change first.

use std::sync::Arc;

use farlink_checks::catalogue::entry;
use farlink_checks::model::diagnosis::Verdict;
use farlink_checks::model::text::list;
use jiff::Timestamp;
use maud::{Markup, html};
use serde::Deserialize;

use super::answer::headline;
use super::estate::{Cause, Estate};
use super::layout::{self, Page, Place, link_path};
use super::mark::{self, Sign};
use super::moment;
use crate::serve::table::LinkState;

/// How many entries of one list are shown; the filter leads to the others.
const LONGEST: usize = 200;
/// How many links of one cause are shown.
const OF_A_CAUSE: usize = 24;

/// What the reader asks to see.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Filter {
    /// Part of a link's name, or of what is wrong with it.
    #[serde(default)]
    q: String,
    /// A verdict's name, or `waiting`; anything else is every link.
    #[serde(default)]
    verdict: String,
}

/// The page of `links` at the instant `now`.
pub(super) fn page(links: &[Arc<LinkState>], filter: &Filter, now: Timestamp) -> Page {
    let (title, lead) = headline(links);
    let asked = filter.q.trim().to_lowercase();
    let everything = asked.is_empty() && filter.verdict().is_none();
    let shown = Estate::of(links, |link| filter.takes(link, &asked));
    let body = html! {
        h1 { (title) }
        @if let Some(lead) = lead { p.lead { (lead) } }
        (tally(links, filter))
        (freshness(links, now))
        @if !links.is_empty() { (form(filter)) }
        @if !everything {
            p role="status" { (count(shown.len(), "link")) " of " (links.len()) " shown. " a href="/" { "Show all" } }
        }
        (causes("Root causes", Sign::Bad, &shown.broken, now))
        (causes("Works in part", Sign::Warn, &shown.degraded, now))
        (section("Without an explanation", &shown.unexplained, now))
        (unknown(&shown, now))
        (warnings(&shown))
        (section("Working", &shown.ok, now))
        (section("Not probed yet", &shown.waiting, now))
    };
    Page { title, at: Some(now), current: Some(Place::Links), body }
}

impl Filter {
    fn verdict(&self) -> Option<Option<Verdict>> {
        match self.verdict.as_str() {
            "waiting" => Some(None),
            name => Verdict::ALL.into_iter().find(|verdict| verdict.name() == name).map(Some),
        }
    }

    fn takes(&self, link: &LinkState, asked: &str) -> bool {
        let has = |text: &str| text.to_lowercase().contains(asked);
        let facts = link.latest.as_ref().map(|latest| &latest.facts);
        self.verdict().is_none_or(|verdict| link.verdict() == verdict)
            && (asked.is_empty()
                || has(&link.name)
                || facts.is_some_and(|facts| {
                    facts.root.as_ref().is_some_and(|root| has(&root.title))
                        || facts.findings.iter().any(|finding| has(finding.id))
                }))
    }
}

/// The choices of a verdict: its value in an address, and what it counts.
const CHOICES: [(&str, Option<Verdict>); 5] = [
    ("broken", Some(Verdict::Broken)),
    ("degraded", Some(Verdict::Degraded)),
    ("unknown", Some(Verdict::Unknown)),
    ("ok", Some(Verdict::Ok)),
    ("waiting", None),
];

fn tally(links: &[Arc<LinkState>], filter: &Filter) -> Markup {
    html! {
        ul.tally aria-label="Links by verdict" {
            @for (value, verdict) in CHOICES {
                @let count = links.iter().filter(|link| link.verdict() == verdict).count();
                @if count > 0 || verdict.is_some() {
                    li.(mark::verdict(verdict).class()).none[count == 0] {
                        a href={ "/?verdict=" (value) } aria-current=[(filter.verdict() == Some(verdict)).then_some("true")] {
                            span.count { (count) } " "
                            (mark::verdict(verdict).with(mark::word(verdict)))
                        }
                    }
                }
            }
        }
    }
}

fn freshness(links: &[Arc<LinkState>], now: Timestamp) -> Markup {
    let newest = links.iter().filter_map(|link| Some(link.latest.as_ref()?.began)).max();
    let probed = links.iter().filter(|link| link.latest.is_some()).count();
    let overdue: Vec<&str> =
        links.iter().filter(|link| moment::overdue(link, now).is_some()).map(|link| &*link.name).collect();
    html! {
        @if let Some(newest) = newest {
            @if overdue.is_empty() {
                p.muted { "Last run " (moment::ago(newest, now)) "." }
            } @else if overdue.len() == probed {
                p.notice { (Sign::Warn.with("stale")) " No link was probed since " (moment::time(newest)) ", "
                    (moment::ago(newest, now)) ". What follows was true then; look at the daemon's log." }
            } @else {
                p.notice { (Sign::Warn.with("stale")) " Not probed for longer than usual: "
                    (list(&overdue.iter().copied().take(5).collect::<Vec<_>>()))
                    @if overdue.len() > 5 { " and " (overdue.len() - 5) " more" } "." }
            }
        }
    }
}

fn form(filter: &Filter) -> Markup {
    html! {
        form.filter role="search" method="get" action="/" {
            label for="q" { "Name or cause" }
            input #q type="search" name="q" value=(filter.q) maxlength="200" autocomplete="off" spellcheck="false";
            label for="verdict" { "Verdict" }
            select #verdict name="verdict" {
                option value="" { "any" }
                @for (value, verdict) in CHOICES {
                    option value=(value) selected[filter.verdict() == Some(verdict)] { (mark::word(verdict)) }
                }
            }
            button type="submit" { "Filter" }
        }
    }
}

fn causes(title: &str, sign: Sign, causes: &[Cause], now: Timestamp) -> Markup {
    html! {
        @if !causes.is_empty() {
            section {
                h2 { (title) }
                @for cause in causes.iter().take(LONGEST) { (one_cause(sign, cause, now)) }
                (more(causes.len(), LONGEST, "cause"))
            }
        }
    }
}

fn one_cause(sign: Sign, cause: &Cause, now: Timestamp) -> Markup {
    html! {
        article.cause.(sign.class()) {
            h3 {
                (sign.icon()) " "
                @match cause.links.as_slice() {
                    [only] => { a href=(link_path(&only.name)) { (only.name) } ": " (cause.root.title) }
                    several => { span.shared { (several.len()) " links share a cause:" } " " (cause.root.title) }
                }
            }
            @if let Some(fix) = &cause.root.fix { p.fix { span.label { "Fix" } " " (fix) } }
            @if cause.links.len() > 1 { (names(&cause.links, OF_A_CAUSE, &cause.root.title, now)) }
            p.muted {
                (layout::id(cause.root.id))
                @if let Some(since) = cause.since {
                    " · broken for " (moment::span(now.as_second() - since.as_second())) ", since " (moment::time(since))
                }
            }
        }
    }
}

fn unknown(shown: &Estate, now: Timestamp) -> Markup {
    html! {
        @if !shown.unknown.is_empty() {
            section {
                h2 { "Not known" }
                @for (reason, links) in shown.unknown.iter().take(LONGEST) {
                    article.cause.open {
                        h3 { (Sign::Open.icon()) " Nothing failed, and not everything was tested: " (reason) }
                        (names(links, OF_A_CAUSE, reason, now))
                    }
                }
                (more(shown.unknown.len(), LONGEST, "reason"))
            }
        }
    }
}

fn warnings(shown: &Estate) -> Markup {
    html! {
        @if !shown.warnings.is_empty() {
            section {
                h2 { "Warnings" }
                ul.warnings {
                    @for (id, links) in &shown.warnings {
                        li {
                            (Sign::Warn.icon()) " "
                            @if let Some(entry) = entry(id) { strong { (entry.title) } " " }
                            (layout::id(id)) ": "
                            @for (place, link) in links.iter().take(OF_A_CAUSE).enumerate() {
                                @if place > 0 { ", " }
                                a href=(link_path(&link.name)) { (link.name) }
                            }
                            @if links.len() > OF_A_CAUSE {
                                " and " a href={ "/?q=" (id) } { (links.len() - OF_A_CAUSE) " more" }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn section(title: &str, links: &[&LinkState], now: Timestamp) -> Markup {
    html! { @if !links.is_empty() { section { h2 { (title) " " span.muted { (links.len()) } } (names(links, LONGEST, "", now)) } } }
}

/// The first `most` links; `q` is what the filter finds the others by.
fn names(links: &[&LinkState], most: usize, q: &str, now: Timestamp) -> Markup {
    html! {
        ul.names {
            @for link in links.iter().take(most) {
                li {
                    (mark::verdict(link.verdict()).icon()) " "
                    a href=(link_path(&link.name)) { (link.name) }
                    @if moment::overdue(link, now).is_some() { " " span.muted { "stale" } }
                }
            }
        }
        @if q.is_empty() { (more(links.len(), most, "link")) }
        @else if links.len() > most { p.muted { (count(links.len() - most, "link")) " more; the filter above finds each by name." } }
    }
}

fn more(have: usize, most: usize, what: &str) -> Markup {
    html! {
        @if have > most {
            p.muted { "The first " (most) " by name; " (count(have - most, what)) " more. The filter above finds each by name." }
        }
    }
}

fn count(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
