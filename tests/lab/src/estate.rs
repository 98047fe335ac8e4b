//! A whole estate: the local cluster `prod`, its links, and a remote side for each of them.
//! It runs on loopback only, starts in a moment, and leaves nothing behind when it is dropped.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use tokio::net::TcpListener;

use crate::LabError;
use crate::address::{Host, REST_PORT, RefusedPort, TRANSPORT_PORT};
use crate::authority::{Authority, LeafOptions};
use crate::door::{Door, Fault};
use crate::files::PrivateDirectory;
use crate::handshake::Release;
use crate::key::Key;
use crate::links::{Listener, ROWS, Row, SERVER_NAME};
use crate::name_server::{NameAnswer, NameServer};
use crate::remotes::Remotes;
use crate::rest::{RestAuth, RestCluster, RestKeys, RestLink, RestStub, RestTarget};

pub use crate::links::Model;

/// Release of the local cluster and, but for one link, of the remote ones.
pub(crate) const RELEASE: Release = Release::V9_5_3;

/// One link of the local cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabLink {
    /// Alias.
    pub alias: &'static str,
    /// What is right or wrong with it, in a few words.
    pub about: &'static str,
    /// `proxy_address`.
    pub proxy_address: String,
    /// `server_name`.
    pub server_name: Option<&'static str>,
    /// Security model.
    pub model: Model,
    /// The finding that should be named as the cause; `None` when the link works.
    pub expected: Option<&'static str>,
}

/// A running estate.
#[derive(Debug)]
pub struct Estate {
    links: Vec<LabLink>,
    doors: BTreeMap<&'static str, Door>,
    local: RestStub,
    names: NameServer,
    directory: PrivateDirectory,
    files: Files,
    _remotes: Remotes,
    _hosts: Vec<Host>,
    _refused: Vec<RefusedPort>,
}

#[derive(Debug)]
struct Files {
    ca: PathBuf,
    certificate: PathBuf,
    key: PathBuf,
    api_key: PathBuf,
}

impl Estate {
    /// Starts all of it.
    pub async fn start() -> Result<Self, LabError> {
        let authority = Authority::new("Lab CA")?;
        let host = Host::claim();
        let names = NameServer::start(host.ip()).await?;
        let local = bound(host.listen(REST_PORT).await)?;
        let key = Key::new("VuaCfGcBCdbkQm-e5aOx", "ui2lp2axTNmsyakw9tvNnw");
        let directory = PrivateDirectory::create().map_err(LabError::io("create a private directory"))?;
        let files = Files::write(&directory, &authority, &key)?;
        let remotes = Remotes::start(&authority, key).await?;

        let (mut links, mut doors, mut hosts, mut refused) = (Vec::new(), BTreeMap::new(), Vec::new(), Vec::new());
        let transport_address = SocketAddr::new(host.ip(), TRANSPORT_PORT);
        hosts.push(host);
        for row in &ROWS {
            let host = Host::claim();
            let name = format!("{}.farlink.test", row.alias);
            let address = match row.listener {
                Listener::Unknown => SocketAddr::new(host.ip(), row.port),
                Listener::Refused => {
                    let port = host.refuse(row.port).map_err(LabError::io("hold a port that refuses"))?;
                    refused.push(port);
                    refused.last().map_or(SocketAddr::new(host.ip(), row.port), RefusedPort::address)
                }
                listener => {
                    let door = Door::start(bound(host.listen(row.port).await)?, remotes.backend(listener))?;
                    if listener == Listener::NoBackend {
                        door.set(Fault::CloseOnAccept);
                    }
                    let address = door.address();
                    doors.insert(row.alias, door);
                    address
                }
            };
            if row.listener != Listener::Unknown {
                names.set(&name, NameAnswer::Addresses(vec![host.ip()]));
            }
            if row.alias == "healthy" {
                names.set(SERVER_NAME, NameAnswer::Addresses(vec![host.ip()]));
            }
            links.push(link(row, &name, address));
            hosts.push(host);
        }
        let cluster = RestCluster {
            name: "prod".to_owned(),
            version: RELEASE.name.to_owned(),
            transport_version: RELEASE.transport,
            transport_address,
            remote_cluster_server: None,
            node_settings: settings(&files),
            links: links.iter().map(rest_link).collect(),
            keys: RestKeys::default(),
        };
        let local = RestStub::start(local, cluster, RestAuth::Open, None)?;
        Ok(Self { links, doors, local, names, directory, files, _remotes: remotes, _hosts: hosts, _refused: refused })
    }

