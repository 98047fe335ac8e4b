//! TLS servers asked by a rustls client, and by bytes.

use std::sync::Arc;

use rustls::{AlertDescription, ClientConfig, ClientConnection, RootCertStore};
use rustls_pki_types::ServerName;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::*;
use crate::authority::{Authority, LeafOptions};
use crate::listen::Serving;
use crate::Loopback;

/// A client that trusts `authority`, presents `identity` and speaks `versions`.
pub(crate) fn client(
    authority: &Authority,
    identity: Option<&Identity>,
    versions: &[&'static rustls::SupportedProtocolVersion],
) -> TlsConnector {
    let mut roots = RootCertStore::empty();
    roots.add(authority.ca_der().clone()).unwrap();
    let builder = ClientConfig::builder_with_provider(provider())
        .with_protocol_versions(versions)
        .unwrap()
        .with_root_certificates(roots);
    let config = match identity {
        Some(identity) => builder
            .with_client_auth_cert(identity.chain.clone(), identity.key.clone_key())
            .unwrap(),
        None => builder.with_no_client_auth(),
    };
    TlsConnector::from(Arc::new(config))
}

/// The name of `name`, or the address 127.0.0.1.
pub(crate) fn server_name(name: Option<&str>) -> ServerName<'static> {
    ServerName::try_from(name.unwrap_or("127.0.0.1").to_owned()).unwrap()
}

/// The bytes of a ClientHello with `name` as its server name.
pub(crate) fn client_hello(name: Option<&str>) -> Vec<u8> {
    let config = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(RootCertStore::empty())
        .with_no_client_auth();
    let mut connection = ClientConnection::new(Arc::new(config), server_name(name)).unwrap();
    let mut hello = Vec::new();
    connection.write_tls(&mut hello).unwrap();
    hello
}

/// The alert a failed handshake or read ended with.
pub(crate) fn alert_of(error: &std::io::Error) -> Option<AlertDescription> {
    match error.get_ref()?.downcast_ref::<rustls::Error>()? {
        rustls::Error::AlertReceived(alert) => Some(*alert),
        _ => None,
    }
}

/// A server that greets every accepted client with `hi`.
fn greeting(tls: &ServerTls) -> (Serving, std::net::SocketAddr) {
    let bound = Loopback::new().bind(0).unwrap();
    let server = TlsServer::new(tls).unwrap();
    let address = bound.address;
    let serving = Serving::start(bound.listener, move |stream, _| {
        let server = server.clone();
        async move {
            if let Ok(mut tls) = server.accept(stream).await {
                let _ = tls.write_all(b"hi").await;
                let _ = tls.shutdown().await;
            }
        }
    });
    (serving, address)
}

async fn greeted(connector: &TlsConnector, address: std::net::SocketAddr) -> std::io::Result<Vec<u8>> {
    let stream = TcpStream::connect(address).await?;
    let mut tls = connector.connect(server_name(Some("a.lab.example")), stream).await?;
    let mut greeting = Vec::new();
    tls.read_to_end(&mut greeting).await?;
    Ok(greeting)
}

#[tokio::test]
async fn client_certificates_are_refused_with_the_alerts_of_each_jdk() {
    use AlertDescription::{BadCertificate, CertificateRequired, CertificateUnknown, HandshakeFailure};
    use MissingCertificateAlert::{Jdk17, Jdk25};
    let authority = Authority::new("Lab CA").unwrap();
    let stranger = Authority::new("Other CA").unwrap();
    let node = authority.issue(&LeafOptions::named("a.lab.example")).unwrap();
    let known = authority.issue(&LeafOptions::named("client")).unwrap();
    let unknown = stranger.issue(&LeafOptions::named("client")).unwrap();
    let tls12 = &[&rustls::version::TLS12][..];
    let tls13 = &[&rustls::version::TLS13][..];
    for (jdk, versions, identity, alert) in [
        (Jdk17, tls12, None, Some(BadCertificate)),
        (Jdk17, tls13, None, Some(BadCertificate)),
        (Jdk25, tls12, None, Some(HandshakeFailure)),
        (Jdk25, tls13, None, Some(CertificateRequired)),
        (Jdk17, tls12, Some(&unknown), Some(CertificateUnknown)),
        (Jdk17, tls13, Some(&unknown), Some(CertificateUnknown)),
        (Jdk25, tls13, Some(&unknown), Some(CertificateUnknown)),
        (Jdk17, tls13, Some(&known), None),
        (Jdk25, tls12, Some(&known), None),
    ] {
        let tls = ServerTls {
            missing_certificate: jdk,
            ..ServerTls::new(node.clone()).requiring(&authority)
        };
        let (_serving, address) = greeting(&tls);
        // The verifier of TLS 1.3 clients does not mind the server's rejection until the first read.
        let outcome = greeted(&client(&authority, identity, versions), address).await;
        let case = format!("{jdk:?} {versions:?} identity {}", identity.is_some());
        match alert {
            None => assert_eq!(outcome.unwrap(), b"hi", "{case}"),
            Some(_) => assert_eq!(alert_of(&outcome.unwrap_err()), alert, "{case}"),
        }
    }
}

#[tokio::test]
async fn plaintext_is_closed_without_a_byte_and_fewer_than_five_bytes_wait() {
    let authority = Authority::new("Lab CA").unwrap();
    let node = authority.issue(&LeafOptions::named("a.lab.example")).unwrap();
    let (_serving, address) = greeting(&ServerTls::new(node));
    for plaintext in [&b"ES\xff\xff\xff\xff"[..], b"GET / HTTP/1.1\r\n\r\n"] {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(plaintext).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        assert!(answer.is_empty(), "{answer:?}");
    }
}

#[tokio::test]
async fn an_intermediate_authority_is_in_the_chain_until_it_is_left_out() {
    let root = Authority::new("Root").unwrap();
    let middle = root.intermediate("Middle").unwrap();
    let whole = middle.issue(&LeafOptions::named("a.lab.example")).unwrap();
    assert_eq!(whole.certificate_pem.matches("BEGIN CERTIFICATE").count(), 2);
    let versions = &[&rustls::version::TLS13][..];
    for (identity, accepted) in [(whole.clone(), true), (whole.leaf_only(), false)] {
        let (_serving, address) = greeting(&ServerTls::new(identity));
        let outcome = greeted(&client(&root, None, versions), address).await;
        assert_eq!(outcome.is_ok(), accepted, "{outcome:?}");
    }
}

#[tokio::test]
async fn dates_names_and_issuers_are_refused_by_a_client_as_they_were_asked_for() {
    let authority = Authority::new("Lab CA").unwrap();
    let stranger = Authority::new("Other CA").unwrap();
    let versions = &[&rustls::version::TLS13, &rustls::version::TLS12][..];
    for (what, identity) in [
        ("expired", authority.issue(&LeafOptions::named("a.lab.example").expired(3)).unwrap()),
        ("another name", authority.issue(&LeafOptions::named("b.lab.example")).unwrap()),
        ("another issuer", stranger.issue(&LeafOptions::named("a.lab.example")).unwrap()),
        ("its own issuer", Identity::self_signed(&LeafOptions::named("a.lab.example")).unwrap()),
    ] {
        let (_serving, address) = greeting(&ServerTls::new(identity));
        assert!(greeted(&client(&authority, None, versions), address).await.is_err(), "{what}");
    }
}
