//! `/metrics`: what is known of every link. `/probe?link=NAME`: one configured link, run now.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use farlink_checks::model::text::safe;
use serde::Deserialize;

use super::answer::sentence;
use super::{App, pieces};
use crate::serve::metrics::{CONTENT_TYPE, Exposition};

/// The series of every link, then the daemon's own.
pub(super) async fn all(State(app): State<Arc<App>>) -> Response {
    match app.own.exposition() {
        Ok(own) => exposition(Exposition::of(app.table.all()).chain(std::iter::once(own))),
        Err(error) => sentence(StatusCode::INTERNAL_SERVER_ERROR, &format!("The daemon's own metrics failed: {error}")),
    }
}

/// Which link to run.
#[derive(Deserialize)]
pub(super) struct Which {
    link: Option<String>,
}

/// The series of one link after a run of it; of no other link, and not the daemon's own.
pub(super) async fn probe(State(app): State<Arc<App>>, which: Result<Query<Which>, QueryRejection>) -> Response {
    let Ok(Query(Which { link: Some(name) })) = which else {
        return sentence(
            StatusCode::BAD_REQUEST,
            "Name one link, as in /probe?link=eu; /api/v1/links has their names.",
        );
    };
    if app.table.get(&name).is_none() {
        return unknown(&name);
    }
    match app.control.probe(name.clone()).await {
        Some(link) => exposition(Exposition::of(vec![link])),
        None => unknown(&name),
    }
}

fn unknown(name: &str) -> Response {
    let text = format!("No link of the configuration is called {:?}; /api/v1/links has their names.", safe(name, 120));
    sentence(StatusCode::NOT_FOUND, &text)
}

fn exposition(text: impl Iterator<Item = String> + Send + 'static) -> Response {
    ([(header::CONTENT_TYPE, CONTENT_TYPE)], pieces::body(text)).into_response()
}
