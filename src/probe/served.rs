//! The chain that a port serves, and nothing else: a TLS handshake, then goodbye.

use std::net::SocketAddr;
use std::time::Duration;

use farlink_checks::model::evidence::{Answer, Resolution, TcpOutcome, Tls, TlsOutcome};
use farlink_checks::model::link::{Host, HostPort};
use tokio::time::{Instant, timeout};

use super::seams::Seams;
use super::tcp::connect;
use super::tls::{handshake, is_server_name};

/// How long saying goodbye may take.
const GOODBYE: Duration = Duration::from_millis(50);

/// Why no chain came.
#[derive(Debug, thiserror::Error)]
pub enum NotServed {
    /// The name has no address.
    #[error("{host} has no address: {reason}")]
    NoAddress {
        /// The name.
        host: String,
        /// What the resolver said.
        reason: String,
    },
    /// No connection.
    #[error("{address} cannot be reached: {reason}")]
    Unreachable {
        /// The address.
        address: SocketAddr,
        /// What happened.
        reason: &'static str,
    },
    /// TLS failed before a certificate came.
    #[error("{address} shows no certificate: {reason}")]
    NoCertificate {
        /// The address.
        address: SocketAddr,
        /// How the handshake ended.
        reason: String,
    },
}

/// The handshake with the first address of `dialled` that shows a chain, with `server_name` as server
/// name indication, within `limit` for each step.
///
/// # Errors
/// [`NotServed`] for the last address that was tried.
pub async fn chain(
    seams: &Seams,
    dialled: &HostPort,
    server_name: Option<&str>,
    limit: Duration,
) -> Result<(SocketAddr, Tls), NotServed> {
    let resolution = seams.resolve.resolve(dialled, limit).await;
    let mut last = NotServed::NoAddress { host: dialled.host.to_string(), reason: reason(&resolution) };
    for ip in resolution.addresses() {
        let address = SocketAddr::new(ip, dialled.port);
        let connected = connect(&*seams.connect, address, Instant::now() + limit).await;
        let Some(stream) = connected.stream else {
            last = NotServed::Unreachable { address, reason: unreachable(&connected.tcp.outcome) };
            continue;
        };
        let (tls, secured) = handshake(stream, server_name, None, Instant::now() + limit).await;
        if let Some(mut secured) = secured {
            use tokio::io::AsyncWriteExt as _;
            let _ = timeout(GOODBYE, secured.shutdown()).await;
        }
        if !tls.chain.is_empty() {
            return Ok((address, tls));
        }
        last = NotServed::NoCertificate { address, reason: ended(&tls.outcome) };
    }
    Err(last)
}

/// What Elasticsearch would send as server name for `host` when none is set: a host name with a dot.
pub fn usual_server_name(host: &Host) -> Option<&str> {
    match host {
        Host::Name(name) if name.contains('.') && is_server_name(name) => Some(name),
        _ => None,
    }
}

fn reason(resolution: &Resolution) -> String {
    match &resolution.a {
        Answer::NameUnknown => "the name does not exist".to_owned(),
        Answer::TimedOut => "the name server did not answer in time".to_owned(),
        Answer::ServerFailure { code } => format!("the name server answered {code}"),
        _ => "the name server knows none".to_owned(),
    }
}

const fn unreachable(outcome: &TcpOutcome) -> &'static str {
    match outcome {
        TcpOutcome::Refused => "connection refused",
        TcpOutcome::TimedOut => "no answer in time",
        TcpOutcome::HostUnreachable | TcpOutcome::NetworkUnreachable => "no route",
        TcpOutcome::Connected => "closed at once",
        _ => "the connection attempt failed on this host",
    }
}

fn ended(outcome: &TlsOutcome) -> String {
    match outcome {
        TlsOutcome::Alert { code } => format!("TLS alert {code}"),
        TlsOutcome::Closed | TlsOutcome::Reset => "closed during the TLS handshake".to_owned(),
        TlsOutcome::TimedOut => "no answer to the TLS handshake".to_owned(),
        TlsOutcome::NotTls { .. } => "it does not speak TLS".to_owned(),
        TlsOutcome::OldVersion => "it speaks nothing newer than TLS 1.1".to_owned(),
        TlsOutcome::BadServerName => "the server name is no host name".to_owned(),
        TlsOutcome::Refused { error, .. } | TlsOutcome::Failed { error } => error.clone(),
        TlsOutcome::Completed | TlsOutcome::ServerHello { .. } => "it has none".to_owned(),
    }
}
