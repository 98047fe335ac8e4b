//! What a canary key can meet: remote cluster servers that take or refuse it, a local cluster, and files it is not in.

use std::path::PathBuf;

use farlink_lab::address::{Host, REMOTE_CLUSTER_PORT, RefusedPort};
use farlink_lab::authority::{Authority, LeafOptions};
use farlink_lab::handshake::Release;
use farlink_lab::key::{Key, KeyState, Licence, RemoteClusterServer};
use farlink_lab::node::{Node, NodeOptions, Profile};
use farlink_lab::rest::{RestAuth, RestCluster, RestLink, RestStub};
use farlink_lab::tls::ServerTls;
use tempfile::TempDir;
use tokio::net::TcpListener;

use super::leak::{ID, SECRET};

/// A way on which a run can go.
pub(crate) struct Road {
    pub(crate) name: &'static str,
    pub(crate) arguments: Vec<String>,
    /// What the report has to say, so that the road is the one it is named for.
    pub(crate) says: &'static str,
}

/// All of it, while it lives.
pub(crate) struct Estate {
    _nodes: Vec<Node>,
    _local: RestStub,
    _refused: RefusedPort,
    _hosts: Vec<Host>,
    files: TempDir,
    pub(crate) roads: Vec<Road>,
}

impl Estate {
    pub(crate) async fn start() -> Self {
        let authority = Authority::new("Lab CA").unwrap();
        let files = tempfile::tempdir().unwrap();
        std::fs::write(files.path().join("ca.pem"), authority.ca_pem()).unwrap();
        let key = Key::new(ID, SECRET);
        let json = format!("{{\"id\":\"{ID}\",\"api_key\":\"{SECRET}\",\"encoded\":\"{}\"}}", key.encoded());
        for (name, content) in [
            ("key", key.encoded()),
            ("json", json),
            ("plain", format!("{ID}:{SECRET}")),
            ("torn", key.encoded().replace("Q", "Q\n")),
        ] {
            std::fs::write(files.path().join(name), content).unwrap();
        }
        let (mut nodes, mut hosts, mut addresses) = (Vec::new(), Vec::new(), Vec::new());
        for state in [KeyState::Active, KeyState::Expired, KeyState::RefusedUnheardOf] {
            let host = Host::claim();
            let names = LeafOptions { ips: vec![host.ip()], ..LeafOptions::dns(&["a.test"]) };
            let keys = vec![Key { state, ..key.clone() }];
            let server = RemoteClusterServer { keys, licence: Licence::Sufficient };
            let options = NodeOptions {
                profile: Profile::RemoteCluster(server),
                tls: Some(ServerTls::new(authority.issue(&names).unwrap())),
                ..NodeOptions::new(Release::V9_5_3)
            };
            let node = Node::start(host.listen(REMOTE_CLUSTER_PORT).await.unwrap(), options).unwrap();
            addresses.push(node.address().to_string());
            nodes.push(node);
            hosts.push(host);
        }
        let refused = RefusedPort::hold(([127, 0, 0, 1], 0).into()).unwrap();
        let file = |name: &str| files.path().join(name).display().to_string();
        let ca = format!("--ca-file={}", file("ca.pem"));
        let road = |name, address: &str, key: &str, says| Road {
            name,
            arguments: vec![
                "diagnose".to_owned(),
                format!("--proxy-address={address}"),
                "--model=api-key".to_owned(),
                ca.clone(),
                format!("--api-key-file={}", file(key)),
            ],
            says,
        };
        let local = local_cluster(&addresses[0], key.encoded()).await;
        let through_cluster = Road {
            name: "the key of a local cluster's API as well",
            arguments: vec![
                "diagnose".to_owned(),
                format!("--cluster={}", local.url()),
                ca.clone(),
                format!("--api-key-file={}", file("key")),
                format!("--cluster-api-key-file={}", file("key")),
            ],
            says: "ok",
        };
        let roads = vec![
            road("accepted", &addresses[0], "key", "ok"),
            road("refused", &addresses[1], "key", "api-key-expired"),
            road("refused in words of tomorrow", &addresses[2], "key", "api-key-refused"),
            road("no connection", &refused.address().to_string(), "key", "tcp-refused"),
            road("a whole answer as key", &addresses[0], "json", "api-key-malformed"),
            road("not encoded", &addresses[0], "plain", "api-key-malformed"),
            road("a line break inside", &addresses[0], "torn", "api-key-malformed"),
            through_cluster,
        ];
        Self { _nodes: nodes, _local: local, _refused: refused, _hosts: hosts, files, roads }
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.files.path().join(name)
    }
}

/// A cluster that asks for an API key and links to `address`.
async fn local_cluster(address: &str, key: String) -> RestStub {
    let link = RestLink::by_key("eu", address, None);
    let cluster = RestCluster { links: vec![link], ..RestCluster::alone("prod") };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    RestStub::start(listener, cluster, RestAuth::ApiKey(key), None).unwrap()
}
