//! Answers that are one sentence: JSON where programs ask, text elsewhere.

use axum::http::{Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// A sentence as text.
pub(super) fn sentence(status: StatusCode, text: &str) -> Response {
    (status, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], format!("{text}\n")).into_response()
}

/// What went wrong, as `{"error": …}`.
pub(super) fn fault(status: StatusCode, text: &str) -> Response {
    (status, [(header::CONTENT_TYPE, JSON)], format!("{}\n", json!({ "error": text }))).into_response()
}

/// The media type of JSON.
pub(super) const JSON: &str = "application/json";

/// A path that is none of ours.
pub(super) async fn no_such_page(uri: Uri) -> Response {
    by_path(
        &uri,
        StatusCode::NOT_FOUND,
        "there is nothing here; the overview is at /, metrics at /metrics, links at /api/v1/links",
    )
}

/// A path of ours, asked with another method.
pub(super) async fn method_not_allowed(method: Method, uri: Uri) -> Response {
    let text = match (uri.path(), method) {
        ("/-/reload", _) => "this is answered to POST only",
        (_, Method::OPTIONS) => "this is answered to GET and HEAD; there is no cross-origin access",
        _ => "this is answered to GET and HEAD only; farlink changes nothing for anyone",
    };
    by_path(&uri, StatusCode::METHOD_NOT_ALLOWED, text)
}

fn by_path(uri: &Uri, status: StatusCode, text: &str) -> Response {
    if uri.path().starts_with("/api/") { fault(status, text) } else { sentence(status, text) }
}
