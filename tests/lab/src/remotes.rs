//! The remote sides of the estate's links: nodes, proxies and a REST interface.
//! They stand behind the doors, on ports of the operating system's choice.

use std::net::SocketAddr;

use crate::LabError;
use crate::address::{TRANSPORT_PORT, behind};
use crate::authority::{Authority, Identity, LeafOptions};
use crate::estate::{RELEASE, bound};
use crate::handshake::Release;
use crate::key::{Key, Licence, RemoteClusterServer};
use crate::links::{Listener, SERVER_NAME};
use crate::node::{Node, NodeOptions, Profile};
use crate::proxy::{HELLO_WAIT, NoName, Proxy, ProxyKind, Reencrypted};
use crate::rest::{RestAuth, RestCluster, RestKeys, RestStub};
use crate::tls::ServerTls;

/// Everything on the remote side, by what it is to a link.
#[derive(Debug)]
pub(crate) struct Remotes {
    nodes: Vec<(Listener, Node)>,
    proxies: Vec<(Listener, Proxy)>,
    rest: RestStub,
}

impl Remotes {
    /// Starts all of them; `key` is the one the remote cluster knows.
    pub(crate) async fn start(authority: &Authority, key: Key) -> Result<Self, LabError> {
        let direct = ["healthy-direct.farlink.test", "too-old.farlink.test", SERVER_NAME];
        let identity = authority.issue(&LeafOptions::dns(&direct))?;
        let stranger = Authority::new("Stranger CA")?.issue(&LeafOptions::dns(&[SERVER_NAME]))?;
        let expired = authority.issue(&LeafOptions::dns(&[SERVER_NAME]).expired())?;
        let other = authority.issue(&LeafOptions::dns(&["other.lab.example"]))?;
        let presented = authority.issue(&LeafOptions::dns(&[SERVER_NAME]))?;

        let server = RemoteClusterServer { keys: vec![key], licence: Licence::Sufficient };
        let base = |release| NodeOptions {
            node_name: "eu-1".to_owned(),
            cluster_name: "eu".to_owned(),
            remote_cluster_server: true,
            ..NodeOptions::new(release)
        };
        let with_key = |identity: &Identity| NodeOptions {
            profile: Profile::RemoteCluster(server.clone()),
            tls: Some(ServerTls::new(identity.clone())),
            ..base(RELEASE)
        };
        let mutual = Some(ServerTls::mutual(identity.clone(), vec![authority.certificate()]));
        let options = [
            (Listener::KeyPort, with_key(&identity)),
            (Listener::ExpiredCertificate, with_key(&expired)),
            (Listener::OtherName, with_key(&other)),
            (Listener::UntrustedAuthority, with_key(&stranger)),
            (Listener::Transport, NodeOptions { tls: mutual.clone(), ..base(RELEASE) }),
            (Listener::PlainTransport, base(RELEASE)),
            (
                Listener::OldRelease,
                NodeOptions { tls: mutual, remote_cluster_server: false, ..base(Release::V7_17_29) },
            ),
        ];
        let mut nodes = Vec::with_capacity(options.len());
        for (listener, options) in options {
            nodes.push((listener, Node::start(bound(behind().await)?, options)?));
        }
        let at = |wanted| nodes.iter().find(|(listener, _)| *listener == wanted).map(|(_, node)| node.address());
        let names = at(Listener::KeyPort).map(|address| (SERVER_NAME.to_owned(), address)).into_iter().collect();
        let backend = at(Listener::Transport).map(|backend| Reencrypted {
            backend,
            server_name: SERVER_NAME.to_owned(),
            authority: authority.certificate(),
        });
        let kinds = [
            (Listener::Router, ProxyKind::SniRouter { names, no_name: NoName::Close, hello_wait: HELLO_WAIT }),
            (Listener::HttpProxy, ProxyKind::Http),
            (Listener::TerminatingProxy, ProxyKind::TerminateTls { identity: presented, backend }),
        ];
        let mut proxies = Vec::with_capacity(kinds.len());
        for (listener, kind) in kinds {
            proxies.push((listener, Proxy::start(bound(behind().await)?, kind)?));
        }
        let cluster = RestCluster {
            name: "eu".to_owned(),
            version: RELEASE.name.to_owned(),
            transport_version: RELEASE.transport,
            transport_address: ([127, 0, 0, 1], TRANSPORT_PORT).into(),
            remote_cluster_server: at(Listener::KeyPort),
            node_settings: Vec::new(),
            links: Vec::new(),
            keys: RestKeys::default(),
        };
        let rest = RestStub::start(bound(behind().await)?, cluster, RestAuth::Open, None)?;
        Ok(Self { nodes, proxies, rest })
    }

    /// Where the door of a link leads; nowhere when it stays silent or closes.
    pub(crate) fn backend(&self, wanted: Listener) -> Option<SocketAddr> {
        let node = self.nodes.iter().find(|(listener, _)| *listener == wanted).map(|(_, node)| node.address());
        let proxy = self.proxies.iter().find(|(listener, _)| *listener == wanted).map(|(_, proxy)| proxy.address());
        let rest = (wanted == Listener::Rest).then(|| self.rest.address());
        node.or(proxy).or(rest)
    }
}
