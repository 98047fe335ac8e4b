//! What the daemon answers over HTTP. Every answer reads the state table; only `/probe` and a reload
//! ask the daemon to do something, and no parameter makes it connect to what is not configured.

mod answer;
mod api;
mod discovery;
mod gate;
mod health;
mod metrics;
mod pieces;
mod server;
mod stalls;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use farlink_checks::model::evidence::Tool;
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tower_http::set_header::SetResponseHeaderLayer;

use super::Clock;
use super::control::Control;
use super::metrics::Own;
use super::table::Table;

pub use server::{ServeError, Server};

/// What the endpoints answer from.
pub struct App {
    /// What is known of every link.
    pub table: Arc<Table>,
    /// The daemon, for a run and a reload.
    pub control: Arc<dyn Control>,
    /// The daemon's own metrics.
    pub own: Arc<Own>,
    /// The present.
    pub clock: Clock,
    /// The program, as reports name it.
    pub tool: Tool,
    /// Where the daemon listens, for requests that do not name it.
    pub listen: SocketAddr,
    /// Whether `POST /-/reload` is answered.
    pub reload: bool,
    /// How long `/probe` waits for a run: the longest deadline of a link, and what a run may wait for another.
    pub probe_deadline: Duration,
}

/// Every endpoint, and `pages`, behind the limits that hold for each request.
pub fn router(app: App, pages: Router) -> Router {
    let gate = gate::Gate::new(app.probe_deadline);
    let routes = Router::new()
        .route("/metrics", get(metrics::all))
        .route("/probe", get(metrics::probe))
        .route("/-/healthy", get(health::healthy))
        .route("/-/ready", get(health::ready))
        .route("/-/reload", post(health::reload))
        .route("/api/v1/links", get(api::links))
        .route("/api/v1/links/{*name}", get(api::link))
        .route("/api/v1/reports/latest", get(api::report))
        .route("/sd", get(discovery::targets))
        .with_state(Arc::new(app));
    pages
        .merge(routes)
        .fallback(answer::no_such_page)
        .method_not_allowed_fallback(answer::method_not_allowed)
        // The better levels cost a scrape more time than they save on the way.
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest))
        .layer(unless_set(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(unless_set(header::REFERRER_POLICY, "no-referrer"))
        .layer(unless_set(header::X_FRAME_OPTIONS, "deny"))
        .layer(from_fn_with_state(gate, gate::pass))
}

fn unless_set(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
}
