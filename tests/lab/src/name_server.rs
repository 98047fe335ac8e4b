//! A name server for the estate's own names, over UDP and TCP (RFC 1035, RFC 7766).
//! Names it was not told about do not exist.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use hickory_proto::op::{Message, MessageType, OpCode, ResponseCode};
use hickory_proto::rr::rdata::{A, AAAA, CNAME};
use hickory_proto::rr::{Name, RData, Record, RecordType};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UdpSocket};

use crate::LabError;
use crate::listener::{Task, address_of, serve};

const TTL_SECONDS: u32 = 1;
/// Aliases that point in a circle end here.
const MAX_ALIASES: usize = 8;

/// How questions about a name are answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NameAnswer {
    /// A and AAAA records; a family without one gets no data.
    Addresses(Vec<IpAddr>),
    /// A CNAME record, followed by the records of its target.
    Alias(String),
    /// The name exists and has no records.
    NoData,
    /// The name does not exist (NXDOMAIN).
    Unknown,
    /// SERVFAIL.
    ServerFailure,
    /// REFUSED.
    Refused,
    /// No answer at all.
    Silent,
}

type Names = Arc<Mutex<HashMap<String, NameAnswer>>>;

/// A running name server.
#[derive(Debug)]
pub struct NameServer {
    address: SocketAddr,
    names: Names,
    _tasks: [Task; 2],
}

impl NameServer {
    /// Serves on `ip` with one free port for both UDP and TCP.
    pub async fn start(ip: IpAddr) -> Result<Self, LabError> {
        let bind = |operation: &str| LabError::io(operation.to_owned());
        let listener = TcpListener::bind((ip, 0)).await.map_err(bind("listen as name server"))?;
        let address = address_of(&listener)?;
        let socket = UdpSocket::bind(address).await.map_err(bind("bind the name server's UDP port"))?;
        let names = Names::default();
        let udp = Task::run(datagrams(socket, Arc::clone(&names)));
        let shared = Arc::clone(&names);
        let tcp = serve(listener, move |stream| stream_of(stream, Arc::clone(&shared)));
        Ok(Self { address, names, _tasks: [udp, tcp] })
    }

    /// Where the name server listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Sets how `name` is answered from now on.
    pub fn set(&self, name: &str, answer: NameAnswer) {
        let name = name.trim_end_matches('.').to_ascii_lowercase();
        self.names.lock().unwrap_or_else(PoisonError::into_inner).insert(name, answer);
    }
}

async fn datagrams(socket: UdpSocket, names: Names) {
    let mut buffer = [0; 4096];
    loop {
        // An error here is an ICMP answer to an earlier datagram.
        let Ok((read, peer)) = socket.recv_from(&mut buffer).await else {
            continue;
        };
        if let Some(answer) = answer(&names, &buffer[..read]) {
            let _ = socket.send_to(&answer, peer).await;
        }
    }
}

async fn stream_of(mut stream: TcpStream, names: Names) {
    while let Ok(length) = stream.read_u16().await {
        let mut query = vec![0; usize::from(length)];
        if stream.read_exact(&mut query).await.is_err() {
            return;
        }
        let Some(answer) = answer(&names, &query) else {
            continue;
        };
        let Ok(length) = u16::try_from(answer.len()) else {
            return;
        };
        let mut framed = length.to_be_bytes().to_vec();
        framed.extend(answer);
        if stream.write_all(&framed).await.is_err() {
            return;
        }
    }
}

