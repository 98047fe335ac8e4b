//! Two clients at the same OpenSSL servers: the JDK's TLS, set up as Elasticsearch sets it up, and farlink, which says
//! what the JDK would say. `tests/jdk/run` finds the JDKs, compiles the client and runs this.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods, clippy::print_stdout, missing_docs)]

mod cases;
mod der;
mod forge;
mod peers;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use cases::{Case, Dial, Presented};
use forge::{Forge, pem};
use peers::{Answer, CaseFiles, Jdk, Server};

/// Servers that run at a time.
const BATCH: usize = 16;
const JDKS: [&str; 2] = ["17", "25"];

#[derive(Clone, PartialEq, Eq)]
struct Check {
    dial: Dial,
    mode: &'static str,
    purpose: &'static str,
    /// A handshake with the server, or the trust manager alone.
    connects: bool,
    at: Option<jiff::Timestamp>,
}

/// A check of a case and what the JDKs and farlink say.
struct Answered {
    case: usize,
    check: Check,
    /// In the order of `JDKS`.
    jdk: Vec<Answer>,
    /// In the order of `JDKS`; none when farlink is not asked.
    farlink: Vec<String>,
}

#[test]
fn farlink_and_two_jdks_agree_on_every_certificate_of_the_same_servers() {
    let only_jdk = std::env::var("FARLINK_JDK_ONLY").is_ok();
    let dump = std::env::var("FARLINK_JDK_DUMP").ok();
    let folder = tempfile::tempdir().unwrap();
    let forge = Forge::new(folder.path(), jiff::Timestamp::now());
    let cases = cases::all(&forge);
    let answered = run(&forge, &cases, only_jdk || dump.is_some(), dump.is_some());
    if only_jdk {
        table(&cases, &answered);
    }
    if let Some(dump) = dump {
        write_dump(Path::new(&dump), &cases, &answered);
    }
    let differences = [not_shown(&cases, &answered), differences(&cases, &answered)].concat();
    println!("{}", summary(&answered, differences.len()));
    assert!(differences.is_empty(), "\n{}", differences.join("\n"));
}

// --- the run ------------------------------------------------------------------------------------------------------

fn run(forge: &Forge, cases: &[Case], without_farlink: bool, everything: bool) -> Vec<Answered> {
    let (key, certificate) = throwaway(forge);
    let mut jdks: Vec<Jdk> = JDKS
        .iter()
        .map(|version| {
            let home = setting(&format!("FARLINK_JDK_{version}"));
            Jdk::start(&home, &setting("FARLINK_JDK_CLASSES"), &key, &certificate)
        })
        .collect();
    let mut answered = Vec::new();
    for (batch, members) in cases.chunks(BATCH).enumerate() {
        let files: Vec<CaseFiles> = members.iter().map(|case| CaseFiles::write(case, &forge.folder)).collect();
        let servers: Vec<Option<Server>> =
            members.iter().zip(&files).map(|(case, files)| server(case, files)).collect();
        let questions: Vec<(usize, Check)> = members
            .iter()
            .enumerate()
            .flat_map(|(at, case)| checks(case, everything).into_iter().map(move |check| (at, check)))
            .collect();
        let port = |at: usize| servers[at].as_ref().map_or(0, |server| server.port);
        let (mut jdk, farlink) = std::thread::scope(|scope| {
            let jdks: Vec<_> = jdks
                .iter_mut()
                .map(|jdk| {
                    let (files, questions, port) = (&files, &questions, &port);
                    scope.spawn(move || -> Vec<Answer> {
                        questions.iter().map(|(at, check)| jdk.ask(&fields(check, port(*at), &files[*at]))).collect()
                    })
                })
                .collect();
            let farlink: Vec<Vec<String>> = if without_farlink {
                questions.iter().map(|_| Vec::new()).collect()
            } else {
                let mut known = BTreeMap::new();
                questions
                    .iter()
                    .map(|(at, check)| match members[*at].presented {
                        Presented::Everyone if check.connects => farlink(&mut known, check, port(*at), &files[*at]),
                        _ => Vec::new(),
                    })
                    .collect()
            };
            let jdks: Vec<_> = jdks.into_iter().map(|thread| thread.join().unwrap().into_iter()).collect();
            (jdks, farlink)
        });
        for ((at, check), farlink) in questions.into_iter().zip(farlink) {
            let jdk = jdk.iter_mut().map(|answers| answers.next().unwrap()).collect();
            answered.push(Answered { case: batch * BATCH + at, check, jdk, farlink });
        }
    }
    answered
}

