//! What the JDK refuses in a handshake before its trust manager sees a certificate.

use super::{Purpose, Reason};
use crate::model::evidence::Der;

/// `jdk.tls.maxHandshakeMessageSize`: how many bytes one message may have.
const MESSAGE: usize = 32_768;

/// Why a JDK refuses a peer that presents `served` as a `purpose`'s certificates, whatever they are.
pub fn refusal(served: &[Der], purpose: Purpose) -> Option<Reason> {
    let limit = certificates(purpose);
    let bytes = message(served);
    if bytes > MESSAGE {
        Some(Reason::MessageTooLarge { bytes, limit: MESSAGE })
    } else if served.len() > limit {
        Some(Reason::TooManyCertificates { limit })
    } else {
        None
    }
}

/// How many certificates a JDK client takes from a server, and a JDK server from a client
/// (`jdk.tls.client.maxInboundCertificateChainLength`, `jdk.tls.server.maxInboundCertificateChainLength`).
const fn certificates(purpose: Purpose) -> usize {
    match purpose {
        Purpose::Server => 10,
        Purpose::Client => 8,
    }
}

/// The bytes of a Certificate message of TLS 1.3 (RFC 8446 section 4.4.2) with no extensions: a context,
/// the list's length, and for each certificate its length and that of its extensions.
fn message(served: &[Der]) -> usize {
    served.iter().map(|certificate| certificate.0.len() + 5).sum::<usize>() + 4
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_takes_ten_certificates_a_server_eight_and_both_32768_bytes() {
        let served = |count, bytes| vec![Der(vec![0; bytes]); count];
        for (count, bytes, purpose, refused) in [
            (10, 100, Purpose::Server, false),
            (11, 100, Purpose::Server, true),
            (8, 100, Purpose::Client, false),
            (9, 100, Purpose::Client, true),
            (1, MESSAGE - 9, Purpose::Server, false),
            (1, MESSAGE - 8, Purpose::Server, true),
        ] {
            assert_eq!(refusal(&served(count, bytes), purpose).is_some(), refused, "{count} of {bytes}");
        }
    }
}
