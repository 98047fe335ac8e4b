//! What answered when it was not the transport protocol, from the first bytes it sent.
//! One answer is Elasticsearch after all: the text with which a transport port refuses HTTP.

/// A protocol recognised by how it starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Foreign {
    /// The text of an Elasticsearch (or OpenSearch) transport port that was spoken to in HTTP
    /// (`TcpTransport.HttpRequestOnTransportException`).
    NotAnHttpPort,
    /// An HTTP/1 status line.
    Http {
        /// The status code.
        status: u16,
    },
    /// HTTP/2: a settings frame.
    Http2,
    /// A TLS alert (RFC 8446 section 6), outside of the TLS that was expected.
    TlsAlert {
        /// 1 warning, 2 fatal.
        level: u8,
        /// The registered number of the alert.
        description: u8,
    },
    /// Another TLS record (RFC 8446 section 5.1).
    TlsRecord {
        /// 20 change of cipher, 22 handshake, 23 data.
        content_type: u8,
    },
    /// An SSH server (RFC 4253 section 4.2).
    Ssh,
    /// A PROXY protocol header, which a load balancer puts in front of a connection.
    ProxyProtocol,
    /// A server that greets with `220`: mail or file transfer.
    MailOrFtp,
    /// The start of one of these, too short to tell, with nothing against it yet.
    Incomplete,
    /// None of these.
    Unknown,
}

/// Text protocols: how they start, how much of that decides, and what they are.
const TEXTS: &[(&[u8], Foreign)] = &[
    (b"This is not an HTTP port", Foreign::NotAnHttpPort),
    // As 6.x had it.
    (b"This is not a HTTP port", Foreign::NotAnHttpPort),
    (b"SSH-", Foreign::Ssh),
    (b"PROXY ", Foreign::ProxyProtocol),
    (b"\r\n\r\n\0\r\nQUIT\n", Foreign::ProxyProtocol),
    (b"220 ", Foreign::MailOrFtp),
    (b"220-", Foreign::MailOrFtp),
];

impl Foreign {
    /// What the peer speaks that sent `first` to begin with.
    pub fn of(first: &[u8]) -> Self {
        let known = TEXTS.iter().find(|(start, _)| first.starts_with(start)).map(|&(_, protocol)| protocol);
        let candidates = [known, http(first), tls(first), http2(first)];
        if let Some(decided) = candidates.into_iter().flatten().find(|candidate| *candidate != Self::Incomplete) {
            return decided;
        }
        let may_become_text = TEXTS.iter().any(|(start, _)| start.starts_with(first));
        match may_become_text || candidates.contains(&Some(Self::Incomplete)) {
            true => Self::Incomplete,
            false => Self::Unknown,
        }
    }
}

/// `HTTP/1.1 400`: the version is any digit, the reason phrase is not looked at.
fn http(first: &[u8]) -> Option<Foreign> {
    const SHAPE: &[u8] = b"HTTP/1.d ddd";
    let fits = |(byte, shape): (&u8, &u8)| {
        if *shape == b'd' { byte.is_ascii_digit() } else { byte == shape }
    };
    if !first.iter().zip(SHAPE).all(fits) {
        return None;
    }
    Some(match first.get(9..SHAPE.len()) {
        Some(digits) => {
            Foreign::Http { status: digits.iter().fold(0, |code, digit| code * 10 + u16::from(digit - b'0')) }
        }
        None => Foreign::Incomplete,
    })
}

/// A record: content type, version 3.x, a length within 2^14 + 2048; an unencrypted alert has a payload of two bytes.
fn tls(first: &[u8]) -> Option<Foreign> {
    match *first {
        [] | [20..=23] | [20..=23, 3] | [20..=23, 3, 0..=4] | [20..=23, 3, 0..=4, 0..=0x48] => {
            Some(Foreign::Incomplete)
        }
        [21, 3, 0..=4, 0, 2] | [21, 3, 0..=4, 0, 2, 1 | 2] => Some(Foreign::Incomplete),
        [21, 3, 0..=4, 0, 2, level @ (1 | 2), description, ..] => Some(Foreign::TlsAlert { level, description }),
        [content_type @ 20..=23, 3, 0..=4, 0..=0x48, _, ..] => Some(Foreign::TlsRecord { content_type }),
        _ => None,
    }
}

/// A settings frame of up to 255 bytes on stream 0 (RFC 9113 section 6.5).
fn http2(first: &[u8]) -> Option<Foreign> {
    match *first {
        [0, 0, length, 4, 0 | 1, 0, 0, 0, 0, ..] if length % 6 == 0 => Some(Foreign::Http2),
        [] | [0] | [0, 0] | [0, 0, _] => Some(Foreign::Incomplete),
        [0, 0, length, 4, ref rest @ ..]
            if length % 6 == 0 && rest.len() < 5 && rest.iter().skip(1).all(|&byte| byte == 0) =>
        {
            Some(Foreign::Incomplete)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CASES: &[(&[u8], Foreign)] = &[
        (b"This is not an HTTP port", Foreign::NotAnHttpPort),
        (b"HTTP/1.1 400 Bad Request\r\n", Foreign::Http { status: 400 }),
        (b"HTTP/1.0 503\r\n", Foreign::Http { status: 503 }),
        (b"\x15\x03\x03\x00\x02\x02\x2a", Foreign::TlsAlert { level: 2, description: 42 }),
        (b"\x15\x03\x03\x00\x1aencrypted", Foreign::TlsRecord { content_type: 21 }),
        (b"\x16\x03\x01\x02\x00\x01", Foreign::TlsRecord { content_type: 22 }),
        (b"SSH-2.0-OpenSSH_9.6\r\n", Foreign::Ssh),
        (b"220 mail.example ESMTP\r\n", Foreign::MailOrFtp),
        (b"PROXY TCP4 10.0.0.1 10.0.0.2 1 2\r\n", Foreign::ProxyProtocol),
        (b"\r\n\r\n\0\r\nQUIT\n\x21", Foreign::ProxyProtocol),
        (b"\0\0\x12\x04\0\0\0\0\0\0\x03", Foreign::Http2),
    ];

    #[test]
    fn protocols_are_known_by_their_first_bytes() {
        for &(first, protocol) in CASES {
            assert_eq!(Foreign::of(first), protocol, "{first:?}");
        }
    }

    #[test]
    fn every_shorter_start_is_incomplete_until_it_decides_and_never_something_else() {
        for &(first, protocol) in CASES {
            for end in 0..first.len() {
                let seen = Foreign::of(&first[..end]);
                assert!(seen == Foreign::Incomplete || seen == protocol, "{:?} is {seen:?}", &first[..end]);
            }
        }
    }

    #[test]
    fn what_no_one_says_is_unknown() {
        for first in [
            &b"HELLO"[..],
            b"HTTP/x",
            b"\x16\x04",
            b"\x15\x03\x03\xff",
            b"\0\0\x12\x05",
            b"\0\0\x05\x04\0\0\0\0\0",
            b"ES",
        ] {
            assert_eq!(Foreign::of(first), Foreign::Unknown, "{first:?}");
        }
    }
}
