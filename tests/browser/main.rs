//! The status page as text: what it says, in which order, and what no name can make it do.

#![allow(clippy::unwrap_used, missing_docs)]

mod staged;

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use farlink::serve::page::routes;
use farlink::serve::table::{LinkState, Table};
use farlink_checks::model::evidence::Suppress;
use farlink_checks::model::finding::Suppression;
use jiff::{SignedDuration, Timestamp};
use tower::ServiceExt;

async fn got(table: Arc<Table>, path: &str) -> (StatusCode, String) {
    got_at(table, path, staged::now).await
}

async fn got_at(table: Arc<Table>, path: &str, clock: fn() -> Timestamp) -> (StatusCode, String) {
    let request = Request::get(path).body(Body::empty()).unwrap();
    let response = routes(table, clock).oneshot(request).await.unwrap();
    let status = response.status();
    let body = to_bytes(response.into_body(), 8 << 20).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

fn of(states: impl IntoIterator<Item = LinkState>) -> Arc<Table> {
    let table = Table::default();
    states.into_iter().for_each(|state| table.put(state));
    Arc::new(table)
}

/// Asserts that `page` has these texts, one after the other.
fn assert_in_order(page: &str, texts: &[&str]) {
    let mut from = 0;
    for text in texts {
        match page[from..].find(text) {
            Some(place) => from += place + text.len(),
            None => panic!("{text:?} is missing, or stands before {texts:?}:\n{page}"),
        }
    }
}

#[tokio::test]
async fn the_overview_answers_first_and_then_goes_from_bad_to_good() {
    let (status, page) = got(staged::table(), "/").await;
    assert_eq!(status, StatusCode::OK);
    assert_in_order(
        &page,
        &[
            "<title>22 of 29 links are broken — farlink</title>",
            "<h1>22 of 29 links are broken</h1>",
            ">Root causes</h2>",
            "8 links share a cause:",
            "Stranger CA",
            "broken for ",
            ">Works in part</h2>",
            "one-of-two",
            ">Not known</h2>",
            "cut-short",
            ">Warnings</h2>",
            "expiring",
            ">Working ",
            "/links/healthy",
            ">Not probed yet ",
            "new-remote",
        ],
    );
    assert_eq!(page.matches("which this link does not trust").count(), 1, "a shared cause is said once");
}

#[tokio::test]
async fn a_broken_links_page_says_what_is_wrong_what_to_change_and_where() {
    let (_, page) = got(staged::table(), "/links/expired").await;
    assert_in_order(
        &page,
        &[
            "<title>broken: expired — farlink</title>",
            "the certificate at expired.farlink.test:9443 expired",
            ">What to change</h2>",
            "install a renewed certificate",
            "Broken for ",
            ">Path</h2>",
            "<li class=\"bad\">",
            "certificate",
            ">Why</h2>",
            "href=\"/findings/certificate-expired\"",
            "rel=\"noreferrer noopener\"",
            ">Also found</h2>",
            ">Certificates</h2>",
            "<span class=\"trouble\">expired</span>",
            ">Addresses</h2>",
            ">Stage times</h2>",
            "<desc id=\"d-tcp\">from ",
            ">History</h2>",
        ],
    );
}

#[tokio::test]
async fn an_unsure_cause_names_what_else_it_could_be() {
    let (_, page) = got(staged::table(), "/links/no-backend").await;
    assert_in_order(&page, &["This is ", "possible", "it could also be", "/findings/filter-suspected"]);
}

#[tokio::test]
async fn a_link_without_a_verdict_says_why() {
    let (_, page) = got(staged::table(), "/links/cut-short").await;
    assert_in_order(&page, &["<title>unknown: cut-short", "No fault found, and not everything was tested"]);
    let (_, page) = got(staged::table(), "/links/new-remote").await;
    assert_in_order(&page, &["<title>not probed yet: new-remote", "Not probed yet."]);
}

#[tokio::test]
async fn a_suppressed_finding_is_shown_and_marked() {
    let mut link = staged::evidence("expired");
    let suppression = Suppression { until: Some("2027-01-01".to_owned()), reason: "being replaced".to_owned() };
    link.suppressions.push(Suppress { id: "certificate-expired".to_owned(), suppression });
    let (_, page) = got(of([staged::lived(&link, 9)]), "/links/expired").await;
    assert_in_order(&page, &["<strong>Suppressed</strong> until 2027-01-01: being replaced"]);
}

#[tokio::test]
async fn a_finding_has_its_catalogue_page_with_the_links_that_have_it() {
    let (_, page) = got(staged::table(), "/findings/certificate-untrusted").await;
    assert_in_order(
        &page,
        &[
            "certificate-untrusted",
            "Links that have it now",
            "/links/berlin/eu",
            "What it means",
            "What to change",
            "How farlink knows",
            "What looks alike",
            "Read more",
        ],
    );
    for entry in farlink_checks::catalogue::ALL {
        let (status, page) = got(of([]), &format!("/findings/{}", entry.id)).await;
        assert_eq!(status, StatusCode::OK, "{}", entry.id);
        assert!(page.contains("<p>None.</p>"), "{}", entry.id);
    }
}

#[tokio::test]
async fn what_is_not_there_has_a_page_that_says_so() {
    for path in ["/links/nobody", "/links/%ff", "/findings/nothing", "/else/where"] {
        let (status, page) = got(staged::table(), path).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
        assert!(page.contains("<h1>not found</h1>"), "{path}");
    }
}

#[tokio::test]
async fn the_filter_finds_by_name_by_cause_and_by_verdict() {
    for (query, shown, not) in [
        ("q=BERLIN", "/links/berlin/eu", "/links/healthy"),
        ("q=tcp-refused", "/links/refused", "/links/expired"),
        ("q=stranger", "/links/untrusted", "/links/refused"),
        ("verdict=ok", "/links/healthy", "/links/refused"),
        ("verdict=waiting", "/links/new-remote", "/links/healthy"),
        ("verdict=nonsense", "/links/healthy", "1 of 29 links shown"),
    ] {
        let (status, page) = got(staged::table(), &format!("/?{query}")).await;
        assert_eq!(status, StatusCode::OK);
        assert!(page.contains(&format!("\"{shown}\"")), "{query}\n{page}");
        assert!(!page.contains(&format!("\"{not}\"")), "{query}");
        assert!(page.contains("<h1>22 of 29 links are broken</h1>"), "{query}: the answer stays the estate's");
    }
}

#[tokio::test]
async fn ten_thousand_links_make_a_page_that_can_be_read() {
    let healthy = staged::evidence("healthy");
    let latest = Arc::new(staged::run(&healthy, staged::saved().started));
    let states = (0..10_000).map(|n| {
        let mut state = LinkState::new(format!("remote-{n:05}"));
        state.latest = Some(latest.clone());
        state
    });
    let (_, page) = got(of(states), "/").await;
    assert_in_order(
        &page,
        &["<h1>all 10000 links work</h1>", "remote-00199", "The first 200 by name; 9800 links more."],
    );
    assert!(!page.contains("remote-00200"));
    assert!(page.len() < 100_000, "{} bytes", page.len());
}

#[tokio::test]
async fn an_old_state_is_called_stale_and_a_fresh_one_is_not() {
    let (_, fresh) = got(staged::table(), "/links/healthy").await;
    assert!(!fresh.contains("stale"));
    fn later() -> Timestamp {
        staged::now() + SignedDuration::from_hours(2)
    }
    for path in ["/", "/links/healthy"] {
        let (_, page) = got_at(staged::table(), path, later).await;
        assert_in_order(&page, &["stale</span>", "2 hours ago"]);
    }
}

#[tokio::test]
async fn before_anything_is_known_the_page_says_that() {
    assert_in_order(&got(of([]), "/").await.1, &["<h1>no links</h1>"]);
    assert_in_order(&got(of([LinkState::new("a")]), "/").await.1, &["<h1>not probed yet</h1>", "/links/a"]);
}

#[tokio::test]
async fn no_name_can_leave_its_place() {
    let (long, all) = ("x".repeat(4_000), staged::hostile());
    for hostile in
        [&all, "<script>alert(1)</script>", "\" onmouseover=\"x", "a\u{202e}b", "\u{1b}[2Jc", "a/b?c#d%2e", &long]
    {
        let mut link = staged::renamed(staged::evidence("untrusted"), None, hostile);
        link.link.server_name = Some(hostile.to_owned());
        let state = staged::lived(&link, 9);
        let path =
            format!("/links/{}", percent_encoding::utf8_percent_encode(hostile, percent_encoding::NON_ALPHANUMERIC));
        for path in ["/", path.as_str(), "/findings/certificate-untrusted"] {
            let (status, page) = got(of([state.clone()]), path).await;
            assert_eq!(status, StatusCode::OK, "{path}");
            assert!(!page.contains("<script"), "{hostile}");
            assert!(!page.contains("\" onmouseover=\""), "{hostile}");
            assert!(!page.chars().any(|c| c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c)), "{hostile}");
        }
    }
}

