//! Stand-ins for the network, for tests only.
//! Connections are pairs of pipes whose far end the test's own closure plays.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use farlink_checks::model::evidence::{Answer, Resolution, Resolver};
use farlink_checks::model::link::HostPort;
use futures_util::future::BoxFuture;
use tokio::io::{DuplexStream, duplex};

use super::seams::{Connect, Resolve, Stream};

type Play = Arc<dyn Fn(SocketAddr) -> Option<io::Result<DuplexStream>> + Send + Sync>;

/// A network whose peers are played by a closure.
pub(crate) struct Staged(Play);

impl Staged {
    /// Nobody answers.
    pub(crate) fn never() -> Self {
        Self(Arc::new(|_| None))
    }

    /// Every connection fails like this.
    pub(crate) fn failing(kind: io::ErrorKind) -> Self {
        Self(Arc::new(move |_| Some(Err(kind.into()))))
    }

    /// Every connection opens, and `peer` gets its far end.
    pub(crate) fn peer(peer: impl Fn(SocketAddr, DuplexStream) + Send + Sync + 'static) -> Self {
        Self(Arc::new(move |address| {
            let (near, far) = duplex(1 << 16);
            peer(address, far);
            Some(Ok(near))
        }))
    }
}

impl Connect for Staged {
    fn connect(&self, address: SocketAddr) -> BoxFuture<'_, io::Result<Stream>> {
        Box::pin(async move {
            match (self.0)(address) {
                None => std::future::pending().await,
                Some(result) => result.map(|stream| Box::new(stream) as Stream),
            }
        })
    }
}

/// Resolves every name to the same addresses.
pub(crate) struct Fixed(pub(crate) Vec<std::net::IpAddr>);

impl Resolve for Fixed {
    fn resolve<'a>(&'a self, target: &'a HostPort, _limit: Duration) -> BoxFuture<'a, Resolution> {
        let a = match self.0.is_empty() {
            true => Answer::NameUnknown,
            false => Answer::Addresses { addresses: self.0.clone() },
        };
        let target = target.clone();
        Box::pin(async move {
            Resolution { target, by: Resolver::System, a, aaaa: Answer::NoData, system: None, seconds: 0.0 }
        })
    }
}
