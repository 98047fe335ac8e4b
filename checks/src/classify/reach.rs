//! Whether an address can be reached at all, and whether it stays open until we speak.

use crate::model::evidence::{AddressEvidence, Attempt, Bytes, End, Question, TcpOutcome};

/// How far a connection gets before a byte of ours.
#[derive(Clone, Debug, PartialEq)]
pub enum Reach {
    /// Connected, and the peer waits for us (or nobody needed to find out).
    Open,
    /// Connected, then closed although we said nothing.
    ClosedUnasked {
        /// After how many seconds.
        after: f64,
    },
    /// Connected, then reset although we said nothing.
    ResetUnasked,
    /// Connected, and the peer speaks first.
    Banner(Bytes),
    /// Reset in answer to SYN.
    Refused,
    /// No answer.
    TimedOut,
    /// No route.
    Unreachable,
    /// The agent's own host stands in the way.
    Agent {
        /// How.
        reason: String,
    },
    /// Not tried.
    NotTried,
}

/// From this on a close is too late to be a decision about the connection alone: something was
/// tried behind it first.
const DELIBERATE: f64 = 0.5;

impl Reach {
    /// Whether the close came so late that something must have been tried first.
    pub fn is_delayed(&self) -> bool {
        matches!(self, Self::ClosedUnasked { after } if *after >= DELIBERATE)
    }
}

/// Judges the connection attempts at `address`.
pub fn judge(address: &AddressEvidence) -> Reach {
    let Some(main) = address.main() else { return Reach::NotTried };
    let reach = of(&main.tcp.outcome);
    if reach != Reach::Open {
        return reach;
    }
    let quiet = address.attempt(Question::StayQuiet).and_then(|attempt| attempt.quiet.as_ref()).or(main.quiet.as_ref());
    let Some(quiet) = quiet else { return Reach::Open };
    if !quiet.received.is_empty() {
        return Reach::Banner(quiet.received.clone());
    }
    match quiet.end {
        // A name router gives up after its own patience; that is no answer to the connection.
        End::Closed if quiet.seconds <= patience(main) => Reach::ClosedUnasked { after: quiet.seconds },
        End::Reset if quiet.seconds <= patience(main) => Reach::ResetUnasked,
        _ => Reach::Open,
    }
}

/// For how many seconds a silent connection must stay open to count as open: well beyond the time
/// in which the peer closed the connection on which we spoke.
pub fn patience(main: &Attempt) -> f64 {
    let closed_after = main.tls.as_ref().map(|tls| tls.seconds).unwrap_or_default()
        + main.exchanges.first().map(|exchange| exchange.seconds).unwrap_or_default();
    (closed_after * 1.5 + 0.3).max(0.7)
}

fn of(outcome: &TcpOutcome) -> Reach {
    match outcome {
        TcpOutcome::Connected => Reach::Open,
        TcpOutcome::Refused => Reach::Refused,
        TcpOutcome::TimedOut => Reach::TimedOut,
        TcpOutcome::HostUnreachable | TcpOutcome::NetworkUnreachable => Reach::Unreachable,
        TcpOutcome::Forbidden => {
            Reach::Agent { reason: "the agent's host forbids the connection (a local firewall rule)".into() }
        }
        TcpOutcome::AgentExhausted => {
            Reach::Agent { reason: "the agent's host has no descriptor or local port left".into() }
        }
        TcpOutcome::Failed { error, .. } => Reach::Agent { reason: format!("the connection attempt failed: {error}") },
    }
}
