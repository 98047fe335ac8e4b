//! How each stage of the path went at one address; what was not tested is never shown as passed.

use crate::classify::chain::ChainVerdict;
use crate::classify::client_certificate::{self, ClientVerdict};
use crate::classify::key::{self, KeyVerdict};
use crate::classify::listener::Listener;
use crate::classify::name::NameVerdict;
use crate::classify::offers::Choice;
use crate::classify::reach::Reach;
use crate::classify::tls::TlsVerdict;
use crate::model::diagnosis::{Outcome, StageResult, Status};
use crate::model::evidence::Said;
use crate::model::finding::{Finding, Severity};
use crate::model::link::{KeyPresence, Model, VerificationMode};
use crate::model::stage::Stage;
use crate::rules::{Context, local_has_new_jdk};

const BEFORE: &str = "the path ends before";

/// The stages of one address, in the order of the path.
pub(crate) fn of_address(context: &Context<'_>, findings: &[Finding]) -> Vec<StageResult> {
    let resolved = StageResult::tested(Stage::Dns, Status::Passed);
    let stages = [resolved, tcp(context), tls(context), certificate(context), transport(context), api_key(context)];
    stages.into_iter().filter(|stage| applies(stage.stage, context)).map(|stage| marked(stage, findings)).collect()
}

/// How the address did: failed at an error, usable when every deciding stage passed.
pub(crate) fn outcome(stages: &[StageResult], findings: &[Finding]) -> Outcome {
    if findings.iter().any(Finding::is_error) || stages.iter().any(|stage| stage.status == Status::Failed) {
        return Outcome::Failed;
    }
    if stages.iter().all(|stage| matches!(stage.status, Status::Passed | Status::Warned)) {
        return Outcome::Usable;
    }
    Outcome::Undecided
}

/// Whether a link of this kind has the stage: no TLS where it dials without, no key where the model has none.
fn applies(stage: Stage, context: &Context<'_>) -> bool {
    match stage {
        Stage::Tls | Stage::Certificate => context.tls != TlsVerdict::NotUsed && !plain_is_fine(context),
        Stage::ApiKey => context.model() != Some(Model::Certificate),
        _ => true,
    }
}

/// The port speaks without TLS, and nobody said that the link has it.
fn plain_is_fine(context: &Context<'_>) -> bool {
    context.tls == TlsVerdict::PlainTransport && context.link.transport_tls.is_none()
}

/// A finding of the stage lowers a passed status, whatever else was seen.
fn marked(mut stage: StageResult, findings: &[Finding]) -> StageResult {
    if stage.status == Status::Passed
        && let Some(worst) = findings.iter().filter(|f| f.stage == stage.stage).map(|f| f.severity).max()
    {
        stage.status = match worst {
            Severity::Error => Status::Failed,
            Severity::Warning => Status::Warned,
            Severity::Info => Status::Passed,
        };
    }
    stage
}

fn tcp(context: &Context<'_>) -> StageResult {
    let seconds = context.main().map(|main| main.tcp.seconds);
    let stage = match &context.reach {
        Reach::Open | Reach::Banner(_) => StageResult::tested(Stage::Tcp, Status::Passed),
        Reach::NotTried => return StageResult::not_tested(Stage::Tcp, "the time for this link ran out"),
        Reach::Agent { reason } => return StageResult::not_tested(Stage::Tcp, reason.clone()),
        Reach::Refused => StageResult::tested(Stage::Tcp, Status::Failed).noted("refused"),
        Reach::TimedOut => StageResult::tested(Stage::Tcp, Status::Failed).noted("no answer"),
        Reach::Unreachable => StageResult::tested(Stage::Tcp, Status::Failed).noted("no route"),
        Reach::ClosedUnasked { .. } => StageResult::tested(Stage::Tcp, Status::Failed).noted("closed at once"),
        Reach::ResetUnasked => StageResult::tested(Stage::Tcp, Status::Failed).noted("reset at once"),
    };
    match seconds {
        Some(seconds) => stage.lasting(seconds),
        None => stage,
    }
}

