//! The one HTTP client of farlink: GET against a cluster's REST API, answers as typed JSON.
//!
//! It follows no redirect, uses no proxy of the environment, and bounds every answer in bytes and time.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use farlink_checks::model::evidence::{Read, ReadError};
use farlink_checks::model::link::Trust;
use farlink_checks::model::text::safe;
use reqwest::header::{ACCEPT, AGE, AUTHORIZATION, CONTENT_TYPE, DATE, HeaderValue, LOCATION};
use rustls::RootCertStore;
use rustls_pki_types::CertificateDer;
use serde::de::DeserializeOwned;
use url::Url;

use super::credentials::Credentials;
use super::failure;
use crate::server_date::Told;

/// The most bytes of an answer's body.
pub const BODY_LIMIT: usize = 32 * 1024 * 1024;

/// A cluster's REST API.
pub struct Client {
    http: reqwest::Client,
    base: Url,
    credentials: Credentials,
    timeout: Duration,
    told: OnceLock<Told>,
}

/// Why a client cannot be made from what was given.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// Not a URL.
    #[error("the cluster's URL cannot be read: {0}")]
    Url(#[from] url::ParseError),
    /// Not `http` or `https`, or without a host.
    #[error("the cluster's URL has to be http://host:port or https://host:port")]
    UrlKind,
    /// A user or password in the URL, where every log would show it.
    #[error("credentials do not belong in the cluster's URL; give them as a file")]
    UrlCredentials,
    /// `?` or `#` in the URL.
    #[error("the cluster's URL cannot have a query or a fragment")]
    UrlQuery,
    /// None of the authorities is a certificate.
    #[error("none of the authorities given for the cluster is a usable certificate")]
    NoUsableAuthority,
    /// The TLS library refuses its configuration.
    #[error("TLS cannot be set up: {0}")]
    Tls(#[from] rustls::Error),
    /// The HTTP library refuses its configuration.
    #[error("the HTTP client cannot be set up: {0}")]
    Http(#[from] reqwest::Error),
}

impl Client {
    /// A client for `url`, which `trust` vouches for (the public roots where nobody said);
    /// `timeout` bounds each whole answer, from connecting to the last byte.
    #[allow(clippy::disallowed_methods, reason = "this is the seam through which REST APIs are asked")]
    pub fn new(url: &str, credentials: Credentials, trust: &Trust, timeout: Duration) -> Result<Self, ClientError> {
        let base = base(url)?;
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let tls = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots(trust)?)
            .with_no_client_auth();
        let http = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .user_agent(concat!("farlink/", env!("CARGO_PKG_VERSION")))
            .pool_max_idle_per_host(4)
            .build()?;
        Ok(Self { http, base, credentials, timeout, told: OnceLock::new() })
    }

    /// The cluster's URL; it never has credentials.
    pub fn url(&self) -> &str {
        self.base.as_str().trim_end_matches('/')
    }

    /// The bound of an answer in time.
    pub fn timeout(&self) -> Duration {
        self.timeout
    }

    /// What the first answer said of its server's clock.
    pub fn told(&self) -> Option<Told> {
        self.told.get().copied()
    }

    /// The answer to `GET path`, where `path` begins with `/` and may have a query.
    pub async fn get<T: DeserializeOwned>(&self, path: &str) -> Read<T> {
        self.get_within(path, self.timeout).await
    }

    /// The answer to `GET path` with a bound of its own in time.
    pub async fn get_within<T: DeserializeOwned>(&self, path: &str, within: Duration) -> Read<T> {
        let Body { refusal, bytes } = self.bounded(path, within).await?;
        match refusal {
            Some(error) => Err(error),
            None => parsed(&bytes),
        }
    }

    /// The answer to `GET path`, where what is asked for may be missing: then it comes with status 404.
    pub async fn get_or_missing<T: DeserializeOwned>(&self, path: &str) -> Read<T> {
        let Body { refusal, bytes } = self.bounded(path, self.timeout).await?;
        match refusal {
            // Another 404 is an error of whoever answers.
            Some(error @ ReadError::Status { status: 404, .. }) => parsed(&bytes).map_err(|_| error),
            Some(error) => Err(error),
            None => parsed(&bytes),
        }
    }

    async fn bounded(&self, path: &str, within: Duration) -> Read<Body> {
        let late = |_| ReadError::TimedOut { seconds: within.as_secs_f64().ceil() as u64 };
        tokio::time::timeout(within, self.body(path)).await.map_err(late)?
    }

    async fn body(&self, path: &str) -> Read<Body> {
        let mut request = self.http.get(format!("{}{path}", self.url())).header(ACCEPT, "application/json");
        let authorization = self.credentials.header();
        let sent = authorization.is_some();
        if let Some(value) = authorization {
            request = request.header(AUTHORIZATION, value);
        }
        let mut response = request.send().await.map_err(|error| failure::unreachable(&error))?;
        let header = |name| response.headers().get(name).and_then(|value: &HeaderValue| value.to_str().ok());
        if let Some(told) = Told::now(header(DATE), header(AGE)) {
            self.told.get_or_init(|| told);
        }
        let status = response.status();
        if let (true, Some(location)) = (status.is_redirection(), response.headers().get(LOCATION)) {
            return Err(failure::redirect(&self.base, &String::from_utf8_lossy(location.as_bytes())));
        }
        let content_type =
            response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let too_large = || ReadError::TooLarge { limit_bytes: BODY_LIMIT as u64 };
        if response.content_length().is_some_and(|length| length > BODY_LIMIT as u64) {
            return Err(too_large());
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| failure::unreachable(&error))? {
            if body.len() + chunk.len() > BODY_LIMIT {
                return Err(too_large());
            }
            body.extend_from_slice(&chunk);
        }
        let html = failure::is_html(content_type.as_deref(), &body);
        Ok(Body { refusal: failure::refusal(status, html, &body, sent), bytes: body })
    }
}

/// An answer in whole, and what is wrong with it by its status.
struct Body {
    refusal: Option<ReadError>,
    bytes: Vec<u8>,
}

fn parsed<T: DeserializeOwned>(bytes: &[u8]) -> Read<T> {
    serde_json::from_slice(bytes)
        .map_err(|error| ReadError::Shape { error: safe(&error.to_string(), failure::REASON_LIMIT) })
}

fn base(url: &str) -> Result<Url, ClientError> {
    let url = Url::parse(url.trim())?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err(ClientError::UrlKind);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(ClientError::UrlCredentials);
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(ClientError::UrlQuery);
    }
    Ok(url)
}

