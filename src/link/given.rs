//! What the user states about a link, whichever way: options or a link of the configuration.
//!
//! [`Facts`] names files, [`Given`] has read them, and [`Given::join`] completes a link with it
//! and with the defaults of its security model. What is given outranks what was read.

use std::fmt;
use std::sync::Arc;

use farlink_checks::model::link::{
    ClientCertificate, KeyPresence, Link, Model, Releases, Source, Sourced, Trust, VerificationMode,
};
use rustls::sign::CertifiedKey;

use super::files::{Files, NamedFile, Reader};
use super::inputs::{Inputs, LinkSecrets};
use super::{key, pem};
use crate::secret::ApiKey;
use crate::usage::{Fault, Place, UsageError};

/// The statements as they were written, files unread.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// The security model.
    pub model: Option<Model>,
    /// `verification_mode`.
    pub verification_mode: Option<VerificationMode>,
    /// Whether the local cluster dials with TLS.
    pub transport_tls: Option<bool>,
    /// The authorities the local cluster trusts.
    pub ca_file: Option<NamedFile>,
    /// The client certificate.
    pub cert_file: Option<NamedFile>,
    /// Its private key.
    pub key_file: Option<NamedFile>,
    /// The cross-cluster API key.
    pub api_key_file: Option<NamedFile>,
    /// The two sides' releases.
    pub releases: Releases,
}

/// The statements with their files read.
#[derive(Clone, Default)]
pub struct Given {
    model: Option<Model>,
    verification_mode: Option<VerificationMode>,
    transport_tls: Option<bool>,
    trust: Option<Trust>,
    client: Option<(ClientCertificate, Option<Arc<CertifiedKey>>)>,
    key: Option<(KeyPresence, Option<ApiKey>)>,
    /// Where the key came from, when that can be read again.
    key_file: Option<NamedFile>,
    releases: Releases,
}

impl Facts {
    /// Reads the files that are named; `reader` counts what standard input is used for.
    pub fn read(&self, reader: &mut Reader<'_>) -> Result<Arc<Given>, UsageError> {
        self.check()?;
        let trust = match &self.ca_file {
            Some(file) => Some(pem::authorities(&reader.read(file)?, &file.shown)),
            None => None,
        };
        let client = match (&self.cert_file, &self.key_file) {
            (Some(certificate), Some(key)) => {
                let chain = reader.read(certificate)?;
                Some(pem::client(&chain, &certificate.shown, &reader.secret(key)?))
            }
            _ => None,
        };
        let key = match &self.api_key_file {
            Some(file) => Some(key::cross_cluster(&reader.secret(file)?)),
            None => None,
        };
        Ok(Arc::new(Given {
            model: self.model,
            verification_mode: self.verification_mode,
            transport_tls: self.transport_tls,
            trust,
            client,
            key,
            key_file: self
                .api_key_file
                .clone()
                .filter(|file| !matches!(file.shown.as_str(), "-") && !file.shown.starts_with("env:")),
            releases: self.releases.clone(),
        }))
    }

    /// What contradicts itself before any file is read.
    fn check(&self) -> Result<(), UsageError> {
        match (&self.cert_file, &self.key_file) {
            (Some(file), None) => {
                return Err(file.place.error(Fault::Needs {
                    other: if is_option(file) { "--key-file" } else { "key_file" },
                    why: "a client certificate cannot be presented without its private key",
                }));
            }
            (None, Some(file)) => {
                return Err(file.place.error(Fault::Needs {
                    other: if is_option(file) { "--cert-file" } else { "cert_file" },
                    why: "a private key is presented with its certificate only",
                }));
            }
            _ => {}
        }
        match (self.model, &self.api_key_file, &self.cert_file) {
            (None, Some(file), Some(_)) => Err(file.place.error(Fault::ModelNeeded {
                model: if is_option(file) {
                    "--model api-key or --model certificate"
                } else {
                    "model: api-key or model: certificate"
                },
            })),
            _ => Ok(()),
        }
    }
}

impl Given {
    /// The model the statements name or suggest: stated, else that of the credential.
    pub fn model(&self) -> Option<Sourced<Model>> {
        match (self.model, &self.key, &self.client) {
            (Some(model), ..) => Some(Sourced::given(model)),
            (None, Some(_), _) => Some(Sourced::inferred(Model::ApiKey)),
            (None, None, Some(_)) => Some(Sourced::inferred(Model::Certificate)),
            (None, None, None) => None,
        }
    }

    /// The model and the local cluster's release, where they are stated.
    pub fn stated(&self) -> (Option<Model>, Option<&str>) {
        (self.model, self.releases.local.as_ref().map(|release| release.value.as_str()))
    }

    /// The same statements with the key that its file holds now; `None` where that is the same key, or cannot
    /// be read.
    pub fn with_key_read_again(&self, files: &dyn Files) -> Option<Self> {
        let file = self.key_file.as_ref()?;
        let now = key::cross_cluster(&Reader::new(files).secret(file).ok()?);
        let same = match (&self.key, &now) {
            (Some((_, Some(known))), (_, Some(key))) => known.is(key),
            (Some((known, None)), (presence, None)) => known == presence,
            _ => false,
        };
        (!same).then(|| Self { key: Some(now), ..self.clone() })
    }

    /// The key that is given.
    pub(super) fn key(&self) -> Option<&(KeyPresence, Option<ApiKey>)> {
        self.key.as_ref()
    }

