//! The TLS handshake as evidence: every chain is accepted and written down, and judged elsewhere.
//!
//! Signatures over the handshake are really checked, so that the evidence says whether the peer
//! holds the key of the certificate it shows. Sessions are never resumed, which would hide the chain.

use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

use farlink_checks::model::evidence::{ClientCertificateRequest, Der, End, Tls, TlsOutcome};
use farlink_checks::model::text::safe;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{ResolvesClientCert, Resumption};
use rustls::crypto::aws_lc_rs::{self, kx_group};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::sign::CertifiedKey;
use rustls::{ClientConfig, DigitallySignedStruct, Error, PeerIncompatible, ProtocolVersion, SignatureScheme};
use tokio::time::{Instant, timeout_at};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::seams::Stream;
use super::tap::{Seen, Tap, end_of};
use super::tcp::ERROR_LIMIT;

/// How many certificates of a served chain are kept, and how many bytes of them in all.
const CHAIN_LIMIT: (usize, usize) = (64, 1 << 20);

/// A connection on which TLS was established.
pub(super) type Secured = TlsStream<Tap<Stream>>;

/// The one TLS provider of the process, with elliptic curves first as the JDK has them.
pub fn provider() -> Arc<CryptoProvider> {
    static PROVIDER: LazyLock<Arc<CryptoProvider>> = LazyLock::new(|| {
        let mut provider = aws_lc_rs::default_provider();
        // The first group decides the size of ClientHello; a hybrid one would fill two packets,
        // and find faults on the path that the JDK's hello never meets.
        provider.kx_groups = vec![kx_group::X25519, kx_group::SECP256R1, kx_group::SECP384R1, kx_group::X25519MLKEM768];
        Arc::new(provider)
    });
    Arc::clone(&PROVIDER)
}

/// Shakes hands on `stream` until `deadline`, sending `server_name` as it is given.
///
/// The connection is returned when the handshake was completed from our side.
pub(super) async fn handshake(
    stream: Stream,
    server_name: Option<&str>,
    client: Option<&Arc<CertifiedKey>>,
    deadline: Instant,
) -> (Tls, Option<Secured>) {
    let Some(name) = sendable(server_name) else {
        return (blank(server_name, TlsOutcome::BadServerName), None);
    };
    let notes = Arc::new(Notes { client: client.cloned(), heard: Mutex::default() });
    let mut config = base().clone();
    config.enable_sni = server_name.is_some();
    config.dangerous().set_certificate_verifier(notes.clone());
    config.client_auth_cert_resolver = notes.clone();
    let (tap, record) = Tap::new(stream);

    let started = Instant::now();
    let result = timeout_at(deadline, TlsConnector::from(Arc::new(config)).connect(name, tap)).await;
    let seconds = started.elapsed().as_secs_f64();

    let seen = record.seen();
    let heard = std::mem::take(&mut *notes.lock());
    let mut tls = blank(server_name, TlsOutcome::Completed);
    tls.seconds = seconds;
    tls.received_bytes = seen.received;
    tls.chain = heard.chain;
    tls.key_proven = heard.key_proven;
    tls.client_certificate = heard.request;
    let error = match result {
        Ok(Ok(secured)) => {
            let connection = secured.get_ref().1;
            tls.version = connection.protocol_version().map(version_name);
            tls.cipher = connection.negotiated_cipher_suite().map(|suite| cipher_name(suite.suite()));
            tls.alpn = connection.alpn_protocol().map(|name| safe(&String::from_utf8_lossy(name), 64));
            return (tls, Some(secured));
        }
        Ok(Err(error)) => Some(error),
        Err(_) => None,
    };
    tls.outcome = failure(error.as_ref(), &seen);
    (tls, None)
}

/// The number of the alert that made a read fail, after the handshake or during it.
pub(super) fn alert_of(error: &io::Error) -> Option<u8> {
    match rustls_error(error) {
        Some(Error::AlertReceived(description)) => Some(u8::from(*description)),
        _ => None,
    }
}

/// Whether `name` can stand in a server name indication, as `javax.net.ssl.SNIHostName` checks it:
/// letters, digits and hyphens in labels, and no dot at the end.
pub(super) fn is_server_name(name: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    name.len() <= 253 && name.split('.').all(label) && name.parse::<IpAddr>().is_err()
}

/// A handshake of which nothing is known but its name and its ending.
pub(super) fn blank(server_name: Option<&str>, outcome: TlsOutcome) -> Tls {
    Tls {
        server_name: server_name.map(str::to_owned),
        outcome,
        version: None,
        cipher: None,
        alpn: None,
        chain: Vec::new(),
        key_proven: false,
        client_certificate: None,
        received_bytes: 0,
        seconds: 0.0,
    }
}

