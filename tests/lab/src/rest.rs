//! The REST interface of an emulated cluster, as far as a diagnosis reads it.
//! Bytes that are not HTTP are treated as Elasticsearch 9.5 treats them, and the answers can be made hostile.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, SystemTime};

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::Response;
use base64::Engine as _;
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream, duplex};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;

use crate::LabError;
use crate::listener::{Shape, Task, address_of, close, relay, serve};
use crate::rest_answer::answer;
pub use crate::rest_cluster::{RestCluster, RestLink, RestTarget};
pub use crate::rest_keys::{KeysSeen, RestKey, RestKeys};
use crate::tls::ServerTls;

const NOT_HTTP: &[u8] = b"HTTP/1.0 400 Bad Request\r\nX-elastic-product: Elasticsearch\r\ncontent-type: application/json\r\ncontent-length: 14\r\n\r\n{\"status\":400}";
/// A larger answer than any reader should accept: 41 MiB.
const OVERSIZED_CHUNKS: usize = 41 * 16;
const CHUNK: Bytes = Bytes::from_static(&[b' '; 64 * 1024]);

/// What a caller must present.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RestAuth {
    /// Nothing.
    Open,
    /// User and password.
    Basic {
        /// User name.
        user: String,
        /// Password.
        password: String,
    },
    /// The `encoded` form of an API key.
    ApiKey(String),
}

/// How answers are given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RestMode {
    /// As Elasticsearch does.
    Normal,
    /// A login page with status 200 and no product header.
    Html,
    /// JSON of another shape.
    WrongJson,
    /// White space without end, more than 40 MiB.
    Oversized,
    /// The normal answer, this much later.
    Slow(Duration),
}

/// A running REST interface.
#[derive(Debug)]
pub struct RestStub {
    address: SocketAddr,
    scheme: &'static str,
    shared: Arc<Shared>,
    _tasks: [Task; 2],
}

#[derive(Debug)]
struct Shared {
    auth: RestAuth,
    state: RwLock<(RestCluster, RestMode)>,
    /// How many seconds its clock is ahead.
    ahead: AtomicI64,
}