    /// `link` completed: what is given, else what `link` has already, else what the port suggests
    /// and the model's defaults assume.
    pub fn join(self: &Arc<Self>, mut link: Link) -> Inputs {
        // Stated, else read from the cluster, else what the credential or the port suggests.
        link.model =
            (self.model.map(Sourced::given)).or(link.model).or_else(|| self.model()).or_else(|| by_port(&link));
        let by_key = link.model() == Some(Model::ApiKey);

        link.verification_mode = (self.verification_mode.map(Sourced::given))
            .or(link.verification_mode)
            .or_else(|| by_key.then(|| Sourced::assumed(VerificationMode::Full)));

        // Who gives authorities or a certificate says that there is TLS.
        let implied = self.trust.is_some() || self.client.is_some();
        link.transport_tls = (self.transport_tls.map(Sourced::given))
            .or(link.transport_tls)
            .or_else(|| by_key.then(|| Sourced::assumed(true)))
            .or_else(|| implied.then(|| Sourced::given(true)));

        link.trust = match (&self.trust, link.trust) {
            (Some(given), _) => given.clone(),
            (None, Trust::Unknown) if by_key => Trust::PublicRoots { source: Source::Assumed },
            (None, trust) => trust,
        };

        let mut secrets = LinkSecrets::default();
        if let Some((certificate, identity)) = &self.client {
            link.client_certificate = Some(certificate.clone());
            secrets.identity.clone_from(identity);
        }
        if let Some((presence, key)) = &self.key {
            link.api_key = presence.clone();
            secrets.api_key.clone_from(key);
        }
        link.releases.local = self.releases.local.clone().or(link.releases.local);
        link.releases.remote = self.releases.remote.clone().or(link.releases.remote);
        Inputs { secrets, given: Arc::clone(self), ..Inputs::new(link) }
    }
}

/// Never shown whole: it holds secrets.
impl fmt::Debug for Given {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Given").field("model", &self.model).finish_non_exhaustive()
    }
}

/// The ports Elastic gives the two models: 9443 for the remote cluster server, 9300 to 9400 for
/// the transport interface, direct and through the proxy.
fn by_port(link: &Link) -> Option<Sourced<Model>> {
    match link.targets.iter().find_map(|target| target.valid())?.port {
        9443 => Some(Sourced::inferred(Model::ApiKey)),
        9300..=9400 => Some(Sourced::inferred(Model::Certificate)),
        _ => None,
    }
}

fn is_option(file: &NamedFile) -> bool {
    matches!(file.place, Place::Option(_))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use farlink_checks::model::link::{Mode, Oddity, Target};

    use super::*;
    use crate::link::files::Staged;

    fn inputs(facts: &Facts, address: &str) -> Inputs {
        let files = Staged::default();
        let mut link = Link::new("eu", Mode::Proxy, vec![Target::parse(address)]);
        link.local = Some("prod".into());
        link.oddities = vec![Oddity::Duplicate { aliases: vec!["us".into()] }];
        facts.read(&mut Reader::new(&files)).unwrap().join(link)
    }

    /// A link of the certificate model, as a cluster shows it.
    fn read() -> Link {
        let mut link = Link::new("eu", Mode::Sniff, vec![Target::parse("other:9300")]);
        link.model = Some(Sourced::read(Model::Certificate));
        link.verification_mode = Some(Sourced::read(VerificationMode::None));
        link.transport_tls = Some(Sourced::read(true));
        link.releases.local = Some(Sourced::read("9.5.3".into()));
        link.oddities = vec![Oddity::AddressMissing];
        link
    }

    #[test]
    fn what_was_only_assumed_gives_way_to_what_the_cluster_says() {
        let mut inputs = inputs(&Facts::default(), "h:9443");
        assert_eq!(inputs.link.trust, Trust::PublicRoots { source: Source::Assumed });
        inputs.learn(&read());
        let link = &inputs.link;
        assert_eq!(link.model, Some(Sourced::read(Model::Certificate)));
        assert_eq!(link.verification_mode, Some(Sourced::read(VerificationMode::None)));
        assert_eq!((link.transport_tls, &link.trust), (Some(Sourced::read(true)), &Trust::Unknown));
        assert_eq!(link.releases.local, Some(Sourced::read("9.5.3".into())));
        assert_eq!(
            (link.mode, link.targets[0].to_string(), link.name()),
            (Mode::Proxy, "h:9443".into(), "prod/eu".into())
        );
        assert_eq!(link.oddities.len(), 2);

        // A model of another kind takes its own assumptions with it.
        let mut unread = read();
        (unread.verification_mode, unread.transport_tls) = (None, None);
        inputs.learn(&unread);
        assert_eq!((inputs.link.verification_mode, inputs.link.transport_tls), (None, None));
    }

    #[test]
    fn what_is_stated_stays_whatever_the_cluster_says() {
        let facts = Facts {
            model: Some(Model::ApiKey),
            verification_mode: Some(VerificationMode::Certificate),
            transport_tls: Some(false),
            releases: Releases { local: Some(Sourced::given("9.0.0".into())), remote: None },
            ..Facts::default()
        };
        let mut inputs = inputs(&facts, "h:9300");
        inputs.learn(&read());
        let link = &inputs.link;
        assert_eq!(link.model, Some(Sourced::given(Model::ApiKey)));
        assert_eq!(link.verification_mode, Some(Sourced::given(VerificationMode::Certificate)));
        assert_eq!(link.transport_tls, Some(Sourced::given(false)));
        assert_eq!(link.releases.local, Some(Sourced::given("9.0.0".into())));
    }

    #[test]
    fn a_link_without_an_address_takes_the_clusters() {
        let given = Arc::<Given>::default();
        let mut inputs = given.join(Link::new("eu", Mode::Sniff, Vec::new()));
        let mut read = read();
        read.mode = Mode::Proxy;
        read.server_name = Some("n".into());
        inputs.learn(&read);
        assert_eq!((inputs.link.mode, inputs.link.targets.len()), (Mode::Proxy, 1));
        assert_eq!(inputs.link.server_name.as_deref(), Some("n"));
    }
}
