//! `farlink certs`: certificates of files and ports, judged as Elasticsearch would judge them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use farlink_checks::certs::{Certs, Judged, Request, SCHEMA, judge, unreadable};
use farlink_checks::model::evidence::Der;
use farlink_checks::model::link::{HostPort, Source, Trust};
use farlink_checks::x509::Purpose;
use jiff::Timestamp;

use super::Failure;
use super::args::{self, CertPurpose, CertsFormat};
use super::exit::Exit;
use super::output::Output;
use super::plan::{now, tool};
use crate::link::address;
use crate::link::bundle::{self, Bundle, NoBundle};
use crate::link::files::{Files as _, NamedFile, Reader, System};
use crate::link::inputs::ResolverChoice;
use crate::probe::seams::Seams;
use crate::probe::served::{self, usual_server_name};
use crate::read::{Client, ssl_certificates};
use crate::report;
use crate::run::planned::resolver;
use crate::secret::Password;
use crate::usage::{Fault, Place};

/// Runs it to its exit code: 1 when a chain is refused, 3 when a port showed none.
pub(super) async fn run(options: &args::Certs) -> Result<Exit, Failure> {
    let at = options.at.unwrap_or_else(now);
    let output = Output::stdout();
    let style = output.style(options.color);
    if let Some(url) = &options.cluster {
        return cluster(options, url, at).await;
    }
    let inputs = Inputs::read(options)?;
    let mut certs = Certs { schema: SCHEMA, tool: tool(), at, chains: Vec::new() };
    let mut unseen = false;
    for source in &options.sources {
        match inputs.chain(options, source, at).await {
            Ok(judged) => certs.chains.push(judged),
            Err(Trouble::NotServed(error)) => {
                unseen = true;
                Output::remark(&format!("{source}: {error}"));
            }
            Err(Trouble::Failure(failure)) => return Err(failure),
        }
    }
    output.write(&match options.format {
        CertsFormat::Text => report::certs::text(&certs, style),
        CertsFormat::Json => report::certs::json(&certs),
    })?;
    Ok(match (certs.chains.iter().any(Judged::is_rejected), unseen) {
        (true, _) => Exit::Found,
        (false, true) => Exit::Unknown,
        (false, false) => Exit::Clean,
    })
}

/// Why a source gives no verdict.
enum Trouble {
    /// What the user wrote cannot be used.
    Failure(Failure),
    /// The port showed nothing.
    NotServed(served::NotServed),
}

impl<E: Into<Failure>> From<E> for Trouble {
    fn from(error: E) -> Self {
        Self::Failure(error.into())
    }
}

/// What the sources are held against.
struct Inputs {
    trust: Trust,
    password: Option<Password>,
    seams: Seams,
}

impl Inputs {
    fn read(options: &args::Certs) -> Result<Self, Failure> {
        let files = System;
        let mut reader = Reader::new(&files);
        let password = match &options.password_file {
            Some(path) => {
                let file = NamedFile::option("--password-file", path);
                let bytes = reader.secret(&file)?;
                Some(Password::new(&String::from_utf8_lossy(&bytes)))
            }
            None => None,
        };
        let trust = match &options.ca_file {
            Some(path) => {
                let Bundle { certificates, faults } = file_at("--ca-file", path, &reader, password.as_ref())?;
                Trust::Authorities { certificates, file: path.display().to_string(), faults, source: Source::Given }
            }
            None => Trust::PublicRoots { source: Source::Assumed },
        };
        let seams = Seams::real(Arc::new(resolver(&ResolverChoice::default())?));
        Ok(Self { trust, password, seams })
    }

    async fn chain(&self, options: &args::Certs, source: &str, at: Timestamp) -> Result<Judged, Trouble> {
        let purpose = match options.purpose {
            CertPurpose::Server => Purpose::Server,
            CertPurpose::Client => Purpose::Client,
        };
        let request = |served, chain: &[Der], dialled: Option<&str>| {
            let server_name = options.server_name.as_deref();
            judge(&Request { source, served, chain, trust: &self.trust, server_name, dialled, purpose }, at)
        };
        let files = System;
        if files.read(Path::new(source), 1).is_ok() {
            let reader = Reader::new(&files);
            let bundle = file_at("FILE", &PathBuf::from(source), &reader, self.password.as_ref())?;
            return Ok(request(false, &bundle.certificates, None));
        }
        let target = target(source)?;
        let dialled = options.through.as_ref().unwrap_or(&target);
        let name = options.server_name.as_deref().or_else(|| usual_server_name(&target.host));
        let (_, tls) = served::chain(&self.seams, dialled, name, options.timeout).await.map_err(Trouble::NotServed)?;
        Ok(request(true, &tls.chain, Some(&target.host.to_string())))
    }
}

fn target(source: &str) -> Result<HostPort, Failure> {
    let place = Place::Option("FILE|HOST:PORT");
    if !source.contains(':') || source.contains('/') {
        return Err(place.error(Fault::NoSource { text: source.to_owned() }).into());
    }
    Ok(address::with_port(source, 9443).map_err(|fault| place.error(fault))?)
}

fn file_at(
    option: &'static str,
    path: &Path,
    reader: &Reader<'_>,
    password: Option<&Password>,
) -> Result<Bundle, Failure> {
    let file = NamedFile::option(option, path);
    let bytes = reader.read(&file)?;
    bundle::read(&bytes, password)
        .map_err(|problem: NoBundle| file.place.error(Fault::NoCertificates { path: path.to_owned(), problem }).into())
}

/// The certificates that a running cluster has loaded, as it says itself.
async fn cluster(options: &args::Certs, url: &str, at: Timestamp) -> Result<Exit, Failure> {
    let files = System;
    let access = options.access.facts(url).read(&mut Reader::new(&files))?;
    let client = Client::new(access.url.as_str(), access.credentials, &access.trust, options.timeout)?;
    match ssl_certificates::ssl_certificates(&client).await {
        Ok(loaded) => {
            let output = Output::stdout();
            let style = output.style(options.color);
            output.write(&match options.format {
                CertsFormat::Text => report::certs::loaded_text(&loaded, at, style),
                CertsFormat::Json => report::certs::loaded_json(&loaded, at),
            })?;
            let expired = |certificate: &ssl_certificates::Loaded| certificate.expiry.is_some_and(|expiry| expiry < at);
            Ok(if loaded.iter().any(expired) { Exit::Found } else { Exit::Clean })
        }
        Err(error) => {
            let finding = unreadable(&error, &access.name);
            Output::remark(&format!("{}: {}; {}", finding.id, finding.title, finding.fix.join("; ")));
            Ok(Exit::Unknown)
        }
    }
}
