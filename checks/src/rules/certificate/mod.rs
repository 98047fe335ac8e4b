//! Findings about certificates: whom they lead to, their dates, their names, their order and strength.

mod addresses;
mod authorities;
mod clock;
mod dates;
mod hygiene;
mod interception;
mod issuer;
mod names;
mod path;
mod subject;
mod words;

pub(super) use addresses::differs;
pub(super) use authorities::authorities;
pub(super) use clock::skew;
pub(crate) use subject::{Origin, Subject};

use super::Context;
use crate::model::finding::Finding;

/// The served chain of an address.
pub(super) fn chain(context: &Context<'_>) -> Vec<Finding> {
    let Some(subject) = context.subject() else { return Vec::new() };
    let mut findings = of_subject(&subject);
    clock::weigh(context, &mut findings);
    interception::replace(context, &mut findings);
    findings.into_iter().map(|finding| finding.at(context.place())).collect()
}

/// Everything that is to be said about a chain.
pub(crate) fn of_subject(subject: &Subject<'_>) -> Vec<Finding> {
    let mut findings = path::findings(subject);
    findings.extend(dates::findings(subject));
    findings.extend(names::finding(subject));
    findings.extend(hygiene::findings(subject));
    if let Some(leaf) = subject.leaf() {
        findings.iter_mut().for_each(|finding| finding.evidence.push(path::fact(leaf)));
    }
    findings
}
