//! The answer to a hand-built ClientHello, read without a TLS library: what the server chose, or the
//! alert that it sent (RFC 8446 sections 4.1.3, 5.1 and 6; RFC 5246 sections 6.2.1, 7.2 and 7.4).
//!
//! Nothing is verified or decrypted. Each byte is looked at once, and no more than [`LIMIT`] are taken.

use farlink_checks::hellos::suites::{self, TLS13};

/// How many bytes a server may send before its key exchange; certificates come first.
pub(super) const LIMIT: usize = 64 << 10;

/// The longest record (RFC 5246 section 6.2.3).
const RECORD_LIMIT: usize = (16 << 10) + 2048;
const ALERT: u8 = 21;
const HANDSHAKE: u8 = 22;

/// What a server chose.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Chosen {
    /// The protocol version.
    pub(super) version: u16,
    /// The cipher suite.
    pub(super) suite: u16,
    /// The key exchange, where it was told in the clear.
    pub(super) exchange: Option<Exchange>,
}

/// What a key exchange is done with.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Exchange {
    /// A group of IANA's registry.
    Group(u16),
    /// Diffie-Hellman with a prime of this many bits.
    Prime(usize),
}

/// What became of a hello.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Answer {
    /// The server chose.
    Chosen(Chosen),
    /// It sent this fatal alert.
    Alert(u8),
    /// What came is not TLS.
    NotTls,
    /// What came is TLS and contradicts the protocol.
    Broken,
}

/// Reads an answer as it arrives.
#[derive(Debug, Default)]
pub(super) struct Reader {
    /// What came of a record that is not complete.
    record: Vec<u8>,
    /// What came of a handshake message that is not complete; messages may span records.
    message: Vec<u8>,
    received: usize,
    chosen: Option<Chosen>,
}

impl Reader {
    /// Takes the next bytes; an answer when no further ones would tell more.
    pub(super) fn feed(&mut self, mut bytes: &[u8]) -> Option<Answer> {
        loop {
            let wanted = match *self.record.as_slice() {
                [kind, major, _, high, low, ..] => {
                    let length = usize::from(u16::from_be_bytes([high, low]));
                    if !matches!(kind, 20..=23) || major != 3 {
                        return Some(self.known_or(Answer::NotTls));
                    }
                    if length > RECORD_LIMIT {
                        return Some(self.known_or(Answer::Broken));
                    }
                    5 + length
                }
                _ => 5,
            };
            if self.record.len() == wanted && wanted >= 5 && self.is_whole() {
                let record = std::mem::take(&mut self.record);
                if let Some(answer) = self.take(record[0], &record[5..]) {
                    return Some(answer);
                }
                continue;
            }
            if bytes.is_empty() {
                return None;
            }
            if self.received >= LIMIT {
                return Some(self.known_or(Answer::Broken));
            }
            let (now, rest) = bytes.split_at(bytes.len().min(wanted - self.record.len()).min(LIMIT - self.received));
            self.received += now.len();
            self.record.extend_from_slice(now);
            bytes = rest;
        }
    }

    /// What is known when nothing more comes.
    pub(super) fn end(&self) -> Option<Answer> {
        self.chosen.map(Answer::Chosen)
    }

    /// How many bytes were taken.
    pub(super) fn received(&self) -> usize {
        self.received
    }

    /// Whether the record's header and its whole content are there.
    fn is_whole(&self) -> bool {
        match *self.record.as_slice() {
            [_, _, _, high, low, ref content @ ..] => content.len() == usize::from(u16::from_be_bytes([high, low])),
            _ => false,
        }
    }

    fn known_or(&self, other: Answer) -> Answer {
        self.chosen.map_or(other, Answer::Chosen)
    }

    fn take(&mut self, kind: u8, content: &[u8]) -> Option<Answer> {
        match (kind, content) {
            // A warning, such as of a name that is not known, ends nothing; close_notify does.
            (ALERT, [1, code]) if *code != 0 => None,
            (ALERT, [_, code]) => Some(self.known_or(Answer::Alert(*code))),
            (HANDSHAKE, _) => {
                self.message.extend_from_slice(content);
                self.messages()
            }
            _ => Some(self.known_or(Answer::Broken)),
        }
    }

