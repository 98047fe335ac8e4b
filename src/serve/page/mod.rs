//! The status page: the estate, each link, and the catalogue, as plain pages without script.
//!
//! No page reloads itself: a timed reload takes readers and screen readers back to the top. Each says of
//! when it is, and has a link that loads it again.

mod answer;
mod chain;
mod chart;
mod estate;
mod finding;
mod layout;
mod link;
mod mark;
mod moment;
mod overview;
mod path;
mod stages;
mod style;

use std::sync::Arc;

use axum::Router;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use farlink_checks::catalogue::entry;
use maud::Markup;

use super::Clock;
use super::table::Table;
use layout::Page;
use overview::Filter;

/// The pages over `table`, with the present told by `clock`: `/`, `/links/NAME`, `/findings`,
/// `/findings/ID`, their style sheet and icon, and a page for whatever is not there.
pub fn routes(table: Arc<Table>, clock: Clock) -> Router {
    Router::new()
        .route("/", get(overview))
        .route("/links/{*name}", get(link))
        .route("/findings", get(findings))
        .route("/findings/{id}", get(finding))
        .route("/style.css", get(style::sheet))
        .route("/icon.svg", get(style::icon))
        .fallback(missing)
        .with_state(Site { table, clock })
}

#[derive(Clone)]
struct Site {
    table: Arc<Table>,
    clock: Clock,
}

async fn overview(State(site): State<Site>, filter: Result<Query<Filter>, QueryRejection>) -> Response {
    let filter = filter.map(|Query(filter)| filter).unwrap_or_default();
    written(move || Ok(overview::page(&site.table.all(), &filter, (site.clock)()))).await
}

async fn link(State(site): State<Site>, name: Result<Path<String>, PathRejection>) -> Response {
    written(move || {
        let name = name.map(|Path(name)| name).unwrap_or_default();
        let state =
            site.table.get(&name).ok_or("There is no link of this name. It may have been removed, or renamed.")?;
        Ok(link::page(&state, (site.clock)()))
    })
    .await
}

async fn findings() -> Response {
    written(|| Ok(finding::index())).await
}

async fn finding(State(site): State<Site>, id: Result<Path<String>, PathRejection>) -> Response {
    written(move || {
        let id = id.map(|Path(id)| id).unwrap_or_default();
        let entry = entry(&id).ok_or("This release of farlink knows no finding with this id.")?;
        Ok(finding::page(entry, &site.table.all(), (site.clock)()))
    })
    .await
}

async fn missing() -> Response {
    layout::respond(StatusCode::NOT_FOUND, &nothing_here("There is no page at this address."))
}

/// Judging a link and writing ten thousand take too long for the threads that serve connections.
async fn written(write: impl FnOnce() -> Result<Page, &'static str> + Send + 'static) -> Response {
    let response = tokio::task::spawn_blocking(|| match write() {
        Ok(page) => layout::respond(StatusCode::OK, &page),
        Err(why) => layout::respond(StatusCode::NOT_FOUND, &nothing_here(why)),
    });
    response.await.unwrap_or_else(|_| {
        let page = plain("this page could not be made", "The daemon's log says why. Metrics and probes go on.");
        layout::respond(StatusCode::INTERNAL_SERVER_ERROR, &page)
    })
}

fn nothing_here(why: &str) -> Page {
    plain("not found", why)
}

fn plain(title: &str, why: &str) -> Page {
    let body: Markup = maud::html! {
        h1 { (title) }
        p.lead { (why) }
        p { a href="/" { "All links" } }
    };
    Page { title: title.to_owned(), at: None, current: None, body }
}
