//! One link: the answer and what to change first, then the path, then everything it rests on.

use farlink_checks::model::diagnosis::{Diagnosis, Verdict};
use farlink_checks::model::finding::{Certainty, Finding};
use farlink_checks::model::link::{Mode, Model};
use farlink_checks::model::text::list;
use jiff::Timestamp;
use maud::{Markup, html};

use super::layout::{self, Page, Place};
use super::mark::{self, Sign};
use super::{chain, chart, moment, path, stages};
use crate::report::text::untested;
use crate::serve::table::{Latest, LinkState};

/// The page of `state` at the instant `now`.
pub(super) fn page(state: &LinkState, now: Timestamp) -> Page {
    let verdict = state.verdict();
    let body = html! {
        p.crumb { a href="/" { "Links" } " / " (mark::word(verdict)) }
        h1 { (mark::verdict(verdict).with(mark::word(verdict))) span.colon { ": " } span.name { (state.name) } }
        @match &state.latest {
            Some(latest) => (known(state, latest, now)),
            None => {
                p.lead { "Not probed yet. The first run is under way, or waits for its turn." }
                @if let Some(since) = state.broken_since {
                    p { "It was broken when the daemon was last stopped, since " (moment::time(since)) "." }
                }
            }
        }
    };
    Page {
        title: format!("{}: {}", mark::word(verdict), state.name),
        at: Some(now),
        current: Some(Place::OneLink),
        body,
    }
}

fn known(state: &LinkState, latest: &Latest, now: Timestamp) -> Markup {
    let link = latest.diagnosis();
    let root = link.root();
    let others: Vec<&Finding> =
        link.findings.iter().filter(|it| root.is_none_or(|root| !std::ptr::eq(*it, root))).collect();
    html! {
        (answer(&link, root))
        p.muted {
            @if let Some(since) = state.broken_since {
                "Broken for " (moment::span(now.as_second() - since.as_second())) ", since " (moment::time(since)) ". "
            }
            "Last run " (moment::ago(latest.began, now)) ", in " (moment::took(latest.seconds)) "."
        }
        @if let Some(age) = moment::overdue(state, now) {
            p.notice { (Sign::Warn.with("stale")) " The last run began " (moment::span(age)) " ago, longer than usual. "
                "What follows was true then; look at the daemon's log." }
        }
        section { h2 { "Path" } (path::picture(&link)) }
        @if let Some(root) = root { (why(root)) }
        @if !others.is_empty() {
            section { h2 { @if root.is_some() { "Also found" } @else { "Found" } } @for finding in others { (found(finding)) } }
        }
        (backing(&link))
        @if !link.chains.is_empty() {
            section { h2 { "Certificates" } @for it in &link.chains { (chain::ladder(it, latest.began)) } }
        }
        @if !link.addresses.is_empty() { section { h2 { "Addresses" } (stages::addresses(&link.addresses)) } }
        section { h2 { "Stage times" } (chart::multiples(&state.timings, now)) }
        section { h2 { "History" } (stages::history(state.history.iter(), now)) }
        section { h2 { "Settings" } (settings(&link)) }
    }
}

fn answer(link: &Diagnosis, root: Option<&Finding>) -> Markup {
    html! {
        @match (root, &link.undecided) {
            (Some(root), _) => {
                p.lead { (root.title) }
                @if !root.fix.is_empty() {
                    section.fixes { h2 { "What to change" } ul { @for fix in &root.fix { li { (fix) } } } }
                }
            }
            (None, Some(undecided)) => p.lead { "No fault found, and not everything was tested. " (undecided.stage) ": " (undecided.reason) },
            (None, None) if link.verdict == Verdict::Ok => p.lead { "The link works. What was tested, and what was not, stands below." },
            (None, None) => {}
        }
    }
}

fn why(root: &Finding) -> Markup {
    html! {
        section {
            h2 { "Why" }
            p { (root.detail) }
            (certainty(root))
            @if !root.evidence.is_empty() {
                h3 { "Seen" }
                ul.seen { @for fact in &root.evidence { li { (fact) } } }
            }
            p.muted { (layout::id(root.id)) " explains this finding and what looks like it." }
            (read(root))
        }
    }
}

fn certainty(finding: &Finding) -> Markup {
    html! {
        @if finding.certainty != Certainty::Certain {
            p {
                "This is " strong { (finding.certainty.name()) } ", not certain"
                @for (place, other) in finding.alternatives.iter().enumerate() {
                    @if place == 0 { "; it could also be " } @else { ", " }
                    (layout::id(other))
                }
                "."
            }
        }
    }
}

fn found(finding: &Finding) -> Markup {
    let sign = if finding.suppressed.is_some() { Sign::Untested } else { mark::severity(finding.severity) };
    html! {
        article.finding.(sign.class()) {
            h3 { (sign.with(finding.severity.name())) ": " (finding.title) }
            @if let Some(suppressed) = &finding.suppressed {
                p { strong { "Suppressed" } @if let Some(until) = &suppressed.until { " until " (until) } ": " (suppressed.reason) }
            }
            @if let Some(id) = finding.explained_by { p { "Explained by " (layout::id(id)) "." } }
            @if !finding.detail.is_empty() { p { (finding.detail) } }
            (certainty(finding))
            @if !finding.fix.is_empty() { ul.fix { @for fix in &finding.fix { li { (fix) } } } }
            @if !finding.evidence.is_empty() { ul.seen { @for fact in &finding.evidence { li { (fact) } } } }
            p.muted {
                (layout::id(finding.id)) " · stage " (finding.stage)
                @if !finding.addresses.is_empty() { " · at " (list(&finding.addresses)) }
            }
        }
    }
}

fn read(finding: &Finding) -> Markup {
    html! {
        @if !finding.documentation.is_empty() {
            h3 { "Read more" }
            ul { @for url in &finding.documentation { li { (layout::elsewhere(url)) } } }
        }
    }
}

fn backing(link: &Diagnosis) -> Markup {
    let untested = untested(link);
    html! {
        @if !link.proven.is_empty() || !untested.is_empty() {
            section {
                h2 { "What this rests on" }
                dl.wide {
                    @if !link.proven.is_empty() { dt { "Proven" } @for it in &link.proven { dd { (it) } } }
                    @if !untested.is_empty() {
                        dt { "Not tested" } @for (reason, stages) in &untested { dd { (list(stages)) ": " (reason) } }
                    }
                }
            }
        }
    }
}

fn settings(link: &Diagnosis) -> Markup {
    let (name, target) = match link.mode {
        Mode::Proxy => ("proxy_address", link.proxy_address.clone().unwrap_or_default()),
        Mode::Sniff => ("seeds", link.seeds.join(", ")),
    };
    let model = match link.model {
        Some(Model::ApiKey) => "API key",
        Some(Model::Certificate) => "certificate",
        None => "not known",
    };
    html! {
        dl.wide {
            dt { code { (name) } } dd { code { (target) } }
            dt { code { "server_name" } } dd { @match &link.server_name { Some(name) => code { (name) }, None => "not set" } }
            dt { "Security model" } dd { (model) @if let Some(source) = link.model_source { span.muted { " (" (source.name()) ")" } } }
            dt { "Trust" } dd { (link.trust) }
        }
    }
}
