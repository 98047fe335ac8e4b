//! Accepting, relaying and closing the way real listeners do.
//! Everything a listener started ends with its [`Task`].

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, copy, split};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

/// How long a closing listener reads on, so that the peer sees FIN and not RST.
const DRAIN: Duration = Duration::from_secs(1);

/// A running task that ends on drop.
#[derive(Debug)]
pub(crate) struct Task(JoinHandle<()>);

impl Task {
    /// Runs `future` until it is done or the value is dropped.
    pub(crate) fn run(future: impl Future<Output = ()> + Send + 'static) -> Self {
        Self(tokio::spawn(future))
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Runs `handle` for every connection until the task is dropped, which also ends the connections.
pub(crate) fn serve<H, F>(listener: TcpListener, handle: H) -> Task
where
    H: Fn(TcpStream) -> F + Send + 'static,
    F: Future<Output = ()> + Send + 'static,
{
    Task::run(async move {
        let mut connections = JoinSet::new();
        loop {
            tokio::select! {
                accepted = listener.accept() => match accepted {
                    Ok((stream, _)) => {
                        let _ = stream.set_nodelay(true);
                        connections.spawn(handle(stream));
                    }
                    // Out of descriptors, for example: wait for connections to end.
                    Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
                },
                Some(_) = connections.join_next() => {}
            }
        }
    })
}

/// The address of a bound listener.
pub(crate) fn address_of(listener: &TcpListener) -> Result<SocketAddr, crate::LabError> {
    listener.local_addr().map_err(crate::LabError::io("read the address of a listener"))
}

/// Closes with FIN: what the peer still sends is read and dropped for a moment.
pub(crate) async fn close<S: AsyncRead + AsyncWrite + Unpin>(mut stream: S) {
    let _ = stream.shutdown().await;
    let _ = tokio::time::timeout(DRAIN, copy(&mut stream, &mut tokio::io::sink())).await;
}

/// Closes with RST.
pub(crate) fn reset(stream: TcpStream) {
    let _ = stream.set_zero_linger();
    drop(stream);
}

/// What a relay does to the answers of the backend.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Shape {
    /// Wait before each answer.
    pub(crate) delay: Option<Duration>,
    /// An answer with more bytes vanishes, and everything after it.
    pub(crate) limit: Option<usize>,
}

/// How a relay ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    Closed,
    Reset,
}

/// Passes bytes both ways until the backend closes or resets.
pub(crate) async fn relay<C, B>(client: &mut C, backend: &mut B, shape: Shape) -> Ended
where
    C: AsyncRead + AsyncWrite + Unpin,
    B: AsyncRead + AsyncWrite + Unpin,
{
    let (mut client_read, mut client_write) = split(client);
    let (mut backend_read, mut backend_write) = split(backend);
    let up = async {
        let ended = copy(&mut client_read, &mut backend_write).await;
        let _ = backend_write.shutdown().await;
        ended
    };
    let down = answers(&mut backend_read, &mut client_write, shape);
    tokio::pin!(up, down);
    let ended = tokio::select! {
        ended = &mut down => ended,
        _ = &mut up => down.await,
    };
    match ended {
        Err(error) if error.kind() == io::ErrorKind::ConnectionReset => Ended::Reset,
        _ => Ended::Closed,
    }
}

/// Relays and then ends the client's connection as the backend ended its own.
pub(crate) async fn relay_to(mut client: TcpStream, first: &[u8], backend: SocketAddr, shape: Shape) {
    let Ok(mut backend) = TcpStream::connect(backend).await else {
        return close(client).await;
    };
    let _ = backend.set_nodelay(true);
    if backend.write_all(first).await.is_err() {
        return close(client).await;
    }
    match relay(&mut client, &mut backend, shape).await {
        Ended::Reset => reset(client),
        Ended::Closed => close(client).await,
    }
}

async fn answers(
    from: &mut (impl AsyncRead + Unpin),
    to: &mut (impl AsyncWrite + Unpin),
    shape: Shape,
) -> io::Result<()> {
    let mut buffer = vec![0; 64 * 1024];
    let mut swallowing = false;
    loop {
        let read = from.read(&mut buffer).await?;
        if read == 0 {
            return Ok(());
        }
        if let Some(delay) = shape.delay {
            tokio::time::sleep(delay).await;
        }
        swallowing |= shape.limit.is_some_and(|limit| read > limit);
        if !swallowing {
            to.write_all(&buffer[..read]).await?;
            to.flush().await?;
        }
    }
}
