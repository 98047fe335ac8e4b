//! What ten thousand links cost the daemon, and one probe beside blackbox_exporter's, in one run.
//!
//! `cargo bench --bench scale [LINKS ...]`: each number of links is a daemon of its own over targets on loopback,
//! each link with an address of its own, TLS with a private authority, verification mode `full` and an API key. What
//! is measured begins once every link was run. blackbox_exporter (Debian package `prometheus-blackbox-exporter`) then
//! probes the same targets with its tcp module and TLS; it resolves nothing, asks no question and judges no chain.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, clippy::disallowed_methods, missing_docs)]

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use farlink_lab::authority::{Authority, LeafOptions};
use farlink_lab::handshake::Release;
use farlink_lab::key::{Key, Licence, RemoteClusterServer};
use farlink_lab::node::{Node, NodeOptions, Profile};
use farlink_lab::tls::{ClientAuth, ServerTls};
use futures_util::stream::{self, StreamExt as _};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, sleep};

const NAME: &str = "eu.lab.example";
const KEY: (&str, &str) = ("VuaCfGcBCdbkQm-e5aOx", "ui2lp2axTNmsyakw9tvNnw");
/// How long a daemon is watched.
const WATCHED: Duration = Duration::from_secs(60);
/// How often it is scraped meanwhile.
const SCRAPED: Duration = Duration::from_secs(10);
/// How many probes blackbox_exporter makes.
const PROBES: usize = 3000;

#[tokio::main(flavor = "multi_thread", worker_threads = 1)]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.first().is_some_and(|word| word == "targets") {
        return targets(Path::new(&arguments[1])).await;
    }
    let mut counts: Vec<usize> = arguments.iter().filter_map(|word| word.parse().ok()).collect();
    if counts.is_empty() {
        counts = vec![1_000, 10_000];
    }
    let folder = tempfile::tempdir().unwrap();
    let mut server = Command::new(std::env::current_exe().unwrap())
        .args(["targets", folder.path().to_str().unwrap()])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let port: u16 = line.trim().parse().unwrap();

    println!("links    RSS after  RSS at most  cores   ms a run  us a link and second  lag at most  scrape at most");
    let mut a_run = 0.0;
    for &count in &counts {
        a_run = daemon(folder.path(), port, count).await;
    }
    let peer = blackbox(folder.path(), port).await;
    println!("CPU a probe: farlink {a_run:.3} ms, blackbox_exporter {peer:.3} ms, ratio {:.2}", a_run / peer);
    server.kill().unwrap();
    server.wait().unwrap();
}

