//! The path of a link as a picture: what was passed, where it breaks, what was not reached.

use farlink_checks::model::diagnosis::{Diagnosis, StageResult, Status};
use farlink_checks::model::stage::Stage;
use unicode_width::UnicodeWidthStr;

/// One hop of the path after the local cluster.
pub(crate) struct Hop {
    /// Which part of the path.
    pub(crate) stage: Stage,
    /// What stands there: a name, an address, a protocol.
    pub(crate) label: String,
    /// What was seen there.
    pub(crate) note: String,
    /// How it went.
    pub(crate) status: Status,
}

/// The hops of `link`, in the order in which a probe takes them.
pub(crate) fn hops(link: &Diagnosis) -> impl Iterator<Item = Hop> {
    link.stages.iter().filter(|result| Stage::PATH.contains(&result.stage)).map(|result| Hop {
        stage: result.stage,
        label: label(link, result),
        note: note(link, result),
        status: result.status,
    })
}

/// What the picture calls the local cluster.
pub(crate) fn local(link: &Diagnosis) -> &str {
    link.local.as_deref().unwrap_or("local")
}

/// Two lines: the hops, and under each hop what was seen there.
pub(super) fn picture(link: &Diagnosis, indent: usize) -> String {
    let (mut top, mut bottom) = (format!("{}{}", " ".repeat(indent), local(link)), " ".repeat(indent));
    bottom.push_str(&" ".repeat(local(link).width()));
    for hop in hops(link) {
        let arrow = match hop.status {
            Status::Passed | Status::Warned => " ──▶ ",
            Status::Failed => " ──✗ ",
            Status::NotTested => " ┄┄▷ ",
        };
        top.push_str(arrow);
        bottom.push_str(&" ".repeat(arrow.width()));
        let (name, under) = (hop.label, clipped(&hop.note));
        let columns = name.width().max(under.width());
        top.push_str(&format!("{name}{}", " ".repeat(columns - name.width())));
        bottom.push_str(&format!("{under}{}", " ".repeat(columns - under.width())));
    }
    format!("{}\n{}\n", top.trim_end(), bottom.trim_end())
}

fn label(link: &Diagnosis, result: &StageResult) -> String {
    let target = link.proxy_address.as_ref().or(link.seeds.first());
    match result.stage {
        Stage::Dns => match target.and_then(|target| target.rsplit_once(':')) {
            Some((host, _)) => host.to_owned(),
            None => "name".to_owned(),
        },
        Stage::Tcp => match (link.addresses.first(), target.and_then(|target| target.rsplit_once(':'))) {
            (Some(address), _) => address.address.clone(),
            (None, Some((_, port))) => format!("port {port}"),
            (None, None) => "TCP".to_owned(),
        },
        Stage::Tls => "TLS".to_owned(),
        Stage::ApiKey => "API key".to_owned(),
        stage => stage.to_string(),
    }
}

fn note(link: &Diagnosis, result: &StageResult) -> String {
    let took = || result.duration_seconds.map(milliseconds).unwrap_or_default();
    match (result.status, &result.note) {
        (Status::NotTested, _) => "not tested".to_owned(),
        (Status::Failed, Some(note)) => note.clone(),
        (Status::Failed, None) => "failed".to_owned(),
        (_, _) if result.stage == Stage::Dns => match link.addresses.len() {
            1 => String::new(),
            n => format!("{n} addresses"),
        },
        (_, Some(note)) => note.clone(),
        (_, None) => took(),
    }
}

fn clipped(note: &str) -> String {
    const LIMIT: usize = 24;
    if note.chars().count() <= LIMIT { note.to_owned() } else { note.chars().take(LIMIT - 1).chain(['…']).collect() }
}

fn milliseconds(seconds: f64) -> String {
    if seconds < 1.0 { format!("{:.0} ms", seconds * 1000.0) } else { format!("{seconds:.1} s") }
}