/// The answer to `query`; `None` where there is to be silence.
fn answer(names: &Names, query: &[u8]) -> Option<Vec<u8>> {
    let query = Message::from_vec(query).ok()?;
    if query.metadata.message_type != MessageType::Query {
        return None;
    }
    let question = query.queries.first()?.clone();
    let mut response = Message::response(query.metadata.id, OpCode::Query);
    response.metadata.recursion_desired = query.metadata.recursion_desired;
    response.metadata.recursion_available = true;
    response.metadata.authoritative = true;
    let names = names.lock().unwrap_or_else(PoisonError::into_inner);
    let mut name = question.name().clone();
    response.add_query(question.clone());
    for _ in 0..MAX_ALIASES {
        let known = names.get(name.to_ascii().trim_end_matches('.').to_ascii_lowercase().as_str());
        let code = match known.unwrap_or(&NameAnswer::Unknown) {
            NameAnswer::Silent => return None,
            NameAnswer::Unknown => ResponseCode::NXDomain,
            NameAnswer::ServerFailure => ResponseCode::ServFail,
            NameAnswer::Refused => ResponseCode::Refused,
            NameAnswer::NoData => ResponseCode::NoError,
            NameAnswer::Addresses(addresses) => {
                for &address in addresses {
                    let data = match (address, question.query_type()) {
                        (IpAddr::V4(ip), RecordType::A) => RData::A(A(ip)),
                        (IpAddr::V6(ip), RecordType::AAAA) => RData::AAAA(AAAA(ip)),
                        _ => continue,
                    };
                    response.add_answer(Record::from_rdata(name.clone(), TTL_SECONDS, data));
                }
                ResponseCode::NoError
            }
            NameAnswer::Alias(target) => {
                let target = Name::from_ascii(format!("{}.", target.trim_end_matches('.'))).ok()?;
                response.add_answer(Record::from_rdata(name, TTL_SECONDS, RData::CNAME(CNAME(target.clone()))));
                name = target;
                continue;
            }
        };
        response.metadata.response_code = code;
        break;
    }
    response.to_vec().ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;
    use hickory_proto::op::Query;
    use std::net::Ipv4Addr;
    use std::time::Duration;

    fn ask(name: &str, query_type: RecordType) -> Vec<u8> {
        let mut query = Message::new(7, MessageType::Query, OpCode::Query);
        query.add_query(Query::query(Name::from_ascii(name).unwrap(), query_type));
        query.to_vec().unwrap()
    }

    #[tokio::test]
    async fn every_kind_of_answer_is_given_over_both_transports() {
        let server = NameServer::start(Ipv4Addr::LOCALHOST.into()).await.unwrap();
        let (four, six): (IpAddr, IpAddr) = ("127.77.0.1".parse().unwrap(), "::1".parse().unwrap());
        server.set("both.farlink.test", NameAnswer::Addresses(vec![four, six]));
        server.set("four.farlink.test", NameAnswer::Addresses(vec![four]));
        server.set("alias.farlink.test", NameAnswer::Alias("four.farlink.test".to_owned()));
        server.set("circle.farlink.test", NameAnswer::Alias("circle.farlink.test".to_owned()));
        server.set("empty.farlink.test", NameAnswer::NoData);
        server.set("broken.farlink.test", NameAnswer::ServerFailure);
        server.set("refused.farlink.test", NameAnswer::Refused);
        server.set("silent.farlink.test", NameAnswer::Silent);
        use RecordType::{A, AAAA};
        let cases = [
            ("BOTH.farlink.test.", A, Some((ResponseCode::NoError, 1))),
            ("both.farlink.test.", AAAA, Some((ResponseCode::NoError, 1))),
            ("four.farlink.test.", AAAA, Some((ResponseCode::NoError, 0))),
            ("alias.farlink.test.", A, Some((ResponseCode::NoError, 2))),
            ("circle.farlink.test.", A, Some((ResponseCode::NoError, 8))),
            ("empty.farlink.test.", A, Some((ResponseCode::NoError, 0))),
            ("none.farlink.test.", A, Some((ResponseCode::NXDomain, 0))),
            ("broken.farlink.test.", A, Some((ResponseCode::ServFail, 0))),
            ("refused.farlink.test.", A, Some((ResponseCode::Refused, 0))),
            ("silent.farlink.test.", A, None),
        ];
        for (name, query_type, expected) in cases {
            let query = ask(name, query_type);
            let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
            socket.send_to(&query, server.address()).await.unwrap();
            let mut buffer = [0; 4096];
            let udp = tokio::time::timeout(Duration::from_millis(200), socket.recv(&mut buffer))
                .await
                .ok()
                .map(Result::unwrap);
            let outcome = udp.map(|read| Message::from_vec(&buffer[..read]).unwrap());
            assert_eq!(
                outcome.map(|message| (message.metadata.response_code, message.answers.len())),
                expected,
                "{name}"
            );
            if let Some(read) = udp {
                let mut stream = TcpStream::connect(server.address()).await.unwrap();
                stream.write_u16(query.len() as u16).await.unwrap();
                stream.write_all(&query).await.unwrap();
                let mut answer = vec![0; usize::from(stream.read_u16().await.unwrap())];
                stream.read_exact(&mut answer).await.unwrap();
                assert_eq!(answer, buffer[..read], "{name}");
            }
        }
    }
}
