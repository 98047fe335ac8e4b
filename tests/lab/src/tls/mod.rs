//! TLS as a node of the JDK serves it: what it asks of clients, and with which alert it refuses them.
//! Where rustls refuses with another alert, the JDK's is put in its place.

mod alert;
mod client_auth;

use std::sync::Arc;

use rustls::crypto::CryptoProvider;
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use rustls_pki_types::CertificateDer;
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::authority::{Authority, Identity};
use crate::client_hello::{Opening, read_opening};
use crate::listen::{close_after_answer, close_quietly};
use crate::wire::Wire;
use crate::LabError;

/// TLS settings of one listening port.
#[derive(Debug, Clone)]
pub struct ServerTls {
    /// The chain and key that are presented.
    pub identity: Identity,
    /// Whether a client certificate is asked for.
    pub client_auth: ClientAuth,
    /// Protocol versions spoken.
    pub versions: ProtocolVersions,
    /// The alert for a client without a certificate.
    pub missing_certificate: MissingCertificateAlert,
}

/// `client_authentication` of an Elasticsearch SSL context, with the authorities it trusts.
#[derive(Debug, Clone)]
pub enum ClientAuth {
    /// No certificate request, as on the remote cluster server port.
    None,
    /// A request that may be answered without a certificate.
    Optional(Vec<CertificateDer<'static>>),
    /// A request that must be answered, as on the transport port.
    Required(Vec<CertificateDer<'static>>),
}

/// Protocol versions a port speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProtocolVersions {
    /// TLS 1.3 and 1.2.
    Both,
    /// TLS 1.2 only.
    Tls12,
    /// TLS 1.3 only.
    Tls13,
}

/// What a server of each JDK sends to a client without a certificate, as measured on Elasticsearch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MissingCertificateAlert {
    /// bad_certificate(42) in TLS 1.2 and 1.3.
    Jdk17,
    /// handshake_failure(40) in TLS 1.2, certificate_required(116) in TLS 1.3.
    Jdk25,
}

impl ServerTls {
    /// Presents `identity`, asks for nothing, speaks TLS 1.3 and 1.2, alerts as JDK 25.
    pub fn new(identity: Identity) -> Self {
        Self {
            identity,
            client_auth: ClientAuth::None,
            versions: ProtocolVersions::Both,
            missing_certificate: MissingCertificateAlert::Jdk25,
        }
    }

    /// The same, with a client certificate of `authority` required.
    pub fn requiring(mut self, authority: &Authority) -> Self {
        self.client_auth = ClientAuth::Required(vec![authority.ca_der().clone()]);
        self
    }
}

/// TLS settings made ready to accept with.
#[derive(Debug, Clone)]
pub(crate) struct TlsServer {
    config: Arc<ServerConfig>,
    /// The same without insisting on a certificate: the missing one is then refused after the handshake, with an alert of our own.
    /// Only where TLS 1.3 must refuse with an alert that rustls does not send.
    lenient: Option<Arc<ServerConfig>>,
    alert: MissingCertificateAlert,
}

/// Why a connection did not become a TLS connection; it has been closed as a node would.
#[derive(Debug)]
pub(crate) enum Refused {
    /// The first bytes were no TLS record.
    Plaintext,
    /// The client has no certificate.
    MissingCertificate,
    /// Anything else, in the TLS library's words.
    Handshake(String),
}

impl TlsServer {
    pub(crate) fn new(tls: &ServerTls) -> Result<Self, LabError> {
        let required = matches!(tls.client_auth, ClientAuth::Required(_));
        let late_alert = required
            && tls.missing_certificate == MissingCertificateAlert::Jdk17
            && tls.versions != ProtocolVersions::Tls12;
        Ok(Self {
            config: Arc::new(config(tls, required)?),
            lenient: if late_alert { Some(Arc::new(config(tls, false)?)) } else { None },
            alert: tls.missing_certificate,
        })
    }

    /// Shakes hands, or refuses and closes: plaintext without a byte, everything else with an alert.
    pub(crate) async fn accept(&self, mut stream: TcpStream) -> Result<TlsStream<Wire>, Refused> {
        let mut read = Vec::new();
        // The JDK decides on the five bytes of a record header; before that there is no reaction.
        while read.len() < 5 {
            match stream.read_buf(&mut read).await {
                Ok(count) if count > 0 => {}
                _ => return Err(Refused::Handshake("closed by the client".to_owned())),
            }
        }
        if !matches!(read.as_slice(), [0x14..=0x17, 3, ..]) {
            close_quietly(stream).await;
            return Err(Refused::Plaintext);
        }
        let offers_tls13 = match (&self.lenient, read[0]) {
            (Some(_), 0x16) => matches!(
                read_opening(&mut stream, &mut read).await,
                Opening::Hello { offers_tls13: true, .. }
            ),
            _ => false,
        };
        let wire = Wire::new(stream, read).with_alert(match self.alert {
            MissingCertificateAlert::Jdk17 => 42,
            MissingCertificateAlert::Jdk25 => 40,
        });
        let late = self.lenient.as_ref().filter(|_| offers_tls13);
        let acceptor = TlsAcceptor::from(late.unwrap_or(&self.config).clone());
        let accepted = acceptor.accept(wire).into_fallible().await;
        match accepted {
            Ok(tls) if late.is_some() && tls.get_ref().1.peer_certificates().is_none() => {
                alert::bad_certificate(tls).await;
                Err(Refused::MissingCertificate)
            }
            Ok(tls) => Ok(tls),
            Err((error, wire)) => {
                close_after_answer(wire).await;
                Err(refused(&error))
            }
        }
    }
}

/// The one TLS provider of the estate.
pub(crate) fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::aws_lc_rs::default_provider())
}

fn refused(error: &std::io::Error) -> Refused {
    let missing = error
        .get_ref()
        .and_then(|inner| inner.downcast_ref::<rustls::Error>())
        .is_some_and(|error| *error == rustls::Error::NoCertificatesPresented);
    if missing {
        Refused::MissingCertificate
    } else {
        Refused::Handshake(error.to_string())
    }
}

fn config(tls: &ServerTls, insist: bool) -> Result<ServerConfig, LabError> {
    let versions: &[&rustls::SupportedProtocolVersion] = match tls.versions {
        ProtocolVersions::Both => &[&rustls::version::TLS13, &rustls::version::TLS12],
        ProtocolVersions::Tls12 => &[&rustls::version::TLS12],
        ProtocolVersions::Tls13 => &[&rustls::version::TLS13],
    };
    let builder = ServerConfig::builder_with_provider(provider()).with_protocol_versions(versions)?;
    let builder = match &tls.client_auth {
        ClientAuth::None => builder.with_no_client_auth(),
        ClientAuth::Optional(authorities) | ClientAuth::Required(authorities) => {
            let mut roots = RootCertStore::empty();
            for authority in authorities {
                roots.add(authority.clone())?;
            }
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider());
            let verifier = if insist { verifier } else { verifier.allow_unauthenticated() };
            builder.with_client_cert_verifier(client_auth::as_jdk(verifier.build()?))
        }
    };
    let mut config = builder.with_single_cert(tls.identity.chain.clone(), tls.identity.key.clone_key())?;
    config.enable_secret_extraction = true;
    // The alert for a missing certificate is the first record after the handshake; tickets would come before it.
    config.send_tls13_tickets = 0;
    Ok(config)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
pub(crate) mod tests;
