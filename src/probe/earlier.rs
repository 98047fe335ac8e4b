//! What an earlier run of a link saw and still holds, so that this one need not ask again.
//!
//! Release and kind of a port stay what they were while version id and leaf certificate stay the same.
//! What a remote logs as a failure is asked again when the outcome changes, and then at most hourly. All
//! of it is marked with its age, so that a saved run says what it saw itself.

use std::mem::discriminant;
use std::time::Duration;

use farlink_checks::classify::key::{self, KeyVerdict};
use farlink_checks::model::evidence::{
    AddressEvidence, Attempt, Exchange, Heard, LinkEvidence, Question, Said, Tls, TlsOutcome,
};

/// How long an answer holds that the remote logged as a failure.
const HELD: Duration = Duration::from_secs(3600);
/// How many times longer a refused key waits than an accepted one.
const REFUSED_WAITS: u32 = 10;

/// An earlier run of the same link with the same credentials.
#[derive(Clone, Copy, Debug)]
pub struct Earlier<'a> {
    /// What it saw.
    pub evidence: &'a LinkEvidence,
    /// How long before this run it began.
    pub elapsed: Duration,
    /// How often a key is tried that was accepted.
    pub key_interval: Duration,
}

/// What the earlier run saw at one address.
#[derive(Clone, Copy, Debug)]
pub struct EarlierAddress<'a> {
    seen: &'a AddressEvidence,
    run: Earlier<'a>,
}

/// What is known of the node at an address before it is asked.
#[derive(Clone, Debug)]
pub(super) struct Known {
    /// Its transport version id; nothing here holds for another one.
    pub(super) version: i32,
    /// What it told of its release.
    pub(super) release: Option<Exchange>,
    /// What else was asked of it, for as long as that holds.
    pub(super) identity: Option<Vec<Exchange>>,
}

/// What would be asked of a node beyond its version.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Wanted {
    /// Nothing.
    Nothing,
    /// What it answers without credentials.
    Kind,
    /// What it answers to the key.
    Key,
}

impl<'a> Earlier<'a> {
    /// What was seen at the address of `now`.
    pub fn at(self, now: &AddressEvidence) -> Option<EarlierAddress<'a>> {
        let same = |seen: &&AddressEvidence| seen.address == now.address && seen.target == now.target;
        self.evidence.addresses.iter().find(same).map(|seen| EarlierAddress { seen, run: self })
    }
}

impl EarlierAddress<'_> {
    /// The answer to a counterfactual `question`, when the address did then what it did now, as `main` says.
    pub fn attempt(&self, question: Question, main: &Attempt) -> Option<Attempt> {
        let attempt = self.seen.attempt(question)?;
        let age = self.age(attempt.seconds_ago);
        (age < HELD.as_secs_f64() && is_alike(self.seen.main()?, main))
            .then(|| Attempt { seconds_ago: Some(age), ..attempt.clone() })
    }

    /// What is known of a node that has just shown itself with `tls`, when `wanted` would be asked of it.
    pub(super) fn known(&self, tls: Option<&Tls>, wanted: Wanted) -> Option<Known> {
        let main = self.seen.main()?;
        let leaf = |tls: Option<&Tls>| tls.and_then(|tls| tls.chain.first()).map(|leaf| leaf.0.clone());
        if leaf(main.tls.as_ref()) != leaf(tls) {
            return None;
        }
        let Some(Heard::Handshake { version, .. }) = main.heard(Said::TcpHandshake) else { return None };
        let release = main.exchanges.iter().find(|exchange| exchange.said == Said::ReleaseHandshake);
        Some(Known {
            version: *version,
            release: release.filter(|it| matches!(it.heard, Heard::Handshake { .. })).map(|it| self.aged(it)),
            identity: self.identity(main, wanted),
        })
    }

    fn identity(&self, main: &Attempt, wanted: Wanted) -> Option<Vec<Exchange>> {
        let first = match wanted {
            Wanted::Nothing => return Some(Vec::new()),
            Wanted::Kind => Said::RemoteClusterHandshake,
            Wanted::Key => Said::KeyHandshake,
        };
        let start = main.exchanges.iter().position(|exchange| exchange.said == first)?;
        let exchanges = &main.exchanges[start..];
        // What was not answered is asked again.
        if !exchanges
            .iter()
            .all(|it| matches!(it.heard, Heard::Exception { .. } | Heard::Node { .. } | Heard::Nodes { .. }))
        {
            return None;
        }
        let holds = match (wanted, key::at_wire(main).map(|told| told.verdict)) {
            (Wanted::Key, Some(KeyVerdict::Accepted)) => self.run.key_interval,
            (Wanted::Key, _) => self.run.key_interval * REFUSED_WAITS,
            _ => HELD,
        };
        let young = self.age(exchanges.first()?.seconds_ago) < holds.as_secs_f64();
        young.then(|| exchanges.iter().map(|exchange| self.aged(exchange)).collect())
    }

    fn aged(&self, exchange: &Exchange) -> Exchange {
        Exchange { seconds_ago: Some(self.age(exchange.seconds_ago)), ..exchange.clone() }
    }

    fn age(&self, then: Option<f64>) -> f64 {
        then.unwrap_or_default() + self.run.elapsed.as_secs_f64()
    }
}

/// Whether two attempts ended in the same way: times, excerpts and messages may differ.
fn is_alike(old: &Attempt, new: &Attempt) -> bool {
    let tls = match (&old.tls, &new.tls) {
        (Some(old), Some(new)) => {
            old.chain == new.chain
                && old.client_certificate == new.client_certificate
                && match (&old.outcome, &new.outcome) {
                    (TlsOutcome::Alert { code: old }, TlsOutcome::Alert { code: new }) => old == new,
                    (old, new) => discriminant(old) == discriminant(new),
                }
        }
        (old, new) => old.is_none() && new.is_none(),
    };
    let quiet = |attempt: &Attempt| attempt.quiet.as_ref().map(|quiet| quiet.end);
    tls && old.tcp.outcome == new.tcp.outcome
        && quiet(old) == quiet(new)
        && old.exchanges.len() == new.exchanges.len()
        && old
            .exchanges
            .iter()
            .zip(&new.exchanges)
            .all(|(old, new)| old.said == new.said && sounds_alike(&old.heard, &new.heard))
}

fn sounds_alike(old: &Heard, new: &Heard) -> bool {
    match (old, new) {
        (Heard::Handshake { version: old, .. }, Heard::Handshake { version: new, .. }) => old == new,
        (Heard::Http(old), Heard::Http(new)) => {
            (old.status, old.elastic, &old.server) == (new.status, new.elastic, &new.server)
        }
        (Heard::Alert { code: old }, Heard::Alert { code: new }) => old == new,
        (Heard::Exception { causes: old, closed: was }, Heard::Exception { causes: new, closed: is }) => {
            was == is && old.len() == new.len() && old.iter().zip(new).all(|(old, new)| old.class == new.class)
        }
        (old, new) => discriminant(old) == discriminant(new),
    }
}
