//! `farlink certs`: what it reads, what it says, and how it ends.

use std::process::Command;

use farlink_lab::authority::{Authority, LeafOptions};
use farlink_lab::handshake::Release;
use farlink_lab::node::{Node, NodeOptions};
use farlink_lab::tls::{ClientAuth, ServerTls};
use serde_json::Value;

use super::estate::farlink;

struct Folder(tempfile::TempDir);

impl Folder {
    /// A chain for `eu.lab.example`, its authority, and the same in other forms.
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let authority = Authority::new("Lab CA").unwrap();
        let identity = authority.issue(&LeafOptions::dns(&["eu.lab.example"])).unwrap();
        std::fs::write(folder.path().join("ca.pem"), authority.ca_pem()).unwrap();
        std::fs::write(folder.path().join("chain.pem"), identity.certificate_pem()).unwrap();
        std::fs::write(folder.path().join("key.pem"), identity.key_pem()).unwrap();
        std::fs::write(folder.path().join("password"), "secret\n").unwrap();
        Self(folder)
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).display().to_string()
    }

    fn openssl(&self, arguments: &[&str]) {
        let done = Command::new("openssl").current_dir(self.0.path()).args(arguments).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }

    /// Writes `chain.p12`, whose password is in `password`.
    fn pkcs_12(&self) {
        let files = ["-in", "chain.pem", "-inkey", "key.pem", "-passout", "file:password", "-out", "chain.p12"];
        self.openssl(&[&["pkcs12", "-export"], &files[..]].concat());
    }

    fn certs(&self, source: &str, more: &[&str]) -> (Value, Option<i32>) {
        let (source, ca) = (self.path(source), format!("--ca-file={}", self.path("ca.pem")));
        let output = farlink(["certs", &source, &ca, "--format=json"].into_iter().chain(more.iter().copied()));
        let value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
        (value, output.status.code())
    }
}

#[test]
fn a_chain_is_accepted_for_its_name_and_refused_for_another() {
    let folder = Folder::new();
    for (name, full, code) in [("eu.lab.example", "accept", 0), ("us.lab.example", "reject", 1)] {
        let (report, ended) = folder.certs("chain.pem", &["--server-name", name]);
        let verification = &report["chains"][0]["verification"];
        assert_eq!((verification["full"].as_str(), verification["certificate"].as_str()), (Some(full), Some("accept")));
        assert_eq!(verification["by_jdk"]["17"], verification["by_jdk"]["25"]);
        assert_eq!(ended, Some(code));
    }
    let (report, ended) = folder.certs("chain.pem", &[]);
    assert_eq!((&report["chains"][0]["verification"]["full"], ended), (&Value::Null, Some(0)));
    let (report, ended) = folder.certs("chain.pem", &["--at=2099-01-01"]);
    assert_eq!((report["chains"][0]["findings"][0]["id"].as_str(), ended), (Some("certificate-expired"), Some(1)));
}

#[test]
fn a_file_of_authorities_is_shown_and_not_refused() {
    let folder = Folder::new();
    let output = farlink(["certs", &folder.path("ca.pem"), "--format=json"]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((report["chains"][0]["purpose"].as_str(), output.status.code()), (Some("authority"), Some(0)));
    assert_eq!(report["chains"][0]["verification"]["certificate"], Value::Null);
    assert_eq!(report["chains"][0]["certificates"][0]["role"], "authority");
}

#[test]
fn pem_der_and_pkcs_12_hold_the_same_chain() {
    let folder = Folder::new();
    folder.openssl(&["x509", "-in", "chain.pem", "-outform", "der", "-out", "chain.der"]);
    folder.pkcs_12();
    let password = format!("--password-file={}", folder.path("password"));
    let leaf = |report: &Value| report["chains"][0]["certificates"][0]["facts"]["fingerprint"].clone();
    let (pem, _) = folder.certs("chain.pem", &[]);
    for source in ["chain.der", "chain.p12"] {
        let (report, code) = folder.certs(source, &[&password]);
        assert_eq!((leaf(&report), code), (leaf(&pem), Some(0)), "{source}");
    }
}

#[test]
fn what_holds_no_certificate_is_named_and_exits_2() {
    let folder = Folder::new();
    std::fs::write(folder.path("page.pem"), "<!DOCTYPE html><html></html>").unwrap();
    folder.pkcs_12();
    for (source, said) in [
        ("page.pem", "HTML page"),
        ("key.pem", "private key only"),
        ("chain.p12", "--password-file"),
        ("missing.pem", "neither a file"),
    ] {
        let output = farlink(["certs", &folder.path(source)]);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{stderr}");
        assert!(stderr.contains(said), "{source}: {stderr}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_port_serves_is_judged_for_the_name_that_was_meant_whatever_address_was_dialled() {
    let folder = tempfile::tempdir().unwrap();
    let authority = Authority::new("Lab CA").unwrap();
    let ca = folder.path().join("ca.pem");
    std::fs::write(&ca, authority.ca_pem()).unwrap();
    let identity = authority.issue(&LeafOptions::dns(&["eu.lab.example"])).unwrap();
    let mut options = NodeOptions::new(Release::V9_5_3);
    options.tls = Some(ServerTls { identity, client_auth: ClientAuth::None });
    let node = Node::start(tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap(), options).unwrap();
    let (address, ca) = (node.address().to_string(), format!("--ca-file={}", ca.display()));
    tokio::task::spawn_blocking(move || {
        for (arguments, code) in [
            (vec!["certs", "eu.lab.example:9443", "--through", &address, &ca], 0),
            (vec!["certs", "us.lab.example:9443", "--through", &address, &ca], 1),
            (vec!["certs", &address, "--server-name=eu.lab.example", &ca], 0),
            (vec!["certs", &address, &ca], 1),
        ] {
            assert_eq!(farlink(&arguments).status.code(), Some(code), "{arguments:?}");
        }
    })
    .await
    .unwrap();
}

#[test]
fn a_port_that_shows_nothing_is_not_refused_but_unknown() {
    let refused = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let output = farlink(["certs", &refused.to_string()]);
    assert_eq!(output.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&output.stderr).contains("connection refused"));
}

#[test]
fn the_document_validates_against_its_schema() {
    let folder = Folder::new();
    let schema: Value = serde_json::from_slice(&farlink(["config", "schema", "--certs"]).stdout).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for name in ["eu.lab.example", "us.lab.example"] {
        let (report, _) = folder.certs("chain.pem", &["--server-name", name]);
        let faults: Vec<String> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
        assert_eq!(faults, Vec::<String>::new());
    }
}
