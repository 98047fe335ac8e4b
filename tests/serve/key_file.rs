//! A key that is replaced in its file while the remote refuses it.

use farlink_lab::authority::{Authority, LeafOptions};
use farlink_lab::handshake::Release;
use farlink_lab::key::{Key, Licence, RemoteClusterServer};
use farlink_lab::node::{Node, NodeOptions, Profile};
use farlink_lab::tls::{ClientAuth, ServerTls};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use crate::daemon::Daemon;
use crate::network::yaml;

const ACCEPTED: &str = "farlink_api_key_accepted{link=\"eu\"}";

#[test]
fn a_refused_key_waits_for_a_changed_file_and_no_longer() {
    let runtime = Runtime::new().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let good = Key::new("VuaCfGcBCdbkQm-e5aOx", "ui2lp2axTNmsyakw9tvNnw");
    let authority = Authority::new("Lab CA").unwrap();
    let node = runtime.block_on(async {
        let mut options = NodeOptions::new(Release::V9_5_3);
        let identity = authority.issue(&LeafOptions::dns(&["eu.lab.example"])).unwrap();
        options.tls = Some(ServerTls { identity, client_auth: ClientAuth::None });
        let keys = vec![good.clone()];
        options.profile = Profile::RemoteCluster(RemoteClusterServer { keys, licence: Licence::Sufficient });
        Node::start(TcpListener::bind("127.0.0.1:0").await.unwrap(), options).unwrap()
    });
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("ca.pem"), authority.ca_pem()).unwrap();
    std::fs::write(path("key"), Key::new("VuaCfGcBCdbkQm-e5aOx", "AAAAAAAAAAAAAAAAAAAAAA").encoded()).unwrap();
    let config = path("farlink.yml");
    let link = format!(
        "proxy_address: \"{}\", server_name: eu.lab.example, model: api-key, ca_file: {}, api_key_file: {}",
        node.address(),
        yaml(&path("ca.pem")),
        yaml(&path("key"))
    );
    std::fs::write(&config, format!("interval: 1s\nlinks: {{ eu: {{ {link} }} }}\n")).unwrap();
    let daemon = Daemon::over(&config);
    daemon.until_metric(ACCEPTED, |accepted| accepted == 0.0);
    // Ten times five minutes lie between two tries of the same key.
    std::fs::write(path("key"), good.encoded()).unwrap();
    daemon.until_metric(ACCEPTED, |accepted| accepted == 1.0);
    daemon.until_logged("another key");
    daemon.until_metric("farlink_link_up{link=\"eu\"}", |up| up == 1.0);
}
