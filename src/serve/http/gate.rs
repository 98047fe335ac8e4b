//! Limits that hold for every request, whatever it asks: how many at once, how long, how large.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use http_body::{Frame, SizeHint};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::answer::sentence;

/// How many requests are answered at once, most of them `/probe` of links that take their whole deadline.
const AT_ONCE: usize = 512;
/// How long an answer may take to begin.
const PATIENCE: Duration = Duration::from_secs(10);
/// No endpoint reads a body; this much is forgiven.
const BODY: u64 = 4 << 10;

/// The limits, and how much of them is in use.
#[derive(Clone)]
pub(super) struct Gate {
    places: Arc<Semaphore>,
    probe_deadline: Duration,
}

impl Gate {
    /// A gate that gives `/probe` as long as `probe_deadline`.
    pub(super) fn new(probe_deadline: Duration) -> Self {
        Self { places: Arc::new(Semaphore::new(AT_ONCE)), probe_deadline: probe_deadline.max(PATIENCE) }
    }
}

/// Lets a request through, or says why not.
pub(super) async fn pass(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    if request.body().size_hint().lower() > BODY {
        return sentence(StatusCode::PAYLOAD_TOO_LARGE, "No request to farlink needs a body.");
    }
    let Ok(place) = gate.places.try_acquire_owned() else {
        return later("Too many requests at once; ask again in a moment.");
    };
    let patience = match request.uri().path() {
        "/probe" | "/-/reload" => gate.probe_deadline,
        _ => PATIENCE,
    };
    match tokio::time::timeout(patience, next.run(request)).await {
        Ok(response) => response.map(|body| Body::new(Placed { body, _place: place })),
        Err(_) => later("This took too long; ask again in a moment."),
    }
}

fn later(text: &str) -> Response {
    let mut response = sentence(StatusCode::SERVICE_UNAVAILABLE, text);
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    response
}

/// A body that keeps its request's place until it was sent.
struct Placed {
    body: Body,
    _place: OwnedSemaphorePermit,
}

impl HttpBody for Placed {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::middleware::from_fn_with_state;
    use axum::routing::get;
    use tower::ServiceExt as _;

    use super::*;

    fn routes(gate: &Gate) -> Router {
        let never = get(std::future::pending::<()>);
        Router::new()
            .route("/", get(|| async { "here" }))
            .route("/slow", never.clone())
            .route("/probe", never)
            .layer(from_fn_with_state(gate.clone(), pass))
    }

    fn request(path: &str) -> Request {
        Request::builder().uri(path).body(Body::empty()).unwrap()
    }

    #[tokio::test]
    async fn a_place_is_free_again_once_the_answer_was_sent_and_no_sooner() {
        let gate = Gate::new(PATIENCE);
        let app = routes(&gate);
        let first = app.clone().oneshot(request("/")).await.unwrap();
        assert_eq!(gate.places.available_permits(), AT_ONCE - 1);
        let others = gate.places.clone().acquire_many_owned(AT_ONCE as u32 - 1).await.unwrap();
        let refused = app.clone().oneshot(request("/")).await.unwrap();
        assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(refused.headers()[header::RETRY_AFTER], "1");
        drop(first);
        assert_eq!(app.oneshot(request("/")).await.unwrap().status(), StatusCode::OK);
        drop(others);
        assert_eq!(gate.places.available_permits(), AT_ONCE);
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_that_does_not_begin_is_given_up_and_a_probe_has_its_links_deadline() {
        let gate = Gate::new(Duration::from_secs(25));
        for (path, seconds) in [("/slow", 10), ("/probe", 25)] {
            let began = tokio::time::Instant::now();
            let answer = routes(&gate).oneshot(request(path)).await.unwrap();
            assert_eq!((answer.status().as_u16(), began.elapsed().as_secs()), (503, seconds), "{path}");
        }
    }

    #[tokio::test]
    async fn a_body_that_nobody_reads_is_refused() {
        let large = Request::post("/").body(Body::from(vec![b'x'; 5000])).unwrap();
        let answer = routes(&Gate::new(PATIENCE)).oneshot(large).await.unwrap();
        assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE);
    }
}
