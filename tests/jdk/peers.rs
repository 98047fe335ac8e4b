//! The processes of a run: OpenSSL servers, one a certificate, and a Java client for each JDK. Both end with their owner.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde::{Deserialize, Serialize};

use crate::cases::Case;
use crate::forge::pem;

// --- servers ------------------------------------------------------------------------------------------------------

/// `openssl s_server` on a loopback port that the system chose; it serves the chain as it is given.
pub struct Server {
    process: Child,
    pub port: u16,
}

impl Server {
    /// A server for the case; what OpenSSL says if it does not take the certificate.
    pub fn start(case: &Case, files: &CaseFiles) -> Result<Self, String> {
        let mut command = Command::new("openssl");
        command.args(["s_server", "-accept", "127.0.0.1:0", "-www", "-num_tickets", "0"]);
        command.args(["-no-CAfile", "-no-CApath", "-no-CAstore", "-cipher", "ALL:@SECLEVEL=0"]);
        command.arg("-key").arg(&case.key).arg("-cert").arg(&files.leaf);
        if case.served.len() > 1 {
            command.arg("-cert_chain").arg(&files.rest);
        }
        let words = std::fs::File::create(&files.words).unwrap();
        let mut process = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(words)
            .spawn()
            .expect("missing component: openssl");
        for line in BufReader::new(process.stdout.take().unwrap()).lines().map_while(Result::ok) {
            if let Some(port) = line.strip_prefix("ACCEPT ").and_then(|at| at.rsplit(':').next()?.parse().ok()) {
                return Ok(Self { process, port });
            }
        }
        process.wait().unwrap();
        Err(std::fs::read(&files.words).map(|words| String::from_utf8_lossy(&words).into_owned()).unwrap_or_default())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A case's certificates as PEM files.
pub struct CaseFiles {
    pub leaf: String,
    pub rest: String,
    pub chain: String,
    pub authorities: String,
    words: String,
}

impl CaseFiles {
    pub fn write(case: &Case, folder: &Path) -> Self {
        let stem = case.name.replace('/', "-");
        let write = |part: &str, ders: &[Vec<u8>]| {
            let path = folder.join(format!("{stem}.{part}.pem")).to_str().unwrap().to_owned();
            let text = ders.iter().fold(String::new(), |mut text, der| {
                let _ = write!(text, "{}", pem("CERTIFICATE", der));
                text
            });
            std::fs::write(&path, text).unwrap();
            path
        };
        Self {
            leaf: write("leaf", &case.served[..1]),
            rest: write("rest", &case.served[1..]),
            chain: write("chain", &case.served),
            authorities: write("authorities", &case.trusted),
            words: folder.join(format!("{stem}.server")).to_str().unwrap().to_owned(),
        }
    }
}

// --- the Java client ----------------------------------------------------------------------------------------------

/// `TlsClient.java` on one JDK.
pub struct Jdk {
    process: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
pub struct Answer {
    pub verdict: String,
    pub error: Option<String>,
    #[serde(skip_serializing)]
    pub at: jiff::Timestamp,
}

impl Jdk {
    pub fn start(home: &str, classes: &str, key: &Path, certificate: &Path) -> Self {
        let mut process = Command::new(format!("{home}/bin/java"))
            .args(["-XX:+UseSerialGC", "-Xshare:auto", "-cp", classes, "TlsClient"])
            .args([key, certificate])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("missing component: {home}/bin/java: {error}"));
        let (questions, answers) = (process.stdin.take().unwrap(), process.stdout.take().unwrap());
        Self { process, questions, answers: BufReader::new(answers) }
    }

    /// One case, its fields as `TlsClient.java` describes them.
    pub fn ask(&mut self, fields: &[String]) -> Answer {
        writeln!(self.questions, "{}", fields.join("\t")).unwrap();
        self.questions.flush().unwrap();
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("the JDK answered {line:?} to {fields:?}: {error}"))
    }
}

impl Drop for Jdk {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
