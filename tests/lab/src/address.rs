//! An own loopback address for every emulated host, so that each can listen on the real port numbers.
//! Where only 127.0.0.1 exists (macOS), hosts share it and every port is chosen by the operating system,
//! as all hosts of IPv6 share ::1.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::atomic::{AtomicU8, Ordering};

use tokio::net::{TcpListener, TcpSocket};

/// Default port of the REST interface.
pub const REST_PORT: u16 = 9200;
/// Default port of the transport interface, where the certificate model connects directly.
pub const TRANSPORT_PORT: u16 = 9300;
/// Port of the certificate model on the proxies of Elastic Cloud.
pub const TRANSPORT_PROXY_PORT: u16 = 9400;
/// Default port of the remote cluster server, where the API-key model connects.
pub const REMOTE_CLUSTER_PORT: u16 = 9443;

/// Bound, never listened on: whoever holds it owns the address among all processes of the lab.
const CLAIM_PORT: u16 = 19_977;

static NEXT: AtomicU8 = AtomicU8::new(0);

/// One emulated host with its own loopback address.
#[derive(Debug)]
pub struct Host {
    ip: IpAddr,
    /// `None` when the host shares 127.0.0.1.
    claim: Option<TcpSocket>,
}

impl Host {
    /// Claims the next free 127.77.x.y, where x comes from the process id; 127.0.0.1 when there is none.
    pub fn claim() -> Self {
        let process = u8::try_from(std::process::id() % 256).unwrap_or_default();
        for attempt in 0..=u8::MAX {
            let host = NEXT.fetch_add(1, Ordering::Relaxed).clamp(1, 254);
            // A whole net that is taken belongs to a process with the same remainder: move on.
            let ip = Ipv4Addr::new(127, 77, process.wrapping_add(attempt / 128), host);
            match bound((ip, CLAIM_PORT).into()) {
                Ok(claim) => {
                    return Self { ip: ip.into(), claim: Some(claim) };
                }
                Err(error) if error.kind() == io::ErrorKind::AddrInUse => {}
                Err(_) => break,
            }
        }
        Self { ip: Ipv4Addr::LOCALHOST.into(), claim: None }
    }

    /// The host ::1, which all share; `None` where the machine has no IPv6.
    pub fn v6() -> Option<Self> {
        let ip = Ipv6Addr::LOCALHOST.into();
        bound(SocketAddr::new(ip, 0)).is_ok().then_some(Self { ip, claim: None })
    }

    /// The address of this host.
    pub fn ip(&self) -> IpAddr {
        self.ip
    }

    /// Whether the address is its own, so that ports are the real ones.
    pub fn is_own(&self) -> bool {
        self.claim.is_some()
    }

    /// Listens on `port`, or on a free port where the address is shared.
    pub async fn listen(&self, port: u16) -> io::Result<TcpListener> {
        TcpListener::bind((self.ip, if self.is_own() { port } else { 0 })).await
    }

    /// Holds `port` without listening: every connection to it is refused while the value lives.
    pub fn refuse(&self, port: u16) -> io::Result<RefusedPort> {
        RefusedPort::hold(SocketAddr::new(self.ip, if self.is_own() { port } else { 0 }))
    }
}

/// A port where nothing listens, held so that nobody else can.
#[derive(Debug)]
pub struct RefusedPort {
    address: SocketAddr,
    _socket: TcpSocket,
}

impl RefusedPort {
    /// Holds exactly this address; port 0 is one of the operating system's choice.
    pub fn hold(address: SocketAddr) -> io::Result<Self> {
        let socket = bound(address)?;
        Ok(Self { address: socket.local_addr()?, _socket: socket })
    }

    /// The address that refuses.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

/// Listens on 127.0.0.1 with a port of the operating system's choice, for what stands behind a door.
pub async fn behind() -> io::Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await
}

fn bound(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = if address.is_ipv6() { TcpSocket::new_v6()? } else { TcpSocket::new_v4()? };
    socket.bind(address)?;
    Ok(socket)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;
    use tokio::net::TcpStream;

    #[tokio::test]
    async fn two_hosts_listen_on_the_same_port_and_a_refused_port_refuses() {
        let (one, two) = (Host::claim(), Host::claim());
        let (a, b) = (one.listen(REMOTE_CLUSTER_PORT).await.unwrap(), two.listen(REMOTE_CLUSTER_PORT).await.unwrap());
        assert_ne!(a.local_addr().unwrap(), b.local_addr().unwrap());
        if one.is_own() && two.is_own() {
            assert_eq!(a.local_addr().unwrap().port(), 9443);
        }
        let mut refused = vec![one.refuse(TRANSPORT_PORT).unwrap()];
        if let Some(six) = Host::v6() {
            refused.push(six.refuse(TRANSPORT_PORT).unwrap());
            assert!(six.listen(TRANSPORT_PORT).await.unwrap().local_addr().unwrap().is_ipv6());
        }
        for refused in refused {
            let error = TcpStream::connect(refused.address()).await.unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::ConnectionRefused);
        }
    }
}
