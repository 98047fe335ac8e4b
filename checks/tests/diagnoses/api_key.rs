//! What is said of a key.

use super::staging::*;

#[test]
fn a_keys_verdict_from_the_cluster_itself_is_certain() {
    for (words, id) in [
        ("unable to find apikey with id nobody", "api-key-unknown"),
        ("invalid credentials for API key [good]", "api-key-wrong-secret"),
        ("api key is expired", "api-key-expired"),
        ("api key [gone] has been invalidated", "api-key-invalidated"),
        (
            "authentication expected API key type of [cross_cluster], but API key [rest] has type [rest]",
            "api-key-wrong-type",
        ),
        ("something new about the API key", "api-key-refused"),
    ] {
        let mut link = link("127.0.0.1:9443", None);
        link.model = Some(Sourced::read(Model::ApiKey));
        let mut evidence = evidence(link, vec![remote_cluster_server()]);
        evidence.cluster = Some(asked(false, Some(words)));
        assert_eq!(judged(&evidence).root_cause, Some(id), "{words}");
    }
}