fn roots(trust: &Trust) -> Result<RootCertStore, ClientError> {
    let mut roots = RootCertStore::empty();
    match trust {
        Trust::PublicRoots { .. } | Trust::Unknown => roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
        Trust::Authorities { certificates, .. } => {
            let certificates = certificates.iter().map(|der| CertificateDer::from(der.0.as_slice()));
            if roots.add_parsable_certificates(certificates).0 == 0 {
                return Err(ClientError::NoUsableAuthority);
            }
        }
    }
    Ok(roots)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    #![allow(clippy::disallowed_methods, reason = "servers on loopback")]
    use std::collections::BTreeMap;

    use farlink_checks::model::link::Source;

    use super::super::test_server::{Answer, TestServer};
    use super::*;
    use crate::link::pem::authorities;

    type Json = BTreeMap<String, serde_json::Value>;

    fn client(url: &str, credentials: Credentials) -> Client {
        Client::new(url, credentials, &Trust::Unknown, Duration::from_millis(400)).unwrap()
    }

    async fn answer(raw: Answer) -> Read<Json> {
        let server = TestServer::start(vec![("/x", raw)]).await;
        client(&server.url(), Credentials::None).get("/x").await
    }

    #[tokio::test]
    async fn every_bad_answer_has_its_own_error() {
        let page = "<!DOCTYPE html><html><head><title>Sign in \u{202e}here</title></head></html>";
        let refused = r#"{"error":{"type":"security_exception","reason":"missing authentication credentials for REST request [/x]"},"status":401}"#;
        let mut endless = Answer::json("");
        endless.endless = true;
        let mut silent = Answer::json("{}");
        silent.silent = true;
        let mut announced = Answer::json("{}");
        announced.announce = Some(u64::MAX / 2);
        for (raw, expected) in [
            (
                Answer::of(200, "text/html; charset=utf-8", page),
                ReadError::Html { title: Some("Sign in \\u{202e}here".into()) },
            ),
            (
                Answer::of(404, "application/octet-stream", page),
                ReadError::Html { title: Some("Sign in \\u{202e}here".into()) },
            ),
            (
                Answer::of(502, "text/html", "<title>502 Bad Gateway</title>"),
                ReadError::Status { status: 502, reason: "502 Bad Gateway".into() },
            ),
            (
                Answer::of(401, "application/json", refused),
                ReadError::CredentialsRefused {
                    reason: "missing authentication credentials for REST request [/x]".into(),
                    sent: false,
                },
            ),
            (Answer::of(403, "text/plain", "no"), ReadError::Forbidden { reason: "no".into() }),
            (
                Answer::of(405, "application/json", r#"{"error":"Incorrect HTTP method","status":405}"#),
                ReadError::Status { status: 405, reason: "Incorrect HTTP method".into() },
            ),
            (
                Answer::redirect("https://u:p@sso.example/login"),
                ReadError::Redirect { location: "https://sso.example/login".into() },
            ),
            (Answer::of(304, "text/plain", ""), ReadError::Status { status: 304, reason: String::new() }),
            (endless, ReadError::TooLarge { limit_bytes: BODY_LIMIT as u64 }),
            (announced, ReadError::TooLarge { limit_bytes: BODY_LIMIT as u64 }),
            (silent, ReadError::TimedOut { seconds: 1 }),
        ] {
            let server = TestServer::start(vec![("/x", raw)]).await;
            let within = if matches!(expected, ReadError::TimedOut { .. }) { 200 } else { 20_000 };
            let read: Read<Json> =
                client(&server.url(), Credentials::None).get_within("/x", Duration::from_millis(within)).await;
            assert_eq!(read, Err(expected));
        }
    }

    #[tokio::test]
    async fn what_is_not_the_expected_json_says_where() {
        for body in ["", "[1,2]", "{\"a\":", "nonsense", &"[".repeat(100_000)] {
            let read = answer(Answer::json(body)).await;
            assert!(matches!(&read, Err(ReadError::Shape { error }) if error.contains("line 1")), "{read:?}");
        }
    }

    #[tokio::test]
    async fn credentials_are_sent_and_said_to_be_but_never_shown() {
        let server = TestServer::start(vec![("/x", Answer::of(401, "application/json", "{}"))]).await;
        let key = Credentials::ApiKey(crate::link::key::opaque(b"c2VjcmV0").ok().unwrap());
        let read: Read<Json> = client(&server.url(), key).get("/x").await;
        assert_eq!(read, Err(ReadError::CredentialsRefused { reason: String::new(), sent: true }));
        let heads = server.requests();
        assert!(heads[0].contains("authorization: ApiKey c2VjcmV0"), "{heads:?}");
        assert!(heads[0].contains(concat!("user-agent: farlink/", env!("CARGO_PKG_VERSION"))), "{heads:?}");
    }

    #[tokio::test]
    async fn what_cannot_be_reached_is_told_by_its_innermost_cause() {
        let server = TestServer::start(vec![("/x", Answer::json("{}"))]).await;
        let plain: Read<Json> = client(&server.url().replace("http:", "https:"), Credentials::None).get("/x").await;
        let not_tls =
            ReadError::Unreachable { error: "the answer is not TLS, so this port does not speak https".into() };
        assert_eq!(plain, Err(not_tls));
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let refused: Read<Json> = client(&format!("http://{free}"), Credentials::None).get("/x").await;
        assert!(
            matches!(&refused, Err(ReadError::Unreachable { error }) if error.starts_with("Connection refused")),
            "{refused:?}"
        );
    }

    #[tokio::test]
    async fn the_clock_of_the_first_answer_is_kept_and_an_answer_without_one_says_nothing() {
        let mut dated = Answer::json("{}");
        dated.date = Some("Sun, 01 Mar 2026 14:00:07 GMT");
        let mut refused = Answer::of(401, "application/json", "{}");
        refused.date = Some("Sun, 01 Mar 2026 15:00:00 GMT");
        let server = TestServer::start(vec![("/none", Answer::json("{}")), ("/x", dated), ("/y", refused)]).await;
        let client = client(&server.url(), Credentials::None);
        for (path, date) in
            [("/none", None), ("/x", Some("2026-03-01T14:00:07Z")), ("/y", Some("2026-03-01T14:00:07Z"))]
        {
            let _: Read<Json> = client.get(path).await;
            let told = client.told().map(|told| told.of_run(tokio::time::Instant::now()));
            assert_eq!(told.map(|told| told.date.to_string()).as_deref(), date, "{path}");
            assert!(told.is_none_or(|told| (-10_000..=0).contains(&told.after_milliseconds)));
        }
    }

    #[test]
    fn a_url_that_is_no_cluster_is_refused_without_showing_its_credentials() {
        let new = |url: &str| Client::new(url, Credentials::None, &Trust::Unknown, Duration::from_secs(1));
        for url in [
            "es.example:9200",
            "ftp://es.example",
            "https://u:hunter2@es.example",
            "https://es.example/?a",
            "https://u:hunter2@es.example:x",
        ] {
            let error = new(url).err().unwrap();
            assert!(!error.to_string().contains("hunter2"), "{error}");
        }
        assert_eq!(new("https://es.example:9200/prefix/").unwrap().url(), "https://es.example:9200/prefix");
        for file in ["", "<html>", "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n"] {
            let trust = authorities(file.as_bytes(), "ca.pem");
            let error = Client::new("https://a", Credentials::None, &trust, Duration::from_secs(1)).err();
            assert!(matches!(error, Some(ClientError::NoUsableAuthority)), "{file}");
        }
    }

    #[tokio::test]
    async fn a_cluster_is_trusted_by_the_given_authorities_and_by_nobody_else() {
        let mut trusts = Vec::new();
        let mut server = None;
        for _ in 0..2 {
            let key = rcgen::KeyPair::generate().unwrap();
            let mut authority = rcgen::CertificateParams::new(vec![]).unwrap();
            authority.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
            let authority_pem = authority.self_signed(&key).unwrap().pem();
            let issuer = rcgen::Issuer::new(authority, key);
            let leaf_key = rcgen::KeyPair::generate().unwrap();
            let leaf = rcgen::CertificateParams::new(vec!["127.0.0.1".to_owned()])
                .unwrap()
                .signed_by(&leaf_key, &issuer)
                .unwrap();
            server = server.or(Some((leaf.der().clone(), leaf_key.serialize_der())));
            trusts.push(authorities(authority_pem.as_bytes(), "ca.pem"));
        }
        let (leaf, key) = server.unwrap();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![leaf], rustls_pki_types::PrivatePkcs8KeyDer::from(key).into())
            .unwrap();
        let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://{}", listener.local_addr().unwrap());
        tokio::spawn(async move {
            use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
            while let Ok((stream, _)) = listener.accept().await {
                let Ok(mut stream) = acceptor.accept(stream).await else {
                    continue;
                };
                let _ = stream.read(&mut [0; 4096]).await;
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}").await;
                let _ = stream.shutdown().await;
            }
        });
        let within = Duration::from_secs(5);
        for (trust, words) in [
            (&trusts[0], None),
            (&trusts[1], Some("invalid peer certificate")),
            (&Trust::Unknown, Some("invalid peer certificate: UnknownIssuer")),
            (&Trust::PublicRoots { source: Source::Given }, Some("invalid peer certificate: UnknownIssuer")),
        ] {
            let read: Read<Json> = Client::new(&url, Credentials::None, trust, within).unwrap().get("/x").await;
            match (read, words) {
                (Ok(_), None) => {}
                (Err(ReadError::Unreachable { error }), Some(words)) => {
                    assert!(error.starts_with(words), "{error}")
                }
                (read, _) => panic!("{read:?}"),
            }
        }
    }
}
