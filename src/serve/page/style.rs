//! The style sheet and the icon, the only things a page loads.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::sync::LazyLock;

use axum::extract::RawQuery;
use axum::http::header;
use axum::response::IntoResponse;
use maud::{Markup, html};

const SHEET: &str = include_str!("style.css");
const ICON: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="3.5" fill="#1f5fae"/><path d="M4.9 11.1 11.1 4.9" stroke="#fff" stroke-width="1.4" stroke-dasharray="1.6 1.5" fill="none"/><circle cx="4.2" cy="11.8" r="2" fill="#fff"/><circle cx="11.8" cy="4.2" r="2" fill="#fff"/></svg>"##;

static VERSION: LazyLock<String> = LazyLock::new(|| {
    let mut hasher = DefaultHasher::new();
    SHEET.hash(&mut hasher);
    format!("v={:016x}", hasher.finish())
});

/// Where the style sheet is: another place for every content, so that browsers may keep it.
pub(super) fn address() -> String {
    format!("/style.css?{}", *VERSION)
}

/// The style sheet.
pub(super) async fn sheet(RawQuery(query): RawQuery) -> impl IntoResponse {
    let current = query.as_ref() == Some(&*VERSION);
    let cache = if current { "public, max-age=31536000, immutable" } else { "no-cache" };
    let headers = [(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, cache)];
    (headers, [(header::X_CONTENT_TYPE_OPTIONS, "nosniff")], SHEET)
}

/// The icon of a browser's tab.
pub(super) async fn icon() -> impl IntoResponse {
    let headers = [(header::CONTENT_TYPE, "image/svg+xml"), (header::CACHE_CONTROL, "public, max-age=86400")];
    (headers, [(header::X_CONTENT_TYPE_OPTIONS, "nosniff")], ICON)
}

/// The same drawing beside the name.
pub(super) fn logo() -> Markup {
    html! {
        svg.logo viewBox="0 0 16 16" width="18" height="18" aria-hidden="true" focusable="false" {
            path d="M4.9 11.1 11.1 4.9" stroke="currentColor" stroke-width="1.5" stroke-dasharray="1.6 1.5" fill="none" {}
            circle cx="3.6" cy="12.4" r="2.6" fill="currentColor" {}
            circle cx="12.4" cy="3.6" r="2.6" fill="currentColor" {}
        }
    }
}
