//! A hand-built ClientHello and what the server makes of it, on a connection of its own.

use farlink_checks::hellos::{groups, suites};
use farlink_checks::model::evidence::{Bytes, End, Tls, TlsOutcome};
use farlink_checks::model::hello::Hello;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::{Instant, timeout_at};

use super::hello;
use super::seams::Stream;
use super::server_hello::{Answer, Exchange, Reader};
use super::tap::end_of;
use super::tls::blank;

/// user_canceled and close_notify (RFC 5246 section 7.2.2): leaving for no fault of the server's.
const GOODBYE: [u8; 14] = [0x15, 3, 3, 0, 2, 1, 90, 0x15, 3, 3, 0, 2, 1, 0];

/// What the server on `stream` chooses from `hello`, up to `deadline`.
pub(super) async fn offer(mut stream: Stream, hello: Hello, server_name: Option<&str>, deadline: Instant) -> Tls {
    let started = Instant::now();
    let mut tls = blank(server_name, TlsOutcome::TimedOut);
    let mut reader = Reader::default();
    // Should the write fail, reading says why: an alert may be waiting.
    let _ = timeout_at(deadline, stream.write_all(&hello::offer(hello, server_name))).await;
    let heard = hear(&mut stream, &mut reader, deadline).await;
    tls.outcome = match heard.ended_by(&reader) {
        Ok(Answer::Chosen(chosen)) => {
            let _ = timeout_at(deadline, stream.write_all(&GOODBYE)).await;
            tls.version = Some(suites::version_name(chosen.version));
            tls.cipher = Some(suites::name(chosen.suite));
            TlsOutcome::ServerHello { group: chosen.exchange.map(exchange_name) }
        }
        Ok(Answer::Alert(code)) => TlsOutcome::Alert { code },
        Ok(Answer::NotTls) => TlsOutcome::NotTls { received: heard.last },
        Ok(Answer::Broken) => TlsOutcome::Failed { error: "the answer contradicts the protocol".to_owned() },
        Err(End::Closed) => TlsOutcome::Closed,
        Err(End::Reset) => TlsOutcome::Reset,
        Err(End::Data | End::Silence) => TlsOutcome::TimedOut,
    };
    tls.received_bytes = reader.received() as u64;
    tls.seconds = started.elapsed().as_secs_f64();
    tls
}

/// How listening ended.
struct Heard {
    answer: Option<Answer>,
    end: End,
    /// The beginning of what came last.
    last: Bytes,
}

impl Heard {
    /// The answer, or what is known without a complete one, or how the connection ended.
    fn ended_by(&self, reader: &Reader) -> Result<Answer, End> {
        self.answer.or_else(|| reader.end()).ok_or(self.end)
    }
}

async fn hear(stream: &mut Stream, reader: &mut Reader, deadline: Instant) -> Heard {
    let mut bytes = [0; 4096];
    let mut last = Bytes::default();
    let end = loop {
        let count = match timeout_at(deadline, stream.read(&mut bytes)).await {
            Err(_) => break End::Silence,
            Ok(Ok(0)) => break End::Closed,
            Ok(Ok(count)) => count,
            Ok(Err(error)) => break end_of(&error).unwrap_or(End::Reset),
        };
        last = Bytes::of(&bytes[..count]);
        if let Some(answer) = reader.feed(&bytes[..count]) {
            return Heard { answer: Some(answer), end: End::Data, last };
        }
    };
    Heard { answer: None, end, last }
}

fn exchange_name(exchange: Exchange) -> String {
    match exchange {
        Exchange::Group(id) => groups::name(id),
        Exchange::Prime(bits) => format!("DH of {bits} bits"),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::time::Duration;
    use tokio::io::duplex;

    async fn with_server(hello: Hello, answer: &[u8]) -> Tls {
        let answer = answer.to_vec();
        let (near, mut far) = duplex(1 << 16);
        let server = tokio::spawn(async move {
            let mut heard = [0; 4096];
            let count = far.read(&mut heard).await.unwrap();
            far.write_all(&answer).await.unwrap();
            count
        });
        let deadline = Instant::now() + Duration::from_secs(1);
        let tls = offer(Box::new(near), hello, Some("eu.example"), deadline).await;
        assert!(server.await.unwrap() > 60);
        tls
    }

    #[tokio::test]
    async fn an_alert_a_banner_and_a_close_are_told_apart() {
        for (answer, outcome) in [
            (&b"\x15\x03\x01\0\x02\x02\x46"[..], TlsOutcome::Alert { code: 70 }),
            (b"220 mail.example ESMTP\r\n", TlsOutcome::NotTls { received: Bytes::of(b"220 mail.example ESMTP\r\n") }),
            (b"", TlsOutcome::Closed),
            (b"\x15\x03", TlsOutcome::Closed),
        ] {
            assert_eq!(with_server(Hello::Tls12, answer).await.outcome, outcome);
        }
    }

    #[tokio::test]
    async fn an_old_servers_choice_is_written_down_by_name() {
        let random = [0; 33];
        let hello = [&[22, 3, 1, 0, 42, 2, 0, 0, 38, 3, 1][..], &random, &[0, 0x2f, 0]].concat();
        let tls = with_server(Hello::Tls10, &hello).await;
        assert_eq!(tls.outcome, TlsOutcome::ServerHello { group: None });
        assert_eq!(
            (tls.version.as_deref(), tls.cipher.as_deref()),
            (Some("TLSv1"), Some("TLS_RSA_WITH_AES_128_CBC_SHA"))
        );
        assert_eq!(tls.received_bytes, 47);
    }
}
