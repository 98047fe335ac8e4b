//! Settings that show the fault by themselves.

use super::staging::*;

#[test]
fn an_api_key_link_at_a_port_that_demands_a_certificate_is_at_the_wrong_port() {
    let mut wrong = link(A, None);
    wrong.model = Some(Sourced::given(Model::ApiKey));
    assert_eq!(root(wrong, vec![asked_for_certificate(116, false, false)]), Some("config-api-key-on-certificate-port"));
}

#[test]
fn a_certificate_link_at_the_remote_cluster_server_is_named_by_its_port_number_where_that_shows_it() {
    assert_eq!(
        root(link("127.0.0.1:9443", None), vec![remote_cluster_server()]),
        Some("config-certificate-model-on-api-key-port")
    );
    assert_eq!(root(link("127.0.0.1:10443", None), vec![remote_cluster_server()]), Some("transport-wrong-port"));
}
