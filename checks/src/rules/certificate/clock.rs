//! Clocks that differ, and what that means for the dates of the served certificates.

use jiff::Timestamp;

use crate::catalogue::certificate::CERTIFICATE_CLOCK_SKEW;
use crate::classify::chain::{Cause, ChainFault, ChainVerdict};
use crate::classify::clock::{self, Whose};
use crate::classify::local::Word;
use crate::model::evidence::LinkEvidence;
use crate::model::finding::{Certainty, Finding, Severity};
use crate::model::text::safe;
use crate::rules::Context;
use crate::rules::expiry::moment;

/// Every clock that differs from this host's, in a run that began `at`.
pub(in crate::rules) fn skew(evidence: &LinkEvidence, contexts: &[Context<'_>], at: Timestamp) -> Vec<Finding> {
    let cluster = evidence.cluster.as_ref().map(|view| safe(&view.cluster, 120)).unwrap_or_default();
    let finding = |clock: &clock::Clock| {
        let (who, subject) = match clock.whose {
            Whose::LocalCluster => (format!("the local cluster {cluster}"), cluster.clone()),
            Whose::Peer(address) => (format!("the server at {address}"), address.to_string()),
        };
        let side = if clock.ahead < 0 { "behind" } else { "ahead of" };
        let title = format!("the clock of {who} is {} {side} this host's", length(clock.ahead.unsigned_abs()));
        let finding = Finding::new(&CERTIFICATE_CLOCK_SKEW, subject, title).observed(format!(
            "Date header: {}, when it was {} here",
            clock.date,
            here(clock)
        ));
        match clock.whose {
            Whose::LocalCluster => {
                let mut finding = finding
                    .detail(
                        "The local cluster judges certificates by its own clock: one that seems expired or not yet valid from here \
                         may well be accepted there, and the other way round. (A proxy in front of its REST API answers with a clock \
                         of its own.)",
                    )
                    .fix("on this host and on every local node compare the clock with a time server (chronyc tracking, timedatectl), and correct the one that is off");
                for refused in contexts.iter().filter_map(refused_there) {
                    finding.detail.push_str(&refused);
                }
                finding
            }
            Whose::Peer(address) => finding
                .detail("One of the two is wrong, and from here it cannot be told which. The clock that counts is that of the local nodes, which verify the certificate.")
                .fix("on this host, the local nodes and the remote compare the clock with a time server (chronyc tracking, timedatectl), and correct the one that is off")
                .at(address),
        }
    };
    clock::judge(evidence, at).iter().map(finding).collect()
}

fn here(clock: &clock::Clock) -> Timestamp {
    let ours = clock::Clock { ahead: clock.ahead.saturating_neg(), ..*clock };
    ours.shows(clock.date)
}

/// What the local cluster refuses by its clock although it is valid by ours.
fn refused_there(context: &Context<'_>) -> Option<String> {
    let (clock, there) = context.clocks.iter().find(|(clock, _)| clock.whose == Whose::LocalCluster)?;
    let here = context.chain.as_ref().map(ChainVerdict::faults).unwrap_or_default();
    let fault =
        there.faults().iter().find(|fault| is_of_dates(fault) && !here.iter().any(|other| same(other, fault)))?;
    let certificate = fault.certificate.as_ref()?;
    let (what, date) = match fault.cause {
        Cause::Expired => ("expired on", certificate.not_after),
        _ => ("is not valid before", certificate.not_before),
    };
    Some(format!(
        " By that clock the local cluster refuses the certificate {} at {}, which {what} {}.",
        certificate.label(),
        context.place(),
        moment(date, clock.shows(context.at))
    ))
}

/// Lowers what rests on this host's clock alone: dates that are fine by another one.
pub(super) fn weigh(context: &Context<'_>, findings: &mut [Finding]) {
    let faults = context.chain.as_ref().map(ChainVerdict::faults).unwrap_or_default();
    for fault in faults.iter().filter(|fault| is_of_dates(fault)) {
        let fine = |(_, verdict): &&(clock::Clock, ChainVerdict)| {
            !verdict.faults().iter().any(|other| is_of_dates(other) && same_certificate(other, fault))
        };
        let Some((clock, _)) = context.clocks.iter().find(fine) else { continue };
        let key = fault.certificate.as_ref().map(|certificate| certificate.fingerprint.to_string());
        let concerned =
            findings.iter_mut().filter(|f| DATED.contains(&f.id) && f.is_error() && Some(&f.cause_key) == key.as_ref());
        for finding in concerned {
            finding.certainty = finding.certainty.min(Certainty::Likely);
            if !finding.alternatives.contains(&CERTIFICATE_CLOCK_SKEW.id) {
                finding.alternatives.push(CERTIFICATE_CLOCK_SKEW.id);
            }
            finding.detail.push_str(match (clock.whose, &context.local) {
                (Whose::Peer(_), _) => " By the clock of the server it is valid: one of the two clocks is wrong.",
                (Whose::LocalCluster, Word::Fails { .. }) => {
                    " By the clock of the local cluster it is valid, so the link may fail for another reason."
                }
                (Whose::LocalCluster, _) => {
                    // Whichever clock is wrong, the local cluster judges by its own.
                    finding.severity = Severity::Warning;
                    " By the clock of the local cluster it is valid, so the local cluster may well accept it."
                }
            });
        }
    }
}

const DATED: [&str; 2] = ["certificate-expired", "certificate-not-yet-valid"];

const fn is_of_dates(fault: &ChainFault) -> bool {
    matches!(fault.cause, Cause::Expired | Cause::NotYetValid)
}

fn same(one: &ChainFault, other: &ChainFault) -> bool {
    is_of_dates(one) && same_certificate(one, other)
}

fn same_certificate(one: &ChainFault, other: &ChainFault) -> bool {
    one.certificate.as_ref().map(|c| c.fingerprint) == other.certificate.as_ref().map(|c| c.fingerprint)
}

/// A length of time for a reader, to the nearest minute where it has many.
fn length(seconds: u64) -> String {
    let minutes = seconds.saturating_add(30) / 60;
    let (hours, days) = (minutes / 60, minutes / 1440);
    match minutes {
        0..2 => format!("{seconds} s"),
        2..120 => format!("{minutes} min"),
        120..2880 if minutes.is_multiple_of(60) => format!("{hours} h"),
        120..2880 => format!("{hours} h {} min", minutes % 60),
        _ => format!("{days} days"),
    }
}