    fn messages(&mut self) -> Option<Answer> {
        let mut at = 0;
        let mut answer = None;
        while let [kind, high, middle, low, ref rest @ ..] = self.message[at..] {
            let length = u32::from_be_bytes([0, high, middle, low]) as usize;
            if length > LIMIT {
                answer = Some(self.known_or(Answer::Broken));
                break;
            }
            let Some(body) = rest.get(..length) else { break };
            answer = match (kind, self.chosen) {
                // HelloRequest (RFC 5246 section 7.4.1.1).
                (0, None) => None,
                (2, None) => match server_hello(body) {
                    Some(chosen) => {
                        self.chosen = Some(chosen);
                        (!tells_group(chosen)).then_some(Answer::Chosen(chosen))
                    }
                    None => Some(Answer::Broken),
                },
                // Certificate, CertificateStatus, and whatever else comes before the key exchange.
                (4 | 11 | 22, Some(_)) => None,
                (12, Some(chosen)) => {
                    let exchange = key_exchange(chosen.suite, body);
                    Some(Answer::Chosen(Chosen { exchange, ..chosen }))
                }
                _ => Some(self.known_or(Answer::Broken)),
            };
            at += 4 + length;
            if answer.is_some() {
                break;
            }
        }
        self.message.drain(..at);
        answer
    }
}

/// Whether a ServerKeyExchange follows that names a group (RFC 5246 section 7.4.3).
fn tells_group(chosen: Chosen) -> bool {
    let name = suites::known_name(chosen.suite).unwrap_or_default();
    chosen.version < TLS13
        && ["TLS_ECDHE_", "TLS_DHE_", "TLS_ECDH_anon_", "TLS_DH_anon_"].iter().any(|kind| name.starts_with(kind))
}

/// ServerHello and HelloRetryRequest, which look the same (RFC 8446 section 4.1.3).
fn server_hello(body: &[u8]) -> Option<Chosen> {
    let mut body = Bytes(body);
    let mut version = body.u16()?;
    body.take(32)?;
    let session = body.u8()?;
    body.take(session.into())?;
    let suite = body.u16()?;
    body.u8()?;
    let mut exchange = None;
    // No extensions at all is fine before TLS 1.3.
    let mut extensions = Bytes(body.sized().unwrap_or_default());
    while let Some(kind) = extensions.u16() {
        let mut content = Bytes(extensions.sized()?);
        match kind {
            43 => version = content.u16()?,
            51 => exchange = Some(Exchange::Group(content.u16()?)),
            _ => {}
        }
    }
    Some(Chosen { version, suite, exchange })
}

/// The group of a ServerKeyExchange (RFC 8422 section 5.4, RFC 5246 section 7.4.3, RFC 4279).
fn key_exchange(suite: u16, body: &[u8]) -> Option<Exchange> {
    let name = suites::known_name(suite)?;
    let mut body = Bytes(body);
    if name.contains("_PSK_") {
        body.sized()?;
    }
    if name.starts_with("TLS_EC") {
        return (body.u8()? == 3).then(|| body.u16().map(Exchange::Group))?;
    }
    let prime = body.sized()?;
    let leading = prime.iter().take_while(|byte| **byte == 0).count();
    let first = prime.get(leading)?;
    Some(Exchange::Prime((prime.len() - leading) * 8 - first.leading_zeros() as usize))
}

