//! What cannot be read ends with exit code 2 and a sentence; what was read and is wrong is a finding.

use super::estate::farlink;

#[test]
fn bad_input_is_a_usage_error_that_names_it() {
    for (arguments, said) in [
        (vec!["diagnose", "--proxy-address", "https://es.example:9443"], "scheme"),
        (vec!["diagnose", "--proxy-address", "es.example:9443/path"], "path"),
        (vec!["diagnose", "--proxy-address", "2001:db8::1:9443"], "["),
        (vec!["diagnose", "--proxy-address", "es.example:99999"], "65535"),
        (vec!["diagnose", "--proxy-address", "es.example:9443", "--ca-file", "/nonexistent.pem"], "/nonexistent.pem"),
        (vec!["diagnose", "--config", "/nonexistent.yml"], "/nonexistent.yml"),
        (vec!["diagnose", "--evidence", "/nonexistent.json"], "/nonexistent.json"),
        (vec!["explain", "tcp-refusd"], "tcp-refused"),
    ] {
        let output = farlink(&arguments);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {stderr}");
        assert!(stderr.contains(said), "{arguments:?}: {stderr}");
    }
}

#[test]
fn an_unknown_key_or_finding_of_the_configuration_is_shown_with_its_place_and_a_suggestion() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("farlink.yml");
    for (content, place, suggestion) in [
        ("links:\n  eu:\n    mode: proxy\n    proxy_adress: \"es.example:9443\"\n", "farlink.yml:4:5", "proxy_address"),
        (
            "links: { eu: { proxy_address: \"es.example:9443\" } }\nsuppress:\n  - link: eu\n    id: tcp-refusd\n",
            "farlink.yml:4:9",
            "tcp-refused",
        ),
    ] {
        std::fs::write(&file, content).unwrap();
        let output = farlink(["diagnose", "--config", file.to_str().unwrap()]);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{stderr}");
        assert!(stderr.contains(place) && stderr.contains(suggestion), "{stderr}");
    }
}

#[test]
fn a_refused_port_by_hand_is_broken_and_exits_1_unless_never() {
    let refused = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let address = format!("--proxy-address={refused}");
    assert_eq!(farlink(["diagnose", &address]).status.code(), Some(1));
    assert_eq!(farlink(["diagnose", &address, "--fail-on=never"]).status.code(), Some(0));
}

#[test]
fn a_key_or_a_web_page_in_an_authority_file_is_a_finding() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ca.pem");
    for content in ["<!DOCTYPE html><html></html>", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"] {
        std::fs::write(&file, content).unwrap();
        let ca = format!("--ca-file={}", file.display());
        let output = farlink(["diagnose", "--proxy-address=127.0.0.1:1", &ca, "--format=json"]);
        let stdout = String::from_utf8_lossy(&output.stdout);
        assert!(stdout.contains("certificate-authority-file-invalid"), "{stdout}");
    }
}
