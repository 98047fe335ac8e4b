//! TCP: whether a connection opens, and what the peer does while nothing is said.
//! The operating system's errors become the few endings that a diagnosis tells apart.

use std::io;
use std::net::SocketAddr;

use farlink_checks::model::evidence::{Bytes, End, Quiet, Tcp, TcpOutcome};
use farlink_checks::model::text::safe;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::time::{Instant, timeout_at};

use super::seams::{Connect, Stream};
use super::tap::end_of;

/// The longest error text that is kept, in characters.
pub(super) const ERROR_LIMIT: usize = 200;

/// What became of a connection attempt.
pub(crate) struct Connected {
    /// For the evidence.
    pub(crate) tcp: Tcp,
    /// Set when the peer reset the connection at once.
    pub(super) quiet: Option<Quiet>,
    /// The connection, when there is one to speak on.
    pub(super) stream: Option<Stream>,
}

/// Connects to `address` until `deadline`.
pub(crate) async fn connect(connect: &dyn Connect, address: SocketAddr, deadline: Instant) -> Connected {
    let started = Instant::now();
    let result = timeout_at(deadline, connect.connect(address)).await;
    let seconds = started.elapsed().as_secs_f64();
    let mut quiet = None;
    let (outcome, stream) = match result {
        Err(_) => (TcpOutcome::TimedOut, None),
        Ok(Ok(stream)) => (TcpOutcome::Connected, Some(stream)),
        // A reset can overtake the return of connect(): the handshake was complete, and not refused.
        Ok(Err(error)) if error.kind() == io::ErrorKind::ConnectionReset => {
            quiet = Some(Quiet { end: End::Reset, received: Bytes::default(), seconds: 0.0 });
            (TcpOutcome::Connected, None)
        }
        Ok(Err(error)) => (outcome_of(&error), None),
    };
    Connected { tcp: Tcp { outcome, seconds }, quiet, stream }
}

/// Says nothing on `stream` until the peer says something or ends, at the longest until `deadline`.
pub(super) async fn stay_quiet(stream: &mut (impl AsyncRead + Unpin), deadline: Instant) -> Quiet {
    let started = Instant::now();
    let mut bytes = [0; Bytes::LIMIT];
    let (end, count) = match timeout_at(deadline, stream.read(&mut bytes)).await {
        Err(_) => (End::Silence, 0),
        Ok(Ok(0)) => (End::Closed, 0),
        Ok(Ok(count)) => (End::Data, count),
        Ok(Err(error)) => (end_of(&error).unwrap_or(End::Reset), 0),
    };
    let received = Bytes::of(&bytes[..count]);
    Quiet { end, received, seconds: started.elapsed().as_secs_f64() }
}

/// What the operating system's `error` says about the path (connect(2)).
fn outcome_of(error: &io::Error) -> TcpOutcome {
    // ENFILE, EMFILE, ENOBUFS.
    if matches!(error.raw_os_error(), Some(23 | 24)) || cfg!(target_os = "linux") && error.raw_os_error() == Some(105) {
        return TcpOutcome::AgentExhausted;
    }
    match error.kind() {
        io::ErrorKind::ConnectionRefused => TcpOutcome::Refused,
        io::ErrorKind::TimedOut => TcpOutcome::TimedOut,
        io::ErrorKind::HostUnreachable => TcpOutcome::HostUnreachable,
        io::ErrorKind::NetworkUnreachable | io::ErrorKind::NetworkDown => TcpOutcome::NetworkUnreachable,
        io::ErrorKind::PermissionDenied => TcpOutcome::Forbidden,
        io::ErrorKind::AddrNotAvailable | io::ErrorKind::AddrInUse | io::ErrorKind::OutOfMemory => {
            TcpOutcome::AgentExhausted
        }
        _ => TcpOutcome::Failed { code: error.raw_os_error(), error: safe(&error.to_string(), ERROR_LIMIT) },
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::probe::stage::Staged;
    use std::time::Duration;
    use tokio::io::{AsyncWriteExt, duplex};

    #[cfg(target_os = "linux")]
    #[test]
    fn each_error_of_connect_has_its_ending() {
        for (code, outcome) in [
            (111, TcpOutcome::Refused),
            (110, TcpOutcome::TimedOut),
            (113, TcpOutcome::HostUnreachable),
            (101, TcpOutcome::NetworkUnreachable),
            (1, TcpOutcome::Forbidden),
            (13, TcpOutcome::Forbidden),
            (24, TcpOutcome::AgentExhausted),
            (23, TcpOutcome::AgentExhausted),
            (99, TcpOutcome::AgentExhausted),
        ] {
            assert_eq!(outcome_of(&io::Error::from_raw_os_error(code)), outcome, "{code}");
        }
        let other = outcome_of(&io::Error::from_raw_os_error(97));
        assert!(matches!(other, TcpOutcome::Failed { code: Some(97), .. }));
    }

    #[tokio::test(start_paused = true)]
    async fn no_answer_to_syn_is_given_up_at_the_deadline() {
        let deadline = Instant::now() + Duration::from_secs(5);
        let connected = connect(&Staged::never(), "192.0.2.1:9443".parse().unwrap(), deadline).await;
        assert_eq!(connected.tcp.outcome, TcpOutcome::TimedOut);
        assert_eq!(connected.tcp.seconds, 5.0);
    }

    #[tokio::test]
    async fn a_reset_inside_connect_is_a_connection_that_was_reset() {
        let staged = Staged::failing(io::ErrorKind::ConnectionReset);
        let deadline = Instant::now() + Duration::from_secs(5);
        let connected = connect(&staged, "192.0.2.1:9443".parse().unwrap(), deadline).await;
        assert_eq!(connected.tcp.outcome, TcpOutcome::Connected);
        assert_eq!(connected.quiet.unwrap().end, End::Reset);
    }

    #[tokio::test(start_paused = true)]
    async fn silence_a_banner_and_a_close_are_told_apart() {
        let soon = || Instant::now() + Duration::from_secs(2);
        let (mut ours, mut theirs) = duplex(256);
        let quiet = stay_quiet(&mut ours, soon()).await;
        assert_eq!((quiet.end, quiet.seconds), (End::Silence, 2.0));
        theirs.write_all(&[b'x'; 100]).await.unwrap();
        let quiet = stay_quiet(&mut ours, soon()).await;
        assert_eq!((quiet.end, quiet.received), (End::Data, Bytes::of(&[b'x'; 64])));
        drop(theirs);
        stay_quiet(&mut ours, soon()).await;
        assert_eq!(stay_quiet(&mut ours, soon()).await.end, End::Closed);
    }
}
