//! The path of a link as a picture: what was passed, where it breaks, what was not reached.

use farlink_checks::model::diagnosis::{Diagnosis, StageResult, Status};
use farlink_checks::model::stage::Stage;
use unicode_width::UnicodeWidthStr;

/// Two lines: the hops, and under each hop what was seen there.
pub(super) fn picture(link: &Diagnosis, indent: usize) -> String {
    let mut hops: Vec<(String, String, Status)> = Vec::new();
    let local = link.local.clone().unwrap_or_else(|| "local".to_owned());
    hops.push((local, String::new(), Status::Passed));
    for result in link.stages.iter().filter(|stage| Stage::PATH.contains(&stage.stage)) {
        hops.push((label(link, result), note(link, result), result.status));
    }
    let (mut top, mut bottom) = (" ".repeat(indent), " ".repeat(indent));
    for (position, (name, under, status)) in hops.iter().enumerate() {
        if position > 0 {
            let arrow = match status {
                Status::Passed | Status::Warned => " ──▶ ",
                Status::Failed => " ──✗ ",
                Status::NotTested => " ┄┄▷ ",
            };
            top.push_str(arrow);
            bottom.push_str(&" ".repeat(arrow.width()));
        }
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
        (Status::Failed, Some(note)) => clipped(note),
        (Status::Failed, None) => "failed".to_owned(),
        (_, _) if result.stage == Stage::Dns => match link.addresses.len() {
            1 => String::new(),
            n => format!("{n} addresses"),
        },
        (_, Some(note)) => clipped(note),
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
