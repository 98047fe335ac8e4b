//! A connection that remembers what passed through it: how much came, its beginning, and how it ended.
//! What TLS makes of the bytes is not seen here, so this also tells what a failed handshake received.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

use farlink_checks::model::evidence::{Bytes, End};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// What passed through a [`Tap`].
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    /// How many bytes came.
    pub(super) received: u64,
    /// The first of them, at most [`Bytes::LIMIT`].
    pub(super) first: Vec<u8>,
    /// Closed or reset, once that was seen.
    pub(super) end: Option<End>,
    /// The number of the last alert that was sent unencrypted.
    pub(super) alert_sent: Option<u8>,
}

impl Seen {
    /// The first bytes that came.
    pub(super) fn first_bytes(&self) -> Bytes {
        Bytes::of(&self.first)
    }
}

/// What a [`Tap`] has seen, readable after the tap is gone.
#[derive(Clone, Debug, Default)]
pub(super) struct Record(Arc<Mutex<Seen>>);

impl Record {
    /// What has been seen up to now.
    pub(super) fn seen(&self) -> Seen {
        self.lock().clone()
    }

    /// Notes an alert among the records in `parts`, and a reset.
    fn written(&self, parts: &[IoSlice<'_>], result: &io::Result<usize>) {
        // An unencrypted alert is a record of two bytes (RFC 8446 sections 5.1 and 6).
        let alert = parts.iter().find_map(|part| match **part {
            [0x15, 3, _, 0, 2, _, code] => Some(code),
            _ => None,
        });
        let reset = matches!(result.as_ref().err().and_then(end_of), Some(End::Reset));
        if alert.is_some() || reset {
            let mut seen = self.lock();
            seen.alert_sent = alert.or(seen.alert_sent);
            seen.end = if reset { Some(End::Reset) } else { seen.end };
        }
    }

    fn lock(&self) -> MutexGuard<'_, Seen> {
        // Nothing panics while it is held.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection with a [`Record`].
pub(super) struct Tap<S> {
    inner: S,
    record: Record,
}

impl<S> Tap<S> {
    /// Records what passes through `inner` from now on.
    pub(super) fn new(inner: S) -> (Self, Record) {
        let record = Record::default();
        (Self { inner, record: record.clone() }, record)
    }
}

/// How a failed read or write ended a connection, where that is an end.
pub(super) fn end_of(error: &io::Error) -> Option<End> {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => Some(End::Closed),
        io::ErrorKind::ConnectionReset
        | io::ErrorKind::ConnectionAborted
        | io::ErrorKind::BrokenPipe
        | io::ErrorKind::NotConnected => Some(End::Reset),
        _ => None,
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Tap<S> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buf.filled().len();
        let room = buf.remaining();
        let result = ready!(Pin::new(&mut this.inner).poll_read(cx, buf));
        let mut seen = this.record.lock();
        match &result {
            Ok(()) => {
                let new = &buf.filled()[before..];
                if new.is_empty() && room > 0 {
                    seen.end = Some(End::Closed);
                }
                seen.received += new.len() as u64;
                let wanted = Bytes::LIMIT.saturating_sub(seen.first.len()).min(new.len());
                seen.first.extend_from_slice(&new[..wanted]);
            }
            Err(error) => seen.end = end_of(error).or(seen.end),
        }
        Poll::Ready(result)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Tap<S> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let result = ready!(Pin::new(&mut this.inner).poll_write(cx, buf));
        this.record.written(&[IoSlice::new(buf)], &result);
        Poll::Ready(result)
    }

    /// The records of a flight leave as one. A peer that refuses the first of them would else reset the
    /// connection while the others are still being written, and its alert would be lost.
    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let result = ready!(Pin::new(&mut this.inner).poll_write_vectored(cx, parts));
        this.record.written(parts, &result);
        Poll::Ready(result)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    #[tokio::test]
    async fn everything_is_counted_and_only_the_beginning_kept() {
        let (ours, mut theirs) = duplex(4096);
        let (mut tap, record) = Tap::new(ours);
        theirs.write_all(&[7; 1000]).await.unwrap();
        drop(theirs);
        let mut all = Vec::new();
        tap.read_to_end(&mut all).await.unwrap();
        let seen = record.seen();
        assert_eq!((seen.received, seen.first.len(), seen.end), (1000, 64, Some(End::Closed)));
        assert_eq!(seen.first_bytes(), Bytes::of(&[7; 64]));
    }

    #[tokio::test]
    async fn the_records_of_a_flight_leave_together() {
        let (ours, mut theirs) = duplex(4096);
        let (mut tap, record) = Tap::new(ours);
        let parts = [IoSlice::new(&[0x16; 9]), IoSlice::new(&[0x15, 3, 3, 0, 2, 1, 90])];
        assert!(tap.is_write_vectored());
        assert_eq!(tap.write_vectored(&parts).await.unwrap(), 16);
        assert_eq!(record.seen().alert_sent, Some(90));
        let mut all = [0; 16];
        theirs.read_exact(&mut all).await.unwrap();
    }

    #[tokio::test]
    async fn an_alert_that_is_sent_in_the_clear_is_remembered() {
        let (ours, _theirs) = duplex(64);
        let (mut tap, record) = Tap::new(ours);
        tap.write_all(&[0x15, 3, 3, 0, 2, 2, 70]).await.unwrap();
        assert_eq!(record.seen().alert_sent, Some(70));
    }
}
