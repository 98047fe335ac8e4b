//! What each endpoint answers, without a socket.

use std::sync::atomic::Ordering;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use farlink_checks::judge;
use serde_json::Value;
use tower::ServiceExt as _;

use crate::staged::{daemon, estate, saved};

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Answer {
    fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    fn json(&self) -> Value {
        assert_eq!(self.headers["content-type"], "application/json");
        serde_json::from_slice(&self.body).unwrap()
    }
}

async fn ask(router: &Router, request: Request<Body>) -> Answer {
    let (parts, body) = router.clone().oneshot(request).await.unwrap().into_parts();
    Answer { status: parts.status, headers: parts.headers, body: to_bytes(body, 1 << 26).await.unwrap().to_vec() }
}

async fn get(router: &Router, path: &str) -> Answer {
    ask(router, Request::get(path).header("host", "agent.example:19443").body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn each_path_and_method_has_its_status_and_its_sentence() {
    let (router, told) = daemon(estate(), false);
    for (method, path, status, says) in [
        ("GET", "/-/healthy", 200, "farlink is alive."),
        ("GET", "/-/ready", 503, "Not yet"),
        ("POST", "/-/reload", 403, "serve.reload"),
        ("GET", "/-/reload", 405, "POST only"),
        ("DELETE", "/metrics", 405, "GET and HEAD only"),
        ("OPTIONS", "/api/v1/links", 405, "cross-origin"),
        ("GET", "/probe", 400, "/probe?link=eu"),
        ("GET", "/probe?link=a&link=b", 400, "one link"),
        ("GET", "/probe?link=nobody", 404, "\"nobody\""),
        ("GET", "/probe?target=10.0.0.1:9300", 400, "/probe?link=eu"),
        ("GET", "/probe?link=10.0.0.1:9300", 404, "No link"),
        ("GET", "/probe?link=%1b%5b31m", 404, "\\u{1b}"),
        ("GET", "/api/v1/links/nobody", 404, "{\"error\":"),
        ("GET", "/api/v1/links/%ff", 400, "UTF-8"),
        ("GET", "/api/v2", 404, "{\"error\":"),
        ("GET", "/nothing", 404, "/metrics"),
        ("HEAD", "/metrics", 200, ""),
        ("HEAD", "/api/v1/links", 200, ""),
    ] {
        let answer = ask(&router, Request::builder().method(method).uri(path).body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status.as_u16(), status, "{method} {path}");
        assert!(answer.text().contains(says), "{method} {path}: {}", answer.text());
        assert_eq!(answer.headers["x-content-type-options"], "nosniff", "{method} {path}");
        assert_eq!(answer.headers["x-frame-options"], "deny", "{method} {path}");
        assert_eq!(answer.headers["referrer-policy"], "no-referrer", "{method} {path}");
        assert!(method != "HEAD" || answer.body.is_empty(), "{method} {path}");
    }
    assert_eq!(told.probes.load(Ordering::Relaxed), 0, "nothing that is not configured was probed");
    told.ready.store(true, Ordering::Relaxed);
    assert_eq!(get(&router, "/-/ready").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_reload_that_failed_says_where_and_one_that_did_not_says_so() {
    let (router, told) = daemon(estate(), true);
    let reload = || Request::post("/-/reload").body(Body::empty()).unwrap();
    assert_eq!(ask(&router, reload()).await.status, StatusCode::OK);
    told.wrong.store(true, Ordering::Relaxed);
    let answer = ask(&router, reload()).await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(answer.text().contains("farlink.yml:3:5"), "{}", answer.text());
}

#[tokio::test]
async fn a_probe_runs_one_configured_link_and_answers_with_its_series_alone() {
    let (router, told) = daemon(estate(), false);
    let name = told.table.all()[0].name.clone();
    let answer = get(&router, &format!("/probe?link={name}")).await;
    assert_eq!((answer.status.as_u16(), told.probes.load(Ordering::Relaxed)), (200, 1));
    assert_eq!(answer.headers["content-type"], "text/plain; version=0.0.4; charset=utf-8");
    let samples: Vec<&str> = answer.text().lines().filter(|line| !line.starts_with('#')).collect();
    assert!(samples.len() > 10);
    assert!(samples.iter().all(|line| line.contains(&format!("link=\"{name}\""))), "{samples:?}");
}

#[tokio::test]
async fn metrics_are_compressed_for_those_who_ask() {
    let (router, _) = daemon(estate(), false);
    let plain = get(&router, "/metrics").await;
    assert!(plain.headers.get("content-encoding").is_none());
    assert!(plain.text().contains("\nfarlink_build_info{"), "{}", plain.text());
    let request = Request::get("/metrics").header("accept-encoding", "gzip").body(Body::empty()).unwrap();
    let packed = ask(&router, request).await;
    assert_eq!(packed.headers["content-encoding"], "gzip");
    assert!(packed.body.len() * 5 < plain.body.len(), "{} of {}", packed.body.len(), plain.body.len());
}

#[tokio::test]
async fn the_latest_report_is_the_report_of_the_same_evidence() {
    let (router, _) = daemon(estate(), false);
    let mut evidence = saved();
    evidence.links.sort_by_key(|link| link.link.name());
    let expected: Value = serde_json::to_value(judge::report(&evidence)).unwrap();
    let report = get(&router, "/api/v1/reports/latest").await.json();
    for key in ["schema", "started", "summary", "groups", "links"] {
        assert_eq!(report[key], expected[key], "{key}");
    }
    let schema: Value = serde_json::from_str(&farlink::report::schema()).unwrap();
    jsonschema::validate(&schema, &report).unwrap();
    let (empty, _) = daemon(farlink::serve::table::Table::default(), false);
    assert_eq!(get(&empty, "/api/v1/reports/latest").await.json()["links"], Value::Array(Vec::new()));
}

#[tokio::test]
async fn a_link_is_listed_in_short_and_shown_as_in_the_report_with_its_past() {
    let table = estate();
    table.put(farlink::serve::table::LinkState::new("new/link"));
    let (router, _) = daemon(table, false);
    let list = get(&router, "/api/v1/links").await.json();
    let report = get(&router, "/api/v1/reports/latest").await.json();
    assert_eq!(list.as_array().unwrap().len(), report["links"].as_array().unwrap().len() + 1);
    for entry in report["links"].as_array().unwrap() {
        let alias = entry["alias"].as_str().unwrap();
        let name = entry["local"].as_str().map_or(alias.to_owned(), |local| format!("{local}/{alias}"));
        let short = list.as_array().unwrap().iter().find(|short| short["name"] == *name).unwrap();
        assert_eq!((&short["verdict"], &short["root_cause"]["id"]), (&entry["verdict"], &entry["root_cause"]));
        let whole = get(&router, &format!("/api/v1/links/{name}")).await.json();
        assert_eq!(whole["history"][0]["verdict"], entry["verdict"]);
        for (key, value) in entry.as_object().unwrap() {
            assert_eq!(&whole[key], value, "{name} {key}");
        }
    }
    let new = get(&router, "/api/v1/links/new%2Flink").await.json();
    assert_eq!((&new["name"], &new["began"]), (&"new/link".into(), &Value::Null));
}

#[tokio::test]
async fn discovery_gives_one_target_a_link_that_leads_to_its_probe() {
    let (router, told) = daemon(estate(), false);
    let groups = get(&router, "/sd").await.json();
    assert_eq!(groups.as_array().unwrap().len(), told.table.len());
    let name = &*told.table.all()[0].name;
    assert_eq!(groups[0]["targets"], serde_json::json!(["agent.example:19443"]));
    assert_eq!(groups[0]["labels"]["__metrics_path__"], "/probe");
    assert_eq!(groups[0]["labels"]["__param_link"], name);
    assert_eq!(groups[0]["labels"]["instance"], format!("agent.example:19443/{name}"));
    // Prometheus takes no other types than strings for labels.
    for label in groups.as_array().unwrap().iter().flat_map(|group| group["labels"].as_object().unwrap().values()) {
        assert!(label.is_string());
    }
    let hostile = Request::get("/sd").header("host", "a b<script>").body(Body::empty()).unwrap();
    assert_eq!(ask(&router, hostile).await.json()[0]["targets"], serde_json::json!(["127.0.0.1:19443"]));
}
