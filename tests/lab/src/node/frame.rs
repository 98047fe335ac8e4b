//! Requests as `InboundDecoder` reads them and responses as `OutboundMessage` writes them.
//! A frame is marker, length, request id, status, version, and since 7.6 the size of its variable header.

use super::stream::{Input, Output};

/// First version whose frames say how long their variable header is (7.6.0).
const WITH_HEADER_SIZE: u32 = 7_060_099;
/// First version without the array of features (8.0.0).
const WITHOUT_FEATURES: u32 = 8_000_099;
/// Largest length that is waited for.
const LIMIT: usize = 16 * 1024 * 1024;

const ERROR: u8 = 2;
const COMPRESSED: u8 = 4;
const HANDSHAKE: u8 = 8;

/// The first message among received bytes.
#[derive(Debug)]
pub(crate) enum Message<'a> {
    /// Too few bytes to say.
    Incomplete,
    /// A ping: marker and length -1.
    Ping,
    /// Bytes of an HTTP request.
    Http,
    /// Nothing a transport port reads; it closes.
    Malformed,
    /// A request and its length in bytes.
    Request(Request<'a>, usize),
}

/// A request, as far as a server looks before it knows the action's body.
#[derive(Debug)]
pub(crate) struct Request<'a> {
    pub(crate) id: i64,
    pub(crate) handshake: bool,
    pub(crate) version: u32,
    /// The thread context: every security header is here.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) action: String,
    /// After the parent task.
    pub(crate) body: Input<'a>,
}

impl Request<'_> {
    /// The value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// Reads the first message of `bytes`.
pub(crate) fn read(bytes: &[u8]) -> Message<'_> {
    // Nothing is decided before marker and length are there.
    let Some((start, rest)) = bytes.split_at_checked(6) else {
        return Message::Incomplete;
    };
    if !start.starts_with(b"ES") {
        let methods = ["GET ", "POST ", "PUT ", "HEAD ", "DELETE ", "OPTION", "PATCH ", "TRACE "];
        let http = methods.iter().any(|method| start.starts_with(&method.as_bytes()[..method.len().min(6)]));
        return if http { Message::Http } else { Message::Malformed };
    }
    let length = i32::from_be_bytes([start[2], start[3], start[4], start[5]]);
    if length == -1 {
        return Message::Ping;
    }
    let Some(length) = usize::try_from(length).ok().filter(|length| (1..=LIMIT).contains(length)) else {
        return Message::Malformed;
    };
    match rest.get(..length) {
        None => Message::Incomplete,
        Some(frame) => match read_request(Input(frame)) {
            Some(request) => Message::Request(request, 6 + length),
            None => Message::Malformed,
        },
    }
}

/// `None` also for a response (server channels do not accept inbound responses) and a compressed request (the lab reads none).
fn read_request(mut frame: Input<'_>) -> Option<Request<'_>> {
    let id = frame.long()?;
    let status = frame.byte()?;
    if status & (1 | COMPRESSED) != 0 {
        return None;
    }
    let version = frame.int()?;
    let mut header = if version >= WITH_HEADER_SIZE {
        let size = frame.int()?;
        Input(frame.raw(usize::try_from(size).ok()?)?)
    } else {
        frame
    };
    let mut headers = Vec::new();
    for _ in 0..header.vint()? {
        headers.push((header.string()?, header.string()?));
    }
    for _ in 0..header.vint()? {
        header.string()?;
        for _ in 0..header.vint()? {
            header.string()?;
        }
    }
    if version < WITHOUT_FEATURES {
        for _ in 0..header.vint()? {
            header.string()?;
        }
    }
    let action = header.string()?;
    let mut body = if version >= WITH_HEADER_SIZE { frame } else { header };
    if !body.string()?.is_empty() {
        body.long()?;
    }
    Some(Request {
        id,
        handshake: status & HANDSHAKE != 0,
        version,
        headers,
        action,
        body,
    })
}

/// A response to write: `echo` is the thread context that a node gives back.
#[derive(Debug)]
pub(crate) struct Response<'a> {
    pub(crate) id: i64,
    pub(crate) version: u32,
    pub(crate) handshake: bool,
    pub(crate) error: bool,
    pub(crate) echo: &'a [(String, String)],
}

impl Response<'_> {
    /// The whole frame around `body`.
    pub(crate) fn frame(&self, body: &[u8]) -> Vec<u8> {
        let mut header = Output::default();
        header.count(self.echo.len());
        for (key, value) in self.echo {
            header.string(key);
            header.string(value);
        }
        header.vint(0);
        let mut rest = Output::default();
        rest.raw(&self.id.to_be_bytes());
        rest.byte(1 | if self.error { ERROR } else { 0 } | if self.handshake { HANDSHAKE } else { 0 });
        rest.int(self.version);
        if self.version >= WITH_HEADER_SIZE {
            rest.int(u32::try_from(header.bytes.len()).unwrap_or(u32::MAX));
        }
        rest.raw(&header.bytes);
        rest.raw(body);
        let mut frame = Output::default();
        frame.raw(b"ES");
        frame.int(u32::try_from(rest.bytes.len()).unwrap_or(u32::MAX));
        frame.raw(&rest.bytes);
        frame.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_bytes_are_told_apart_as_a_node_does() {
        for (bytes, expected) in [
            (&b"ES\xff\xff\xff"[..], "Incomplete"),
            (b"ES\xff\xff\xff\xff", "Ping"),
            (b"GET / HTTP/1.1\r\n", "Http"),
            (b"OPTIONS * HTTP/1.1\r\n", "Http"),
            (b"DELETE /x HTTP/1.1\r\n", "Http"),
            (b"\x16\x03\x01\x02\x00\x01\x00", "Malformed"),
            (b"ES\x00\x00\x00\x00", "Malformed"),
            (b"ES\x80\x00\x00\x00", "Malformed"),
            (b"ES\x7f\xff\xff\xff", "Malformed"),
            (b"ES\x00\x00\x00\x02\x00\x00", "Malformed"),
            (b"ES\x00\x00\x00\x20\x00", "Incomplete"),
        ] {
            let read = format!("{:?}", read(bytes));
            assert!(read.starts_with(expected), "{bytes:?}: {read}");
        }
    }
}
