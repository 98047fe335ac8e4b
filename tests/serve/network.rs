//! Remote clusters whose links can be broken and mended, and configurations for them.

use std::fs;
use std::path::{Path, PathBuf};

use farlink_lab::address::behind;
use farlink_lab::door::{Door, Fault};
use farlink_lab::handshake::Release;
use farlink_lab::node::{Node, NodeOptions};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// One remote cluster without TLS behind doors, one a link.
pub struct Network {
    pub folder: TempDir,
    doors: Vec<Door>,
    _node: Node,
    _runtime: Runtime,
}

impl Network {
    /// Links `link-0` to `link-N`.
    pub fn start(links: usize) -> Self {
        let runtime = Runtime::new().unwrap();
        let (node, doors) = runtime.block_on(async {
            let node = Node::start(behind().await.unwrap(), NodeOptions::new(Release::V9_5_3)).unwrap();
            let mut doors = Vec::new();
            for _ in 0..links {
                doors.push(Door::start(behind().await.unwrap(), Some(node.address())).unwrap());
            }
            (node, doors)
        });
        Self { folder: tempfile::tempdir().unwrap(), doors, _node: node, _runtime: runtime }
    }

    pub fn break_link(&self, link: usize, fault: Fault) {
        self.doors[link].set(fault);
    }

    pub fn mend(&self, link: usize) {
        self.doors[link].heal();
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The lines of `links:` for these links.
    pub fn links(&self, which: impl IntoIterator<Item = usize>) -> String {
        let line = |it: usize| format!("  link-{it}: {}\n", self.link(it));
        which.into_iter().map(line).collect()
    }

    /// The settings of one link.
    pub fn link(&self, which: usize) -> String {
        let address = self.doors[which].address();
        format!("{{ proxy_address: \"{address}\", model: certificate, transport_tls: false }}")
    }

    /// A configuration with all links, probed every `interval`, and further `settings`.
    pub fn config(&self, interval: &str, settings: &str) -> PathBuf {
        let links = self.links(0..self.doors.len());
        self.write("farlink.yml", &format!("links:\n{links}interval: {interval}\n{settings}\n"))
    }

    pub fn write(&self, name: &str, content: &str) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, content).unwrap();
        path
    }
}

/// A series of one link.
pub fn series(metric: &str, link: usize) -> String {
    format!("{metric}{{link=\"link-{link}\"}}")
}

/// `path` as it is written in YAML.
pub fn yaml(path: &Path) -> String {
    serde_json::json!(path.display().to_string()).to_string()
}
