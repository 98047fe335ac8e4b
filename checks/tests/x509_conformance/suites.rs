//! The cases, with what the JDKs said.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use farlink_checks::model::evidence::Der;
use farlink_checks::x509::Purpose;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The file of the cases that were made for the comparison.
pub const MADE: &str = "x509-made.jsonl";

pub struct Suite {
    pub name: &'static str,
    pub about: &'static str,
    pub cases: Vec<Case>,
}

pub struct Case {
    pub id: String,
    pub served: Vec<Der>,
    pub trusted: Vec<Der>,
    pub checks: Vec<Check>,
}

#[derive(Clone, Debug)]
pub struct Check {
    pub purpose: Purpose,
    pub at: Timestamp,
    pub question: Question,
    /// Asked by a handshake, which has limits of its own.
    pub handshake: bool,
    /// Whether JDK 17 and JDK 25 accept.
    pub jdk: [bool; 2],
}

#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Question {
    /// As in `verification_mode: certificate`.
    Path,
    /// The name alone.
    Name(String),
    /// As in `verification_mode: full`.
    Full { dialled: String, server_name: Option<String> },
}

/// A file of the conformance data.
pub fn path(file: &str) -> String {
    format!("{}/../tests/conformance/data/{file}", env!("CARGO_MANIFEST_DIR"))
}

/// Every suite; the made cases from a raw `dump` where there is one.
pub fn all(dump: Option<&str>) -> Vec<Suite> {
    let suite = |name, about, cases| Suite { name, about, cases };
    vec![
        suite("x509-limbo", "the public suite of C2SP, as far as it is about TLS", judged("x509-limbo.jsonl")),
        suite(
            "remote clusters",
            "certificates of the kinds that are met between clusters",
            judged("x509-remote-clusters.jsonl"),
        ),
        suite("random", "certificates put together at random, served in and out of order", judged("x509-random.jsonl")),
        suite("made", "certificates with one oddity each, made for this comparison", dump.map_or_else(made, raw)),
    ]
}

/// Cases with a verdict on the path and one on the name.
fn judged(file: &str) -> Vec<Case> {
    #[derive(Deserialize)]
    struct Line {
        id: String,
        purpose: String,
        at: Timestamp,
        name: Option<String>,
        served: Vec<Der>,
        trusted: Vec<Der>,
        jdk17: Said,
        jdk25: Said,
    }
    #[derive(Deserialize)]
    struct Said {
        path: String,
        name: String,
    }
    let text = std::fs::read_to_string(path(file)).unwrap();
    let case = |line: Line| {
        let check =
            |question, jdk| Check { purpose: purpose(&line.purpose), at: line.at, question, handshake: false, jdk };
        let mut checks = vec![check(Question::Path, [&line.jdk17, &line.jdk25].map(|said| said.path == "accept"))];
        if let (Some(name), true) = (line.name, line.jdk17.name != "not-checked") {
            let jdk = [&line.jdk17, &line.jdk25].map(|said| said.name == "accept");
            checks.push(check(Question::Name(name), jdk));
        }
        Case { id: line.id, served: line.served, trusted: line.trusted, checks }
    };
    text.lines().map(|line| case(serde_json::from_str(line).unwrap())).collect()
}

/// The first line of the made cases.
#[derive(Deserialize, Serialize)]
pub struct Header {
    /// When the JDKs were asked.
    pub at: Timestamp,
    /// The dialled hosts, each with the `server_name` that was set.
    pub dials: Vec<(String, Option<String>)>,
}

/// A made case. A verdict is one letter: `a` both JDKs accept, `r` both refuse, `7` or `5` only the one
/// that ends in it accepts, `.` nobody was asked.
#[derive(Deserialize, Serialize)]
pub struct Row {
    pub id: String,
    /// By the places of the certificates, which stand base64 between header and rows.
    pub served: Vec<usize>,
    pub trusted: Vec<usize>,
    /// A server in `verification_mode: certificate`.
    pub path: char,
    /// A client.
    pub client: char,
    /// A server in `verification_mode: full`, for each of the dials.
    pub full: String,
    /// As `path`, in a handshake, where that has another verdict.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handshake: Option<char>,
    /// As `path`, at other instants.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub instants: BTreeMap<Timestamp, char>,
}

