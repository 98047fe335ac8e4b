//! `web.yml`.
use std::sync::Arc;

use axum::Router;
use rustls::ServerConfig;

/// How the endpoints are reached.
#[derive(Debug)]
pub struct Web;

impl Web {
    /// Plain HTTP for everyone who reaches the address.
    pub fn plain() -> Arc<Self> {
        Arc::new(Self)
    }
    /// Reads the files again.
    pub(super) async fn refresh(&self) {}
    pub(super) fn tls(&self) -> Option<Arc<ServerConfig>> {
        None
    }
    pub(super) fn has_tls(&self) -> bool {
        false
    }
    pub(super) fn in_front_of(self: &Arc<Self>, router: Router) -> Router {
        router
    }
}