#[tokio::test]
async fn every_page_is_locked_down_and_only_the_style_sheet_is_kept() {
    for path in ["/", "/links/expired", "/links/nobody", "/findings", "/findings/tcp-refused"] {
        let request = Request::get(path).body(Body::empty()).unwrap();
        let response = routes(staged::table(), staged::now).oneshot(request).await.unwrap();
        let said = |name| response.headers()[name].to_str().unwrap().to_owned();
        assert!(said(header::CONTENT_SECURITY_POLICY).starts_with("default-src 'none'; style-src 'self'"), "{path}");
        assert!(!said(header::CONTENT_SECURITY_POLICY).contains("unsafe"), "{path}");
        assert_eq!(said(header::X_CONTENT_TYPE_OPTIONS), "nosniff");
        assert_eq!(said(header::REFERRER_POLICY), "no-referrer");
        assert_eq!(said(header::CACHE_CONTROL), "no-store");
    }
    let (_, page) = got(of([]), "/").await;
    let sheet = page.split('"').find(|it| it.starts_with("/style.css?")).unwrap();
    for (path, cached) in [(sheet, "public, max-age=31536000, immutable"), ("/style.css?v=old", "no-cache")] {
        let request = Request::get(path).body(Body::empty()).unwrap();
        let response = routes(of([]), staged::now).oneshot(request).await.unwrap();
        assert_eq!(response.headers()[header::CACHE_CONTROL], cached);
    }
}