    /// The links, in the order they should be shown.
    pub fn links(&self) -> &[LabLink] {
        &self.links
    }

    /// The door before the remote side of a link; `None` where nothing listens.
    pub fn door(&self, alias: &str) -> Option<&Door> {
        self.doors.get(alias)
    }

    /// URL of the local cluster's REST interface.
    pub fn cluster_url(&self) -> String {
        self.local.url()
    }

    /// The local cluster's REST interface, to change what it says.
    pub fn cluster(&self) -> &RestStub {
        &self.local
    }

    /// Where the names of the estate are resolved, over UDP and TCP.
    pub fn name_server(&self) -> SocketAddr {
        self.names.address()
    }

    /// The name server, to change what it answers.
    pub fn names(&self) -> &NameServer {
        &self.names
    }

    /// The private directory of the files.
    pub fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// The authority that the local cluster trusts, as PEM.
    pub fn ca_file(&self) -> &Path {
        &self.files.ca
    }

    /// The client certificate of the local cluster, as PEM.
    pub fn certificate_file(&self) -> &Path {
        &self.files.certificate
    }

    /// The private key of the client certificate, as PEM.
    pub fn key_file(&self) -> &Path {
        &self.files.key
    }

    /// The encoded API key of the link `healthy`.
    pub fn api_key_file(&self) -> &Path {
        &self.files.api_key
    }
}

impl Files {
    fn write(directory: &PrivateDirectory, authority: &Authority, key: &Key) -> Result<Self, LabError> {
        let client = authority.issue(&LeafOptions::dns(&["prod-1.farlink.test"]))?;
        let write =
            |name: &str, content: &str| directory.write(name, content).map_err(LabError::io(format!("write {name}")));
        Ok(Self {
            ca: write("ca.crt", &authority.ca_pem())?,
            certificate: write("client.crt", &client.certificate_pem())?,
            key: write("client.key", client.key_pem())?,
            api_key: write("healthy.key", &format!("{}\n", key.encoded()))?,
        })
    }
}

fn link(row: &Row, name: &str, address: SocketAddr) -> LabLink {
    // A dotted host name would be sent as server name where none is set.
    let proxy_address = match (row.server_name, row.listener) {
        (None, Listener::Router) => address.to_string(),
        _ => format!("{name}:{}", address.port()),
    };
    LabLink {
        alias: row.alias,
        about: row.about,
        proxy_address,
        server_name: row.server_name,
        model: row.model,
        expected: row.expected,
    }
}

fn rest_link(link: &LabLink) -> RestLink {
    RestLink {
        alias: link.alias.to_owned(),
        target: RestTarget::Proxy {
            address: link.proxy_address.clone(),
            server_name: link.server_name.map(str::to_owned),
        },
        api_key: link.model == Model::ApiKey,
        from_file: false,
        connected: link.expected.is_none(),
        follower: (link.alias == "healthy").then(|| "orders-copy".to_owned()),
        error: None,
        remote_version: RELEASE.name.to_owned(),
    }
}

/// How the local cluster's TLS is set up, as its nodes show it.
fn settings(files: &Files) -> Vec<(String, String)> {
    let path = |path: &Path| path.display().to_string();
    [
        ("xpack.security.enabled", "true".to_owned()),
        ("xpack.security.transport.ssl.enabled", "true".to_owned()),
        ("xpack.security.transport.ssl.verification_mode", "full".to_owned()),
        ("xpack.security.transport.ssl.certificate", path(&files.certificate)),
        ("xpack.security.transport.ssl.key", path(&files.key)),
        ("xpack.security.transport.ssl.certificate_authorities", path(&files.ca)),
        ("xpack.security.remote_cluster_client.ssl.enabled", "true".to_owned()),
        ("xpack.security.remote_cluster_client.ssl.certificate_authorities", path(&files.ca)),
    ]
    .map(|(key, value)| (key.to_owned(), value))
    .to_vec()
}

/// Names what was being done when a listener could not be bound.
pub(crate) fn bound(listener: std::io::Result<TcpListener>) -> Result<TcpListener, LabError> {
    listener.map_err(LabError::io("listen on loopback"))
}

#[cfg(test)]
#[path = "estate_tests.rs"]
mod tests;
