//! One connection to a node's port, from the first byte to the close.
//! What is answered is decided without I/O in `answer`.

use std::net::SocketAddr;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;

use super::answer::answer;
use super::frame::{Message, read};
use super::{Events, NodeEvent, NodeOptions};
use crate::listen::close_after_answer;
use crate::tls::{Refused, TlsServer};

const PING: &[u8] = b"ES\xff\xff\xff\xff";
/// The text a transport port writes to a request of HTTP (`TcpTransport`).
const NOT_HTTP: &[u8] = b"This is not an HTTP port";

pub(super) async fn serve(stream: TcpStream, options: &NodeOptions, tls: Option<&TlsServer>, events: &Events) {
    events.push(NodeEvent::Connected);
    let Ok(local) = stream.local_addr() else {
        return;
    };
    match tls {
        None => converse(stream, local, options, events).await,
        Some(tls) => match tls.accept(stream).await {
            Ok(stream) => converse(stream, local, options, events).await,
            Err(refused) => events.push(NodeEvent::TlsRefused(match refused {
                Refused::Plaintext => "plaintext".to_owned(),
                Refused::MissingCertificate => "no client certificate".to_owned(),
                Refused::Handshake(why) => why,
            })),
        },
    }
}

async fn converse<S: AsyncRead + AsyncWrite + Unpin>(
    mut stream: S,
    local: SocketAddr,
    options: &NodeOptions,
    events: &Events,
) {
    let mut received = Vec::with_capacity(4096);
    loop {
        let (consumed, reply) = match read(&received) {
            Message::Incomplete => match stream.read_buf(&mut received).await {
                Ok(count) if count > 0 => continue,
                _ => return,
            },
            Message::Ping => {
                events.push(NodeEvent::Ping);
                (PING.len(), Some((PING.to_vec(), false)))
            }
            Message::Http => {
                events.push(NodeEvent::Malformed);
                (0, Some((NOT_HTTP.to_vec(), true)))
            }
            Message::Malformed => {
                events.push(NodeEvent::Malformed);
                (0, None)
            }
            Message::Request(request, length) => {
                let (reply, event) = answer(&request, local, options);
                events.push(event);
                (length, reply)
            }
        };
        let Some((bytes, close)) = reply else {
            return close_after_answer(stream).await;
        };
        if stream.write_all(&bytes).await.is_err() || stream.flush().await.is_err() {
            return;
        }
        if close {
            return close_after_answer(stream).await;
        }
        received.drain(..consumed);
    }
}
