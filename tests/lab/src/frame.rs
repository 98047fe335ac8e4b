//! The server's side of the transport frame: requests are read, answers are written.
//! Layout as in Elasticsearch's `TcpHeader`, `InboundDecoder` and `StreamOutput`.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt};

/// Bit of the status byte: response.
pub(crate) const RESPONSE: u8 = 0x01;
/// Bit of the status byte: the response carries an exception.
pub(crate) const ERROR: u8 = 0x02;
/// Bit of the status byte: compressed body.
pub(crate) const COMPRESSED: u8 = 0x04;
/// Bit of the status byte: tcp handshake.
pub(crate) const HANDSHAKE: u8 = 0x08;

/// `ES` and a length of -1: a ping, which is echoed.
pub(crate) const PING: [u8; 6] = [b'E', b'S', 0xff, 0xff, 0xff, 0xff];

/// Frames from here on have a variable header of declared size (7.6.0).
const VARIABLE_HEADER: u32 = 7_060_099;
/// Frames below this carry a features array (8.0.0).
const NO_FEATURES: u32 = 8_000_099;
/// No request of a diagnosis is larger.
const MAX_FRAME: usize = 1024 * 1024;

/// What the first bytes of a message are.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Inbound {
    /// A ping.
    Ping,
    /// A request.
    Request(Request),
    /// An HTTP method.
    Http,
    /// Anything else: the node closes without an answer.
    Foreign,
}

/// A request as far as a server reads it before the handler.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) id: u64,
    pub(crate) status: u8,
    pub(crate) version: u32,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) action: String,
    /// Everything after the parent task id.
    pub(crate) body: Vec<u8>,
}

impl Request {
    /// The value of a request header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// Reads one message; `None` when the peer closed before its first six bytes.
pub(crate) async fn read(from: &mut (impl AsyncRead + Unpin)) -> io::Result<Option<Inbound>> {
    let mut start = [0; 6];
    match from.read_exact(&mut start).await {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        other => other?,
    };
    if start == PING {
        return Ok(Some(Inbound::Ping));
    }
    let ["ES", ..] = [std::str::from_utf8(&start[..2]).unwrap_or_default()] else {
        let methods: [&[u8]; 8] = [b"GET ", b"POST", b"PUT ", b"HEAD", b"DELE", b"OPTI", b"PATC", b"TRAC"];
        let http = methods.iter().any(|method| start.starts_with(method));
        return Ok(Some(if http { Inbound::Http } else { Inbound::Foreign }));
    };
    let length = u32::from_be_bytes([start[2], start[3], start[4], start[5]]) as usize;
    if !(13..=MAX_FRAME).contains(&length) {
        return Ok(Some(Inbound::Foreign));
    }
    let mut frame = vec![0; length];
    from.read_exact(&mut frame).await?;
    Ok(Some(request(&frame).map_or(Inbound::Foreign, Inbound::Request)))
}

fn request(frame: &[u8]) -> Option<Request> {
    let mut decoder = Decoder(frame);
    let mut request = Request { id: u64::from_be_bytes(decoder.array()?), ..Request::default() };
    [request.status] = decoder.array()?;
    request.version = u32::from_be_bytes(decoder.array()?);
    if request.version >= VARIABLE_HEADER {
        decoder.array::<4>()?;
    }
    for _ in 0..decoder.vint()? {
        request.headers.push((decoder.string()?, decoder.string()?));
    }
    for _ in 0..decoder.vint()? {
        decoder.string()?;
        for _ in 0..decoder.vint()? {
            decoder.string()?;
        }
    }
    if request.version < NO_FEATURES {
        for _ in 0..decoder.vint()? {
            decoder.string()?;
        }
    }
    request.action = decoder.string()?;
    if request.status & COMPRESSED == 0 && !decoder.string()?.is_empty() {
        decoder.array::<8>()?;
    }
    request.body = decoder.0.to_vec();
    Some(request)
}

/// Writes a response frame; `headers` are the thread context that a node sends back.
pub(crate) fn response(id: u64, status: u8, version: u32, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut variable = Encoder::default();
    variable.vint(headers.len() as u32);
    for (key, value) in headers {
        variable.string(key).string(value);
    }
    variable.vint(0);
    let sized = version >= VARIABLE_HEADER;
    let length = 13 + if sized { 4 } else { 0 } + variable.0.len() + body.len();
    let mut frame = Encoder(b"ES".to_vec());
    frame.int(length as u32).raw(&id.to_be_bytes()).raw(&[status | RESPONSE]).int(version);
    if sized {
        frame.int(variable.0.len() as u32);
    }
    frame.raw(&variable.0).raw(body);
    frame.0
}

/// Reads the primitives of `StreamInput`; `None` when the bytes are not what they should be.
#[derive(Debug)]
pub(crate) struct Decoder<'a>(pub(crate) &'a [u8]);

