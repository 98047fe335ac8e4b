//! TLS of the emulated listeners, with the alerts that the JDK sends.
//! rustls says `unknown_ca` about a client certificate where a node says `certificate_unknown`.

use std::sync::Arc;

use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::aws_lc_rs;
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::server::{ClientHello, ResolvesServerCert, WebPkiClientVerifier};
use rustls::sign::CertifiedKey;
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, DistinguishedName, OtherError, RootCertStore, ServerConfig,
    SignatureScheme,
};
use rustls_pki_types::{CertificateDer, UnixTime};

use crate::LabError;
use crate::authority::{Authority, Identity, LeafOptions};

/// Whether a listener asks for a client certificate.
#[derive(Clone, Debug)]
pub enum ClientAuth {
    /// It does not: the remote cluster server by default.
    None,
    /// It requires one issued by these authorities: the transport interface by default.
    Required(Vec<CertificateDer<'static>>),
}

/// TLS of a listener.
#[derive(Clone, Debug)]
pub struct ServerTls {
    /// Certificate chain and key that are presented.
    pub identity: Identity,
    /// Whether a client certificate is asked for.
    pub client_auth: ClientAuth,
}

impl ServerTls {
    /// TLS that asks for no client certificate.
    pub fn new(identity: Identity) -> Self {
        Self { identity, client_auth: ClientAuth::None }
    }

    /// TLS that requires a client certificate of one of `authorities`.
    pub fn mutual(identity: Identity, authorities: Vec<CertificateDer<'static>>) -> Self {
        Self { identity, client_auth: ClientAuth::Required(authorities) }
    }

    /// The rustls configuration.
    pub(crate) fn config(&self) -> Result<Arc<ServerConfig>, LabError> {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let builder =
            ServerConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions()?;
        let builder = match &self.client_auth {
            ClientAuth::None => builder.with_no_client_auth(),
            ClientAuth::Required(authorities) => {
                let roots = Arc::new(roots(authorities)?);
                let inner = WebPkiClientVerifier::builder_with_provider(roots, provider).build()?;
                builder.with_client_cert_verifier(Arc::new(AlertsOfTheJdk(inner)))
            }
        };
        Ok(Arc::new(builder.with_single_cert(self.identity.chain().to_vec(), self.identity.key())?))
    }
}

/// TLS that makes a certificate for whatever name it is asked for, as devices that inspect TLS do.
pub(crate) fn minting(authority: Arc<Authority>) -> Result<Arc<ServerConfig>, LabError> {
    let builder = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()?;
    Ok(Arc::new(builder.with_no_client_auth().with_cert_resolver(Arc::new(Minting(authority)))))
}

#[derive(Debug)]
struct Minting(Arc<Authority>);

impl ResolvesServerCert for Minting {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let identity = self.0.issue(&LeafOptions::dns(&[hello.server_name().unwrap_or("no-name.invalid")])).ok()?;
        let (chain, key) = (identity.chain().to_vec(), identity.key());
        CertifiedKey::from_der(chain, key, &aws_lc_rs::default_provider()).ok().map(Arc::new)
    }
}

/// A client without a certificate that trusts `authorities`.
pub(crate) fn client(authorities: &[CertificateDer<'static>]) -> Result<Arc<ClientConfig>, LabError> {
    let builder = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()?;
    Ok(Arc::new(builder.with_root_certificates(roots(authorities)?).with_no_client_auth()))
}

fn roots(authorities: &[CertificateDer<'static>]) -> Result<RootCertStore, LabError> {
    let mut roots = RootCertStore::empty();
    for authority in authorities {
        roots.add(authority.clone())?;
    }
    Ok(roots)
}

/// Answers every unacceptable client certificate with `certificate_unknown(46)`.
#[derive(Debug)]
struct AlertsOfTheJdk(Arc<dyn ClientCertVerifier>);

#[derive(Debug, thiserror::Error)]
#[error("client certificate refused: {0}")]
struct Refused(rustls::Error);

impl ClientCertVerifier for AlertsOfTheJdk {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        self.0.root_hint_subjects()
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        self.0
            .verify_client_cert(end_entity, intermediates, now)
            .map_err(|error| CertificateError::Other(OtherError(Arc::new(Refused(error)))).into())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.0.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.0.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_verify_schemes()
    }
}
