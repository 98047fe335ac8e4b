//! CPU of a full link probe beside a bare rustls handshake and `openssl s_client`, in one run.
//!
//! `cargo bench --bench probe`: the server runs in a process of its own, so that only the client's CPU counts. All
//! three do a full TLS 1.3 handshake without resumption over a new TCP connection on loopback and verify
//! the chain; the two of rustls with the same provider, webpki and certificate. A probe also resolves,
//! asks the transport protocol's questions, and is judged.

#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::disallowed_methods, missing_docs)]

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use farlink::link::inputs::Timeouts;
use farlink::link::key::cross_cluster;
use farlink::probe::attempt::{Credentials, MaySendKey};
use farlink::probe::dns::Dns;
use farlink::probe::earlier::Earlier;
use farlink::probe::seams::Seams;
use farlink::probe::tls::provider;
use farlink::run::link::{Manner, observe};
use farlink_checks::judge::{diagnose, may_send_key};
use farlink_checks::model::diagnosis::Verdict;
use farlink_checks::model::evidence::{Der, LinkEvidence};
use farlink_checks::model::link::{Link, Mode, Model, Source, Sourced, Target, Trust, VerificationMode};
use farlink_lab::authority::{Authority, LeafOptions};
use farlink_lab::handshake::Release;
use farlink_lab::key::{Key, Licence, RemoteClusterServer};
use farlink_lab::node::{Node, NodeOptions, Profile};
use farlink_lab::tls::{ClientAuth, ServerTls};
use rustls_pki_types::{CertificateDer, ServerName, pem::PemObject as _};
use tokio::net::{TcpListener, TcpStream};

const ROUNDS: u32 = 500;
const NAME: &str = "eu.lab.example";
/// Id and secret of a key that the remote knows.
const KEY: (&str, &str) = ("VuaCfGcBCdbkQm-e5aOx", "ui2lp2axTNmsyakw9tvNnw");

#[tokio::main(flavor = "current_thread")]
async fn main() {
    if std::env::args().nth(1).as_deref() == Some("serve") {
        return serve(std::env::args().nth(2).unwrap()).await;
    }
    let folder = tempfile::tempdir().unwrap();
    let ca = folder.path().join("ca.pem");
    let mut server = Command::new(std::env::current_exe().unwrap())
        .args(["serve", ca.to_str().unwrap()])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let addresses: Vec<SocketAddr> = line.split_whitespace().map(|address| address.parse().unwrap()).collect();
    let (address, key_address) = (addresses[0], addresses[1]);
    let authority = CertificateDer::from_pem_file(&ca).unwrap();

    // What a run sets up once is set up once for both.
    let config = config(&authority);
    let seams = Seams::real(Arc::new(Dns::given(([127, 0, 0, 1], 1).into(), &[], None).unwrap()));
    let bare = cpu_of(own_time, async || handshake(address, &config).await).await;
    let probe = cpu_of(own_time, async || full_probe(address, &authority, &seams).await).await;
    let first = cpu_of(own_time, async || {
        farlink_checks::x509::forget();
        full_probe(address, &authority, &seams).await;
    })
    .await;
    let key = cpu_of(own_time, async || drop(key_probe(key_address, &authority, &seams, None).await)).await;
    // As the daemon does it again and again: the key each time, or only when it is due.
    let seen = key_probe(key_address, &authority, &seams, None).await;
    let again = |key_interval| Earlier { evidence: &seen, elapsed: Duration::from_secs(30), key_interval };
    let due =
        cpu_of(own_time, async || drop(key_probe(key_address, &authority, &seams, Some(again(Duration::ZERO))).await))
            .await;
    let held = cpu_of(own_time, async || {
        drop(key_probe(key_address, &authority, &seams, Some(again(Duration::from_secs(300)))).await)
    })
    .await;
    let openssl = cpu_of(child_time, async || s_client(address, &ca)).await;
    server.kill().unwrap();
    server.wait().unwrap();
    println!("CPU per connection, {ROUNDS} rounds:");
    println!("  bare rustls handshake   {:7.3} ms", bare);
    for (name, cost) in [
        ("farlink, full probe", probe),
        ("  the certificates new", first),
        ("  the key verified", key),
        ("    once more", due),
        ("    as it held before", held),
        ("openssl s_client", openssl),
    ] {
        println!("  {name:<22}  {cost:7.3} ms   {:.2} of the bare handshake", cost / bare);
    }
}

