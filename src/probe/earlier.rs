//! What an earlier run of a link saw and still holds, so that this one need not ask again.
//!
//! Release and kind of a port stay what they were while version id and leaf certificate stay the same.
//! Who answers behind an accepted key is asked hourly, more rarely than the key itself. What a remote logs as a
//! failure is asked again when the outcome changes, and then at most hourly. All
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
    /// What followed its accepted key, for as long as that holds: where the key itself is due again.
    pub(super) behind_key: Vec<Exchange>,
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
            behind_key: self.behind_key(main),
        })
    }

    fn behind_key(&self, main: &Attempt) -> Vec<Exchange> {
        let Some(start) = main.exchanges.iter().position(|exchange| exchange.said == Said::SubjectHandshake) else {
            return Vec::new();
        };
        let exchanges = &main.exchanges[start..];
        let holds = exchanges.iter().all(|it| {
            matches!(it.heard, Heard::Node { .. } | Heard::Nodes { .. })
                && self.age(it.seconds_ago) < HELD.as_secs_f64()
        });
        if holds { exchanges.iter().map(|exchange| self.aged(exchange)).collect() } else { Vec::new() }
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use farlink_checks::model::evidence::{Cause, Tcp, TcpOutcome};
    use farlink_checks::model::link::{Link, Mode, Target};

    const INTERVAL: Duration = Duration::from_secs(300);
    const ACCEPTED: &str = "header [_cross_cluster_access_subject_info] but none found";

    fn heard(said: Said, heard: Heard) -> Exchange {
        Exchange { said, heard, seconds: 0.001, seconds_ago: None }
    }

    fn refusal(message: &str) -> Heard {
        let cause =
            |class: &str, message: &str| Cause { class: class.into(), message: message.into(), unsuccessful: None };
        let causes =
            vec![cause("RemoteTransportException", "[es01]"), cause("ElasticsearchSecurityException", message)];
        Heard::Exception { causes, closed: false }
    }

    fn attempt(question: Question, exchanges: Vec<Exchange>) -> Attempt {
        let tcp = Tcp { outcome: TcpOutcome::Connected, seconds: 0.001 };
        Attempt { question, port: None, seconds_ago: None, tcp, quiet: None, tls: None, exchanges }
    }

    fn node(key: Heard) -> Vec<Exchange> {
        let handshake =
            |release: Option<&str>| Heard::Handshake { version: 9_458_007, release: release.map(str::to_owned) };
        let itself = Heard::Node { name: "es01".into(), cluster: "eu".into(), version: 9_05_03_99, address: None };
        vec![
            heard(Said::Ping, Heard::Pong),
            heard(Said::TcpHandshake, handshake(None)),
            heard(Said::ReleaseHandshake, handshake(Some("9.5.3"))),
            heard(Said::KeyHandshake, key),
            heard(Said::SubjectHandshake, itself),
        ]
    }

    fn seen(attempts: Vec<Attempt>) -> LinkEvidence {
        let mut evidence = LinkEvidence::new(Link::new("eu", Mode::Proxy, vec![Target::parse("es.example:9443")]));
        let (target, address) = ("es.example:9443".parse().unwrap(), "192.0.2.1:9443".parse().unwrap());
        evidence.addresses.push(AddressEvidence { target, address, attempts });
        evidence
    }

    /// What is known `seconds` after the run that saw `evidence`.
    fn known(evidence: &LinkEvidence, seconds: u64, wanted: Wanted) -> Option<Known> {
        let run = Earlier { evidence, elapsed: Duration::from_secs(seconds), key_interval: INTERVAL };
        run.at(&evidence.addresses[0]).unwrap().known(None, wanted)
    }

    #[test]
    fn a_key_is_due_after_its_interval_and_a_refused_one_after_ten() {
        for (message, holds, due) in [(ACCEPTED, 299, 300), ("unable to find apikey with id id", 2999, 3000)] {
            let evidence = seen(vec![attempt(Question::AsElasticsearch, node(refusal(message)))]);
            let held = known(&evidence, holds, Wanted::Key).unwrap().identity.unwrap();
            assert_eq!((held[0].said, held[0].seconds_ago), (Said::KeyHandshake, Some(holds as f64)));
            assert_eq!(known(&evidence, due, Wanted::Key).unwrap().identity, None, "{message}");
        }
    }

    #[test]
    fn release_and_who_answers_outlive_the_key_and_an_age_grows_from_run_to_run() {
        let mut exchanges = node(refusal(ACCEPTED));
        exchanges[4].seconds_ago = Some(3000.0);
        let evidence = seen(vec![attempt(Question::AsElasticsearch, exchanges)]);
        let later = known(&evidence, 500, Wanted::Key).unwrap();
        assert_eq!((later.version, later.identity, later.behind_key[0].seconds_ago), (9_458_007, None, Some(3500.0)));
        assert_eq!(later.release.unwrap().said, Said::ReleaseHandshake);
        assert_eq!(known(&evidence, 600, Wanted::Key).unwrap().behind_key, []);
    }

    #[test]
    fn what_was_not_asked_or_not_answered_is_asked() {
        let unanswered = seen(vec![attempt(Question::AsElasticsearch, node(Heard::Silence))]);
        assert_eq!(known(&unanswered, 1, Wanted::Key).unwrap().identity, None);
        let with_key = seen(vec![attempt(Question::AsElasticsearch, node(refusal(ACCEPTED)))]);
        assert_eq!(known(&with_key, 1, Wanted::Kind).unwrap().identity, None);
        let silent = seen(vec![attempt(Question::AsElasticsearch, vec![heard(Said::Ping, Heard::Silence)])]);
        assert!(known(&silent, 1, Wanted::Key).is_none());
    }

    #[test]
    fn a_counterfactual_is_asked_again_hourly_and_when_the_outcome_changes() {
        let closed = || vec![heard(Said::Ping, Heard::Closed)];
        let evidence =
            seen(vec![attempt(Question::AsElasticsearch, closed()), attempt(Question::PlainHttp, Vec::new())]);
        let asked = |seconds, question, exchanges| {
            let run = Earlier { evidence: &evidence, elapsed: Duration::from_secs(seconds), key_interval: INTERVAL };
            let now = attempt(Question::AsElasticsearch, exchanges);
            run.at(&evidence.addresses[0]).unwrap().attempt(question, &now).is_none()
        };
        assert!(!asked(3599, Question::PlainHttp, closed()));
        assert!(asked(3600, Question::PlainHttp, closed()));
        assert!(asked(1, Question::PlainHttp, vec![heard(Said::Ping, Heard::Reset)]));
        assert!(asked(1, Question::StayQuiet, closed()));
    }
}
