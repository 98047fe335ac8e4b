//! `/-/healthy`, `/-/ready` and `/-/reload`, as Prometheus and its exporters have them.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::App;
use super::answer::sentence;

/// Whether the daemon answers at all.
pub(super) async fn healthy() -> Response {
    sentence(StatusCode::OK, "farlink is alive.")
}

/// Whether every link has been run once.
pub(super) async fn ready(State(app): State<Arc<App>>) -> Response {
    if app.control.ready() {
        sentence(StatusCode::OK, "farlink is ready.")
    } else {
        sentence(StatusCode::SERVICE_UNAVAILABLE, "Not yet: the first round over all links is under way.")
    }
}

/// Reads the configuration again, where that is allowed.
pub(super) async fn reload(State(app): State<Arc<App>>) -> Response {
    if !app.reload {
        let text = "Reloading over HTTP is off; set serve.reload to true in farlink.yml, or send the process SIGHUP.";
        return sentence(StatusCode::FORBIDDEN, text);
    }
    match app.control.reload().await {
        Ok(()) => sentence(StatusCode::OK, "The configuration was read again."),
        Err(error) => sentence(StatusCode::INTERNAL_SERVER_ERROR, &format!("The old configuration is kept. {error}")),
    }
}
