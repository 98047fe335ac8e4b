//! `farlink explain`: what a finding means, what looks like it, and how to mend it.

use farlink_checks::catalogue::{ALL, Entry};

use super::Failure;
use super::args::Explain;
use super::exit::Exit;
use super::output::Output;
use crate::usage::{Place, finding};

/// Runs it to its exit code.
pub(super) fn run(options: &Explain) -> Result<Exit, Failure> {
    let text = match (&options.id, &options.search) {
        (Some(id), _) => page(finding(id).map_err(|fault| Place::Option("ID").error(fault))?),
        (None, Some(word)) => {
            let word = word.to_lowercase();
            let has = |text: &str| text.to_lowercase().contains(&word);
            list(|entry| has(entry.id) || has(entry.title) || has(entry.meaning) || has(entry.how))
        }
        (None, None) => list(|_| true),
    };
    Output::stdout().write(&text)?;
    Ok(Exit::Clean)
}

fn list(wanted: impl Fn(&Entry) -> bool) -> String {
    ALL.iter().filter(|entry| wanted(entry)).map(|entry| format!("{:<44} {}\n", entry.id, entry.title)).collect()
}

fn page(entry: &Entry) -> String {
    let mut out = format!("{}  ({}, {})\n  {}\n\n", entry.id, entry.stage, entry.severity.name(), entry.title);
    out.push_str(&format!("What it means\n  {}\n\nHow it is known\n  {}\n", entry.meaning, entry.how));
    if !entry.look_alikes.is_empty() {
        out.push_str("\nWhat looks alike\n");
        for other in entry.look_alikes {
            out.push_str(&format!("  {}: {}\n", other.id, other.difference));
        }
    }
    out.push_str("\nWhat to change\n");
    for fix in entry.fixes {
        out.push_str(&format!("  {}: {}\n", fix.platform.name(), fix.change));
    }
    out.push_str("\nRead more\n");
    for page in entry.documentation {
        out.push_str(&format!("  {page}\n"));
    }
    out
}
