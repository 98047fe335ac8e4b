//! `farlink demo`: the embedded estate, diagnosed as a user would diagnose a real one.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use clap::ColorChoice;
use farlink_checks::judge;
use farlink_lab::estate::Estate;

use super::Failure;
use super::args::{Command, Demo, LogFormat, LogLevel, parse_from};
use super::exit::Exit;
use super::output::Output;
use super::plan::{Plan, now, tool};
use super::request::Request;
use crate::link::files::{Reader, System};
use crate::link::inputs::Timeouts;
use crate::link::pattern::Chosen;
use crate::report;
use crate::run::local;
use crate::serve::daemon::{self, Options};

/// Runs it; the exit code is 0 whatever is found, because the estate is broken on purpose.
pub(super) async fn run(options: &Demo) -> Result<Exit, Failure> {
    let estate = Estate::start().await?;
    if options.serve {
        return serve(&estate, options.listen).await;
    }
    let shown = |path: &Path| path.display().to_string();
    let arguments = [
        "farlink".to_owned(),
        "diagnose".to_owned(),
        format!("--cluster={}", estate.cluster_url()),
        format!("--ca-file={}", shown(estate.ca_file())),
        format!("--cert-file={}", shown(estate.certificate_file())),
        format!("--key-file={}", shown(estate.key_file())),
        format!("--resolver={}", estate.name_server()),
    ];
    let mut plan = Plan {
        // Loopback answers at once; what is silent need not be waited for long.
        timeouts: Timeouts { link: Duration::from_secs(5), stage: Duration::from_millis(1200) },
        ..Plan::default()
    };
    if let Ok(cli) = parse_from(arguments)
        && let Command::Diagnose(diagnose) = cli.command
        && let Request::Cluster(access, facts) = diagnose.request()?
    {
        let files = System;
        let mut reader = Reader::new(&files);
        let (access, given) = (access.read(&mut reader)?, facts.read(&mut reader)?);
        plan.links = local::links(&access, &given, &Chosen::default(), Duration::from_secs(5)).await?;
        plan.resolver = diagnose.resolver()?.unwrap_or_default();
    }
    let evidence = plan.observe(|_, _| {}).await?;
    let output = Output::stdout();
    let style = output.style(ColorChoice::Auto);
    output.write(&report::render(&judge::report(&evidence), options.format.into(), style))?;
    Ok(Exit::Clean)
}

/// The daemon over the estate, until it is stopped.
async fn serve(estate: &Estate, listen: Option<SocketAddr>) -> Result<Exit, Failure> {
    let path = estate.directory().join("farlink.yml");
    Output::to(Some(&path)).write(&configuration(estate))?;
    super::serve::log(LogFormat::Text, LogLevel::Info);
    Output::remark(&format!("the estate's configuration is {}", path.display()));
    let options = Options { config: Some(path), listen, clock: now, tool: tool() };
    let listening = |address| Output::remark(&format!("open http://{address}/ and stop with Ctrl-C"));
    daemon::serve(options, listening).await?;
    Ok(Exit::Clean)
}

/// The configuration that a user of the estate would write.
fn configuration(estate: &Estate) -> String {
    let path = |path: &Path| serde_json::json!(path.display().to_string());
    let ca = path(estate.ca_file());
    let certificate = format!("cert_file: {}, key_file: {}", path(estate.certificate_file()), path(estate.key_file()));
    let key = format!("api_key_file: {}", path(estate.api_key_file()));
    // The key is that of one link; the others show what a diagnosis without one can say.
    let secret = |alias: &str| if alias == "healthy" { &key } else { &certificate };
    let line = |alias: &str| format!("  {alias}: {{ local: demo, ca_file: {ca}, {} }}\n", secret(alias));
    let links: String = estate.links().iter().map(|link| line(link.alias)).collect();
    format!(
        "clusters:\n  demo: {{ url: {:?} }}\nlinks:\n{links}resolver: {{ servers: [{:?}] }}\ninterval: 10s\n",
        estate.cluster_url(),
        estate.name_server().to_string(),
    )
}