fn made() -> Vec<Case> {
    let text = std::fs::read_to_string(path(MADE)).unwrap();
    let (first, rest) = text.split_once('\n').unwrap();
    let header: Header = serde_json::from_str(first).unwrap();
    let is_certificate = |line: &&str| !line.starts_with('{');
    let certificates: Vec<Der> =
        rest.lines().take_while(is_certificate).map(|line| Der(STANDARD.decode(line).unwrap())).collect();
    let rows = rest.lines().skip_while(is_certificate).map(|line| serde_json::from_str::<Row>(line).unwrap());
    rows.map(|row| of_row(&row, &header, &certificates)).collect()
}

fn of_row(row: &Row, header: &Header, certificates: &[Der]) -> Case {
    let ders = |places: &[usize]| places.iter().map(|place| certificates[*place].clone()).collect();
    let mut checks = Vec::new();
    let mut take = |letter, purpose, at, question, handshake| {
        let jdk = match letter {
            'a' => [true, true],
            'r' => [false, false],
            '7' => [true, false],
            '5' => [false, true],
            _ => return,
        };
        checks.push(Check { purpose, at, question, handshake, jdk });
    };
    take(row.path, Purpose::Server, header.at, Question::Path, false);
    take(row.client, Purpose::Client, header.at, Question::Path, false);
    if let Some(letter) = row.handshake {
        take(letter, Purpose::Server, header.at, Question::Path, true);
    }
    for (at, letter) in &row.instants {
        take(*letter, Purpose::Server, *at, Question::Path, false);
    }
    for (letter, (dialled, server_name)) in row.full.chars().zip(&header.dials) {
        let question = Question::Full { dialled: dialled.clone(), server_name: server_name.clone() };
        take(letter, Purpose::Server, header.at, question, false);
    }
    Case { id: row.id.clone(), served: ders(&row.served), trusted: ders(&row.trusted), checks }
}

/// What `tests/jdk/run --dump` wrote.
pub fn raw(file: &str) -> Vec<Case> {
    #[derive(Deserialize)]
    struct Line {
        id: String,
        way: String,
        purpose: String,
        at: Timestamp,
        dialled: String,
        server_name: Option<String>,
        mode: String,
        served: Vec<Der>,
        trusted: Vec<Der>,
        jdk17: Said,
        jdk25: Said,
    }
    #[derive(Deserialize)]
    struct Said {
        verdict: String,
    }
    let text = std::fs::read_to_string(file).unwrap();
    // One value a line, or all in one list.
    let lines: Vec<Line> = match serde_json::from_str(&text) {
        Ok(lines) => lines,
        Err(_) => text.lines().map(|line| serde_json::from_str(line).unwrap()).collect(),
    };
    let mut cases: Vec<Case> = Vec::new();
    for line in lines {
        let id = line.id.split("::").next().unwrap_or_default().to_owned();
        let question = match line.mode.as_str() {
            "full" => Question::Full { dialled: line.dialled, server_name: line.server_name },
            _ => Question::Path,
        };
        let check = Check {
            purpose: purpose(&line.purpose),
            at: line.at,
            question,
            handshake: line.way == "handshake",
            jdk: [line.jdk17, line.jdk25].map(|said| said.verdict == "accept"),
        };
        match cases.last_mut() {
            Some(last) if last.id == id => last.checks.push(check),
            _ => cases.push(Case { id, served: line.served, trusted: line.trusted, checks: vec![check] }),
        }
    }
    cases
}

fn purpose(name: &str) -> Purpose {
    if name == "client" { Purpose::Client } else { Purpose::Server }
}
