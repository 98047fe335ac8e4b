//! Which question to ask next at an address: a pure function of the evidence so far.
//!
//! While nothing is wrong, one connection is enough. Each further question tells apart causes that
//! the evidence so far cannot, and the cheap ones come first.

use crate::classify::listener::{self, Interface, Listener};
use crate::classify::members::{self, MORE, Member, Members};
use crate::classify::reach::{self, Reach};
use crate::classify::{interception, offers, tls};
use crate::model::evidence::{AddressEvidence, Attempt, Heard, Question, Said, TlsOutcome};
use crate::model::hello::Hello;
use crate::model::link::{Host, Link, Mode, Model};

/// The next question to ask at `address`; `None` when nothing more would help.
pub fn next(link: &Link, address: &AddressEvidence) -> Option<Question> {
    let Some(main) = address.main() else { return Some(Question::AsElasticsearch) };
    // Answers of several members do not belong together.
    if matches!(members::judge(address), Members::Differ { .. }) {
        return None;
    }
    match reach::judge(address) {
        Reach::Open => {}
        Reach::Refused => return sibling(address),
        _ => return None,
    }
    let questions: &[Question] = match &main.tls {
        None => without_tls(link, main),
        Some(tls) => match &tls.outcome {
            TlsOutcome::Completed => established(link, main),
            TlsOutcome::Closed | TlsOutcome::Reset | TlsOutcome::Failed { .. } if tls.client_certificate.is_none() => {
                &[
                    Question::Member(1),
                    Question::Member(2),
                    Question::StayQuiet,
                    Question::PlainTransport,
                    Question::WithoutServerName,
                    Question::DialledHostAsServerName,
                    Question::ImpossibleServerName,
                    Question::ProxyHeader,
                    Question::PartialHello,
                    Question::PlainHttp,
                ]
            }
            TlsOutcome::NotTls { .. } => &[Question::PlainHttp, Question::PlainTransport],
            TlsOutcome::TimedOut => &[Question::SmallAnswer, Question::PlainTransport, Question::PlainHttp],
            // Our library got as far as the certificate, so it is not what they disagree about.
            _ if !tls.chain.is_empty() || tls.client_certificate.is_some() => &[],
            TlsOutcome::Alert { code: tls::PROTOCOL_VERSION } | TlsOutcome::OldVersion | TlsOutcome::Refused { .. } => {
                &REFUSED[NAMES..]
            }
            TlsOutcome::Alert { code: tls::UNRECOGNIZED_NAME } => &REFUSED[..NAMES],
            TlsOutcome::Alert { .. } => &REFUSED,
            _ => &[],
        },
    };
    questions
        .iter()
        .copied()
        .find(|question| address.attempt(*question).is_none() && applies(*question, link, address, main))
}

fn established(link: &Link, main: &Attempt) -> &'static [Question] {
    match listener::judge(main) {
        Listener::Closed => &CLOSED_INSIDE,
        Listener::Foreign(_) | Listener::Alert(_) => &CLOSED_INSIDE[3..],
        listener if is_misplaced(link, &listener) => &MISPLACED,
        _ => &[Question::ImpossibleServerName],
    }
}

fn without_tls(link: &Link, main: &Attempt) -> &'static [Question] {
    match listener::judge(main) {
        Listener::Closed | Listener::ClientCertificate { .. } => {
            &[Question::StayQuiet, Question::TlsInstead, Question::PlainHttp]
        }
        Listener::Silent => &[Question::TlsInstead],
        Listener::Foreign(_) | Listener::Malformed { .. } => &[Question::TlsInstead, Question::PlainHttp],
        Listener::Http(_) => &[Question::PlainHttp],
        listener if is_misplaced(link, &listener) => &MISPLACED[..3],
        _ => &[],
    }
}

/// Whether the listener is that of the other model than the link's.
fn is_misplaced(link: &Link, listener: &Listener) -> bool {
    matches!(
        (link.model(), listener),
        (Some(Model::ApiKey), Listener::Transport { interface: Interface::Transport { .. }, .. })
            | (Some(Model::ApiKey), Listener::ClientCertificate { .. })
            | (Some(Model::Certificate), Listener::Transport { interface: Interface::RemoteClusterServer, .. })
    )
}