fn tls(context: &Context<'_>) -> StageResult {
    let failed = |note: &str| StageResult::tested(Stage::Tls, Status::Failed).noted(note);
    let stage = match &context.tls {
        TlsVerdict::NotTried | TlsVerdict::NotUsed => return StageResult::not_tested(Stage::Tls, BEFORE),
        TlsVerdict::Refused { error } => {
            return StageResult::not_tested(
                Stage::Tls,
                format!("farlink's TLS library cannot continue ({error}); the JDK may"),
            );
        }
        TlsVerdict::Established => match &context.listener {
            Listener::ClientCertificate { .. } => certificate_refusal(context),
            _ => StageResult::tested(Stage::Tls, Status::Passed),
        },
        TlsVerdict::ClientCertificate { .. } => certificate_refusal(context),
        TlsVerdict::PlainTransport | TlsVerdict::NotUsedButRequired => failed("no TLS on one side"),
        TlsVerdict::PlainHttp(_) => failed("HTTP"),
        TlsVerdict::NameUnknown(_) => failed("server name refused"),
        TlsVerdict::NameRequired(_) => failed("server name missing"),
        TlsVerdict::NoBackend(_) => failed("nothing behind"),
        TlsVerdict::ProxyHeaderExpected => failed("PROXY header expected"),
        TlsVerdict::AnotherMemberAnswers => failed("closed, by this member"),
        TlsVerdict::Version { .. } => failed("no common version"),
        TlsVerdict::Cipher { .. } => failed("no common cipher"),
        TlsVerdict::OldJdkOnly(_) if local_has_new_jdk(context) => failed("no common cipher"),
        TlsVerdict::OldJdkOnly(choice) => return not_joined("a JDK before 24", choice),
        TlsVerdict::JdkOnly(choice) => return not_joined("the JDK", choice),
        TlsVerdict::Stalled { .. } => failed("no answer"),
        TlsVerdict::Foreign(_) => failed("not TLS"),
        TlsVerdict::BadServerName => failed("server name invalid"),
        TlsVerdict::Closed => failed("closed"),
        TlsVerdict::Alert(code) => failed(&format!("alert {code}")),
    };
    let handshake = context.handshake();
    let stage = match handshake.and_then(|tls| tls.version.clone()) {
        Some(version) if stage.note.is_none() => stage.noted(version.replace("TLSv", "TLS ")),
        _ => stage,
    };
    match handshake {
        Some(tls) => stage.lasting(tls.seconds),
        None => stage,
    }
}

/// What our TLS library cannot speak but the JDK can is a stage not tested.
fn not_joined(who: &str, choice: &Choice) -> StageResult {
    let reason = format!("farlink's TLS library cannot agree with the server, and {who} can: {choice}");
    StageResult::not_tested(Stage::Tls, reason)
}

fn certificate_refusal(context: &Context<'_>) -> StageResult {
    let verdict = client_certificate::judge(context.link, context.address, context.at);
    if matches!(verdict, ClientVerdict::Refused { .. }) || context.firm_model() == Some(Model::ApiKey) {
        return StageResult::tested(Stage::Tls, Status::Failed).noted("client certificate refused");
    }
    let reason = match verdict {
        ClientVerdict::NotSent { .. } => "the port asks for a client certificate, and the given one was not sent",
        _ => "the port asks for a client certificate, and none was given",
    };
    StageResult::not_tested(Stage::Tls, reason)
}