/// The server of a case that can be presented.
fn server(case: &Case, files: &CaseFiles) -> Option<Server> {
    match case.presented {
        Presented::Nobody(_) => None,
        Presented::Everyone | Presented::Jdk(_) => {
            Some(Server::start(case, files).unwrap_or_else(|words| panic!("{}: OpenSSL: {words}", case.name)))
        }
    }
}

/// What is asked of a case: real handshakes, and, when everything is wanted, also the trust manager alone.
fn checks(case: &Case, everything: bool) -> Vec<Check> {
    let check = |dial: &Dial, mode, connects| Check { dial: dial.clone(), mode, purpose: "server", connects, at: None };
    let mut checks = Vec::new();
    let presented = !matches!(case.presented, Presented::Nobody(_));
    for dial in case.dials.iter().filter(|dial| dial.is_here() && presented) {
        checks.extend(["full", "certificate"].map(|mode| check(dial, mode, true)));
    }
    if everything {
        checks.extend(case.dials.iter().map(|dial| check(dial, "full", false)));
        let path = check(&case.dials[0], "certificate", false);
        checks.extend(case.instants.iter().map(|at| Check { at: Some(*at), ..path.clone() }));
        checks.extend(["server", "client"].map(|purpose| Check { purpose, ..path.clone() }));
    }
    checks
}

/// The line of one check for `TlsClient.java`.
fn fields(check: &Check, port: u16, files: &CaseFiles) -> Vec<String> {
    let server_name = check.dial.server_name.clone().unwrap_or_else(|| "-".to_owned());
    let common = [check.dial.host.clone(), server_name, files.authorities.clone(), check.mode.to_owned()];
    if check.connects {
        [&["connect".to_owned(), port.to_string()][..], &common].concat()
    } else {
        let at = check.at.map_or_else(|| "-".to_owned(), |at| at.to_string());
        [&["ask".to_owned(), files.chain.clone()][..], &common, &[check.purpose.to_owned(), at]].concat()
    }
}

/// A handshake needs a certificate, whichever: the trust manager is asked about another.
fn throwaway(forge: &Forge) -> (std::path::PathBuf, std::path::PathBuf) {
    let certificate = forge.authority("Throwaway").self_signed();
    let file = forge.file("pem");
    std::fs::write(&file, pem("CERTIFICATE", &certificate.der)).unwrap();
    (certificate.key.file.clone(), file)
}

/// farlink's verdict for each JDK; one run of the command answers both modes.
fn farlink(known: &mut BTreeMap<String, Value>, check: &Check, port: u16, files: &CaseFiles) -> Vec<String> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_farlink"));
    command.arg("certs").arg(format!("{}:{port}", check.dial.host));
    command.args(["--format", "json", "--ca-file", &files.authorities]);
    if let Some(name) = &check.dial.server_name {
        command.args(["--server-name", name]);
    }
    let report = known.entry(format!("{command:?}")).or_insert_with(|| {
        let output = command.output().unwrap();
        serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&output.stderr).trim().to_owned()))
    });
    let by_jdk = &report["chains"][0]["verification"]["by_jdk"];
    let verdict = |jdk: &str| by_jdk[jdk][check.mode].as_str().map(str::to_owned);
    JDKS.iter().map(|jdk| verdict(jdk).unwrap_or_else(|| format!("no verdict in {report}"))).collect()
}

fn setting(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set: start this with tests/jdk/run"))
}

// --- what came of it ----------------------------------------------------------------------------------------------

