//! Each address with its stages, and which verdicts the link had before.

use farlink_checks::model::diagnosis::{AddressResult, StageResult};
use farlink_checks::model::stage::Stage;
use jiff::Timestamp;
use maud::{Markup, html};

use super::layout;
use super::{mark, moment};
use crate::serve::table::Change;

/// One row an address, one column a stage that any of them has.
pub(super) fn addresses(addresses: &[AddressResult]) -> Markup {
    let has = |stage: &Stage| addresses.iter().any(|address| address.stages.iter().any(|it| it.stage == *stage));
    let columns: Vec<Stage> = Stage::ALL.into_iter().filter(has).collect();
    html! {
        div.scroll role="region" aria-label="Addresses" tabindex="0" {
            table {
                caption { "What was seen at each address" }
                thead {
                    tr { th scope="col" { "address" } th scope="col" { "outcome" } @for stage in &columns { th scope="col" { (stage) } } }
                }
                tbody {
                    @for address in addresses {
                        @let (sign, word) = mark::outcome(address.outcome);
                        tr {
                            th scope="row" { code { (address.address) } }
                            td { (sign.with(word)) }
                            @for stage in &columns { td { (cell(address.stages.iter().find(|it| it.stage == *stage))) } }
                        }
                    }
                }
            }
        }
    }
}

fn cell(result: Option<&StageResult>) -> Markup {
    let Some(result) = result else { return html! { span.muted { "–" } } };
    let (sign, word) = mark::status(result.status);
    html! {
        (sign.with(word))
        @if let Some(seconds) = result.duration_seconds { br; span.muted { (moment::took(seconds)) } }
        @if let Some(note) = &result.note { br; span.muted { (note) } }
    }
}

/// The verdicts of the past, the newest first.
pub(super) fn history<'a>(changes: impl DoubleEndedIterator<Item = &'a Change>, now: Timestamp) -> Markup {
    let mut until = now;
    let rows = changes.rev().map(|change| {
        let lasted = moment::span(until.as_second() - change.at.as_second());
        until = change.at;
        (change, lasted)
    });
    html! {
        div.scroll role="region" aria-label="History" tabindex="0" {
            table {
                caption { "Changes of the verdict, the newest first" }
                thead { tr { th scope="col" { "since" } th scope="col" { "verdict" } th scope="col" { "for" } th scope="col" { "root cause" } } }
                tbody {
                    @for (change, lasted) in rows {
                        tr {
                            td { (moment::time(change.at)) }
                            td { (mark::verdict(Some(change.verdict)).with(change.verdict.name())) }
                            td { (lasted) }
                            td { @match change.root_cause { Some(id) => (layout::id(id)), None => span.muted { "–" } } }
                        }
                    }
                }
            }
        }
    }
}
