//! A loopback HTTP server for tests: one scripted answer a path, and whatever a hostile one does.
//!
//! It notes the head of every request, so that tests can see what was asked and in which order.

#![allow(clippy::unwrap_used)]
#![allow(clippy::disallowed_methods, reason = "a server on loopback")]

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// What is answered on one path.
#[derive(Clone, Default)]
pub(crate) struct Answer {
    status: u16,
    content_type: &'static str,
    location: Option<&'static str>,
    body: String,
    /// The `Date` header.
    pub(crate) date: Option<&'static str>,
    /// A `Content-Length` that is not the body's.
    pub(crate) announce: Option<u64>,
    /// Writes bytes for as long as the client reads.
    pub(crate) endless: bool,
    /// Sends the head and then nothing.
    pub(crate) silent: bool,
}

impl Answer {
    pub(crate) fn of(status: u16, content_type: &'static str, body: impl Into<String>) -> Self {
        Self { status, content_type, body: body.into(), ..Self::default() }
    }

    pub(crate) fn json(body: impl Into<String>) -> Self {
        Self::of(200, "application/json", body)
    }

    pub(crate) fn redirect(location: &'static str) -> Self {
        Self { location: Some(location), ..Self::of(302, "text/plain", "") }
    }
}

/// A cluster that replicates over `key-healthy`: a follower that is behind, one that is paused, and two patterns,
/// one of them for an alias that is gone.
pub(crate) fn replicating() -> Vec<(&'static str, Answer)> {
    vec![
        (
            STATS,
            Answer::json(
                r#"{"auto_follow_stats":{"number_of_failed_follow_indices":0,"recent_auto_follow_errors":[],
                    "auto_followed_clusters":[{"cluster_name":"key-healthy"},{"cluster_name":"gone"}]},
                    "follow_stats":{"indices":[{"shards":[{"remote_cluster":"key-healthy","leader_index":"orders","follower_index":"copy",
                    "leader_global_checkpoint":1024,"follower_global_checkpoint":768,"read_exceptions":[],"time_since_last_read_millis":8}]}]}}"#,
            ),
        ),
        (
            "/*/_ccr/info",
            Answer::json(
                r#"{"follower_indices":[{"follower_index":"copy","remote_cluster":"key-healthy","leader_index":"orders","status":"active"},
                    {"follower_index":"resting","remote_cluster":"key-healthy","leader_index":"past","status":"paused"}]}"#,
            ),
        ),
        (
            "/_ccr/auto_follow",
            Answer::json(
                r#"{"patterns":[{"name":"logs","pattern":{"active":true,"remote_cluster":"key-healthy"}},
                    {"name":"old","pattern":{"active":true,"remote_cluster":"gone"}}]}"#,
            ),
        ),
    ]
}

/// How a cluster is asked for what its followers do.
pub(crate) const STATS: &str = "/_ccr/stats?filter_path=auto_follow_stats,follow_stats.indices.shards.remote_cluster,\
    follow_stats.indices.shards.leader_index,follow_stats.indices.shards.follower_index,\
    follow_stats.indices.shards.leader_global_checkpoint,follow_stats.indices.shards.follower_global_checkpoint,\
    follow_stats.indices.shards.read_exceptions,follow_stats.indices.shards.fatal_exception,\
    follow_stats.indices.shards.time_since_last_read_millis";

/// Serves until it is dropped.
pub(crate) struct TestServer {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<String>>>,
    task: tokio::task::JoinHandle<()>,
}

impl TestServer {
    /// Answers the paths given (query included) and 404 otherwise.
    pub(crate) async fn start(answers: Vec<(&'static str, Answer)>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (answers, noted) = (Arc::new(answers), requests.clone());
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, answers.clone(), noted.clone()));
            }
        });
        Self { address, requests, task }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The heads of the requests so far.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    /// The paths asked so far.
    pub(crate) fn paths(&self) -> Vec<String> {
        self.requests().iter().map(|head| head.split(' ').nth(1).unwrap_or_default().to_owned()).collect()
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(mut stream: TcpStream, answers: Arc<Vec<(&'static str, Answer)>>, noted: Arc<Mutex<Vec<String>>>) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            // What is not HTTP is answered at once, as Elasticsearch does.
            Ok(0x16) if head.is_empty() => {
                let _ = stream.write_all(b"HTTP/1.0 400 Bad Request\r\n\r\n").await;
                return;
            }
            Ok(byte) => head.push(byte),
            Err(_) => return,
        }
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let path = head.split(' ').nth(1).unwrap_or_default();
    let missing = r#"{"error":{"type":"test","reason":"no such path"},"status":404}"#;
    let answer = answers.iter().find(|(known, _)| *known == path);
    let answer = answer.map_or_else(|| Answer::of(404, "application/json", missing), |(_, answer)| answer.clone());
    noted.lock().unwrap().push(head.clone());
    let mut out =
        format!("HTTP/1.1 {} X\r\nContent-Type: {}\r\nConnection: close\r\n", answer.status, answer.content_type);
    if let Some(location) = answer.location {
        out += &format!("Location: {location}\r\n");
    }
    if let Some(date) = answer.date {
        out += &format!("Date: {date}\r\n");
    }
    if !answer.endless && !answer.silent {
        let length = answer.announce.unwrap_or(answer.body.len() as u64);
        out += &format!("Content-Length: {length}\r\n");
    }
    out += "\r\n";
    out += &answer.body;
    if stream.write_all(out.as_bytes()).await.is_err() {
        return;
    }
    let block = [b' '; 64 * 1024];
    while answer.endless && stream.write_all(&block).await.is_ok() {}
    if answer.silent {
        // Ends when the client gives up.
        let _ = stream.read_u8().await;
    }
}