fn certificate(context: &Context<'_>) -> StageResult {
    let Some(leaf) = context.leaf() else { return StageResult::not_tested(Stage::Certificate, BEFORE) };
    if context.link.verification_mode.map(|mode| mode.value) == Some(VerificationMode::None) {
        return StageResult::tested(Stage::Certificate, Status::Passed).noted("not verified, as set");
    }
    match (&context.chain, &context.name) {
        (Some(ChainVerdict::TrustUnknown(_)), _) => {
            StageResult::not_tested(Stage::Certificate, "whom the local cluster trusts is not known; give --ca-file")
                .noted(leaf.label())
        }
        (Some(ChainVerdict::Undecided { reason }), _) => StageResult::not_tested(Stage::Certificate, reason.clone()),
        (_, Some(NameVerdict::Unknown)) => {
            StageResult::not_tested(Stage::Certificate, "the verification mode is not known; give --verification-mode")
                .noted(leaf.label())
        }
        _ => StageResult::tested(Stage::Certificate, Status::Passed).noted(leaf.label()),
    }
}

fn transport(context: &Context<'_>) -> StageResult {
    let seconds = talked(context, false).unwrap_or_default();
    let failed = |note: &str| StageResult::tested(Stage::Transport, Status::Failed).noted(note).lasting(seconds);
    match &context.listener {
        Listener::NotAsked => StageResult::not_tested(Stage::Transport, BEFORE),
        Listener::ClientCertificate { .. } => {
            StageResult::not_tested(Stage::Transport, "the client certificate comes first")
        }
        Listener::Transport { release, version, .. } => {
            let stage = StageResult::tested(Stage::Transport, Status::Passed).lasting(seconds);
            match (release, version) {
                (Some(release), _) => stage.noted(crate::model::text::safe(release, 40)),
                (None, Some(version)) => stage.noted(crate::version::releases(*version).to_string()),
                _ => stage,
            }
        }
        Listener::OpenSearch { .. } => failed("OpenSearch"),
        Listener::Rest(_) | Listener::Http(_) => failed("HTTP"),
        Listener::Malformed { .. } => failed("malformed"),
        Listener::Foreign(_) => failed("not Elasticsearch"),
        Listener::Alert(code) => failed(&format!("alert {code}")),
        Listener::Closed => failed("closed"),
        Listener::ClosedUnasked => failed("closed unasked"),
        Listener::Silent => failed("no answer"),
    }
}

/// How long the questions of this run took, those with a key or all the others; `None` where none was asked.
fn talked(context: &Context<'_>, with_key: bool) -> Option<f64> {
    let exchanges = context.main().into_iter().flat_map(|main| &main.exchanges);
    let asked = exchanges.filter(|it| it.said.has_key() == with_key && it.seconds_ago.is_none());
    asked.map(|exchange| exchange.seconds).reduce(|sum, seconds| sum + seconds)
}

fn api_key(context: &Context<'_>) -> StageResult {
    if !matches!(context.listener, Listener::Transport { .. }) {
        return StageResult::not_tested(Stage::ApiKey, BEFORE);
    }
    let Some(main) = context.main() else { return StageResult::not_tested(Stage::ApiKey, BEFORE) };
    let answered = |status, word: &str| {
        let tried = main.exchanges.iter().find(|exchange| exchange.said == Said::KeyHandshake);
        let note = match tried.and_then(|exchange| exchange.seconds_ago) {
            Some(ago) => format!("{word} {:.0} min ago", (ago / 60.0).ceil()),
            None => word.to_owned(),
        };
        let stage = StageResult::tested(Stage::ApiKey, status).noted(note);
        StageResult { duration_seconds: talked(context, true), ..stage }
    };
    let why = match &context.link.api_key {
        KeyPresence::NotGiven => "no API key was given",
        KeyPresence::Malformed { .. } => "the API key that was given is malformed",
        KeyPresence::Given { withheld: true, .. } => "the key probe was switched off",
        KeyPresence::Given { .. } => match key::at_wire(main).map(|told| told.verdict) {
            Some(KeyVerdict::Accepted) => return answered(Status::Passed, "accepted"),
            Some(KeyVerdict::OtherInterface) => "the port takes no keys",
            Some(_) => return answered(Status::Failed, "refused"),
            None if main.heard(Said::KeyHandshake).is_some() => "the key's answer could not be used",
            None => "a key is sent only to a server whose certificate was verified",
        },
    };
    StageResult::not_tested(Stage::ApiKey, why)
}
