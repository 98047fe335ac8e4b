//! What happens to each request before any endpoint sees it, and to each answer last.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::Web;

/// Lets in whom the file lets in, and adds its headers.
pub(super) async fn pass(State(web): State<Arc<Web>>, request: Request, next: Next) -> Response {
    web.refresh().await;
    let settings = web.settings();
    let admitted = settings.users.is_empty() || web.checked.admits(&settings.users, request.headers()).await;
    let mut response = if admitted { next.run(request).await } else { unauthorized() };
    for (name, value) in &settings.headers {
        response.headers_mut().insert(name.clone(), value.clone());
    }
    response
}

fn unauthorized() -> Response {
    let challenge = HeaderValue::from_static("Basic");
    (StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, challenge)], "Unauthorized\n").into_response()
}
