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
