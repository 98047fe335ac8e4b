//! A key that is looked for wherever it must not be: output, evidence, and the memory of the process at its end.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use farlink_lab::address::{Host, REMOTE_CLUSTER_PORT, RefusedPort};
use farlink_lab::authority::{Authority, LeafOptions};
use farlink_lab::handshake::Release;
use farlink_lab::key::{Key, KeyState, Licence, RemoteClusterServer};
use farlink_lab::node::{Node, NodeOptions, Profile};
use farlink_lab::rest::{RestAuth, RestCluster, RestLink, RestStub, RestTarget};
use farlink_lab::tls::ServerTls;
use tempfile::TempDir;
use tokio::net::TcpListener;

use super::estate::farlink;
use super::image::{Image, stopped_at};

const ID: &str = "VuaCfGcBCdbkQm-e5aOx";
/// Nobody writes this by accident.
const SECRET: &str = "cAnArY_q7Zx-tWeEt_0Kpv";
/// How much of a secret is too much, in characters.
const TOO_MUCH: usize = 10;

/// A way on which a run can go.
struct Road {
    name: &'static str,
    arguments: Vec<String>,
    /// What the report has to say, so that the road is the one it is named for.
    says: &'static str,
}

struct Estate {
    _nodes: Vec<Node>,
    _local: RestStub,
    _refused: RefusedPort,
    _hosts: Vec<Host>,
    files: TempDir,
    roads: Vec<Road>,
}

impl Estate {
    async fn start() -> Self {
        let authority = Authority::new("Lab CA").unwrap();
        let files = tempfile::tempdir().unwrap();
        std::fs::write(files.path().join("ca.pem"), authority.ca_pem()).unwrap();
        let key = Key::new(ID, SECRET);
        let json = format!("{{\"id\":\"{ID}\",\"api_key\":\"{SECRET}\",\"encoded\":\"{}\"}}", key.encoded());
        for (name, content) in [
            ("key", key.encoded()),
            ("json", json),
            ("plain", format!("{ID}:{SECRET}")),
            ("torn", key.encoded().replace("Q", "Q\n")),
        ] {
            std::fs::write(files.path().join(name), content).unwrap();
        }
        let (mut nodes, mut hosts, mut addresses) = (Vec::new(), Vec::new(), Vec::new());
        for state in [KeyState::Active, KeyState::Expired, KeyState::RefusedUnheardOf] {
            let host = Host::claim();
            let names = LeafOptions { ips: vec![host.ip()], ..LeafOptions::dns(&["a.test"]) };
            let keys = vec![Key { state, ..key.clone() }];
            let server = RemoteClusterServer { keys, licence: Licence::Sufficient };
            let options = NodeOptions {
                profile: Profile::RemoteCluster(server),
                tls: Some(ServerTls::new(authority.issue(&names).unwrap())),
                ..NodeOptions::new(Release::V9_5_3)
            };
            let node = Node::start(host.listen(REMOTE_CLUSTER_PORT).await.unwrap(), options).unwrap();
            addresses.push(node.address().to_string());
            nodes.push(node);
            hosts.push(host);
        }
        let refused = RefusedPort::hold(([127, 0, 0, 1], 0).into()).unwrap();
        let file = |name: &str| files.path().join(name).display().to_string();
        let ca = format!("--ca-file={}", file("ca.pem"));
        let road = |name, address: &str, key: &str, says| Road {
            name,
            arguments: vec![
                "diagnose".to_owned(),
                format!("--proxy-address={address}"),
                "--model=api-key".to_owned(),
                ca.clone(),
                format!("--api-key-file={}", file(key)),
            ],
            says,
        };
        let local = local_cluster(&addresses[0], key.encoded()).await;
        let through_cluster = Road {
            name: "the key of a local cluster's API as well",
            arguments: vec![
                "diagnose".to_owned(),
                format!("--cluster={}", local.url()),
                ca.clone(),
                format!("--api-key-file={}", file("key")),
                format!("--cluster-api-key-file={}", file("key")),
            ],
            says: "ok",
        };
        let roads = vec![
            road("accepted", &addresses[0], "key", "ok"),
            road("refused", &addresses[1], "key", "api-key-expired"),
            road("refused in words of tomorrow", &addresses[2], "key", "api-key-refused"),
            road("no connection", &refused.address().to_string(), "key", "tcp-refused"),
            road("a whole answer as key", &addresses[0], "json", "api-key-malformed"),
            road("not encoded", &addresses[0], "plain", "api-key-malformed"),
            road("a line break inside", &addresses[0], "torn", "api-key-malformed"),
            through_cluster,
        ];
        Self { _nodes: nodes, _local: local, _refused: refused, _hosts: hosts, files, roads }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.files.path().join(name)
    }
}

