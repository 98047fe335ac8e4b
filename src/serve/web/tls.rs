//! `tls_server_config`: certificate and key, versions, ciphers and curves. What the format has and
//! rustls has not is an error that says so, never silently something else.

use std::path::Path;
use std::sync::Arc;

use rustls::crypto::aws_lc_rs::{default_provider, kx_group};
use rustls::crypto::{CryptoProvider, SupportedKxGroup};
use rustls::server::WantsServerCert;
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::version::{TLS12, TLS13};
use rustls::{ConfigBuilder, ServerConfig, SupportedCipherSuite, SupportedProtocolVersion};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use zeroize::Zeroizing;

use super::check::one_of;
use super::clients;
use super::shape::Tls;
use crate::link::config::located::Located;
use crate::link::files::{NamedFile, Reader};
use crate::usage::{Fault, Place, UsageError};

const VERSIONS: [&str; 4] = ["TLS10", "TLS11", "TLS12", "TLS13"];
const CURVES: [&str; 4] = ["CurveP256", "CurveP384", "CurveP521", "X25519"];
/// Suites that the format knows (`tls.CipherSuites` of Go), and rustls does not have.
const CBC: [&str; 4] = [
    "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
    "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
    "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
    "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
];

/// How connections are secured, as `tls` in `file` says; `None` where it says nothing of it.
pub(super) fn config(
    tls: Tls,
    http2: bool,
    file: &Path,
    reader: &Reader<'_>,
) -> Result<Option<Arc<ServerConfig>>, UsageError> {
    let (minimum, maximum) = (version(tls.min_version.as_ref(), file)?, version(tls.max_version.as_ref(), file)?);
    let provider = Arc::new(provider(&tls, file)?);
    // An empty value is as good as none.
    let given = |key: &Option<Located<String>>| key.as_ref().is_some_and(|key| !key.value.is_empty());
    let secured = given(&tls.cert) || given(&tls.cert_file) || given(&tls.key) || given(&tls.key_file);
    if !secured && !given(&tls.client_ca) && !given(&tls.client_ca_file) && !given(&tls.client_auth_type) {
        return Ok(None);
    }
    let whole = Place::File(file.to_owned());
    let missing = |key: &str| whole.error(Fault::MissingKey { key: key.to_owned() });
    let certificate =
        pem(tls.cert_file.as_ref(), tls.cert.as_ref(), file, reader)?.ok_or_else(|| missing("cert_file"))?;
    let key = pem(tls.key_file.as_ref(), tls.key.as_ref(), file, reader)?.ok_or_else(|| missing("key_file"))?;
    let authorities = pem(tls.client_ca_file.as_ref(), tls.client_ca.as_ref(), file, reader)?;
    let pair = pair(&certificate, &key, &provider)?;

    let versions: Vec<_> = [(&TLS12, 12), (&TLS13, 13)]
        .into_iter()
        .filter(|(_, number)| (minimum.unwrap_or(12)..=maximum.unwrap_or(13)).contains(number))
        .map(|(version, _)| version)
        .collect();
    let builder = protocols(&provider, &versions).map_err(|problem| {
        let at = tls.max_version.as_ref().or(tls.min_version.as_ref()).map_or(whole.clone(), |it| it.place(file));
        at.error(Fault::ServerCertificate { problem })
    })?;
    let clients = clients::verifier(&tls, authorities, &provider, file)?;
    let builder: ConfigBuilder<ServerConfig, WantsServerCert> = match clients {
        Some(clients) => builder.with_client_cert_verifier(clients),
        None => builder.with_no_client_auth(),
    };
    let mut config = builder.with_cert_resolver(Arc::new(SingleCertAndKey::from(pair)));
    config.ignore_client_order = tls.prefer_server_cipher_suites.unwrap_or(true);
    let http1 = std::iter::once(b"http/1.1".to_vec());
    config.alpn_protocols = http2.then(|| b"h2".to_vec()).into_iter().chain(http1).collect();
    Ok(Some(Arc::new(config)))
}

/// PEM from a file, or from the configuration itself.
pub(super) struct Pem {
    pub(super) bytes: Zeroizing<Vec<u8>>,
    pub(super) place: Place,
}

fn pem(
    named: Option<&Located<String>>,
    inline: Option<&Located<String>>,
    file: &Path,
    reader: &Reader<'_>,
) -> Result<Option<Pem>, UsageError> {
    if let Some(named) = named.filter(|named| !named.value.is_empty()) {
        let path = file.parent().unwrap_or(Path::new("")).join(&named.value);
        let place = named.place(file);
        let bytes = reader.read(&NamedFile { path, shown: named.value.clone(), place: place.clone() })?;
        return Ok(Some(Pem { bytes, place }));
    }
    let inline = inline.filter(|inline| !inline.value.is_empty());
    Ok(inline.map(|it| Pem { bytes: Zeroizing::new(it.value.clone().into_bytes()), place: it.place(file) }))
}