/// How a handshake ended that did not complete; without an error, in time.
pub(super) fn failure(error: Option<&io::Error>, seen: &Seen) -> TlsOutcome {
    // Alerts and handshake messages are all that a TLS server starts with.
    if seen.first.first().is_some_and(|first| !matches!(first, 0x15 | 0x16)) {
        return TlsOutcome::NotTls { received: seen.first_bytes() };
    }
    let Some(error) = error else { return TlsOutcome::TimedOut };
    if let Some(code) = alert_of(error) {
        return TlsOutcome::Alert { code };
    }
    match rustls_error(error) {
        Some(Error::PeerIncompatible(
            PeerIncompatible::ServerDoesNotSupportTls12Or13 | PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig,
        )) => TlsOutcome::OldVersion,
        Some(refused) => TlsOutcome::Refused { error: safe(&refused.to_string(), ERROR_LIMIT), alert: seen.alert_sent },
        None => match end_of(error) {
            Some(End::Closed) => TlsOutcome::Closed,
            Some(_) => TlsOutcome::Reset,
            None => TlsOutcome::Failed { error: safe(&error.to_string(), ERROR_LIMIT) },
        },
    }
}

fn rustls_error(error: &io::Error) -> Option<&Error> {
    error.get_ref()?.downcast_ref()
}

/// What rustls is given as name: it sends none for an address.
fn sendable(server_name: Option<&str>) -> Option<ServerName<'static>> {
    match server_name {
        None => Some(ServerName::IpAddress(IpAddr::V4(Ipv4Addr::UNSPECIFIED).into())),
        Some(name) if is_server_name(name) => ServerName::try_from(name.to_owned()).ok(),
        Some(_) => None,
    }
}

/// What every connection shares; made once.
fn base() -> &'static ClientConfig {
    static BASE: LazyLock<ClientConfig> = LazyLock::new(|| {
        let nobody = Arc::new(Notes { client: None, heard: Mutex::default() });
        #[allow(clippy::expect_used, reason = "the provider is ours and has suites of both versions")]
        let builder = ClientConfig::builder_with_provider(provider())
            .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])
            .expect("the provider has suites and groups for TLS 1.2 and 1.3");
        let mut config =
            builder.dangerous().with_custom_certificate_verifier(nobody.clone()).with_client_cert_resolver(nobody);
        config.resumption = Resumption::disabled();
        config
    });
    &BASE
}

/// The name that Java gives a protocol version.
fn version_name(version: ProtocolVersion) -> String {
    match version {
        ProtocolVersion::TLSv1_2 => "TLSv1.2".to_owned(),
        ProtocolVersion::TLSv1_3 => "TLSv1.3".to_owned(),
        other => format!("{other:?}"),
    }
}

/// The IANA name of a cipher suite; rustls marks those of TLS 1.3.
fn cipher_name(suite: rustls::CipherSuite) -> String {
    format!("{suite:?}").replacen("TLS13_", "TLS_", 1)
}

/// Writes down what the peer shows and asks for in one handshake.
#[derive(Debug)]
struct Notes {
    client: Option<Arc<CertifiedKey>>,
    heard: Mutex<HeardInHandshake>,
}

#[derive(Debug, Default)]
struct HeardInHandshake {
    chain: Vec<Der>,
    key_proven: bool,
    request: Option<ClientCertificateRequest>,
}

impl Notes {
    fn lock(&self) -> MutexGuard<'_, HeardInHandshake> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes whether a signature holds. Which one does not is evidence too, as with keys that the
    /// library finds too short and the JDK does not, so the handshake goes on.
    fn note(&self, proof: Result<HandshakeSignatureValid, Error>) -> HandshakeSignatureValid {
        self.lock().key_proven = proof.is_ok();
        HandshakeSignatureValid::assertion()
    }
}

impl ServerCertVerifier for Notes {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let mut room = CHAIN_LIMIT.1;
        let fits = |certificate: &&CertificateDer<'_>| {
            room = room.saturating_sub(certificate.len());
            room > 0
        };
        self.lock().chain = std::iter::once(end_entity)
            .chain(intermediates)
            .take(CHAIN_LIMIT.0)
            .take_while(fits)
            .map(|certificate| Der(certificate.to_vec()))
            .collect();
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &provider().signature_verification_algorithms;
        Ok(self.note(verify_tls12_signature(message, certificate, signature, algorithms)))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &provider().signature_verification_algorithms;
        Ok(self.note(verify_tls13_signature(message, certificate, signature, algorithms)))
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        provider().signature_verification_algorithms.supported_schemes()
    }
}

impl ResolvesClientCert for Notes {
    fn resolve(&self, authorities: &[&[u8]], schemes: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        let client = self.client.as_ref().filter(|client| client.key.choose_scheme(schemes).is_some()).cloned();
        self.lock().request = Some(ClientCertificateRequest {
            authorities: authorities
                .iter()
                .take(ClientCertificateRequest::AUTHORITIES)
                .map(|name| Der(name.to_vec()))
                .collect(),
            presented: client.is_some(),
        });
        client
    }

    fn has_certs(&self) -> bool {
        self.client.is_some()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use rcgen::{CertifiedKey as Generated, generate_simple_self_signed};
    use rustls::pki_types::PrivateKeyDer;
    use std::time::Duration;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};
    use tokio_rustls::TlsAcceptor;

    fn soon() -> Instant {
        Instant::now() + Duration::from_secs(5)
    }

