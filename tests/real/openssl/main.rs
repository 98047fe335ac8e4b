//! What farlink says of real TLS servers, `openssl s_server` in old and odd shapes, and whether the JDK
//! itself agrees. A missing `openssl` or `java` is a failure.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, missing_docs)]

mod jdk;
mod server;

use std::process::Command;

use serde_json::Value;

use self::jdk::Java;
use self::server::{Keys, Server};

/// What farlink says of a server.
enum Says {
    /// TLS works.
    Passes,
    /// Elasticsearch can use it, and farlink's library cannot; with these words in the reason.
    OnlyTheJdkCan(&'static str),
    /// A JDK before 24 can use it, a later one cannot; with these words in the detail.
    OnlyAnOldJdkCan(&'static str),
    /// Nothing can: id, certainty, and words in the title or the detail.
    Refused(&'static str, &'static str, &'static str),
}

use Says::{OnlyAnOldJdkCan, OnlyTheJdkCan, Passes, Refused};

const VERSION: &str = "tls-version-unsupported";
const CIPHER: &str = "tls-no-shared-cipher";

#[rustfmt::skip]
const SERVERS: &[(&str, Says)] = &[
    ("-tls1 -cipher ALL:@SECLEVEL=0", Refused(VERSION, "certain", "speaks only TLS 1.0,")),
    ("-tls1_1 -cipher ALL:@SECLEVEL=0", Refused(VERSION, "certain", "speaks only TLS 1.1,")),
    ("-no_tls1_3 -no_tls1_2 -cipher ALL:@SECLEVEL=0", Refused(VERSION, "certain", "TLS 1.0 and TLS 1.1")),
    ("-tls1_2 -cipher NULL-SHA256:@SECLEVEL=0", Refused(CIPHER, "certain", "TLS_RSA_WITH_NULL_SHA256")),
    ("-tls1_2 -cipher ADH-AES128-GCM-SHA256:@SECLEVEL=0", Refused(CIPHER, "certain", "TLS_DH_anon_WITH_AES_128_GCM_SHA256")),
    ("-tls1_2 -nocert -psk 0102 -cipher PSK", Refused(CIPHER, "certain", "TLS_PSK_WITH_")),
    ("-tls1_2 -cipher ECDHE-RSA-CAMELLIA128-SHA256", Refused(CIPHER, "certain", "CAMELLIA")),
    ("-tls1_2 -groups brainpoolP256r1 -cipher ECDHE-RSA-AES128-GCM-SHA256", Refused(CIPHER, "certain", "(brainpoolP256r1)")),
    ("-tls1_3 -ciphersuites TLS_AES_128_CCM_SHA256", Refused(CIPHER, "certain", "TLS_AES_128_CCM_SHA256")),
    ("-tls1_2 -cipher DHE-RSA-AES128-GCM-SHA256", Refused(CIPHER, "likely", "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256 (DH of 2048 bits)")),
    ("-tls1_2 -cipher AES128-SHA:@SECLEVEL=0", OnlyAnOldJdkCan("TLS_RSA_WITH_AES_128_CBC_SHA")),
    ("-tls1_2 -cipher AES256-GCM-SHA384", OnlyAnOldJdkCan("TLS_RSA_WITH_AES_256_GCM_SHA384")),
    ("-tls1_2 -sigalgs RSA+SHA1 -cipher ECDHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0", OnlyAnOldJdkCan("SHA-1")),
    ("-tls1_2 -cipher ECDHE-RSA-AES128-SHA", OnlyTheJdkCan("TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA")),
    ("-tls1_2 -cipher ECDHE-RSA-AES256-SHA384", OnlyTheJdkCan("TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384")),
    ("-tls1_2 -groups P-521 -cipher ECDHE-RSA-AES128-GCM-SHA256", OnlyTheJdkCan("(secp521r1)")),
    ("-tls1_3 -groups X448", OnlyTheJdkCan("(x448)")),
    ("-tls1_3 -ciphersuites TLS_CHACHA20_POLY1305_SHA256", Passes),
    ("-tls1_2 -cipher ECDHE-RSA-AES128-GCM-SHA256", Passes),
    ("", Passes),
];

#[test]
fn farlink_says_of_each_server_what_the_jdks_do() {
    let keys = Keys::generate();
    let javas = Java::all();
    let servers: Vec<Server> = SERVERS.iter().map(|(options, _)| Server::start(&keys, options)).collect();
    let ports: Vec<u16> = servers.iter().map(Server::port).collect();
    for (port, (options, says)) in ports.iter().zip(SERVERS) {
        assert_says(&diagnose(*port), options, says);
    }
    for java in javas {
        let answers = java.connects(&ports);
        for (answer, (options, says)) in answers.iter().zip(SERVERS) {
            let expected = match says {
                Passes | OnlyTheJdkCan(_) => true,
                OnlyAnOldJdkCan(_) => java.feature < 24,
                Refused(..) => false,
            };
            assert_eq!(answer.starts_with("yes "), expected, "JDK {} with {options}: {answer}", java.feature);
        }
    }
}

fn assert_says(link: &Value, options: &str, says: &Says) {
    let stage = link["stages"].as_array().unwrap().iter().find(|stage| stage["stage"] == "tls").unwrap();
    let finding = link["findings"].as_array().unwrap().iter().find(|finding| finding["stage"] == "tls");
    match says {
        Passes => assert!(stage["status"] == "passed" && finding.is_none(), "{options}: {link:#}"),
        OnlyTheJdkCan(words) => {
            assert_eq!((&stage["status"], &link["verdict"]), (&"not-tested".into(), &"unknown".into()), "{options}");
            assert!(stage["reason"].as_str().unwrap().contains(words), "{options}: {stage:#}");
            assert_eq!(finding.unwrap()["severity"], "info", "{options}");
        }
        OnlyAnOldJdkCan(words) => assert_refused(link, options, CIPHER, "likely", words),
        Refused(id, certainty, words) => assert_refused(link, options, id, certainty, words),
    }
}

fn assert_refused(link: &Value, options: &str, id: &str, certainty: &str, words: &str) {
    assert_eq!((&link["verdict"], &link["root_cause"]), (&"broken".into(), &id.into()), "{options}: {link:#}");
    let finding = &link["findings"][0];
    assert_eq!(finding["certainty"], certainty, "{options}: {finding:#}");
    let said = format!("{} {}", finding["title"], finding["detail"]);
    assert!(said.contains(words), "{options}: {said}");
}

#[test]
fn a_server_that_insists_on_a_client_certificate_is_a_warning_whatever_its_alert() {
    let keys = Keys::generate();
    for options in ["-tls1_2 -Verify 1", "-tls1_3 -Verify 1"] {
        let server = Server::start(&keys, options);
        let link = diagnose(server.port());
        let findings = link["findings"].as_array().unwrap();
        let finding = findings.iter().find(|finding| finding["id"] == "tls-client-certificate-required").unwrap();
        assert_eq!(
            (&finding["severity"], &link["verdict"]),
            (&"warning".into(), &"unknown".into()),
            "{options}: {link:#}"
        );
    }
}

#[test]
fn the_hand_built_hellos_offer_what_the_jdks_offer() {
    for java in Java::all() {
        java.assert_enables();
        java.assert_offers();
    }
}

fn diagnose(port: u16) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_farlink"))
        .args(["diagnose", "--stage-timeout=1s", "--format=json"])
        .arg(format!("--proxy-address=127.0.0.1:{port}"))
        .output()
        .unwrap();
    let report: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| unreachable!("{}", String::from_utf8_lossy(&output.stderr)));
    report["links"][0].clone()
}
