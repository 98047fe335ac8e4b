//! What every page has: its head, the way to the other pages, and the headers that lock it down.

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use farlink_checks::model::text::safe;
use jiff::Timestamp;
use maud::{DOCTYPE, Markup, html};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::{moment, style};

/// A page before it is dressed.
pub(super) struct Page {
    /// What a browser's tab says: the state first.
    pub(super) title: String,
    /// Of when it is.
    pub(super) at: Option<Timestamp>,
    /// Where in the navigation it stands.
    pub(super) current: Option<Place>,
    /// What stands in `main`, from `h1` on.
    pub(super) body: Markup,
}

/// The places of the navigation, and whether the page is the place itself or below it.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(super) enum Place {
    /// The estate.
    Links,
    /// One link.
    OneLink,
    /// The catalogue.
    Findings,
    /// One entry of it.
    OneFinding,
}

/// Nothing but our own style sheet and icon: no script, no frame, no request elsewhere.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; \
                      frame-ancestors 'none'; base-uri 'none'";

/// `page` as an answer with this status.
pub(super) fn respond(status: StatusCode, page: &Page) -> Response {
    let headers: [(HeaderName, HeaderValue); 4] = [
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    let html = dressed(page).into_string();
    // Names of links and peers reach every part of a page: what could reorder its text is made visible here,
    // once, where no renderer can forget it.
    (status, headers, Html(safe(&html, html.len()))).into_response()
}

/// Where the page of the link `name` is.
pub(super) fn link_path(name: &str) -> String {
    const NAME: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b'/');
    format!("/links/{}", utf8_percent_encode(name, NAME))
}

/// A finding's id, leading to its page.
pub(super) fn id(id: &str) -> Markup {
    html! { a.id href={ "/findings/" (id) } { (id) } }
}

/// A page of somebody else's, which is not told where the reader came from.
pub(super) fn elsewhere(url: &str) -> Markup {
    html! { a rel="noreferrer noopener" href=(url) { (url.trim_start_matches("https://")) } }
}

fn dressed(page: &Page) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (page.title) " — farlink" }
                link rel="icon" type="image/svg+xml" href="/icon.svg";
                link rel="stylesheet" href=(style::address());
            }
            body {
                a.skip href="#content" { "Skip to the content" }
                header.top {
                    div {
                        a.brand href="/" { (style::logo()) "farlink" }
                        nav aria-label="Pages" {
                            (place("/", "Links", page.current, Place::Links, Place::OneLink))
                            (place("/findings", "Findings", page.current, Place::Findings, Place::OneFinding))
                        }
                    }
                }
                main #content tabindex="-1" { (page.body) }
                footer.bottom {
                    p {
                        "farlink " (env!("CARGO_PKG_VERSION"))
                        @if let Some(at) = page.at {
                            " · as of " (moment::time(at)) " · " a href="" { "Load again" }
                        }
                    }
                }
            }
        }
    }
}

fn place(path: &str, name: &str, current: Option<Place>, itself: Place, below: Place) -> Markup {
    let value = match current {
        Some(here) if here == itself => Some("page"),
        Some(here) if here == below => Some("true"),
        _ => None,
    };
    html! { a href=(path) aria-current=[value] { (name) } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_links_name_becomes_one_address_whatever_is_in_it() {
        assert_eq!(link_path("eu"), "/links/eu");
        assert_eq!(link_path("berlin/eu-1"), "/links/berlin/eu-1");
        assert_eq!(link_path("a b?c#d\"<é"), "/links/a%20b%3Fc%23d%22%3C%C3%A9");
        assert_eq!(link_path("100%"), "/links/100%25");
    }
}
