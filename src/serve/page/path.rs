//! The path picture: a list that reads as one without the picture, laid out as a line by the style sheet.

use farlink_checks::model::diagnosis::{Diagnosis, Status};
use farlink_checks::model::stage::Stage;
use maud::{Markup, html};

use super::mark;
use crate::report::path::{hops, local};

/// The hops of `link` from the local cluster on, and the stages beside the path.
pub(super) fn picture(link: &Diagnosis) -> Markup {
    let beside: Vec<_> = link.stages.iter().filter(|result| !Stage::PATH.contains(&result.stage)).collect();
    html! {
        ol.path {
            li.good { (mark::Sign::Good.icon()) span.kind { "local cluster" } span.what { (local(link)) } }
            @for hop in hops(link) {
                @let (sign, word) = mark::status(hop.status);
                li.(sign.class()) {
                    (sign.icon())
                    span.kind { (kind(hop.stage)) }
                    span.what {
                        @if hop.stage == Stage::Tcp && link.addresses.len() > 1 { (link.addresses.len()) " addresses" }
                        @else if hop.label != kind(hop.stage) { (breakable(&hop.label)) }
                    }
                    span.note {
                        @if hop.note != word { span.word { (word) } " " }
                        (hop.note)
                    }
                }
            }
        }
        @if !beside.is_empty() {
            ul.beside aria-label="Beside the path" {
                @for result in beside {
                    @let (sign, word) = mark::status(result.status);
                    li {
                        (sign.with(&format!("{}: {word}", result.stage)))
                        @if let (Status::NotTested, Some(reason)) = (result.status, &result.reason) { span.muted { ", " (reason) } }
                    }
                }
            }
        }
    }
}

/// A name or address that breaks between its parts, if it must.
fn breakable(label: &str) -> Markup {
    html! { @for part in label.split_inclusive(['.', ':']) { (part) wbr; } }
}

/// What stands at a hop, in a word.
fn kind(stage: Stage) -> &'static str {
    match stage {
        Stage::Dns => "name",
        Stage::Tcp => "address",
        Stage::Tls => "TLS",
        Stage::ApiKey => "API key",
        stage => stage.name(),
    }
}
