//! A listener whose behaviour can be switched while it runs.
//! It stands before a backend, as a firewall or a load balancer does.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use crate::LabError;
use crate::listener::{Shape, Task, address_of, close, relay_to, reset, serve};

/// What a door does with a new connection; connections that are open keep what they got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// No fault: bytes pass to this backend and back.
    Pass(SocketAddr),
    /// FIN right after accept.
    CloseOnAccept,
    /// RST right after accept.
    ResetOnAccept,
    /// Accepts, reads, never answers.
    Silent,
    /// Sends these bytes on accept, then closes.
    Banner(Vec<u8>),
    /// Answers the first bytes with this fatal TLS alert (RFC 8446 section 6), then closes.
    TlsAlert(u8),
    /// Passes to the door's backend; every answer comes this much later.
    Slow(Duration),
    /// Passes to the door's backend; an answer of more bytes than this vanishes, as behind a path with a smaller MTU.
    SwallowLarge(usize),
}

/// A running door.
#[derive(Debug)]
pub struct Door {
    address: SocketAddr,
    backend: Option<SocketAddr>,
    fault: watch::Sender<Fault>,
    _task: Task,
}

impl Door {
    /// Opens a door that passes to `backend`; without one it stays silent until told otherwise.
    pub fn start(listener: TcpListener, backend: Option<SocketAddr>) -> Result<Self, LabError> {
        let first = backend.map_or(Fault::Silent, Fault::Pass);
        let address = address_of(&listener)?;
        let (fault, current) = watch::channel(first);
        let task = serve(listener, move |stream| {
            let fault = current.borrow().clone();
            async move { play(stream, fault, backend).await }
        });
        Ok(Self { address, backend, fault, _task: task })
    }

    /// Where the door listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What stands behind the door when it has no fault.
    pub fn backend(&self) -> Option<SocketAddr> {
        self.backend
    }

    /// What the door does now.
    pub fn fault(&self) -> Fault {
        self.fault.borrow().clone()
    }

    /// Switches what happens to connections from now on.
    pub fn set(&self, fault: Fault) {
        self.fault.send_replace(fault);
    }

    /// Passes to the backend again (silent when there is none).
    pub fn heal(&self) {
        self.set(self.backend.map_or(Fault::Silent, Fault::Pass));
    }
}

async fn play(mut stream: TcpStream, fault: Fault, backend: Option<SocketAddr>) {
    let (backend, shape) = match fault {
        Fault::Pass(backend) => (Some(backend), Shape::default()),
        Fault::Slow(delay) => (backend, Shape { delay: Some(delay), limit: None }),
        Fault::SwallowLarge(limit) => (backend, Shape { delay: None, limit: Some(limit) }),
        Fault::CloseOnAccept => return close(stream).await,
        Fault::ResetOnAccept => return reset(stream),
        Fault::Silent => {
            let _ = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
            return;
        }
        Fault::Banner(bytes) => {
            let _ = stream.write_all(&bytes).await;
            return close(stream).await;
        }
        Fault::TlsAlert(alert) => {
            let _ = stream.read(&mut [0; 4096]).await;
            let _ = stream.write_all(&[0x15, 3, 3, 0, 2, 2, alert]).await;
            return close(stream).await;
        }
    };
    match backend {
        Some(backend) => relay_to(stream, &[], backend, shape).await,
        None => close(stream).await,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;
    use crate::address::behind;

    /// What a client sees within a moment: the bytes, and how the connection stands.
    async fn seen(address: SocketAddr, send: &[u8]) -> (Vec<u8>, &'static str) {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let mut bytes = Vec::new();
        if stream.write_all(send).await.is_err() {
            return (bytes, "reset");
        }
        let how = match tokio::time::timeout(Duration::from_millis(150), stream.read_to_end(&mut bytes)).await {
            Err(_) => "open",
            Ok(Ok(_)) => "closed",
            Ok(Err(_)) => "reset",
        };
        (bytes, how)
    }

    #[tokio::test]
    async fn every_fault_is_seen_by_the_next_connection() {
        let echo = behind().await.unwrap();
        let backend = echo.local_addr().unwrap();
        let _echo = serve(echo, |mut stream| async move {
            let mut buffer = [0; 64];
            while let Ok(read @ 1..) = stream.read(&mut buffer).await {
                let _ = stream.write_all(&buffer[..read]).await;
            }
        });
        let door = Door::start(behind().await.unwrap(), Some(backend)).unwrap();
        let cases: [(Fault, &[u8], &str); 9] = [
            (Fault::Pass(backend), b"hello", "open"),
            (Fault::CloseOnAccept, b"", "closed"),
            (Fault::ResetOnAccept, b"", "reset"),
            (Fault::Silent, b"", "open"),
            (Fault::Banner(b"SSH-2.0".to_vec()), b"SSH-2.0", "closed"),
            (Fault::TlsAlert(112), &[0x15, 3, 3, 0, 2, 2, 112], "closed"),
            (Fault::Slow(Duration::from_millis(20)), b"hello", "open"),
            (Fault::SwallowLarge(4), b"", "open"),
            (Fault::SwallowLarge(5), b"hello", "open"),
        ];
        for (fault, bytes, how) in cases {
            door.set(fault.clone());
            assert_eq!(seen(door.address(), b"hello").await, (bytes.to_vec(), how), "{fault:?}");
        }
        door.heal();
        assert_eq!(door.fault(), Fault::Pass(backend));
    }
}
