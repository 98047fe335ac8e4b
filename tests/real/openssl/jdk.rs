//! The JDKs of this machine, as Elasticsearch's TLS client.

use std::collections::BTreeSet;
use std::io::Read;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

use farlink_checks::hellos::jdk::{ELASTICSEARCH_SUITES, Jdk, VERSIONS, default_suites};
use farlink_checks::hellos::{content, suites};
use farlink_checks::model::hello::Hello;

const PROGRAM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/real/openssl/Connects.java");
/// `TLS_EMPTY_RENEGOTIATION_INFO_SCSV`, which is no suite.
const SCSV: u16 = 0x00ff;

/// One JDK.
pub(crate) struct Java {
    program: PathBuf,
    /// Its feature release, such as 17.
    pub(crate) feature: u32,
}

impl Java {
    /// One a feature release from 17 on: that of the search path and those under `/usr/lib/jvm`.
    pub(crate) fn all() -> Vec<Self> {
        let installed = std::fs::read_dir("/usr/lib/jvm").into_iter().flatten().flatten();
        let programs = installed.map(|entry| entry.path().join("bin/java")).filter(|program| program.exists());
        let mut javas: Vec<Self> = Vec::new();
        for java in [PathBuf::from("java")].into_iter().chain(programs).filter_map(Self::of) {
            if java.feature >= 17 && javas.iter().all(|known| known.feature != java.feature) {
                javas.push(java);
            }
        }
        assert!(!javas.is_empty(), "a JDK from 17 on is needed, in PATH or under /usr/lib/jvm");
        javas
    }

    fn of(program: PathBuf) -> Option<Self> {
        let said = Command::new(&program).arg("-version").output().ok()?;
        let said = String::from_utf8_lossy(&said.stderr).into_owned();
        let feature = said.split('"').nth(1)?.split(['.', '-', '+']).next()?.parse().ok()?;
        Some(Self { program, feature })
    }

    /// What became of a handshake with each port: `yes VERSION SUITE` or `no REASON`.
    pub(crate) fn connects(&self, ports: &[u16]) -> Vec<String> {
        let lines = self.run(ports);
        let answer = |port: &u16| {
            let start = format!("{port} ");
            lines.iter().find_map(|line| line.strip_prefix(&start)).map(str::to_owned)
        };
        ports.iter().map(|port| answer(port).unwrap_or_else(|| unreachable!("{port}: {lines:?}"))).collect()
    }

    /// The tables of versions and suites are what this JDK says of itself.
    pub(crate) fn assert_enables(&self) {
        let lines = self.run(&[]);
        let list = |start: &str| -> Vec<String> {
            let line = lines.iter().find_map(|line| line.strip_prefix(start)).unwrap();
            line.split(',').filter(|name| !name.ends_with("_SCSV")).map(str::to_owned).collect()
        };
        let versions: Vec<String> = VERSIONS.iter().map(|version| suites::version_name(*version)).collect();
        assert_eq!(list("versions "), versions, "JDK {}", self.feature);
        assert_eq!(list("suites "), default_suites(self.generation()).collect::<Vec<_>>(), "JDK {}", self.feature);
    }

    /// The hand-built hello of this JDK's generation offers what the JDK's own offers.
    pub(crate) fn assert_offers(&self) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let listening = std::thread::spawn(move || {
            let mut hello = vec![0; 5];
            let (mut stream, _) = listener.accept().unwrap();
            stream.read_exact(&mut hello).unwrap();
            hello.resize(5 + usize::from(u16::from_be_bytes([hello[3], hello[4]])), 0);
            stream.read_exact(&mut hello[5..]).unwrap();
            hello
        });
        self.run(&[port]);
        let theirs = Offered::of(&listening.join().unwrap());
        let ours = content(match self.generation() {
            Jdk::From24 => Hello::NewJdk,
            Jdk::Before24 => Hello::OldJdk,
        });
        assert_eq!(theirs.suites, ours.suites, "JDK {}", self.feature);
        assert_eq!(theirs.groups, ours.groups, "JDK {}", self.feature);
        assert_eq!(theirs.signatures, ours.signatures, "JDK {}", self.feature);
        assert_eq!(theirs.certificate_signatures, ours.certificate_signatures, "JDK {}", self.feature);
        assert_eq!(theirs.versions, ours.versions, "JDK {}", self.feature);
    }

    fn generation(&self) -> Jdk {
        if self.feature >= 24 { Jdk::From24 } else { Jdk::Before24 }
    }

    fn run(&self, ports: &[u16]) -> Vec<String> {
        let output = Command::new(&self.program)
            .arg(Path::new(PROGRAM))
            .arg(ELASTICSEARCH_SUITES.join(","))
            .args(ports.iter().map(u16::to_string))
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
    }
}

/// What a ClientHello offers (RFC 8446 section 4.1.2).
#[derive(Default)]
struct Offered {
    suites: Vec<u16>,
    groups: Vec<u16>,
    signatures: Vec<u16>,
    certificate_signatures: Vec<u16>,
    versions: Vec<u16>,
}

impl Offered {
    fn of(record: &[u8]) -> Self {
        let mut offered = Self::default();
        // Record, message, version and random come before the session id.
        let mut rest = &record[5 + 4 + 2 + 32..];
        let session = usize::from(rest[0]);
        rest = &rest[1 + session..];
        let suites = sized(&mut rest);
        offered.suites = numbers(suites).into_iter().filter(|suite| *suite != SCSV).collect();
        rest = &rest[1 + usize::from(rest[0])..];
        let mut extensions = sized(&mut rest);
        let mut seen = BTreeSet::new();
        while let [high, low, ..] = *extensions {
            extensions = &extensions[2..];
            let kind = u16::from_be_bytes([high, low]);
            let body = sized(&mut extensions);
            assert!(seen.insert(kind), "extension {kind} twice");
            match kind {
                10 => offered.groups = numbers(&body[2..]),
                13 => offered.signatures = numbers(&body[2..]),
                43 => offered.versions = numbers(&body[1..]),
                50 => offered.certificate_signatures = numbers(&body[2..]),
                _ => {}
            }
        }
        offered
    }
}

fn sized<'a>(rest: &mut &'a [u8]) -> &'a [u8] {
    let (body, after) = rest[2..].split_at(usize::from(u16::from_be_bytes([rest[0], rest[1]])));
    *rest = after;
    body
}

fn numbers(bytes: &[u8]) -> Vec<u16> {
    bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect()
}
