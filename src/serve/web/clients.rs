//! Which client certificates are asked for, and which are let in.

use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;

use farlink_checks::model::evidence::Der;
use farlink_checks::x509::{Certificate, GeneralName};
use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::server::WebPkiClientVerifier;
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{CertificateError, DigitallySignedStruct, DistinguishedName, Error, RootCertStore, SignatureScheme};
use rustls_pki_types::{CertificateDer, UnixTime};

use super::check::one_of;
use super::shape::Tls;
use super::tls::{Pem, certificates};
use crate::usage::{Fault, Place, UsageError};

/// What `client_auth_type` may be; `RequireClientCert` is an older name of the third.
const TYPES: [&str; 6] = [
    "NoClientCert",
    "RequestClientCert",
    "RequireAnyClientCert",
    "RequireClientCert",
    "VerifyClientCertIfGiven",
    "RequireAndVerifyClientCert",
];

/// Who judges client certificates; `None` where none is asked for.
pub(super) fn verifier(
    tls: &Tls,
    authorities: Option<Pem>,
    provider: &Arc<CryptoProvider>,
    file: &Path,
) -> Result<Option<Arc<dyn ClientCertVerifier>>, UsageError> {
    let written = tls.client_auth_type.as_ref();
    let place = written.map_or(Place::File(file.to_owned()), |written| written.place(file));
    let (mandatory, verified) = match written.map_or("", |written| &written.value) {
        "" | "NoClientCert" => {
            let Some(authorities) = authorities else { return Ok(None) };
            let why = "without it no client is asked for a certificate; write RequireAndVerifyClientCert";
            return Err(authorities.place.error(Fault::Needs { other: "client_auth_type", why }));
        }
        "RequestClientCert" => (false, false),
        "RequireAnyClientCert" | "RequireClientCert" => (true, false),
        // Without authorities no certificate would pass, and none is needed: none is asked for.
        "VerifyClientCertIfGiven" if authorities.is_none() => return Ok(None),
        "VerifyClientCertIfGiven" => (false, true),
        "RequireAndVerifyClientCert" => (true, true),
        other => return Err(place.error(one_of(other, &TYPES))),
    };
    let chain = if verified {
        let why = "farlink does not take the system's authorities for those of your clients; name them";
        let authorities = authorities.ok_or_else(|| place.error(Fault::Needs { other: "client_ca_file", why }))?;
        let mut roots = RootCertStore::empty();
        let (added, _) = roots.add_parsable_certificates(certificates(&authorities.bytes));
        let builder = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider));
        let built = if mandatory { builder.build() } else { builder.allow_unauthenticated().build() };
        match built {
            Ok(chain) if added > 0 => Some(chain),
            _ => return Err(authorities.place.error(Fault::NoAuthority)),
        }
    } else {
        None
    };
    let names = tls.client_allowed_sans.clone();
    Ok(Some(Arc::new(Clients { chain, mandatory, names, provider: Arc::clone(provider) })))
}

/// The rule of one `client_auth_type`.
#[derive(Debug)]
struct Clients {
    /// Judges the chain, where it is judged.
    chain: Option<Arc<dyn ClientCertVerifier>>,
    mandatory: bool,
    /// Names of which a certificate must have one.
    names: Option<Vec<String>>,
    provider: Arc<CryptoProvider>,
}

impl ClientCertVerifier for Clients {
    fn client_auth_mandatory(&self) -> bool {
        self.mandatory
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        self.chain.as_ref().map_or(&[], |chain| chain.root_hint_subjects())
    }

    fn verify_client_cert(
        &self,
        leaf: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        if let Some(chain) = &self.chain {
            chain.verify_client_cert(leaf, intermediates, now)?;
        }
        match &self.names {
            Some(allowed) if !names(leaf).iter().any(|name| allowed.contains(name)) => {
                Err(CertificateError::ApplicationVerificationFailure.into())
            }
            _ => Ok(ClientCertVerified::assertion()),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

/// The alternative names of `leaf`: host names, mailboxes, addresses and URIs, each as text.
fn names(leaf: &CertificateDer<'_>) -> Vec<String> {
    let Some(leaf) = Certificate::read(&Der(leaf.to_vec())) else { return Vec::new() };
    let text = |name| match name {
        GeneralName::Dns(text) | GeneralName::Email(text) | GeneralName::Uri(text) => Some(text),
        GeneralName::Ip(bytes) => {
            let four = <[u8; 4]>::try_from(bytes.as_slice()).map(IpAddr::from);
            four.or_else(|_| <[u8; 16]>::try_from(bytes.as_slice()).map(IpAddr::from)).ok().map(|ip| ip.to_string())
        }
        _ => None,
    };
    leaf.alternative_names.unwrap_or_default().into_iter().filter_map(text).collect()
}
