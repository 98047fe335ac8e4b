//! Where a probe touches the world: names and connections, as traits that tests can stage.
//!
//! Time is tokio's clock, which tests can pause; nothing in a probe reads another one.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use farlink_checks::model::evidence::Resolution;
use farlink_checks::model::link::HostPort;
use futures_util::future::BoxFuture;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

/// A connection in both directions.
pub trait Io: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Io for T {}

/// An open connection, whatever it is made of.
pub type Stream = Box<dyn Io>;

/// Finds the addresses of a target.
pub trait Resolve: Send + Sync {
    /// What is known of `target` after at most about `limit`; failures are part of the answer.
    fn resolve<'a>(&'a self, target: &'a HostPort, limit: Duration) -> BoxFuture<'a, Resolution>;
}

/// Opens connections.
pub trait Connect: Send + Sync {
    /// Connects to `address`; the caller bounds the time and drops the future to give up.
    fn connect(&self, address: SocketAddr) -> BoxFuture<'_, io::Result<Stream>>;
}

/// The network as the operating system offers it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Network;

impl Connect for Network {
    #[allow(clippy::disallowed_methods, reason = "this is the seam through which connections are opened")]
    fn connect(&self, address: SocketAddr) -> BoxFuture<'_, io::Result<Stream>> {
        Box::pin(async move {
            let stream = TcpStream::connect(address).await?;
            // Only a delay is lost when this fails.
            let _ = stream.set_nodelay(true);
            Ok(Box::new(stream) as Stream)
        })
    }
}

/// What a probe needs of the world.
#[derive(Clone)]
pub struct Seams {
    /// Names.
    pub resolve: Arc<dyn Resolve>,
    /// Connections.
    pub connect: Arc<dyn Connect>,
}

impl Seams {
    /// The real network, with names from `resolve`.
    pub fn real(resolve: Arc<dyn Resolve>) -> Self {
        Self { resolve, connect: Arc::new(Network) }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::disallowed_methods, reason = "a listener on loopback")]
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    #[tokio::test]
    async fn the_real_network_connects_and_refuses() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (near, far) = tokio::join!(Network.connect(address), listener.accept());
        far.unwrap().0.write_all(b"x").await.unwrap();
        assert_eq!(near.unwrap().read_u8().await.unwrap(), b'x');
        drop(listener);
        assert_eq!(Network.connect(address).await.err().unwrap().kind(), io::ErrorKind::ConnectionRefused);
    }
}