/// Bytes that are read from the front.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (front, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(front)
    }

    fn u8(&mut self) -> Option<u8> {
        self.take(1).map(|bytes| bytes[0])
    }

    fn u16(&mut self) -> Option<u16> {
        self.take(2).map(|bytes| u16::from_be_bytes([bytes[0], bytes[1]]))
    }

    /// What a length of two bytes says.
    fn sized(&mut self) -> Option<&'a [u8]> {
        let length = self.u16()?;
        self.take(length.into())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;

    fn message(kind: u8, body: &[u8]) -> Vec<u8> {
        let mut message = vec![kind, 0];
        message.extend((body.len() as u16).to_be_bytes());
        message.extend(body);
        message
    }

    fn record(kind: u8, content: &[u8]) -> Vec<u8> {
        let mut record = vec![kind, 3, 3];
        record.extend((content.len() as u16).to_be_bytes());
        record.extend(content);
        record
    }

    fn hello(version: u16, suite: u16, extensions: Option<&[u8]>) -> Vec<u8> {
        let mut body = version.to_be_bytes().to_vec();
        body.extend([7; 32]);
        body.push(0);
        body.extend(suite.to_be_bytes());
        body.push(0);
        if let Some(extensions) = extensions {
            body.extend((extensions.len() as u16).to_be_bytes());
            body.extend(extensions);
        }
        message(2, &body)
    }

    /// The handshake of an ECDHE server with TLS 1.2 and a certificate of some size.
    fn ecdhe() -> Vec<u8> {
        [hello(0x0303, 0xc013, None), message(11, &[0; 3000]), message(12, &[3, 0, 0x17, 65])].concat()
    }

    fn read(bytes: &[u8]) -> Option<Answer> {
        let mut reader = Reader::default();
        reader.feed(bytes).or_else(|| reader.end())
    }

    const P256: Chosen = Chosen { version: 0x0303, suite: 0xc013, exchange: Some(Exchange::Group(0x17)) };

    #[test]
    fn each_kind_of_answer_is_told() {
        let dhe =
            [hello(0x0301, 0x39, None), message(11, &[]), message(12, &[&[0, 129, 0, 0x80][..], &[1; 127]].concat())];
        let retry = [0, 43, 0, 2, 3, 4, 0, 51, 0, 2, 0, 0x1e];
        for (bytes, answer) in [
            (record(21, &[2, 70]), Answer::Alert(70)),
            ([record(21, &[1, 112]), record(21, &[2, 40])].concat(), Answer::Alert(40)),
            (
                record(22, &hello(0x0302, 0x2f, None)),
                Answer::Chosen(Chosen { version: 0x0302, suite: 0x2f, exchange: None }),
            ),
            (
                record(22, &hello(0x0303, 0x1301, Some(&retry))),
                Answer::Chosen(Chosen { version: 0x0304, suite: 0x1301, exchange: Some(Exchange::Group(0x1e)) }),
            ),
            (
                record(22, &dhe.concat()),
                Answer::Chosen(Chosen { version: 0x0301, suite: 0x39, exchange: Some(Exchange::Prime(1024)) }),
            ),
            (record(22, &ecdhe()), Answer::Chosen(P256)),
            (b"HTTP/1.1 400 Bad Request\r\n".to_vec(), Answer::NotTls),
            (record(22, &message(11, &[])), Answer::Broken),
            (record(22, &message(2, &[3, 3])), Answer::Broken),
        ] {
            assert_eq!(read(&bytes), Some(answer));
        }
    }

    #[test]
    fn a_server_that_ends_before_its_key_exchange_has_chosen_all_the_same() {
        let answer = read(&record(22, &ecdhe()[..200]));
        assert_eq!(answer, Some(Answer::Chosen(Chosen { exchange: None, ..P256 })));
    }

    #[test]
    fn an_endless_answer_is_given_up_at_the_limit() {
        let mut reader = Reader::default();
        let empty = record(22, &[]);
        let fed = (0..LIMIT).find_map(|count| reader.feed(&empty).map(|answer| (count, answer)));
        assert!(fed.is_some_and(|(count, answer)| count <= LIMIT / 5 && answer == Answer::Broken));
        assert_eq!(reader.received(), LIMIT);
    }

    proptest! {
        #[test]
        fn whatever_comes_in_whatever_pieces_nothing_panics_and_the_bound_holds(pieces in vec(vec(any::<u8>(), 0..300), 0..40)) {
            let mut reader = Reader::default();
            for piece in &pieces {
                if reader.feed(piece).is_some() {
                    break;
                }
            }
            let _ = reader.end();
            prop_assert!(reader.received() <= LIMIT && reader.record.len() <= RECORD_LIMIT + 5);
        }

        #[test]
        fn a_damaged_answer_never_panics(at in any::<proptest::sample::Index>(), byte in any::<u8>(), cut in any::<proptest::sample::Index>()) {
            let mut bytes = record(22, &ecdhe());
            let at = at.index(bytes.len());
            bytes[at] = byte;
            read(&bytes);
            bytes.truncate(cut.index(bytes.len()));
            read(&bytes);
        }

        #[test]
        fn records_and_reads_may_cut_messages_anywhere(cuts in vec(1..400_usize, 1..60), reads in 1..500_usize) {
            let messages = ecdhe();
            let mut rest = &messages[..];
            let mut bytes = Vec::new();
            for cut in cuts {
                let (now, later) = rest.split_at(cut.min(rest.len()));
                bytes.extend(record(22, now));
                rest = later;
            }
            bytes.extend(record(22, rest));
            let mut reader = Reader::default();
            let answer = bytes.chunks(reads).find_map(|piece| reader.feed(piece));
            prop_assert_eq!(answer, Some(Answer::Chosen(P256)));
        }
    }
}