fn summary(answered: &[Answered], differences: usize) -> String {
    let count = |chosen: &dyn Fn(&&Answered) -> bool| {
        let chosen: Vec<_> = answered.iter().filter(chosen).collect();
        let certificates: BTreeSet<_> = chosen.iter().map(|one| one.case).collect();
        format!("{} checks over {} certificates", chosen.len(), certificates.len())
    };
    let jdks = format!("JDK {}: {} by handshake", JDKS.join(" and "), count(&|one| one.check.connects));
    match (answered.iter().any(|one| !one.farlink.is_empty()), differences) {
        (false, _) => jdks,
        (true, 0) => format!("{jdks}; farlink: {}, all agree", count(&|one| !one.farlink.is_empty())),
        (true, some) => format!("{jdks}; farlink: {}, {some} differ", count(&|one| !one.farlink.is_empty())),
    }
}

/// Handshakes that ended before the JDK saw the certificate, so that its verdict is about something else.
fn not_shown(cases: &[Case], answered: &[Answered]) -> Vec<String> {
    let ends = ["Received fatal alert", "ConnectException", "SocketTimeoutException", "closed"];
    let mut out = Vec::new();
    for one in answered.iter().filter(|one| one.check.connects) {
        for (at, jdk) in one.jdk.iter().enumerate() {
            if let Some(error) = jdk.error.as_deref().filter(|error| ends.iter().any(|end| error.contains(end))) {
                out.push(format!("{} on JDK {}: the certificate was not shown: {error}", id(cases, one), JDKS[at]));
            }
        }
    }
    out
}

fn differences(cases: &[Case], answered: &[Answered]) -> Vec<String> {
    let mut out = Vec::new();
    for one in answered {
        for (at, farlink) in one.farlink.iter().enumerate() {
            let jdk = &one.jdk[at];
            if jdk.verdict != *farlink {
                let because = jdk.error.as_deref().unwrap_or("no error");
                out.push(format!(
                    "{} on JDK {}: {} ({because}), farlink: {farlink}",
                    id(cases, one),
                    JDKS[at],
                    jdk.verdict
                ));
            }
        }
    }
    out
}

fn id(cases: &[Case], one: &Answered) -> String {
    let check = &one.check;
    let mut id = format!("{}::{}", cases[one.case].name, check.dial.host);
    if let Some(name) = &check.dial.server_name {
        id += &format!("/{name}");
    }
    id += &format!("::{}", check.mode);
    if check.purpose == "client" {
        id += "::client";
    }
    if let Some(at) = check.at {
        id += &format!("::{at}");
    }
    if !check.connects {
        id += "::asked";
    }
    id
}

fn table(cases: &[Case], answered: &[Answered]) {
    for one in answered {
        let verdicts: Vec<&str> = one.jdk.iter().map(|jdk| jdk.verdict.as_str()).collect();
        let errors: Vec<&str> = one.jdk.iter().filter_map(|jdk| jdk.error.as_deref()).collect();
        let errors = if errors.len() == 2 && errors[0] == errors[1] { &errors[..1] } else { &errors[..] };
        println!("{}\t{}\t{}", id(cases, one), verdicts.join(" "), errors.join(" | "));
    }
}

fn write_dump(folder: &Path, cases: &[Case], answered: &[Answered]) {
    let base64 = |ders: &[Vec<u8>]| ders.iter().map(|der| STANDARD.encode(der)).collect::<Vec<_>>();
    let lines: Vec<String> = answered
        .iter()
        .map(|one| {
            let (case, check) = (&cases[one.case], &one.check);
            let line = json!({
                "id": id(cases, one),
                "way": if check.connects { "handshake" } else { "trust manager" },
                "purpose": check.purpose,
                "dialled": check.dial.host,
                "server_name": check.dial.server_name,
                "mode": check.mode,
                "at": check.at.unwrap_or(one.jdk[0].at),
                "jdk17": one.jdk[0],
                "jdk25": one.jdk[1],
                "served": base64(&case.served),
                "trusted": base64(&case.trusted),
            });
            line.to_string()
        })
        .collect();
    std::fs::create_dir_all(folder).unwrap();
    std::fs::write(folder.join("cases.json.part"), format!("[\n{}\n]\n", lines.join(",\n"))).unwrap();
    std::fs::rename(folder.join("cases.json.part"), folder.join("cases.json")).unwrap();
    println!("{} checks in {}", lines.len(), folder.join("cases.json").display());
}
