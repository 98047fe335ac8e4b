//! Pairs of releases.

use super::staging::*;

#[test]
fn versions_too_far_apart_are_certain_and_neighbours_are_silent() {
    for (local, id) in [
        ("8.17.2", Some("version-transport-incompatible")),
        ("8.19.21", None),
        ("9.5.3", None),
        ("7.17.29", Some("version-transport-incompatible")),
    ] {
        let mut link = link("127.0.0.1:9300", None);
        link.releases.local = Some(Sourced::given(local.to_owned()));
        let main = with_tls(Question::AsElasticsearch, None, TlsOutcome::Completed);
        let main = says(main, Said::Ping, Heard::Pong);
        let main = says(main, Said::TcpHandshake, Heard::Handshake { version: 9_458_007, release: None });
        assert_eq!(root(link, vec![main]), id, "{local}");
    }
}
