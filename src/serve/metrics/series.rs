//! Which samples a link has in each family. A family without a source yet has no row here, and so no
//! samples and no header.

use std::fmt::{Display, Write as _};

use farlink_checks::model::diagnosis::{Status, Verdict};
use jiff::Timestamp;

use crate::serve::facts::{Facts, POSITIONS, StageFact};
use crate::serve::families::{self as family, Family};
use crate::serve::table::LinkState;
use crate::serve::timings::TIMED;

/// A family of links, and what writes a link's samples of it.
pub(super) type Row = (Family, fn(&LinkState, &mut Samples<'_>));

/// Every family of links that has a source, in the order of exposition.
pub(super) const ROWS: &[Row] = &[
    (family::LINK_UP, |link, out| match link.verdict() {
        Some(Verdict::Ok | Verdict::Degraded) => out.add(&[], 1),
        Some(Verdict::Broken) => out.add(&[], 0),
        Some(Verdict::Unknown) | None => {}
    }),
    (family::LINK_VERDICT, |link, out| {
        let Some(has) = link.verdict() else { return };
        Verdict::ALL.iter().for_each(|of| out.add(&[of.name()], u8::from(*of == has)));
    }),
    (family::LINK_VERDICT_CHANGES, |link, out| out.add(&[], link.changes)),
    (family::STAGE_UP, |link, out| {
        for StageFact { stage, status, .. } in stages(link) {
            match status {
                Status::Passed | Status::Warned => out.add(&[stage.name()], 1),
                Status::Failed => out.add(&[stage.name()], 0),
                Status::NotTested => {}
            }
        }
    }),
    (family::STAGE_DURATION, |link, out| {
        for StageFact { stage, seconds, .. } in stages(link).iter().filter(|it| TIMED.contains(&it.stage)) {
            seconds.iter().for_each(|seconds| out.add(&[stage.name()], seconds));
        }
    }),
    (family::FINDING, |link, out| {
        let findings = facts(link).map_or(&[][..], |facts| &facts.findings);
        findings.iter().for_each(|it| out.add(&[it.id, it.severity.name(), it.stage.name()], 1));
    }),
    (family::ROOT_CAUSE, |link, out| {
        facts(link).and_then(|facts| facts.root.as_ref()).iter().for_each(|root| out.add(&[root.id], 1));
    }),
    (family::BROKEN_SINCE, |link, out| link.broken_since.iter().for_each(|at| out.add(&[], seconds(*at)))),
    (family::CERTIFICATE_NOT_AFTER, |link, out| {
        let Some(facts) = facts(link) else { return };
        for (position, at) in POSITIONS.iter().zip(facts.not_after) {
            at.iter().for_each(|at| out.add(&[position], at));
        }
    }),
    (family::API_KEY_ACCEPTED, |link, out| {
        facts(link).and_then(|facts| facts.key_accepted).iter().for_each(|it| out.add(&[], u8::from(*it)));
    }),
    (family::API_KEY_EXPIRATION, |link, out| {
        facts(link).and_then(|facts| facts.key_expiration).iter().for_each(|at| out.add(&[], at));
    }),
    (family::REMOTE_INFO_CONNECTED, |link, out| {
        facts(link).and_then(|facts| facts.remote_info).iter().for_each(|(it, _)| out.add(&[], u8::from(*it)));
    }),
    (family::REMOTE_INFO_SOCKETS, |link, out| {
        facts(link).and_then(|facts| facts.remote_info?.1).iter().for_each(|sockets| out.add(&[], sockets));
    }),
    (family::FOLLOWER_LAG, |link, out| {
        facts(link).and_then(|facts| facts.follower_lag).iter().for_each(|lag| out.add(&[], lag));
    }),
    (family::PROBES, |link, out| {
        Verdict::ALL.iter().zip(link.probes).for_each(|(verdict, count)| out.add(&[verdict.name()], count));
    }),
    (family::LAST_RUN, |link, out| link.latest.iter().for_each(|latest| out.add(&[], seconds(latest.began)))),
];

/// Writes the samples that one link has in one family.
pub(super) struct Samples<'a> {
    pub(super) out: &'a mut String,
    pub(super) family: &'a Family,
    pub(super) link: &'a str,
    /// Whether the family has its header already: it comes with the first sample.
    pub(super) headed: &'a mut bool,
}

impl Samples<'_> {
    /// Adds a sample; `labels` are the values of the family's labels after `link`.
    fn add(&mut self, labels: &[&str], value: impl Display) {
        let Family { name, kind, labels: names, help } = self.family;
        if !*self.headed {
            *self.headed = true;
            // Writing to a string cannot fail.
            let _ = writeln!(self.out, "# HELP {name} {help}\n# TYPE {name} {}", kind.name());
        }
        self.out.push_str(name);
        let mut opening = '{';
        for (name, value) in names.iter().zip(std::iter::once(self.link).chain(labels.iter().copied())) {
            self.out.push(opening);
            self.out.push_str(name);
            self.out.push_str("=\"");
            escape(value, self.out);
            self.out.push('"');
            opening = ',';
        }
        let _ = writeln!(self.out, "}} {value}");
    }
}

/// Label values escape the backslash, the double quote and the line feed.
fn escape(value: &str, out: &mut String) {
    let mut rest = value;
    while let Some(at) = rest.find(['\\', '"', '\n']) {
        out.push_str(&rest[..at]);
        out.push_str(match rest.as_bytes()[at] {
            b'\\' => "\\\\",
            b'"' => "\\\"",
            _ => "\\n",
        });
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
}

fn facts(link: &LinkState) -> Option<&Facts> {
    link.latest.as_ref().map(|latest| &latest.facts)
}

fn stages(link: &LinkState) -> &[StageFact] {
    facts(link).map_or(&[], |facts| &facts.stages)
}

/// Seconds since 1970, to the millisecond.
fn seconds(at: Timestamp) -> f64 {
    at.as_millisecond() as f64 / 1000.0
}
