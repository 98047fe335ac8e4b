//! The two facts of a ClientHello that a proxy and a server look at before they answer: the server name, and whether TLS 1.3 is offered.
//! Layout from RFC 8446 sections 4.1.2, 4.2.1 and 5.1, and RFC 6066 section 3.

use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;

/// Largest ClientHello that is waited for, in bytes.
const LIMIT: usize = 32 * 1024;

/// What the first bytes of a connection are.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Opening {
    /// Not enough bytes to tell.
    Incomplete,
    /// Something else than a TLS handshake record.
    NotTls,
    /// A whole ClientHello.
    Hello {
        /// The name in the server_name extension.
        server_name: Option<String>,
        /// Whether supported_versions lists 0x0304.
        offers_tls13: bool,
    },
}

/// Reads until the ClientHello is whole, the bytes are something else, or the peer closes; gives what was read with its meaning.
/// Cancelling it loses nothing but the bytes in `read`, which is the caller's.
pub(crate) async fn read_opening(stream: &mut TcpStream, read: &mut Vec<u8>) -> Opening {
    loop {
        let opening = parse(read);
        if opening != Opening::Incomplete || read.len() > LIMIT {
            return opening;
        }
        match stream.read_buf(read).await {
            Ok(count) if count > 0 => {}
            _ => return Opening::Incomplete,
        }
    }
}

/// Says what `bytes`, the first of a connection, are.
pub(crate) fn parse(bytes: &[u8]) -> Opening {
    if bytes.first().is_some_and(|kind| *kind != 0x16) || bytes.get(1).is_some_and(|major| *major != 3) {
        return Opening::NotTls;
    }
    let mut handshake = Vec::new();
    let mut rest = bytes;
    // A hello may be spread over several records.
    while let [0x16, 3, _, high, low, tail @ ..] = rest {
        let length = usize::from(u16::from_be_bytes([*high, *low])).min(tail.len());
        let (payload, next) = tail.split_at(length);
        handshake.extend_from_slice(payload);
        rest = next;
    }
    let [kind, a, b, c, body @ ..] = handshake.as_slice() else {
        return Opening::Incomplete;
    };
    if *kind != 1 {
        return Opening::NotTls;
    }
    let length = usize::from(*a) << 16 | usize::from(*b) << 8 | usize::from(*c);
    match body.get(..length) {
        Some(hello) => read_hello(hello).unwrap_or(Opening::NotTls),
        None => Opening::Incomplete,
    }
}

/// Takes `count` bytes off the front.
fn take<'a>(rest: &mut &'a [u8], count: usize) -> Option<&'a [u8]> {
    let (head, tail) = rest.split_at_checked(count)?;
    *rest = tail;
    Some(head)
}

/// Takes a vector with a length of `width` bytes (1 or 2) off the front.
fn take_vector<'a>(rest: &mut &'a [u8], width: usize) -> Option<&'a [u8]> {
    let length = take(rest, width)?.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte));
    take(rest, length)
}

fn read_hello(mut hello: &[u8]) -> Option<Opening> {
    let rest = &mut hello;
    take(rest, 2 + 32)?;
    take_vector(rest, 1)?;
    take_vector(rest, 2)?;
    take_vector(rest, 1)?;
    let mut extensions = take_vector(rest, 2).unwrap_or_default();
    let (mut server_name, mut offers_tls13) = (None, false);
    while let Some(kind) = take(&mut extensions, 2) {
        let mut content = take_vector(&mut extensions, 2)?;
        match kind {
            [0, 0] => {
                let mut list = take_vector(&mut content, 2)?;
                if take(&mut list, 1)? == [0] {
                    let name = take_vector(&mut list, 2)?;
                    server_name = Some(String::from_utf8_lossy(name).into_owned());
                }
            }
            [0, 43] => {
                let versions = take_vector(&mut content, 1)?;
                offers_tls13 = versions.chunks_exact(2).any(|version| version == [3, 4]);
            }
            _ => {}
        }
    }
    Some(Opening::Hello {
        server_name,
        offers_tls13,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::tls::tests::client_hello;

    #[test]
    fn a_hello_gives_its_name_and_version_however_it_is_cut() {
        let hello = client_hello(Some("eu.lab.example"));
        let whole = Opening::Hello {
            server_name: Some("eu.lab.example".to_owned()),
            offers_tls13: true,
        };
        assert_eq!(parse(&hello), whole);
        for cut in 0..hello.len() {
            assert_eq!(parse(&hello[..cut]), Opening::Incomplete, "cut at {cut}");
        }
        let payload = &hello[5..];
        let mut records = Vec::new();
        for part in payload.chunks(100) {
            records.extend([0x16, 3, 1, 0, u8::try_from(part.len()).unwrap()]);
            records.extend(part);
        }
        assert_eq!(parse(&records), whole);
    }

    #[test]
    fn a_hello_to_an_address_has_no_name_and_other_bytes_are_not_tls() {
        assert_eq!(
            parse(&client_hello(None)),
            Opening::Hello {
                server_name: None,
                offers_tls13: true
            }
        );
        for other in [&b"GET / HTTP/1.1"[..], b"ES\xff\xff\xff\xff", b"\x16\x02\x00", b"\x16\x03\x01\x00\x04\x02\x00\x00\x00"] {
            assert_eq!(parse(other), Opening::NotTls, "{other:?}");
        }
    }
}
