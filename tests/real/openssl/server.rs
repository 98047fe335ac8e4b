//! `openssl s_server` on an ephemeral port of loopback.

use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

/// A self-signed certificate with an RSA key, in files.
pub(crate) struct Keys {
    folder: TempDir,
}

impl Keys {
    /// Made by `openssl req`.
    pub(crate) fn generate() -> Self {
        let keys = Self { folder: tempfile::tempdir().unwrap() };
        let made = Command::new("openssl")
            .args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=old.example", "-days", "365"])
            .args([PathBuf::from("-keyout"), keys.key(), PathBuf::from("-out"), keys.certificate()])
            .output()
            .unwrap_or_else(|error| unreachable!("openssl is needed: {error}"));
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        keys
    }

    fn key(&self) -> PathBuf {
        self.folder.path().join("key.pem")
    }

    fn certificate(&self) -> PathBuf {
        self.folder.path().join("certificate.pem")
    }
}

/// A running server, ended when it is dropped.
pub(crate) struct Server {
    child: Child,
    port: u16,
}

impl Server {
    /// Starts one with these options, in words.
    pub(crate) fn start(keys: &Keys, options: &str) -> Self {
        let child = Command::new("openssl")
            .args(["s_server", "-accept", "127.0.0.1:0"])
            .args([PathBuf::from("-key"), keys.key(), PathBuf::from("-cert"), keys.certificate()])
            .args(options.split_whitespace())
            // Left open: at the end of its input the server hangs up.
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| unreachable!("openssl is needed: {error}"));
        let mut server = Self { child, port: 0 };
        let mut output = BufReader::new(server.child.stdout.take().unwrap());
        let mut line = String::new();
        while !line.starts_with("ACCEPT") {
            line.clear();
            if output.read_line(&mut line).unwrap() == 0 {
                let mut said = String::new();
                server.child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
                unreachable!("openssl s_server {options} did not start: {said}");
            }
        }
        server.port = line.trim().rsplit(':').next().unwrap().parse().unwrap();
        // A server that nobody listens to stops when its pipes are full.
        drain(output);
        drain(server.child.stderr.take().unwrap());
        server
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn drain(mut output: impl Read + Send + 'static) {
    std::thread::spawn(move || std::io::copy(&mut output, &mut std::io::sink()));
}