async fn targets(folder: &Path) {
    let authority = Authority::new("Lab CA").unwrap();
    let identity = authority.issue(&LeafOptions::dns(&[NAME])).unwrap();
    std::fs::write(folder.join("ca.pem"), authority.ca_pem()).unwrap();
    std::fs::write(folder.join("key"), Key::new(KEY.0, KEY.1).encoded()).unwrap();
    let mut options = NodeOptions::new(Release::V9_5_3);
    options.tls = Some(ServerTls { identity, client_auth: ClientAuth::None });
    let keys = vec![Key::new(KEY.0, KEY.1)];
    options.profile = Profile::RemoteCluster(RemoteClusterServer { keys, licence: Licence::Sufficient });
    // Every address of loopback is one target.
    let listener = TcpListener::bind("0.0.0.0:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let _node = Node::start(listener, options).unwrap();
    println!("{port}");
    std::future::pending::<()>().await;
}

fn address(number: usize) -> String {
    format!("127.1.{}.{}", number / 250, number % 250 + 1)
}

/// Watches a daemon with `count` links; returns milliseconds of CPU a run.
async fn daemon(folder: &Path, port: u16, count: usize) -> f64 {
    let mut config = String::from("serve: { listen: \"127.0.0.1:0\" }\ninterval: 30s\nlinks:\n");
    for number in 0..count {
        let address = address(number);
        let _ = writeln!(
            config,
            "  link-{number:05}: {{ proxy_address: \"{address}:{port}\", server_name: {NAME}, model: api-key, ca_file: ca.pem, api_key_file: key }}"
        );
    }
    let path = folder.join(format!("farlink-{count}.yml"));
    std::fs::write(&path, config).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_farlink"))
        .args(["serve", "--log-format", "json", "--config", path.to_str().unwrap()])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let at = listening(&mut child);
    while !get(&at, "/-/ready").await.starts_with("HTTP/1.1 200") {
        sleep(Duration::from_millis(500)).await;
    }
    sleep(Duration::from_secs(5)).await;
    let (began, cpu, runs) = (Instant::now(), cpu(child.id()), runs(&get(&at, "/metrics").await));
    let before = memory(child.id(), "VmRSS");
    let (mut lag, mut scrape, mut last) = (0.0_f64, Duration::ZERO, String::new());
    while began.elapsed() < WATCHED {
        sleep(SCRAPED).await;
        let asked = Instant::now();
        last = get(&at, "/metrics").await;
        scrape = scrape.max(asked.elapsed());
        lag = lag.max(value(&last, "farlink_probe_lag_seconds"));
    }
    let wall = began.elapsed().as_secs_f64();
    let used = self::cpu(child.id()) - cpu;
    let done = self::runs(&last) - runs;
    let broken = last.lines().filter(|line| line.starts_with("farlink_link_up{") && line.ends_with(" 0")).count();
    assert_eq!(broken, 0, "links that are broken");
    println!(
        "{count:6}  {before:6.1} MiB   {:6.1} MiB    {:.3}     {:.3}     {:17.1}     {lag:.3} s      {:.0} ms",
        memory(child.id(), "VmHWM"),
        used / wall,
        used / done * 1e3,
        used / wall / count as f64 * 1e6,
        scrape.as_secs_f64() * 1e3,
    );
    child.kill().unwrap();
    child.wait().unwrap();
    used / done * 1e3
}

/// Where a daemon listens, as its log says; the rest of the log is read and dropped.
fn listening(child: &mut Child) -> String {
    let mut log = BufReader::new(child.stderr.take().unwrap());
    loop {
        let mut line = String::new();
        assert!(log.read_line(&mut line).unwrap() > 0, "the daemon ended");
        let line: serde_json::Value = serde_json::from_str(&line).unwrap();
        if let Some(address) = line["address"].as_str() {
            let address = address.to_owned();
            std::thread::spawn(move || std::io::copy(&mut log, &mut std::io::sink()));
            return address;
        }
    }
}

/// Milliseconds of CPU a probe of blackbox_exporter.
async fn blackbox(folder: &Path, port: u16) -> f64 {
    let ca = folder.join("ca.pem");
    let modules = format!(
        "modules:\n  tls:\n    prober: tcp\n    timeout: 10s\n    tcp:\n      tls: true\n      tls_config: {{ ca_file: {:?}, server_name: {NAME} }}\n",
        ca.to_str().unwrap()
    );
    std::fs::write(folder.join("blackbox.yml"), modules).unwrap();
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let mut child = Command::new("prometheus-blackbox-exporter")
        .arg(format!("--config.file={}", folder.join("blackbox.yml").display()))
        .arg(format!("--web.listen-address={free}"))
        .arg("--log.level=error")
        .stderr(Stdio::null())
        .spawn()
        .expect("apt-get install prometheus-blackbox-exporter");
    let at = free.to_string();
    while TcpStream::connect(free).await.is_err() {
        sleep(Duration::from_millis(50)).await;
    }
    let probe = async |number: usize| {
        let answer = get(&at, &format!("/probe?module=tls&target={}:{port}", address(number))).await;
        assert!(answer.contains("\nprobe_success 1"), "{answer}");
    };
    for number in 0..50 {
        probe(number).await;
    }
    let before = cpu(child.id());
    stream::iter(0..PROBES).for_each_concurrent(16, probe).await;
    let used = cpu(child.id()) - before;
    child.kill().unwrap();
    child.wait().unwrap();
    used / PROBES as f64 * 1e3
}

async fn get(address: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    String::from_utf8(answer).unwrap()
}

fn value(metrics: &str, name: &str) -> f64 {
    let line = metrics.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("no {name}")).parse().unwrap()
}

fn runs(metrics: &str) -> f64 {
    let lines = metrics.lines().filter(|line| line.starts_with("farlink_probes_total{"));
    lines.map(|line| line.rsplit(' ').next().unwrap().parse::<f64>().unwrap()).sum()
}

/// Seconds of CPU of a process (`/proc/PID/stat`, in clock ticks of 10 ms).
fn cpu(pid: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let values: Vec<&str> = stat.rsplit_once(") ").unwrap().1.split(' ').collect();
    (values[11].parse::<f64>().unwrap() + values[12].parse::<f64>().unwrap()) / 100.0
}

/// MiB of a process's memory.
fn memory(pid: u32, what: &str) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(what)).unwrap();
    line.trim_start_matches(':').trim().trim_end_matches(" kB").parse::<f64>().unwrap() / 1024.0
}