async fn serve(ca: String) {
    let authority = Authority::new("Lab CA").unwrap();
    let identity = authority.issue(&LeafOptions::dns(&[NAME])).unwrap();
    std::fs::write(ca, authority.ca_pem()).unwrap();
    let node = |profile| {
        let mut options = NodeOptions::new(Release::V9_5_3);
        options.tls = Some(ServerTls { identity: identity.clone(), client_auth: ClientAuth::None });
        options.profile = profile;
        options
    };
    let keys = RemoteClusterServer { keys: vec![Key::new(KEY.0, KEY.1)], licence: Licence::Sufficient };
    let mut nodes = Vec::new();
    for profile in [Profile::Default, Profile::RemoteCluster(keys)] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        nodes.push(Node::start(listener, node(profile)).unwrap());
    }
    println!("{} {}", nodes[0].address(), nodes[1].address());
    std::future::pending::<()>().await;
}

/// Milliseconds of CPU a round of `work` takes, after a few that warm up.
async fn cpu_of(time: fn() -> u64, work: impl AsyncFn()) -> f64 {
    for _ in 0..20 {
        work().await;
    }
    let before = time();
    for _ in 0..ROUNDS {
        work().await;
    }
    (time() - before) as f64 / 1e6 / f64::from(ROUNDS)
}

fn config(authority: &CertificateDer<'static>) -> Arc<rustls::ClientConfig> {
    let mut roots = rustls::RootCertStore::empty();
    roots.add(authority.clone()).unwrap();
    let mut config = rustls::ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.resumption = rustls::client::Resumption::disabled();
    Arc::new(config)
}

async fn handshake(address: SocketAddr, config: &Arc<rustls::ClientConfig>) {
    let stream = TcpStream::connect(address).await.unwrap();
    let connector = tokio_rustls::TlsConnector::from(Arc::clone(config));
    connector.connect(ServerName::try_from(NAME).unwrap(), stream).await.unwrap();
}

async fn full_probe(address: SocketAddr, authority: &CertificateDer<'static>, seams: &Seams) {
    let credentials = Credentials { anonymous_question: true, ..Credentials::default() };
    probe(link(address, Model::Certificate, authority), &credentials, seams, None).await;
}

/// The same with a good key: sent once TLS was verified, then once more with the subject.
async fn key_probe(
    address: SocketAddr,
    authority: &CertificateDer<'static>,
    seams: &Seams,
    earlier: Option<Earlier<'_>>,
) -> LinkEvidence {
    let mut link = link(address, Model::ApiKey, authority);
    let (presence, key) = cross_cluster(Key::new(KEY.0, KEY.1).encoded().as_bytes());
    link.api_key = presence;
    let may: MaySendKey = Arc::new(|link, target, tls| may_send_key(link, target, tls, jiff::Timestamp::now()));
    probe(link, &Credentials { key: key.map(|key| (key, may)), ..Credentials::default() }, seams, earlier).await
}

fn link(address: SocketAddr, model: Model, authority: &CertificateDer<'static>) -> Link {
    let mut link = Link::new("eu", Mode::Proxy, vec![Target::parse(&address.to_string())]);
    link.server_name = Some(NAME.to_owned());
    link.model = Some(Sourced::given(model));
    link.transport_tls = Some(Sourced::given(true));
    link.verification_mode = Some(Sourced::given(VerificationMode::Full));
    link.trust = Trust::Authorities {
        certificates: vec![Der(authority.to_vec())],
        file: "ca.pem".into(),
        faults: vec![],
        source: Source::Given,
    };
    link
}

async fn probe(link: Link, credentials: &Credentials, seams: &Seams, earlier: Option<Earlier<'_>>) -> LinkEvidence {
    let began = tokio::time::Instant::now();
    let next = farlink_checks::questions::next;
    let manner = Manner { credentials, seams, timeouts: Timeouts::default(), next, began, earlier };
    let evidence = observe(link, &manner).await;
    let diagnosis = diagnose(&evidence, jiff::Timestamp::now());
    assert_eq!(diagnosis.verdict, Verdict::Ok, "{diagnosis:#?}");
    evidence
}

fn s_client(address: SocketAddr, ca: &Path) {
    let status = Command::new("openssl")
        .args(["s_client", "-connect", &address.to_string(), "-servername", NAME, "-tls1_3", "-verify_return_error"])
        .args(["-verify_hostname", NAME, "-CAfile", ca.to_str().unwrap()])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success());
}

/// Nanoseconds on a CPU of every thread of this process (`/proc/PID/schedstat`).
fn own_time() -> u64 {
    let threads = std::fs::read_dir("/proc/self/task").unwrap();
    let time = |thread: std::io::Result<std::fs::DirEntry>| {
        let told = std::fs::read_to_string(thread.unwrap().path().join("schedstat")).unwrap();
        told.split(' ').next().unwrap().parse::<u64>().unwrap()
    };
    threads.map(time).sum()
}

/// Nanoseconds of children that ended (`/proc/self/stat`, in clock ticks of 10 ms).
fn child_time() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let values: Vec<&str> = stat.rsplit_once(") ").unwrap().1.split(' ').collect();
    (values[13].parse::<u64>().unwrap() + values[14].parse::<u64>().unwrap()) * 10_000_000
}
