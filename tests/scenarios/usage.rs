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
fn an_authority_file_with_something_else_in_it_is_a_finding_with_the_fault_and_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ca.pem");
    let made = rcgen::generate_simple_self_signed(["es.example".to_owned()]).unwrap();
    let key = made.signing_key.serialize_pem();
    let cases: [(&[u8], &str, &str, &str); 6] = [
        (b"<!DOCTYPE html><html></html>", "is a web page", "download", "error"),
        (key.as_bytes(), "holds a private key", "ca.crt", "error"),
        (&[0x30, 6, 2, 1, 3, 0x30, 1, 0], "PKCS#12", "openssl pkcs12", "error"),
        (b"", "is empty", "BEGIN CERTIFICATE", "error"),
        // These two still serve.
        (made.cert.der(), "is in DER", "openssl x509 -inform der", "warning"),
        (&[made.cert.pem().as_bytes(), key.as_bytes()].concat(), "holds a private key", "remove the key", "warning"),
    ];
    for (content, title, fix, severity) in cases {
        std::fs::write(&file, content).unwrap();
        let ca = format!("--ca-file={}", file.display());
        let report = super::estate::json(&farlink(["diagnose", "--proxy-address=127.0.0.1:1", &ca, "--format=json"]));
        let findings = report["links"][0]["findings"].as_array().unwrap();
        let finding = findings.iter().find(|finding| finding["id"] == "certificate-authority-file-invalid").unwrap();
        assert!(finding["title"].as_str().unwrap().contains(title), "{finding:#}");
        assert!(finding["fix"][0].as_str().unwrap().contains(fix), "{finding:#}");
        assert_eq!(finding["severity"], severity, "{finding:#}");
    }
}
