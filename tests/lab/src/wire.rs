//! A TCP connection whose first bytes were read ahead, and whose alert for a missing client certificate can be another than rustls sends.
//! Only what leaves in the clear can be changed here: the alert of TLS 1.2.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// A fatal certificate_required alert in the clear, as rustls sends it in TLS 1.2 too (RFC 5246 section 7.2).
const CERTIFICATE_REQUIRED: [u8; 7] = [0x15, 3, 3, 0, 2, 2, 116];

/// A TCP connection with bytes put back in front.
#[derive(Debug)]
pub(crate) struct Wire {
    stream: TcpStream,
    ahead: Vec<u8>,
    taken: usize,
    alert: Option<u8>,
}

impl Wire {
    /// `ahead` is read before what `stream` still has.
    pub(crate) fn new(stream: TcpStream, ahead: Vec<u8>) -> Self {
        Self {
            stream,
            ahead,
            taken: 0,
            alert: None,
        }
    }

    /// Sends `description` where rustls would send certificate_required in the clear.
    pub(crate) fn with_alert(mut self, description: u8) -> Self {
        self.alert = Some(description);
        self
    }
}

impl AsyncRead for Wire {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let rest = self.ahead.get(self.taken..).unwrap_or_default();
        if rest.is_empty() {
            return Pin::new(&mut self.stream).poll_read(context, into);
        }
        let count = rest.len().min(into.remaining());
        into.put_slice(&rest[..count]);
        self.taken += count;
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Wire {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match self.alert {
            // rustls queues one record a buffer, so an alert is a write of its own.
            Some(description) if bytes == CERTIFICATE_REQUIRED => {
                let mut alert = CERTIFICATE_REQUIRED;
                alert[6] = description;
                Pin::new(&mut self.stream).poll_write(context, &alert)
            }
            _ => Pin::new(&mut self.stream).poll_write(context, bytes),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