/// The certificates among `bytes`.
pub(super) fn certificates(bytes: &[u8]) -> Vec<CertificateDer<'static>> {
    CertificateDer::pem_slice_iter(bytes).map_while(Result::ok).collect()
}

fn pair(certificate: &Pem, key: &Pem, provider: &CryptoProvider) -> Result<CertifiedKey, UsageError> {
    let wrong = |pem: &Pem, problem: String| pem.place.error(Fault::ServerCertificate { problem });
    let chain = certificates(&certificate.bytes);
    if chain.is_empty() {
        return Err(wrong(certificate, "there is no certificate in PEM here".to_owned()));
    }
    let private = PrivateKeyDer::from_pem_slice(&key.bytes)
        .map_err(|_| wrong(key, "there is no private key in PEM here that is not encrypted".to_owned()))?;
    CertifiedKey::from_der(chain, private, provider).map_err(|error| wrong(key, error.to_string()))
}

fn protocols(
    provider: &Arc<CryptoProvider>,
    versions: &[&'static SupportedProtocolVersion],
) -> Result<ConfigBuilder<ServerConfig, rustls::WantsVerifier>, String> {
    if versions.is_empty() {
        return Err("min_version is above max_version".to_owned());
    }
    ServerConfig::builder_with_provider(Arc::clone(provider))
        .with_protocol_versions(versions)
        .map_err(|error| error.to_string())
}

fn version(written: Option<&Located<String>>, file: &Path) -> Result<Option<u8>, UsageError> {
    let Some(written) = written else { return Ok(None) };
    let value = written.value.as_str();
    let fault = match value {
        "TLS12" => return Ok(Some(12)),
        "TLS13" => return Ok(Some(13)),
        _ if VERSIONS.contains(&value) => Fault::NotOffered { value: value.to_owned(), known: "TLS12 or TLS13" },
        _ => one_of(value, &VERSIONS),
    };
    Err(written.place(file).error(fault))
}

/// The library with the suites and curves that are wanted.
fn provider(tls: &Tls, file: &Path) -> Result<CryptoProvider, UsageError> {
    let mut provider = default_provider();
    let wanted = tls.cipher_suites.as_deref().unwrap_or_default();
    for suite in wanted {
        if !provider.cipher_suites.iter().any(|known| go_name(*known) == suite.value) {
            return Err(suite.place(file).error(no_suite(&suite.value, &provider)));
        }
    }
    if !wanted.is_empty() {
        // The list is about TLS 1.2, in order; those of TLS 1.3 cannot be chosen.
        let rank = |known: &SupportedCipherSuite| wanted.iter().position(|suite| suite.value == go_name(*known));
        provider.cipher_suites.retain(|known| known.tls13().is_some() || rank(known).is_some());
        provider.cipher_suites.sort_by_key(|known| (known.tls13().is_none(), rank(known)));
    }
    let curves = tls.curve_preferences.as_deref().unwrap_or_default();
    let groups: Result<Vec<_>, UsageError> =
        curves.iter().map(|curve| group(&curve.value).map_err(|fault| curve.place(file).error(fault))).collect();
    match groups? {
        none if none.is_empty() => {}
        groups => provider.kx_groups = groups,
    }
    Ok(provider)
}

fn group(curve: &str) -> Result<&'static dyn SupportedKxGroup, Fault> {
    match curve {
        "CurveP256" => Ok(kx_group::SECP256R1),
        "CurveP384" => Ok(kx_group::SECP384R1),
        "X25519" => Ok(kx_group::X25519),
        "CurveP521" => Err(Fault::NotOffered { value: curve.to_owned(), known: "CurveP256, CurveP384 or X25519" }),
        _ => Err(one_of(curve, &CURVES)),
    }
}

fn no_suite(value: &str, provider: &CryptoProvider) -> Fault {
    if CBC.contains(&value) {
        return Fault::NotOffered { value: value.to_owned(), known: "a suite with GCM or CHACHA20_POLY1305" };
    }
    let known: Vec<String> = provider.cipher_suites.iter().map(|suite| go_name(*suite)).collect();
    one_of(value, &known.iter().map(String::as_str).collect::<Vec<_>>())
}

/// The suite's name in the standard, which Go uses.
fn go_name(suite: SupportedCipherSuite) -> String {
    let name = suite.suite().as_str().unwrap_or_default();
    name.replacen("TLS13_", "TLS_", 1)
}
