//! The estate as a whole.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::*;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

#[tokio::test]
async fn it_starts_in_a_moment_and_leaves_nothing_behind() {
    let started = Instant::now();
    let estate = Estate::start().await.unwrap();
    let took = started.elapsed();
    assert!(took < Duration::from_millis(300), "{took:?}");
    assert_eq!(estate.links().len(), ROWS.len());
    for link in estate.links() {
        let nothing_listens = ["refused", "unknown-host"].contains(&link.alias);
        assert_eq!(estate.door(link.alias).is_none(), nothing_listens, "{}", link.alias);
    }
    for file in [estate.ca_file(), estate.certificate_file(), estate.key_file(), estate.api_key_file()] {
        assert!(file.starts_with(estate.directory()));
        #[cfg(unix)]
        assert_eq!(std::os::unix::fs::MetadataExt::mode(&std::fs::metadata(file).unwrap()) & 0o777, 0o600);
    }
    let directory = estate.directory().to_owned();
    let address = estate.door("healthy").unwrap().address();
    drop(estate);
    assert!(!directory.exists());
    // Tasks end at the next turn of the runtime.
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn two_estates_run_side_by_side() {
    let (one, two) = (Estate::start().await.unwrap(), Estate::start().await.unwrap());
    assert_ne!(one.cluster_url(), two.cluster_url());
    assert_ne!(one.directory(), two.directory());
}

#[tokio::test]
async fn only_the_healthy_links_are_connected_according_to_the_local_cluster() {
    let estate = Estate::start().await.unwrap();
    let mut stream = TcpStream::connect(estate.cluster().address()).await.unwrap();
    stream.write_all(b"GET /_remote/info HTTP/1.1\r\nhost: lab\r\nconnection: close\r\n\r\n").await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert_eq!(answer.matches(r#""connected":true"#).count(), 2, "{answer}");
}

#[tokio::test]
async fn the_doors_lead_to_what_their_links_are_about() {
    let estate = Estate::start().await.unwrap();
    let pem = std::fs::read(estate.ca_file()).unwrap();
    let authority = rustls_pki_types::pem::PemObject::from_pem_slice(&pem).unwrap();
    let client = tokio_rustls::TlsConnector::from(crate::tls::client(&[authority]).unwrap());
    // Whether hands are shaken by a client that trusts the authority of the estate.
    let cases = [
        ("healthy", "eu.lab.example", true),
        ("wrong-name", "us.lab.example", false),
        ("healthy-direct", "healthy-direct.farlink.test", true),
        ("rest-port", "rest-port.farlink.test", false),
        ("no-tls", "no-tls.farlink.test", false),
        ("http-proxy", "eu.lab.example", false),
        ("no-backend", "eu.lab.example", false),
        ("terminated", "eu.lab.example", true),
        ("expired", "eu.lab.example", false),
        ("name-differs", "eu.lab.example", false),
        ("name-differs", "other.lab.example", true),
        ("untrusted", "eu.lab.example", false),
        ("key-port", "eu.lab.example", true),
        ("too-old", "too-old.farlink.test", true),
    ];
    for (alias, name, shaken) in cases {
        let stream = TcpStream::connect(estate.door(alias).unwrap().address()).await.unwrap();
        let outcome = client.connect(name.try_into().unwrap(), stream).await;
        assert_eq!(outcome.is_ok(), shaken, "{alias}: {:?}", outcome.err());
    }
    let silent = TcpStream::connect(estate.door("silent").unwrap().address()).await.unwrap();
    let shaking = client.connect("eu.lab.example".try_into().unwrap(), silent);
    assert!(tokio::time::timeout(Duration::from_millis(100), shaking).await.is_err());
}
