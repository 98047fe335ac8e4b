//! Chains without a link: what `verification_mode` would make of certificates from files and ports.

use std::sync::Arc;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use crate::blame;
use crate::chains;
use crate::classify::chain::{self, ChainVerdict};
use crate::classify::name;
use crate::model::chain::{Chain, Word};
use crate::model::evidence::{Der, ReadError, Tool};
use crate::model::finding::Finding;
use crate::model::link::{Trust, expiry_days};
use crate::rules;
use crate::rules::certificate::{Origin, Subject, of_subject};
use crate::x509::{Anchors, Certificate, Purpose, analyse};

/// The identifier of the document.
pub const SCHEMA: &str = "farlink.certs/1";

/// `farlink.certs/1`.
#[derive(Clone, Debug, JsonSchema, PartialEq, Serialize)]
pub struct Certs {
    /// Always [`SCHEMA`].
    pub schema: &'static str,
    /// The program that judged.
    pub tool: Tool,
    /// The instant at which the certificates were judged.
    #[schemars(with = "String")]
    pub at: Timestamp,
    /// One entry a source.
    pub chains: Vec<Judged>,
}

/// One chain, judged.
#[derive(Clone, Debug, JsonSchema, PartialEq, Serialize)]
pub struct Judged {
    /// The file or `HOST:PORT` it comes from.
    pub source: String,
    /// What it was judged as: `server` or `client`; `authority` for a file of authorities, which is only shown.
    pub purpose: &'static str,
    /// The names of which it may have any, as it was asked for; empty when none was given.
    pub expected_names: Vec<String>,
    /// Whom it was held against.
    pub trust: String,
    /// The chain with each verifier's word.
    #[serde(flatten)]
    pub chain: Chain,
    /// What was found, in order of blame.
    pub findings: Vec<Finding>,
}

impl Judged {
    /// Whether Elasticsearch would refuse it: by path and name, or by the path where no name was given.
    pub fn is_rejected(&self) -> bool {
        let verification = &self.chain.verification;
        verification.full.or(verification.certificate) == Some(Word::Reject)
    }
}

/// Certificates to judge.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// The file or `HOST:PORT` they come from.
    pub source: &'a str,
    /// Whether a peer served them.
    pub served: bool,
    /// The chain, leaf first.
    pub chain: &'a [Der],
    /// Whom they are held against.
    pub trust: &'a Trust,
    /// The name of `server_name`.
    pub server_name: Option<&'a str>,
    /// The host that was dialled.
    pub dialled: Option<&'a str>,
    /// The side that presents them.
    pub purpose: Purpose,
}

/// What it means that `cluster` could not be asked for its certificates.
pub fn unreadable(error: &ReadError, cluster: &str) -> Finding {
    rules::of_unusable_cluster(error, cluster)
}

/// Judges `request` at the instant `at`.
pub fn judge(request: &Request<'_>, at: Timestamp) -> Judged {
    let file = Anchors::of_file(request.chain);
    let is_root = |certificate: &Arc<Certificate>| certificate.is_authority() && certificate.is_self_issued();
    // A trust file, not a chain: unless it is asked whether the first of them is good for a name.
    if !request.served && request.server_name.is_none() && file.certificates().first().is_some_and(is_root) {
        return Judged {
            source: crate::model::text::safe(request.source, 200),
            purpose: "authority",
            expected_names: Vec::new(),
            trust: "nobody vouches for an authority".to_owned(),
            chain: chains::of_authorities(file.certificates(), at),
            findings: Vec::new(),
        };
    }
    let anchors = chain::anchors(request.trust);
    let analysis = analyse(request.chain, &anchors, request.purpose, at);
    let verdict = chain::judge(request.chain, &analysis, request.trust, &anchors, None, request.purpose, at);
    let expected: Vec<&str> = request.server_name.into_iter().chain(request.dialled).collect();
    let name = match (analysis.leaf(), expected.as_slice()) {
        // A client's name is nobody's business.
        (Some(leaf), [first, ..]) if request.purpose == Purpose::Server => {
            Some(name::of_names(leaf, Some(first), expected.last().copied().unwrap_or(first)))
        }
        _ => None,
    };
    let place = crate::model::text::safe(request.source, 200);
    let subject = Subject {
        origin: if request.served { Origin::Served(place.clone()) } else { Origin::File(place.clone()) },
        place: place.clone(),
        analysis: &analysis,
        verdict: &verdict,
        name: name.as_ref(),
        trust: request.trust,
        mode_assumed: false,
        purpose: request.purpose,
        at,
        expiry_days: &expiry_days(),
        model: None,
        server_name_setting: "cluster.remote.<alias>.server_name".to_owned(),
        port: None,
    };
    let mut findings = of_subject(&subject);
    if let ChainVerdict::Undecided { reason } = &verdict {
        findings.iter_mut().for_each(|finding| finding.evidence.push(reason.clone()));
    }
    blame::settle(&mut findings);
    let names = if request.purpose == Purpose::Server { expected } else { Vec::new() };
    Judged {
        source: place,
        purpose: match request.purpose {
            Purpose::Server => "server",
            Purpose::Client => "client",
        },
        expected_names: names.iter().map(|name| crate::model::text::safe(name, 253)).collect(),
        trust: crate::judge::trust(request.trust),
        chain: chains::of_subject(&subject, &anchors, &names),
        findings,
    }
}