/// What is asked where another model's listener answers: whether other members answer too.
const MISPLACED: [Question; 5] = [
    Question::Member(1),
    Question::Member(2),
    Question::Member(MORE),
    Question::SiblingPort,
    Question::ImpossibleServerName,
];
/// What is asked where the transport protocol is cut off inside TLS.
const CLOSED_INSIDE: [Question; 5] = [
    Question::Member(1),
    Question::Member(2),
    Question::QuietInsideTls,
    Question::HttpInsideTls,
    Question::ImpossibleServerName,
];

/// What a refusal by alert leaves open: first whether it is the name, then whether it is what our TLS
/// library offers.
const REFUSED: [Question; 9] = [
    Question::WithoutServerName,
    Question::ImpossibleServerName,
    Question::DialledHostAsServerName,
    Question::Offer(Hello::NewJdk),
    Question::Offer(Hello::OldJdk),
    Question::Offer(Hello::Tls13),
    Question::Offer(Hello::Tls12),
    Question::Offer(Hello::Tls11),
    Question::Offer(Hello::Tls10),
];
const NAMES: usize = 3;

/// Up to how many seconds a cut counts as decided at once.
const QUICK: f64 = 0.5;

fn is_cut(main: &Attempt) -> bool {
    matches!(members::member(main), Some(Member::Closed | Member::ClosedInside))
}

/// Whether `question` would still tell anything.
fn applies(question: Question, link: &Link, address: &AddressEvidence, main: &Attempt) -> bool {
    let sent = main.tls.as_ref().and_then(|tls| tls.server_name.as_deref());
    let pong = address
        .attempt(Question::PlainTransport)
        .is_some_and(|attempt| matches!(attempt.heard(Said::Ping), Some(Heard::Pong)));
    match question {
        Question::StayQuiet => main.quiet.is_none(),
        // Only a load balancer has members, and waiting for it several times would leave no time to ask more.
        Question::Member(_) => {
            let firm = link.model.is_some_and(|model| model.source.is_firm());
            let quick = main.tls.as_ref().is_none_or(|tls| tls.seconds < QUICK)
                && main.exchanges.iter().all(|exchange| exchange.seconds < QUICK);
            link.mode == Mode::Proxy && quick && members::member(main).is_some() && (firm || is_cut(main))
        }
        Question::SiblingPort => {
            link.model() == Some(Model::Certificate) && link.client_certificate.is_none() && sibling(address).is_some()
        }
        Question::WithoutServerName => sent.is_some() && !pong,
        Question::DialledHostAsServerName => {
            !pong
                && link.server_name.as_deref() != Some(&address.target.host.to_string())
                && matches!(&address.target.host, Host::Name(name) if Some(name.as_str()) != sent)
        }
        Question::ImpossibleServerName if main.tls.as_ref().is_some_and(|tls| tls.outcome == TlsOutcome::Completed) => {
            interception::is_possible(link, main)
        }
        // Closed already tells that no backend is reached; what is left decides between names.
        Question::ImpossibleServerName | Question::ProxyHeader | Question::PartialHello => !pong && !passes(address),
        Question::PlainHttp => !pong && !http_heard(address),
        Question::Offer(hello) => !tls::another_name_passes(address) && offers::is_wanted(hello, address),
        _ => true,
    }
}

fn passes(address: &AddressEvidence) -> bool {
    [Question::WithoutServerName, Question::DialledHostAsServerName]
        .into_iter()
        .filter_map(|question| address.attempt(question))
        .any(tls::is_answered)
}

fn http_heard(address: &AddressEvidence) -> bool {
    address
        .attempts
        .iter()
        .flat_map(|attempt| &attempt.exchanges)
        .any(|exchange| matches!(&exchange.heard, Heard::Http(answer) if answer.elastic))
}

fn sibling(address: &AddressEvidence) -> Option<Question> {
    let known = matches!(address.address.port(), 9200 | 9243 | 9300 | 9343 | 9400 | 9443);
    (known && address.attempt(Question::SiblingPort).is_none()).then_some(Question::SiblingPort)
}
