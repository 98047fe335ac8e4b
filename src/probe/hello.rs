//! A hand-built ClientHello (RFC 5246 section 7.4.1.2) that no server can accept: its only cipher
//! suite is unassigned. A TLS server answers with an alert of a few bytes, whatever its certificate.

/// In the range that IANA keeps unassigned; a server must skip what it does not know.
const UNASSIGNED_SUITE: [u8; 2] = [0xee, 0xee];

/// How much of the record [`crate::probe::attempt`] sends when it stops in the middle.
pub(super) const PARTIAL: usize = 20;

/// The record of a TLS 1.2 ClientHello, with `server_name` where one is sent.
pub(super) fn client_hello(server_name: Option<&str>) -> Vec<u8> {
    let mut extensions = Vec::with_capacity(64);
    // A name of 253 characters at the most fits every length below; a longer one is left out.
    if let Some(name) = server_name.filter(|name| name.len() <= 253) {
        let length = name.len() as u16;
        extension(&mut extensions, 0, |body| {
            body.extend((length + 3).to_be_bytes());
            body.push(0);
            body.extend(length.to_be_bytes());
            body.extend(name.as_bytes());
        });
    }
    // supported_groups: x25519, secp256r1. ec_point_formats: uncompressed.
    extension(&mut extensions, 10, |body| body.extend([0, 4, 0, 0x1d, 0, 0x17]));
    extension(&mut extensions, 11, |body| body.extend([1, 0]));
    // signature_algorithms: ecdsa_secp256r1_sha256, rsa_pss_rsae_sha256, rsa_pkcs1_sha256.
    extension(&mut extensions, 13, |body| body.extend([0, 6, 4, 3, 8, 4, 4, 1]));

    let mut hello = vec![3, 3];
    // The random may be anything; one that never changes makes the question the same every time.
    hello.extend([0x66; 32]);
    hello.push(0);
    hello.extend([0, 2]);
    hello.extend(UNASSIGNED_SUITE);
    hello.extend([1, 0]);
    hello.extend((extensions.len() as u16).to_be_bytes());
    hello.extend(&extensions);

    let mut record = Vec::with_capacity(hello.len() + 9);
    record.extend([0x16, 3, 1]);
    record.extend((hello.len() as u16 + 4).to_be_bytes());
    record.extend([1, 0]);
    record.extend((hello.len() as u16).to_be_bytes());
    record.extend(hello);
    record
}

fn extension(out: &mut Vec<u8>, number: u16, write: impl FnOnce(&mut Vec<u8>)) {
    let mut body = Vec::new();
    write(&mut body);
    out.extend(number.to_be_bytes());
    out.extend((body.len() as u16).to_be_bytes());
    out.extend(body);
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::io::Cursor;

    #[test]
    fn another_tls_library_reads_the_hello_and_its_name() {
        for name in [None, Some("eu.example")] {
            let mut acceptor = rustls::server::Acceptor::default();
            acceptor.read_tls(&mut Cursor::new(client_hello(name))).unwrap();
            let accepted = acceptor.accept().ok().unwrap().unwrap();
            assert_eq!(accepted.client_hello().server_name(), name);
        }
    }

    #[test]
    fn a_partial_hello_stops_inside_the_record() {
        assert!(client_hello(None).len() > PARTIAL);
    }
}
