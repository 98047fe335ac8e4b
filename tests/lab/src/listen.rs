//! An accept loop whose connections end with it.
//! Every server of the estate is one of these, so that dropping a server leaves no task behind.

use std::future::Future;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

/// A running accept loop and its connections; all end when this is dropped.
#[derive(Debug)]
pub(crate) struct Serving {
    task: JoinHandle<()>,
}

impl Serving {
    /// Hands every connection of `listener` to `handler`, each in a task of its own.
    pub(crate) fn start<H, F>(listener: TcpListener, handler: H) -> Self
    where
        H: Fn(TcpStream, SocketAddr) -> F + Send + 'static,
        F: Future<Output = ()> + Send + 'static,
    {
        let task = tokio::spawn(async move {
            // Owned by the loop's task, so that aborting the loop aborts every connection.
            let mut connections = JoinSet::new();
            loop {
                tokio::select! {
                    accepted = listener.accept() => match accepted {
                        Ok((stream, peer)) => {
                            // Real nodes set it too; without it small answers wait for the peer's acknowledgement.
                            let _ = stream.set_nodelay(true);
                            connections.spawn(handler(stream, peer));
                        }
                        // Out of descriptors, or a connection that was reset before it was accepted.
                        Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
                    },
                    Some(_) = connections.join_next() => {}
                }
            }
        });
        Self { task }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Closes with FIN and without a byte, as a node does: what has arrived is read first, since unread bytes would turn FIN into RST.
pub(crate) async fn close_quietly(mut stream: TcpStream) {
    let mut scratch = [0_u8; 4096];
    while matches!(stream.try_read(&mut scratch), Ok(count) if count > 0) {}
    let _ = stream.shutdown().await;
}

/// Ends the writing side, then reads on for at most half a second, so that a last answer (an alert, an error frame) is not lost to an RST.
pub(crate) async fn close_after_answer<S: AsyncRead + AsyncWrite + Unpin>(mut stream: S) {
    let _ = stream.shutdown().await;
    let _ = tokio::time::timeout(Duration::from_millis(500), swallow(&mut stream)).await;
}

/// Reads and forgets until the peer closes.
pub(crate) async fn swallow<S: AsyncRead + Unpin>(stream: &mut S) {
    let mut scratch = [0_u8; 4096];
    while matches!(stream.read(&mut scratch).await, Ok(count) if count > 0) {}
}

/// Passes bytes both ways until both sides have closed; a backend that cannot be reached closes the client's connection.
pub(crate) async fn forward<S: AsyncRead + AsyncWrite + Unpin>(mut client: S, backend: SocketAddr) {
    match TcpStream::connect(backend).await {
        Ok(mut upstream) => {
            let _ = upstream.set_nodelay(true);
            let _ = tokio::io::copy_bidirectional(&mut client, &mut upstream).await;
        }
        Err(_) => close_after_answer(client).await,
    }
}
