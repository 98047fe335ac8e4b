//! `/sd`: the links as targets, for Prometheus to run on its own schedule
//! (<https://prometheus.io/docs/prometheus/latest/http_sd/>). Each target is this daemon's `/probe` with
//! the link as its parameter, so that nothing has to be relabelled:
//!
//! ```yaml
//! scrape_configs:
//!   - job_name: farlink-probe
//!     scrape_interval: 60s
//!     scrape_timeout: 30s        # longer than the links' deadline
//!     http_sd_configs: [{ url: "http://127.0.0.1:19443/sd" }]
//!     # One of two Prometheus servers that share the links:
//!     relabel_configs:
//!       - { source_labels: [__param_link], modulus: 2, target_label: __tmp_shard, action: hashmod }
//!       - { source_labels: [__tmp_shard], regex: "0", action: keep }
//! ```
//!
//! `instance` is `HOST/LINK`: the series of `up` must differ between targets.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::answer::JSON;
use super::{App, pieces};

/// One group a link.
pub(super) async fn targets(State(app): State<Arc<App>>, uri: Uri, headers: HeaderMap) -> Response {
    // HTTP/2 has the host in the request target.
    let named = uri.authority().map(axum::http::uri::Authority::as_str);
    let named = named.or_else(|| headers.get(header::HOST)?.to_str().ok());
    let host = match named.map(str::parse::<axum::http::uri::Authority>) {
        Some(Ok(host)) if !host.as_str().contains('@') => host.to_string(),
        _ => app.listen.to_string(),
    };
    let groups = app.table.all().into_iter().map(move |link| {
        let name = &*link.name;
        let model = link.latest.as_ref().and_then(|latest| latest.facts.model).map_or("", |model| model.name());
        json!({
            "targets": [host],
            "labels": {
                "__metrics_path__": "/probe",
                "__param_link": name,
                "__meta_farlink_link": name,
                "__meta_farlink_model": model,
                "instance": format!("{host}/{name}"),
            },
        })
        .to_string()
    });
    ([(header::CONTENT_TYPE, JSON)], pieces::body(pieces::array("[".to_owned(), groups, "]\n"))).into_response()
}