impl Decoder<'_> {
    pub(crate) fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, tail) = self.0.split_first_chunk()?;
        self.0 = tail;
        Some(*head)
    }

    pub(crate) fn vint(&mut self) -> Option<u32> {
        let mut value = 0;
        for shift in [0, 7, 14, 21, 28] {
            let [byte] = self.array()?;
            value |= u32::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    /// A string of characters below U+0080: nothing else is sent to these servers.
    pub(crate) fn string(&mut self) -> Option<String> {
        let length = self.vint()? as usize;
        let (head, tail) = self.0.split_at_checked(length)?;
        self.0 = tail;
        Some(String::from_utf8_lossy(head).into_owned())
    }
}

/// Writes the primitives of `StreamOutput`.
#[derive(Debug, Default)]
pub(crate) struct Encoder(pub(crate) Vec<u8>);

impl Encoder {
    pub(crate) fn raw(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.extend_from_slice(bytes);
        self
    }

    pub(crate) fn int(&mut self, value: u32) -> &mut Self {
        self.raw(&value.to_be_bytes())
    }

    pub(crate) fn vint(&mut self, mut value: u32) -> &mut Self {
        while value >= 0x80 {
            self.0.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
        self
    }

    /// A string: its UTF-16 code units, one to three bytes each.
    pub(crate) fn string(&mut self, value: &str) -> &mut Self {
        self.vint(value.encode_utf16().count() as u32);
        for unit in value.encode_utf16() {
            let (low, middle, high) = (unit & 0x3f, (unit >> 6) & 0x3f, unit >> 12);
            match unit {
                0..=0x7f => self.0.push(unit as u8),
                0x80..=0x7ff => self.0.extend([0xc0 | (unit >> 6) as u8, 0x80 | low as u8]),
                _ => self.0.extend([0xe0 | high as u8, 0x80 | middle as u8, 0x80 | low as u8]),
            }
        }
        self
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_first_bytes_decide_what_a_message_is() {
        let handshake = hex::decode(concat!(
            "455300000031000000000000000108006d68330000001a00000016",
            "696e7465726e616c3a7463702f68616e647368616b650004ffc1d72f"
        ))
        .unwrap();
        let expected = Request {
            id: 1,
            status: HANDSHAKE,
            version: 7_170_099,
            action: "internal:tcp/handshake".to_owned(),
            body: vec![4, 0xff, 0xc1, 0xd7, 0x2f],
            ..Request::default()
        };
        let cases: [(&[u8], Option<Inbound>); 7] = [
            (&PING, Some(Inbound::Ping)),
            (&handshake, Some(Inbound::Request(expected))),
            (b"GET / HTTP/1.1", Some(Inbound::Http)),
            (b"HTTP/1.1 400", Some(Inbound::Foreign)),
            (&[0x16, 3, 1, 2, 0, 1], Some(Inbound::Foreign)),
            (b"ES\0\0\0\x01", Some(Inbound::Foreign)),
            (b"ES", None),
        ];
        for (bytes, expected) in cases {
            assert_eq!(read(&mut &*bytes).await.unwrap(), expected, "{bytes:x?}");
        }
    }
}
