//! From a raw dump to the file of the made cases: each certificate, each case and each verdict once.

use std::collections::{BTreeMap, HashMap};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use farlink_checks::model::evidence::Der;
use farlink_checks::x509::Purpose;
use jiff::SignedDuration;

use super::suites::{Case, Check, Header, Question, Row};

/// Checks this far from the first one were asked about another instant.
const RUN: SignedDuration = SignedDuration::from_hours(1);

/// The lines of the file.
pub fn distil(cases: &[Case]) -> String {
    let at = cases[0].checks[0].at;
    let mut dials: Vec<(String, Option<String>)> = Vec::new();
    for check in cases.iter().flat_map(|case| &case.checks) {
        if let Question::Full { dialled, server_name } = &check.question {
            let dial = (dialled.clone(), server_name.clone());
            if !dials.contains(&dial) {
                dials.push(dial);
            }
        }
    }
    let mut certificates = Certificates::default();
    let rows: Vec<String> = cases
        .iter()
        .map(|case| {
            let is_now = |check: &&Check| check.at.duration_since(at).abs() < RUN;
            let now: Vec<&Check> = case.checks.iter().filter(is_now).collect();
            let path = |handshake, purpose| {
                letter(now.iter().copied().filter(|check| {
                    check.question == Question::Path && check.handshake == handshake && check.purpose == purpose
                }))
            };
            let full = dials.iter().map(|(dialled, server_name)| {
                let question = Question::Full { dialled: dialled.clone(), server_name: server_name.clone() };
                letter(now.iter().copied().filter(|check| !check.handshake && check.question == question))
            });
            let others = case.checks.iter().filter(|check| !is_now(check));
            let row = Row {
                id: case.id.clone(),
                served: certificates.places(&case.served),
                trusted: certificates.places(&case.trusted),
                path: path(false, Purpose::Server),
                client: path(false, Purpose::Client),
                full: full.collect::<String>().trim_end_matches('.').to_owned(),
                handshake: Some(path(true, Purpose::Server))
                    .filter(|letter| *letter != '.' && *letter != path(false, Purpose::Server)),
                instants: others.map(|check| (check.at, letter([check].into_iter()))).collect::<BTreeMap<_, _>>(),
            };
            serde_json::to_string(&row).unwrap()
        })
        .collect();
    let header = serde_json::to_string(&Header { at, dials }).unwrap();
    let certificates = certificates.all.iter().map(|der| STANDARD.encode(&der.0)).collect::<Vec<_>>();
    [vec![header], certificates, rows, vec![String::new()]].concat().join("\n")
}

/// What they all say, which is the same.
fn letter<'a>(checks: impl Iterator<Item = &'a Check>) -> char {
    let mut verdicts: Vec<[bool; 2]> = checks.map(|check| check.jdk).collect();
    verdicts.dedup();
    match verdicts.as_slice() {
        [] => '.',
        [[true, true]] => 'a',
        [[false, false]] => 'r',
        [[true, false]] => '7',
        [[false, true]] => '5',
        several => panic!("one question has {} answers", several.len()),
    }
}

#[derive(Default)]
struct Certificates {
    all: Vec<Der>,
    places: HashMap<Vec<u8>, usize>,
}

impl Certificates {
    fn places(&mut self, ders: &[Der]) -> Vec<usize> {
        let place = |der: &Der| {
            *self.places.entry(der.0.clone()).or_insert_with(|| {
                self.all.push(der.clone());
                self.all.len() - 1
            })
        };
        ders.iter().map(place).collect()
    }
}