/// A cluster that asks for an API key and links to `address`.
async fn local_cluster(address: &str, key: String) -> RestStub {
    let link = RestLink {
        alias: "eu".into(),
        target: RestTarget::Proxy { address: address.to_owned(), server_name: None },
        api_key: true,
        from_file: false,
        connected: true,
        error: None,
        remote_version: "9.5.3".into(),
    };
    let cluster = RestCluster {
        name: "prod".into(),
        version: "9.5.3".into(),
        transport_version: 9_458_007,
        transport_address: ([127, 0, 0, 1], 9300).into(),
        remote_cluster_server: None,
        node_settings: Vec::new(),
        links: vec![link],
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    RestStub::start(listener, cluster, RestAuth::ApiKey(key), None).unwrap()
}

/// The secret as it might be written: whole or encoded, in each alignment that base64 has.
fn forms() -> Vec<Vec<u8>> {
    let whole = format!("{ID}:{SECRET}");
    let mut forms = vec![SECRET.to_owned(), hex::encode(SECRET), hex::encode_upper(SECRET)];
    for padding in ["", "x", "xx"] {
        let text = STANDARD.encode(format!("{padding}{SECRET}"));
        forms.extend([text[4..text.len() - 4].to_owned(), hex::encode(&text[4..text.len() - 4])]);
        forms.push(URL_SAFE.encode(format!("{padding}{SECRET}"))[4..text.len() - 4].to_owned());
    }
    // Behind the id, which may be shown.
    forms.push(STANDARD.encode(&whole)[ID.len() * 4 / 3 + 2..].trim_end_matches('=').to_owned());
    forms.into_iter().map(String::into_bytes).collect()
}

/// A part of the secret that stands in `text`.
fn leak(text: &[u8]) -> Option<String> {
    let forms = forms();
    let mut parts = forms.iter().flat_map(|form| form.windows(TOO_MUCH));
    let found = parts.find(|part| text.windows(part.len()).any(|window| window == *part));
    found.map(|part| String::from_utf8_lossy(part).into_owned())
}

#[test]
fn a_leak_is_seen_in_whichever_form_it_is_written() {
    let encoded = Key::new(ID, SECRET).encoded();
    for text in [
        SECRET.to_owned(),
        format!("…{}…", &SECRET[5..16]),
        encoded.clone(),
        format!("{:?}", hex::encode(&encoded)),
        STANDARD.encode(SECRET),
        URL_SAFE.encode(format!("Key: {SECRET}")),
    ] {
        assert!(leak(text.as_bytes()).is_some(), "{text}");
    }
    assert_eq!(leak(format!("the API key {ID} has expired").as_bytes()), None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_key_is_in_no_output_and_no_evidence_whichever_way_a_run_goes() {
    let estate = Estate::start().await;
    tokio::task::spawn_blocking(move || {
        for road in &estate.roads {
            let evidence = estate.file("evidence.json");
            for format in ["text", "short", "json"] {
                let mut arguments = road.arguments.clone();
                arguments.extend([format!("--format={format}"), format!("--save-evidence={}", evidence.display())]);
                let mut command = Command::new(env!("CARGO_BIN_EXE_farlink"));
                // Nothing logs today; what will has to pass here.
                command.args(&arguments).env("RUST_LOG", "trace").env("RUST_BACKTRACE", "full");
                let output = command.output().unwrap();
                let text = String::from_utf8_lossy(&output.stdout).into_owned();
                assert!(format == "short" || text.contains(road.says), "{}: {text}", road.name);
                let saved = std::fs::read(&evidence).unwrap();
                let replayed = farlink(["diagnose", "--evidence", evidence.to_str().unwrap(), "--format=json"]).stdout;
                for (place, bytes) in [
                    ("stdout", &output.stdout),
                    ("stderr", &output.stderr),
                    ("evidence", &saved),
                    ("replay", &replayed),
                ] {
                    assert_eq!(leak(bytes), None, "{} as {format}: {place}", road.name);
                }
            }
        }
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_file_in_the_wrong_place_is_not_printed_by_a_complaint() {
    let estate = Estate::start().await;
    let (key, json) = (estate.file("key"), estate.file("json"));
    let config = estate.file("farlink.yml");
    std::fs::write(&config, format!("links: {{ eu: {{ api_key: {SECRET} }} }}\n")).unwrap();
    let shown = |path: &PathBuf| path.display().to_string();
    for arguments in [
        vec!["diagnose".to_owned(), format!("--config={}", shown(&key))],
        vec!["diagnose".to_owned(), format!("--config={}", shown(&json))],
        vec!["diagnose".to_owned(), format!("--config={}", shown(&config))],
        vec!["diagnose".to_owned(), format!("--evidence={}", shown(&key))],
        vec!["diagnose".to_owned(), format!("--evidence={}", shown(&json))],
        vec!["diagnose".to_owned(), "--proxy-address=127.0.0.1:1".into(), format!("--ca-file={}", shown(&key))],
        vec!["certs".to_owned(), shown(&key)],
    ] {
        let output = farlink(&arguments);
        for bytes in [&output.stdout, &output.stderr] {
            assert_eq!(leak(bytes), None, "{arguments:?}: {}", String::from_utf8_lossy(bytes));
        }
    }
}

/// The process is stopped where it opens its output, a pipe that nobody reads yet: by then the last copy of
/// the key type is gone, and what is left of the key is left in a core file too.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_key_is_not_in_the_memory_of_the_process_when_its_last_use_is_over() {
    let estate = Estate::start().await;
    tokio::task::spawn_blocking(move || {
        for road in &estate.roads {
            let pipe = estate.file("pipe");
            assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
            let mut command = Command::new(env!("CARGO_BIN_EXE_farlink"));
            command.args(&road.arguments).arg("--format=json").arg(format!("--output={}", pipe.display()));
            let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            stopped_at(child.id(), Instant::now() + Duration::from_secs(20));
            let image = Image::of(child.id());
            let report = std::fs::read_to_string(&pipe).unwrap();
            child.wait().unwrap();
            std::fs::remove_file(&pipe).unwrap();
            assert!(report.contains(road.says), "{}: {report}", road.name);
            // What is in the report is in memory: the image is one, and of this process.
            assert!(!image.find(b"farlink.report/1").is_empty(), "{}", road.name);
            let middle = SECRET.len() / 2 - TOO_MUCH / 2;
            let mut found = Vec::new();
            for form in forms() {
                let start = middle.min(form.len() - TOO_MUCH);
                found.extend(image.find(&form[start..start + TOO_MUCH]));
            }
            assert_eq!(found, Vec::<String>::new(), "{}", road.name);
        }
    })
    .await
    .unwrap();
}

/// The search finds the key while it is alive: without this the test above would prove nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_key_is_in_the_memory_of_a_process_that_still_needs_it() {
    let estate = Estate::start().await;
    // It takes connections into its queue and never answers.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let mut arguments = estate.roads[0].arguments.clone();
    arguments[1] = format!("--proxy-address={}", silent.local_addr().unwrap());
    let mut command = Command::new(env!("CARGO_BIN_EXE_farlink"));
    let mut child = command.args(&arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let _connection = tokio::task::spawn_blocking(move || silent.accept().unwrap()).await.unwrap();
    let image = Image::of(child.id());
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(!image.find(SECRET.as_bytes()).is_empty());
}