    fn identity() -> (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>) {
        let Generated { cert, signing_key } = generate_simple_self_signed(vec!["eu.example".into()]).unwrap();
        (vec![cert.der().clone()], PrivateKeyDer::Pkcs8(signing_key.serialize_der().into()))
    }

    /// A handshake with a server of this protocol version; gives the name that the server saw.
    async fn with_server(
        version: &'static rustls::SupportedProtocolVersion,
        asks: bool,
        name: Option<&str>,
    ) -> (Tls, Option<String>, Vec<CertificateDer<'static>>) {
        let (chain, key) = identity();
        let builder =
            rustls::ServerConfig::builder_with_provider(provider()).with_protocol_versions(&[version]).unwrap();
        let builder = if asks {
            let mut roots = rustls::RootCertStore::empty();
            roots.add(chain[0].clone()).unwrap();
            let verifier = rustls::server::WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider());
            builder.with_client_cert_verifier(verifier.allow_unauthenticated().build().unwrap())
        } else {
            builder.with_no_client_auth()
        };
        let config = builder.with_single_cert(chain.clone(), key).unwrap();
        let (near, far) = duplex(1 << 16);
        let server = tokio::spawn(async move {
            let stream = TlsAcceptor::from(Arc::new(config)).accept(far).await.unwrap();
            stream.get_ref().1.server_name().map(str::to_owned)
        });
        let (tls, _secured) = handshake(Box::new(near), name, None, soon()).await;
        (tls, server.await.unwrap(), chain)
    }

    #[tokio::test]
    async fn both_versions_show_their_chain_and_prove_the_key() {
        for (version, shown) in [(&rustls::version::TLS12, "TLSv1.2"), (&rustls::version::TLS13, "TLSv1.3")] {
            let (tls, name, chain) = with_server(version, false, Some("eu.example")).await;
            assert_eq!(tls.outcome, TlsOutcome::Completed);
            assert_eq!(tls.version.as_deref(), Some(shown));
            assert!(tls.cipher.as_deref().is_some_and(|cipher| cipher.starts_with("TLS_")), "{:?}", tls.cipher);
            assert!(tls.key_proven && tls.client_certificate.is_none() && tls.received_bytes > 500);
            assert_eq!(tls.chain, [Der(chain[0].to_vec())]);
            assert_eq!(name.as_deref(), Some("eu.example"));
        }
    }

    #[tokio::test]
    async fn without_a_server_name_none_is_sent() {
        let (tls, name, _) = with_server(&rustls::version::TLS13, false, None).await;
        assert_eq!((tls.outcome, tls.server_name, name), (TlsOutcome::Completed, None, None));
    }

    #[tokio::test]
    async fn a_request_for_a_client_certificate_is_written_down_with_its_authorities() {
        for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
            let (tls, _, _) = with_server(version, true, None).await;
            let request = tls.client_certificate.unwrap();
            assert!(!request.presented && request.authorities.len() == 1);
        }
    }

    #[tokio::test]
    async fn what_cannot_be_sent_as_a_name_is_not_tried() {
        for name in ["10.0.0.5", "::1", "a..b", "eu.example.", "under_score.example", "-a.example", ""] {
            let (near, _far) = duplex(64);
            let (tls, secured) = handshake(Box::new(near), Some(name), None, soon()).await;
            assert_eq!(tls.outcome, TlsOutcome::BadServerName, "{name}");
            assert!(secured.is_none());
        }
    }

    #[tokio::test]
    async fn each_answer_that_is_no_handshake_has_its_ending() {
        let old = [0x16, 3, 1, 0, 42, 2, 0, 0, 38, 3, 1];
        let mut old_hello = old.to_vec();
        old_hello.extend([7; 32]);
        old_hello.extend([0, 0, 0x2f, 0]);
        for (answer, outcome) in [
            (
                b"HTTP/1.1 400 Bad Request\r\n".to_vec(),
                TlsOutcome::NotTls {
                    received: farlink_checks::model::evidence::Bytes::of(b"HTTP/1.1 400 Bad Request\r\n"),
                },
            ),
            (vec![0x15, 3, 3, 0, 2, 2, 112], TlsOutcome::Alert { code: 112 }),
            (vec![0x15, 3, 1, 0, 2, 2, 70], TlsOutcome::Alert { code: 70 }),
            (vec![], TlsOutcome::Closed),
            (old_hello, TlsOutcome::OldVersion),
        ] {
            let (near, mut far) = duplex(1 << 16);
            tokio::spawn(async move {
                let mut hello = [0; 5];
                far.read_exact(&mut hello).await.unwrap();
                far.write_all(&answer).await.unwrap();
            });
            let (tls, _) = handshake(Box::new(near), None, None, soon()).await;
            assert_eq!(tls.outcome, outcome);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_peer_that_never_answers_costs_the_stage_timeout() {
        let (near, _far) = duplex(1 << 16);
        let (tls, _) = handshake(Box::new(near), None, None, soon()).await;
        assert_eq!((tls.outcome, tls.seconds), (TlsOutcome::TimedOut, 5.0));
    }
}
