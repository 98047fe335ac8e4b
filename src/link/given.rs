//! What the user states about a link, whichever way: options or a link of the configuration.
//!
//! [`Facts`] names files, [`Given`] has read them, and [`Given::join`] completes a link with it
//! and with the defaults of its security model. What is given outranks what was read.

use std::sync::Arc;

use farlink_checks::model::link::{
    ClientCertificate, KeyPresence, Link, Model, Releases, Source, Sourced, Trust, VerificationMode,
};
use rustls::sign::CertifiedKey;

use super::files::{NamedFile, Reader};
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
    /// Do not use the key.
    pub withhold_key: bool,
    /// The two sides' releases.
    pub releases: Releases,
}

/// The statements with their files read.
#[derive(Clone, Default)]
pub struct Given {
    /// The security model.
    pub model: Option<Model>,
    verification_mode: Option<VerificationMode>,
    transport_tls: Option<bool>,
    trust: Option<Trust>,
    client: Option<(ClientCertificate, Option<Arc<CertifiedKey>>)>,
    key: Option<(KeyPresence, Option<ApiKey>)>,
    releases: Releases,
}

impl Facts {
    /// Reads the files that are named; `reader` counts what standard input is used for.
    pub fn read(&self, reader: &mut Reader<'_>) -> Result<Given, UsageError> {
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
            Some(file) => Some(self.withhold(key::cross_cluster(&reader.secret(file)?))),
            None => None,
        };
        Ok(Given {
            model: self.model,
            verification_mode: self.verification_mode,
            transport_tls: self.transport_tls,
            trust,
            client,
            key,
            releases: self.releases.clone(),
        })
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

    fn withhold(&self, (presence, key): (KeyPresence, Option<ApiKey>)) -> (KeyPresence, Option<ApiKey>) {
        match presence {
            KeyPresence::Given { id, .. } if self.withhold_key => (KeyPresence::Given { id, withheld: true }, None),
            presence => (presence, key),
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

    /// `link` completed: what is given, else what `link` has already, else what the port suggests
    /// and the model's defaults assume.
    pub fn join(&self, mut link: Link) -> Inputs {
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
        Inputs { secrets, ..Inputs::new(link) }
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
