//! What listens where the transport protocol should.

use super::staging::*;

#[test]
fn a_proxy_that_ends_tls_shows_by_what_it_does_not_ask() {
    let main = with_tls(Question::AsElasticsearch, None, TlsOutcome::Completed);
    let attempts = vec![says(main, Said::Ping, Heard::Closed)];
    assert_eq!(root(link(A, None), attempts.clone()), Some("proxy-terminates-tls"));
    let mut key_link = link("127.0.0.1:9443", None);
    key_link.model = Some(Sourced::given(Model::ApiKey));
    assert_eq!(root(key_link, attempts), Some("transport-closed"));
}

#[test]
fn what_is_no_elasticsearch_is_told_by_what_it_says() {
    let secured = || with_tls(Question::AsElasticsearch, None, TlsOutcome::Completed);
    let opensearch = (2_11_00_99 ^ 0x0800_0000_u32) as i32;
    let ping = |heard| says(secured(), Said::Ping, heard);
    let ssh = || Bytes::of(b"SSH-2.0-OpenSSH_9.6\r\n");
    let banner = Attempt {
        quiet: Some(Quiet { end: End::Data, received: ssh(), seconds: 0.01 }),
        ..with_tls(Question::AsElasticsearch, None, TlsOutcome::NotTls { received: ssh() })
    };
    for (main, id) in [
        (
            says(ping(Heard::Pong), Said::TcpHandshake, Heard::Handshake { version: opensearch, release: None }),
            "transport-opensearch",
        ),
        (
            ping(Heard::Malformed { error: "a length of 2 GiB".into(), received: Bytes::of(b"ES\x7f\xff\xff\xff") }),
            "transport-malformed",
        ),
        (ping(Heard::Foreign { received: Bytes::of(b"\0\x01garbage") }), "transport-not-elasticsearch"),
        (says(ping(Heard::Silence), Said::Http, Heard::Silence), "transport-silent"),
        (
            with_tls(Question::AsElasticsearch, None, TlsOutcome::NotTls { received: ssh() }),
            "transport-not-elasticsearch",
        ),
        (banner, "transport-not-elasticsearch"),
    ] {
        assert_eq!(root(link("127.0.0.1:9300", None), vec![main]), Some(id));
    }
}
