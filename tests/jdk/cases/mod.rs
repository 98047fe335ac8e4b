//! The cases: a chain as it is served, the authorities that are trusted, and what is dialled.

use std::path::PathBuf;

use crate::der::Der;
use crate::forge::{Certificate, EXPECTED, Forge};

mod algorithms;
mod chain;
mod constraints;
mod names;
mod shape;
mod usage;
mod validity;

pub struct Case {
    pub name: String,
    pub served: Vec<Der>,
    pub key: PathBuf,
    pub trusted: Vec<Der>,
    pub dials: Vec<Dial>,
    pub presented: Presented,
    /// Instants besides now for which the trust manager alone is asked.
    pub instants: Vec<jiff::Timestamp>,
}

/// What a link is configured with.
#[derive(Clone, PartialEq, Eq)]
pub struct Dial {
    pub host: String,
    pub server_name: Option<String>,
}

impl Dial {
    /// Whether the host leads to the servers of this test; the trust manager alone is asked about others.
    pub fn is_here(&self) -> bool {
        ["localhost", "127.0.0.1"].contains(&self.host.as_str())
    }
}

/// To whom an OpenSSL server shows the chain, and why not to both clients. The dump has the trust manager's word in any case.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Presented {
    Everyone,
    Jdk(&'static str),
    Nobody(&'static str),
}

/// The forge, an ordinary authority with its intermediate, and the cases so far.
pub struct Book<'a> {
    pub forge: &'a Forge,
    pub root: Certificate,
    pub middle: Certificate,
    cases: Vec<Case>,
}

pub fn all(forge: &Forge) -> Vec<Case> {
    let root = forge.authority("Lab Root").self_signed();
    let middle = forge.authority("Lab Issuing CA").signed_by(&root);
    let mut book = Book { forge, root, middle, cases: Vec::new() };
    names::write(&mut book);
    validity::write(&mut book);
    chain::write(&mut book);
    constraints::write(&mut book);
    usage::write(&mut book);
    algorithms::write(&mut book);
    shape::write(&mut book);
    book.cases
}

impl Book<'_> {
    /// A case; the first certificate is the leaf, whose key the server has.
    pub fn case(&mut self, name: impl Into<String>, served: &[&Certificate], trusted: &[&Certificate]) -> &mut Case {
        let ders = |certificates: &[&Certificate]| certificates.iter().map(|one| one.der.clone()).collect();
        self.cases.push(Case {
            name: name.into(),
            served: ders(served),
            key: served[0].key.file.clone(),
            trusted: ders(trusted),
            dials: vec![dial("localhost", Some(EXPECTED))],
            presented: Presented::Everyone,
            instants: Vec::new(),
        });
        self.cases.last_mut().unwrap()
    }

    /// A case of a leaf under the ordinary intermediate and root.
    pub fn leaf(&mut self, name: impl Into<String>, leaf: &Certificate) -> &mut Case {
        let (root, middle) = (self.root.clone(), self.middle.clone());
        self.case(name, &[leaf, &middle], &[&root])
    }
}

impl Case {
    pub fn dial(&mut self, host: &str, server_name: Option<&str>) -> &mut Self {
        let dial = dial(host, server_name);
        if !self.dials.contains(&dial) {
            self.dials.push(dial);
        }
        self
    }

    pub fn presented(&mut self, presented: Presented) -> &mut Self {
        self.presented = presented;
        self
    }

    pub fn at(&mut self, instant: jiff::Timestamp) -> &mut Self {
        self.instants.push(instant);
        self
    }
}

fn dial(host: &str, server_name: Option<&str>) -> Dial {
    Dial { host: host.to_owned(), server_name: server_name.map(str::to_owned) }
}
