//! One `farlink serve` as a process, with its log in a file.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use tempfile::TempDir;

use crate::wait::until;

/// What stands before the address, as text and as JSON.
const LISTENS: [&str; 2] = ["farlink listens address=", "\"farlink listens\",\"address\":\""];

/// A running daemon; it is killed when it is dropped.
pub struct Daemon {
    child: Child,
    pub address: SocketAddr,
    log: PathBuf,
    _folder: TempDir,
}

/// The command that runs the daemon over `config`, on a port of the system's choice.
pub fn serve(config: &Path) -> Command {
    within("", config)
}

/// The same through a program that sets something up first, with its arguments.
pub fn within(first: &str, config: &Path) -> Command {
    let mut words = first.split_whitespace().chain([env!("CARGO_BIN_EXE_farlink"), "serve", "--listen=127.0.0.1:0"]);
    let mut command = Command::new(words.next().unwrap());
    command.args(words).arg("--config").arg(config);
    command
}

impl Daemon {
    /// Starts it, and waits until it listens.
    pub fn start(mut command: Command) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(File::create(&log).unwrap());
        let mut child = command.spawn().unwrap();
        let address = until(
            "the daemon listens",
            || {
                assert_eq!(child.try_wait().unwrap(), None, "{}", fs::read_to_string(&log).unwrap());
                listens(&fs::read_to_string(&log).unwrap())
            },
            || fs::read_to_string(&log).unwrap(),
        );
        Self { child, address, log, _folder: folder }
    }

    /// A daemon over `config` with nothing special.
    pub fn over(config: &Path) -> Self {
        Self::start(serve(config))
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it has logged so far.
    pub fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap()
    }

    /// The body of `path`, whatever the status.
    pub fn get(&self, path: &str) -> String {
        get(self.address, path).unwrap_or_else(|error| unreachable!("{path}: {error}\n{}", self.log()))
    }

    /// The value of exactly this series.
    pub fn metric(&self, series: &str) -> Option<f64> {
        value(&self.get("/metrics"), series)
    }

    /// Waits until a series has a value that fits.
    pub fn until_metric(&self, series: &str, fits: impl Fn(f64) -> bool) -> f64 {
        until(
            series,
            || self.metric(series).filter(|value| fits(*value)),
            || format!("{}\n{}", self.get("/metrics"), self.log()),
        )
    }

    /// Waits until the log holds `text`.
    pub fn until_logged(&self, text: &str) {
        until(text, || self.log().contains(text).then_some(()), || self.log());
    }

    /// Runs the link called `name` now.
    pub fn probe(&self, name: &str) -> String {
        self.get(&format!("/probe?link={name}"))
    }

    /// How many descriptors it has open.
    pub fn descriptors(&self) -> usize {
        fs::read_dir(format!("/proc/{}/fd", self.id())).unwrap().count()
    }

    /// Waits until it has at most so many descriptors open.
    pub fn until_descriptors(&self, most: usize) {
        let open = || {
            let links = fs::read_dir(format!("/proc/{}/fd", self.id())).unwrap();
            let targets = links.filter_map(|link| fs::read_link(link.unwrap().path()).ok());
            targets.map(|it| format!("{}\n", it.display())).collect::<String>()
        };
        until("descriptors are closed again", || (self.descriptors() <= most).then_some(()), open);
    }

    /// Sends a signal by its name.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([&format!("-{name}"), &self.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    /// Waits until it has ended by itself.
    pub fn ended(&mut self) -> ExitStatus {
        let (child, log) = (&mut self.child, &self.log);
        until("the daemon ends", || child.try_wait().unwrap(), || fs::read_to_string(log).unwrap())
    }

    /// SIGKILL, and nothing of it is left.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The value of a series in an exposition.
pub fn value(exposition: &str, series: &str) -> Option<f64> {
    let line = exposition.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' '))?;
    Some(line.parse().unwrap())
}

/// The body of an HTTP answer.
pub fn get(address: SocketAddr, path: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(60)))?;
    write!(stream, "GET {path} HTTP/1.0\r\nHost: {address}\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    answer.split_once("\r\n\r\n").map(|(_, body)| body.to_owned()).ok_or(std::io::ErrorKind::UnexpectedEof.into())
}

fn listens(log: &str) -> Option<SocketAddr> {
    let (_, rest) = LISTENS.iter().find_map(|before| log.split_once(before))?;
    rest.split([' ', '"', '\n']).next()?.parse().ok()
}
