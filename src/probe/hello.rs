//! ClientHellos built by hand (RFC 5246 section 7.4.1.2, RFC 8446 section 4.1.2): one that no server can
//! accept, and those that find out what a server supports.

use farlink_checks::hellos::suites::{TLS12, TLS13};
use farlink_checks::hellos::{Content, content};
use farlink_checks::model::hello::Hello;

/// In the range that IANA keeps unassigned; a server must skip what it does not know.
const UNASSIGNED_SUITE: u16 = 0xeeee;
/// `TLS_EMPTY_RENEGOTIATION_INFO_SCSV` (RFC 5746 section 3.3), for servers that insist.
const RENEGOTIATION_SUITE: u16 = 0x00ff;
/// The base point of x25519 (RFC 7748 section 4.1): a public key that every server takes.
const KEY_SHARE: [u8; 32] = {
    let mut point = [0; 32];
    point[0] = 9;
    point
};

/// How much of the record [`crate::probe::attempt`] sends when it stops in the middle.
pub(super) const PARTIAL: usize = 20;

/// The record of a TLS 1.2 ClientHello, with `server_name` where one is sent. Its only cipher suite is
/// unassigned, so a TLS server answers with an alert of a few bytes, whatever its certificate.
pub(super) fn client_hello(server_name: Option<&str>) -> Vec<u8> {
    let content = Content {
        versions: &[TLS12],
        suites: vec![UNASSIGNED_SUITE],
        groups: vec![0x1d, 0x17],
        // ecdsa_secp256r1_sha256, rsa_pss_rsae_sha256, rsa_pkcs1_sha256.
        signatures: &[0x0403, 0x0804, 0x0401],
        certificate_signatures: &[],
    };
    record(&content, server_name)
}

/// The record of `hello`, with `server_name` where one is sent.
pub(super) fn offer(hello: Hello, server_name: Option<&str>) -> Vec<u8> {
    let mut content = content(hello);
    content.suites.push(RENEGOTIATION_SUITE);
    record(&content, server_name)
}

fn record(content: &Content, server_name: Option<&str>) -> Vec<u8> {
    let newest = content.versions.first().copied().unwrap_or(TLS12);
    let mut hello = newest.min(TLS12).to_be_bytes().to_vec();
    // The random may be anything; one that never changes makes the question the same every time.
    hello.extend([0x66; 32]);
    // A session id makes TLS 1.3 look like its predecessor on the way (RFC 8446 appendix D.4).
    match newest {
        TLS13 => {
            hello.push(32);
            hello.extend([0x66; 32]);
        }
        _ => hello.push(0),
    }
    hello.extend(numbers(&content.suites));
    hello.extend([1, 0]);
    let extensions = extensions(content, newest, server_name);
    hello.extend((extensions.len() as u16).to_be_bytes());
    hello.extend(extensions);

    let mut record = Vec::with_capacity(hello.len() + 9);
    record.extend([0x16, 3, 1]);
    record.extend((hello.len() as u16 + 4).to_be_bytes());
    record.extend([1, 0]);
    record.extend((hello.len() as u16).to_be_bytes());
    record.extend(hello);
    record
}

fn extensions(content: &Content, newest: u16, server_name: Option<&str>) -> Vec<u8> {
    let mut out = Vec::with_capacity(256);
    // A name of 253 characters at the most fits every length below; a longer one is left out.
    if let Some(name) = server_name.filter(|name| name.len() <= 253) {
        let length = name.len() as u16;
        extension(&mut out, 0, |body| {
            body.extend((length + 3).to_be_bytes());
            body.push(0);
            body.extend(length.to_be_bytes());
            body.extend(name.as_bytes());
        });
    }
    extension(&mut out, 10, |body| body.extend(numbers(&content.groups)));
    // ec_point_formats: uncompressed. extended_master_secret: some servers insist (RFC 7627).
    extension(&mut out, 11, |body| body.extend([1, 0]));
    extension(&mut out, 23, |_| {});
    for (number, schemes) in [(13, content.signatures), (50, content.certificate_signatures)] {
        if !schemes.is_empty() {
            extension(&mut out, number, |body| body.extend(numbers(schemes)));
        }
    }
    if newest == TLS13 {
        extension(&mut out, 43, |body| {
            body.push(content.versions.len() as u8 * 2);
            body.extend(content.versions.iter().flat_map(|version| version.to_be_bytes()));
        });
        // psk_key_exchange_modes, as every client sends it; key_share: x25519 alone.
        extension(&mut out, 45, |body| body.extend([1, 1]));
        extension(&mut out, 51, |body| {
            body.extend([0, 36, 0, 0x1d, 0, 32]);
            body.extend(KEY_SHARE);
        });
    }
    out
}

/// The list with its length in bytes before it.
fn numbers(list: &[u16]) -> Vec<u8> {
    let length = list.len() as u16 * 2;
    length.to_be_bytes().into_iter().chain(list.iter().flat_map(|number| number.to_be_bytes())).collect()
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
            let current = [Hello::NewJdk, Hello::OldJdk, Hello::Tls13, Hello::Tls12];
            for record in current.map(|hello| offer(hello, name)).into_iter().chain([client_hello(name)]) {
                let mut acceptor = rustls::server::Acceptor::default();
                acceptor.read_tls(&mut Cursor::new(record)).unwrap();
                let accepted = acceptor.accept().ok().unwrap().unwrap();
                assert_eq!(accepted.client_hello().server_name(), name);
            }
        }
    }

    #[test]
    fn a_hello_fits_one_packet() {
        let longest = "a".repeat(253);
        for hello in Hello::ALL {
            assert!(offer(hello, Some(&longest)).len() < 1200, "{hello:?}");
        }
    }

    #[test]
    fn a_partial_hello_stops_inside_the_record() {
        assert!(client_hello(None).len() > PARTIAL);
    }
}
