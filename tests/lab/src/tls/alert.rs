//! The bad_certificate alert that JDK 17 sends in TLS 1.3, which rustls has no call for.
//! The record is protected with the connection's own keys, as RFC 8446 section 6 asks.

use rustls::crypto::cipher::{OutboundChunks, OutboundPlainMessage};
use rustls::{ConnectionTrafficSecrets, ContentType, ProtocolVersion, ServerConnection, SupportedCipherSuite};
use tokio::io::AsyncWriteExt;
use tokio_rustls::server::TlsStream;

use crate::listen::close_after_answer;
use crate::wire::Wire;

/// level fatal(2), description bad_certificate(42)
const BAD_CERTIFICATE: [u8; 2] = [2, 42];

/// Sends bad_certificate as the last record of `tls` and closes the connection.
pub(super) async fn bad_certificate(tls: TlsStream<Wire>) {
    let (mut wire, connection) = tls.into_inner();
    if let Some(record) = protect(connection) {
        let _ = wire.write_all(&record).await;
    }
    close_after_answer(wire).await;
}

/// The alert as one record; nothing if the connection is not one of TLS 1.3 (TLS 1.2 has refused in its handshake already).
fn protect(connection: ServerConnection) -> Option<Vec<u8>> {
    let SupportedCipherSuite::Tls13(suite) = connection.negotiated_cipher_suite()? else {
        return None;
    };
    let secrets = connection.dangerous_extract_secrets().ok()?;
    let (sequence, keys) = secrets.tx;
    let (key, iv) = match keys {
        ConnectionTrafficSecrets::Aes128Gcm { key, iv }
        | ConnectionTrafficSecrets::Aes256Gcm { key, iv }
        | ConnectionTrafficSecrets::Chacha20Poly1305 { key, iv } => (key, iv),
        _ => return None,
    };
    let alert = OutboundPlainMessage {
        typ: ContentType::Alert,
        version: ProtocolVersion::TLSv1_2,
        payload: OutboundChunks::Single(&BAD_CERTIFICATE),
    };
    let record = suite.aead_alg.encrypter(key, iv).encrypt(alert, sequence).ok()?;
    Some(record.encode())
}