impl RestStub {
    /// Serves `cluster` on `listener`, with TLS when given.
    pub fn start(
        listener: TcpListener,
        cluster: RestCluster,
        auth: RestAuth,
        tls: Option<&ServerTls>,
    ) -> Result<Self, LabError> {
        let address = address_of(&listener)?;
        let acceptor = tls.map(ServerTls::config).transpose()?.map(TlsAcceptor::from);
        let shared =
            Arc::new(Shared { auth, state: RwLock::new((cluster, RestMode::Normal)), ahead: AtomicI64::new(0) });
        let (sender, connections) = mpsc::channel(16);
        let front = serve(listener, move |stream| {
            let (sender, acceptor) = (sender.clone(), acceptor.clone());
            async move {
                match acceptor {
                    None => front(stream, sender).await,
                    Some(acceptor) => match acceptor.accept(stream).into_fallible().await {
                        Ok(stream) => front(stream, sender).await,
                        Err((_, stream)) => close(stream).await,
                    },
                }
            }
        });
        let router = axum::Router::new().fallback(respond).with_state(Arc::clone(&shared));
        let http = Task::run(async move {
            let _ = axum::serve(Connections { connections, address }, router).await;
        });
        let scheme = if tls.is_some() { "https" } else { "http" };
        Ok(Self { address, scheme, shared, _tasks: [front, http] })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its URL, without a path.
    pub fn url(&self) -> String {
        format!("{}://{}", self.scheme, self.address)
    }

    /// Switches how answers are given from now on.
    pub fn set_mode(&self, mode: RestMode) {
        self.shared.state.write().unwrap_or_else(PoisonError::into_inner).1 = mode;
    }

    /// Sets its clock this many seconds ahead of the true time; behind it where that is negative.
    pub fn set_clock(&self, ahead: i64) {
        self.shared.ahead.store(ahead, Ordering::Relaxed);
    }

    /// Changes what the cluster says from now on.
    pub fn update(&self, change: impl FnOnce(&mut RestCluster)) {
        change(&mut self.shared.state.write().unwrap_or_else(PoisonError::into_inner).0);
    }
}

/// Connections whose first bytes are HTTP, handed to axum; they end with the front, not with axum's own tasks.
struct Connections {
    connections: mpsc::Receiver<DuplexStream>,
    address: SocketAddr,
}

impl axum::serve::Listener for Connections {
    type Io = DuplexStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (DuplexStream, SocketAddr) {
        match self.connections.recv().await {
            Some(stream) => (stream, self.address),
            // The front is gone; this task ends with it.
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> std::io::Result<SocketAddr> {
        Ok(self.address)
    }
}

async fn front(mut stream: impl AsyncRead + AsyncWrite + Unpin, http: mpsc::Sender<DuplexStream>) {
    let mut start = [0; 4096];
    let mut read = stream.read(&mut start).await.unwrap_or_default();
    if read > 0 && !start[0].is_ascii_uppercase() || start.starts_with(b"ES\xff") || start.starts_with(b"ES\0") {
        // A TLS ClientHello is refused at once, anything else when its line ends.
        while read > 0 && start[0] != 0x16 && !start[..read].contains(&b'\n') {
            read = stream.read(&mut start).await.unwrap_or_default();
        }
        let _ = stream.write_all(NOT_HTTP).await;
        return close(stream).await;
    }
    let (mut ours, theirs) = duplex(64 * 1024);
    if read > 0 && http.send(theirs).await.is_ok() && ours.write_all(&start[..read]).await.is_ok() {
        relay(&mut stream, &mut ours, Shape::default()).await;
    }
    close(stream).await;
}

async fn respond(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let ahead = shared.ahead.load(Ordering::Relaxed);
    let mut response = answered(shared, request).await;
    let by = Duration::from_secs(ahead.unsigned_abs());
    let now = if ahead < 0 { SystemTime::now() - by } else { SystemTime::now() + by };
    if let (true, Ok(date)) = (ahead != 0, header::HeaderValue::try_from(httpdate::fmt_http_date(now))) {
        response.headers_mut().insert(header::DATE, date);
    }
    response
}

async fn answered(shared: Arc<Shared>, request: Request) -> Response {
    let (cluster, mode) = shared.state.read().unwrap_or_else(PoisonError::into_inner).clone();
    let plain = |content: &'static str, body: Body| {
        let mut response = Response::new(body);
        response.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static(content));
        response
    };
    match mode {
        RestMode::Html => {
            return plain("text/html", Body::from("<html><title>Sign in</title></html>"));
        }
        RestMode::Oversized => {
            let chunks = std::iter::repeat_n(CHUNK, OVERSIZED_CHUNKS).map(Ok::<_, std::convert::Infallible>);
            return product(plain("application/json", Body::from_stream(futures_util::stream::iter(chunks))));
        }
        RestMode::WrongJson => {
            return product(plain("application/json", Body::from(r#"{"nodes":[1,2],"links":"none"}"#)));
        }
        RestMode::Slow(delay) => tokio::time::sleep(delay).await,
        RestMode::Normal => {}
    }
    let presented = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let path = request.uri().path();
    let (status, body) = if allowed(&shared.auth, presented) {
        answer(&cluster, request.method(), path, request.uri().query().unwrap_or_default())
    } else {
        (StatusCode::UNAUTHORIZED, unauthorized(path, presented.is_some()))
    };
    let mut response = product(plain("application/json", Body::from(body.to_string())));
    *response.status_mut() = status;
    if status == StatusCode::UNAUTHORIZED {
        let value = header::HeaderValue::from_static("Basic realm=\"security\", charset=\"UTF-8\"");
        response.headers_mut().insert(header::WWW_AUTHENTICATE, value);
    }
    response
}

fn product(mut response: Response) -> Response {
    response.headers_mut().insert("x-elastic-product", header::HeaderValue::from_static("Elasticsearch"));
    response
}

fn allowed(auth: &RestAuth, presented: Option<&str>) -> bool {
    let expected = match auth {
        RestAuth::Open => return true,
        RestAuth::Basic { user, password } => {
            format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(format!("{user}:{password}")))
        }
        RestAuth::ApiKey(encoded) => format!("ApiKey {encoded}"),
    };
    presented == Some(&expected)
}

fn unauthorized(path: &str, presented: bool) -> Value {
    let reason = match presented {
        true => format!(
            "unable to authenticate with provided credentials and anonymous access is not allowed for REST request [{path}]"
        ),
        false => format!("missing authentication credentials for REST request [{path}]"),
    };
    let error = json!({"type": "security_exception", "reason": reason, "header": {"WWW-Authenticate": ["Basic realm=\"security\", charset=\"UTF-8\"", "ApiKey"]}});
    json!({"error": {"root_cause": [error], "type": "security_exception", "reason": reason, "header": error["header"]}, "status": 401})
}

#[cfg(test)]
#[path = "rest_tests.rs"]
mod tests;
