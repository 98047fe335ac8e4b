//! Real Prometheus and Alertmanager over the files of `deploy/`, and what they deliver.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use serde_json::Value;
use tempfile::TempDir;

use crate::daemon::get;
use crate::wait::until;

pub const PROMETHEUS: &str = "prometheus";
pub const ALERTMANAGER: &str = "prometheus-alertmanager";

/// The rules of `deploy/` wait for minutes, and a test has none: every age and every `for` is as many seconds
/// as fit, and nothing else is changed. Look-back windows stay, as they bridge gaps and delay nothing.
const SHORTER: [(&str, &str); 5] =
    [(">= 120", ">= 2"), (">= 300", ">= 5"), ("for: 10m", "for: 2s"), ("for: 5m", "for: 2s"), ("for: 15m", "for: 4s")];

/// A process that listens on a port of the system's choice, with its log in a file.
pub struct Service {
    child: Child,
    pub address: SocketAddr,
    log: PathBuf,
    _folder: TempDir,
}

impl Service {
    /// Prometheus with this configuration, whose rules are those of `deploy/prometheus/rules` with shorter waits.
    pub fn prometheus(config: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("prometheus.yml"), config).unwrap();
        fs::create_dir(folder.path().join("rules")).unwrap();
        for rules in fs::read_dir(deploy("prometheus/rules")).unwrap().map(|it| it.unwrap().path()) {
            fs::write(folder.path().join("rules").join(rules.file_name().unwrap()), shorter(&rules)).unwrap();
        }
        Self::start(PROMETHEUS, &["--config.file=prometheus.yml", "--storage.tsdb.path=data"], folder)
    }

    /// Alertmanager with `deploy/alertmanager/alertmanager.yml`, its receivers at `webhook`, groups told at once.
    pub fn alertmanager(webhook: &Webhook) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = fs::read_to_string(deploy("alertmanager/alertmanager.yml")).unwrap();
        assert!(config.contains("127.0.0.1:9099") && config.contains("group_wait: 30s"));
        let config = config
            .replace("127.0.0.1:9099", &webhook.address.to_string())
            .replace("group_wait: 30s", "group_wait: 2s")
            .replace("group_wait: 10m", "group_wait: 2s")
            .replace("group_interval: 5m", "group_interval: 1s");
        fs::write(folder.path().join("alertmanager.yml"), config).unwrap();
        let arguments = ["--config.file=alertmanager.yml", "--storage.path=data", "--cluster.listen-address="];
        Self::start(ALERTMANAGER, &arguments, folder)
    }

    fn start(program: &str, arguments: &[&str], folder: TempDir) -> Self {
        let log = folder.path().join("log");
        let mut command = Command::new(program);
        command.args(arguments).arg("--web.listen-address=127.0.0.1:0").current_dir(folder.path());
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(File::create(&log).unwrap());
        let mut child = command.spawn().unwrap();
        let read = || fs::read_to_string(&log).unwrap();
        let listens = |line: &str| line.split_once("msg=\"Listening on\" address=")?.1.split(' ').next()?.parse().ok();
        let address = until(
            program,
            || {
                assert_eq!(child.try_wait().unwrap(), None, "{}", read());
                read().lines().find_map(listens)
            },
            read,
        );
        Self { child, address, log, _folder: folder }
    }

    pub fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap()
    }

    /// What its API answers.
    pub fn api(&self, path: &str) -> Value {
        let answer = get(self.address, path).unwrap_or_else(|error| unreachable!("{path}: {error}\n{}", self.log()));
        serde_json::from_str(&answer).unwrap_or(Value::Null)
    }

    /// The labels of every alert that fires here.
    pub fn firing(&self) -> Vec<Value> {
        let answer = self.api("/api/v1/alerts");
        let alerts = answer["data"]["alerts"].as_array().cloned().unwrap_or_default();
        alerts.into_iter().filter(|alert| alert["state"] == "firing").map(|alert| alert["labels"].clone()).collect()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// One notification.
#[derive(Clone, Debug)]
pub struct Notified {
    /// The receiver's path.
    pub to: String,
    pub body: Value,
}

impl Notified {
    /// Its alerts on the link called `link`, with this status.
    pub fn of(&self, link: &str, status: &str) -> Vec<Value> {
        let alerts = self.body["alerts"].as_array().unwrap().iter();
        alerts.filter(|alert| alert["labels"]["link"] == link && alert["status"] == status).cloned().collect()
    }
}

/// Takes what Alertmanager delivers.
pub struct Webhook {
    pub address: SocketAddr,
    taken: Arc<Mutex<Vec<Notified>>>,
}

impl Webhook {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let taken = Arc::new(Mutex::new(Vec::new()));
        let keep = Arc::clone(&taken);
        // It ends with the process: nothing else would wake it.
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = BufReader::new(stream.unwrap());
                let (mut line, mut length) = (String::new(), 0);
                stream.read_line(&mut line).unwrap();
                let to = line.split(' ').nth(1).unwrap_or_default().to_owned();
                while line.trim_end() != "" {
                    line.clear();
                    stream.read_line(&mut line).unwrap();
                    let lower = line.to_ascii_lowercase();
                    length = lower.strip_prefix("content-length:").map_or(length, |it| it.trim().parse().unwrap());
                }
                let mut body = vec![0; length];
                stream.read_exact(&mut body).unwrap();
                keep.lock().unwrap().push(Notified { to, body: serde_json::from_slice(&body).unwrap() });
                let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
                stream.get_mut().write_all(answer).unwrap();
            }
        });
        Self { address, taken }
    }

    pub fn all(&self) -> Vec<Notified> {
        self.taken.lock().unwrap().clone()
    }

    /// Waits for a notification that fits.
    pub fn until(&self, what: &str, fits: impl Fn(&Notified) -> bool, seen: impl FnOnce() -> String) -> Notified {
        until(what, || self.all().into_iter().find(&fits), || format!("{:#?}\n{}", self.all(), seen()))
    }
}

/// A file of `deploy/`.
pub fn deploy(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy").join(path)
}

fn shorter(rules: &Path) -> String {
    SHORTER.iter().fold(fs::read_to_string(rules).unwrap(), |rules, (from, to)| rules.replace(from, to))
}
