//! `web.yml` beside the exporter toolkit itself: what it accepts is accepted, what it rejects is rejected,
//! with the differences listed here and no others. Needs Go; tests/web/toolkit is the program that asks it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use farlink::serve::web::Web;

use crate::staged::root;

/// What the toolkit accepts and farlink does not, by file of its own or case below, and a piece of the
/// message that says so.
const STRICTER: &[(&str, &str)] = &[
    // rustls has no CBC suites, no P-521 and nothing before TLS 1.2.
    ("web_config_noAuth_allCiphers.good.yml", "not offered"),
    ("web_config_noAuth_allCurves.good.yml", "not offered"),
    ("web_config_noAuth_someCurves.good.yml", "not offered"),
    ("cbc", "not offered"),
    ("curve-521", "not offered"),
    ("tls-1-0", "not offered"),
    ("tls-1-1", "not offered"),
    ("only-tls-1-3-suites-and-tls-1-2", "cannot be used"),
    // What would fail at each handshake fails at once.
    ("versions-crossed", "min_version is above max_version"),
    ("client-ca-junk", "no certificate in PEM"),
    // The system's authorities are not taken for those of clients.
    ("web_config_auth_clientCAs_missing.bad.yml", "client_ca_file"),
    ("web_config_noAuth.good.blocking.yml", "client_ca_file"),
    ("verify-without-ca", "client_ca_file"),
];

const PAIR: &str = "cert_file: cert.pem\n  key_file: key.pem";

/// Files by name; `PAIR` stands for a certificate and its key.
const CASES: &[(&str, &str)] = &[
    ("empty", ""),
    ("comment", "# nothing\n"),
    ("null-sections", "tls_server_config:\nhttp_server_config:\nbasic_auth_users:\n"),
    ("pair", "tls_server_config:\n  PAIR\n"),
    ("pair-swapped", "tls_server_config:\n  cert_file: key.pem\n  key_file: cert.pem\n"),
    ("pair-of-two", "tls_server_config:\n  cert_file: cert.pem\n  key_file: other.pem\n"),
    ("key-missing", "tls_server_config:\n  cert_file: cert.pem\n"),
    ("cert-missing", "tls_server_config:\n  key_file: key.pem\n"),
    ("file-gone", "tls_server_config:\n  cert_file: gone.pem\n  key_file: key.pem\n"),
    ("only-auth-type", "tls_server_config:\n  client_auth_type: NoClientCert\n"),
    ("only-version", "tls_server_config:\n  min_version: TLS13\n"),
    ("version-13", "tls_server_config:\n  PAIR\n  min_version: TLS13\n"),
    ("version-12", "tls_server_config:\n  PAIR\n  min_version: TLS12\n  max_version: TLS12\n"),
    ("version-unknown", "tls_server_config:\n  PAIR\n  min_version: TLS14\n"),
    ("version-lower-case", "tls_server_config:\n  PAIR\n  min_version: tls12\n"),
    ("versions-crossed", "tls_server_config:\n  PAIR\n  min_version: TLS13\n  max_version: TLS12\n"),
    ("tls-1-0", "tls_server_config:\n  PAIR\n  min_version: TLS10\n"),
    ("tls-1-1", "tls_server_config:\n  PAIR\n  max_version: TLS11\n"),
    (
        "gcm",
        "tls_server_config:\n  PAIR\n  cipher_suites: [TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, TLS_AES_128_GCM_SHA256]\n",
    ),
    ("chacha", "tls_server_config:\n  PAIR\n  cipher_suites:\n  - TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256\n"),
    ("cbc", "tls_server_config:\n  PAIR\n  cipher_suites: [TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA]\n"),
    ("cipher-insecure", "tls_server_config:\n  PAIR\n  cipher_suites: [TLS_RSA_WITH_RC4_128_SHA]\n"),
    ("cipher-unknown", "tls_server_config:\n  PAIR\n  cipher_suites: [TLS13_AES_128_GCM_SHA256]\n"),
    ("only-tls-1-3-suites", "tls_server_config:\n  PAIR\n  cipher_suites: [TLS_AES_128_GCM_SHA256]\n"),
    (
        "only-tls-1-3-suites-and-tls-1-2",
        "tls_server_config:\n  PAIR\n  cipher_suites: [TLS_AES_128_GCM_SHA256]\n  max_version: TLS12\n",
    ),
    ("ciphers-empty", "tls_server_config:\n  PAIR\n  cipher_suites: []\n  curve_preferences: []\n"),
    ("curves", "tls_server_config:\n  PAIR\n  curve_preferences: [X25519, CurveP256, CurveP384]\n"),
    ("curve-521", "tls_server_config:\n  PAIR\n  curve_preferences: [CurveP521]\n"),
    ("curve-unknown", "tls_server_config:\n  PAIR\n  curve_preferences: [P256]\n"),
    ("order", "tls_server_config:\n  PAIR\n  prefer_server_cipher_suites: false\n"),
    ("order-text", "tls_server_config:\n  PAIR\n  prefer_server_cipher_suites: perhaps\n"),
    ("request", "tls_server_config:\n  PAIR\n  client_auth_type: RequestClientCert\n"),
    ("require-any", "tls_server_config:\n  PAIR\n  client_auth_type: RequireAnyClientCert\n"),
    ("require-old-name", "tls_server_config:\n  PAIR\n  client_auth_type: RequireClientCert\n"),
    (
        "verify-if-given",
        "tls_server_config:\n  PAIR\n  client_auth_type: VerifyClientCertIfGiven\n  client_ca_file: cert.pem\n",
    ),
    (
        "verify",
        "tls_server_config:\n  PAIR\n  client_auth_type: RequireAndVerifyClientCert\n  client_ca_file: cert.pem\n",
    ),
    (
        "verify-sans",
        "tls_server_config:\n  PAIR\n  client_auth_type: RequireAndVerifyClientCert\n  client_ca_file: cert.pem\n  client_allowed_sans: [a, b]\n",
    ),
    ("verify-without-ca", "tls_server_config:\n  PAIR\n  client_auth_type: RequireAndVerifyClientCert\n"),
    ("verify-if-given-without-ca", "tls_server_config:\n  PAIR\n  client_auth_type: VerifyClientCertIfGiven\n"),
    ("auth-unknown", "tls_server_config:\n  PAIR\n  client_auth_type: Always\n"),
    ("ca-without-type", "tls_server_config:\n  PAIR\n  client_ca_file: cert.pem\n"),
    ("ca-with-none", "tls_server_config:\n  PAIR\n  client_ca_file: cert.pem\n  client_auth_type: NoClientCert\n"),
    (
        "ca-gone",
        "tls_server_config:\n  PAIR\n  client_ca_file: gone.pem\n  client_auth_type: RequireAndVerifyClientCert\n",
    ),
    (
        "client-ca-junk",
        "tls_server_config:\n  PAIR\n  client_ca: junk\n  client_auth_type: RequireAndVerifyClientCert\n",
    ),
    ("unknown-key", "tls_server_config:\n  PAIR\n  certificate: cert.pem\n"),
    ("unknown-section", "tls_config:\n  PAIR\n"),
    ("twice", "tls_server_config:\n  PAIR\n  cert_file: cert.pem\n"),
    ("http2", "http_server_config:\n  http2: true\n"),
    ("http2-off", "http_server_config:\n  http2: false\n"),
    ("http2-text", "http_server_config:\n  http2: maybe\n"),
    (
        "headers",
        "http_server_config:\n  headers:\n    X-Frame-Options: sameorigin\n    Strict-Transport-Security: max-age=1\n",
    ),
    ("header-case", "http_server_config:\n  headers:\n    x-frame-options: deny\n"),
    ("header-value", "http_server_config:\n  headers:\n    X-Frame-Options: DENY\n"),
    ("header-other", "http_server_config:\n  headers:\n    Server: x\n"),
    ("header-list", "http_server_config:\n  headers: [a]\n"),
    ("user", "basic_auth_users:\n  a: $2y$10$QOauhQNbBCuQDKes6eFzPeMqBSjb7Mr5DUmpZ/VcEd00UAV/LDeSi\n"),
    ("user-2b", "basic_auth_users:\n  a: $2b$04$QOauhQNbBCuQDKes6eFzPeMqBSjb7Mr5DUmpZ/VcEd00UAV/LDeSi\n"),
    ("user-plain", "basic_auth_users:\n  a: secret\n"),
    ("user-md5", "basic_auth_users:\n  a: $apr1$ZjTqBB3f$IF9gdYAGlMrs2fuINjHsz.\n"),
    ("user-cost-3", "basic_auth_users:\n  a: $2y$03$QOauhQNbBCuQDKes6eFzPeMqBSjb7Mr5DUmpZ/VcEd00UAV/LDeSi\n"),
    ("user-cost-32", "basic_auth_users:\n  a: $2y$32$QOauhQNbBCuQDKes6eFzPeMqBSjb7Mr5DUmpZ/VcEd00UAV/LDeSi\n"),
    ("users-list", "basic_auth_users: [a]\n"),
    ("users-empty", "basic_auth_users: {}\n"),
    ("junk", "junk\n"),
    ("not-yaml", "a: [\n"),
    ("tab", "tls_server_config:\n\tcert_file: a\n"),
];

#[test]
fn farlink_and_the_exporter_toolkit_accept_the_same_files_but_for_what_rustls_has_not() {
    let folder = tempfile::tempdir().unwrap();
    let Some((judge, testdata)) = built(folder.path()) else {
        assert!(std::env::var_os("CI").is_none(), "Go is missing; /usr/local/go/bin or PATH should have it");
        eprintln!("NOT RUN: the exporter toolkit; Go is missing");
        return;
    };
    let mut files = written(folder.path());
    let own = std::fs::read_dir(testdata).unwrap().map(|entry| entry.unwrap().path());
    files.extend(own.filter(|path| path.extension().is_some_and(|end| end == "yml" || end == "yaml")));
    let said = Command::new(judge).args(&files).output().unwrap();
    // Both go through the files in the same order; the toolkit may name another file in its error.
    let said = String::from_utf8(said.stdout).unwrap();
    let mut wrong = Vec::new();
    let mut used = BTreeMap::new();
    for (path, toolkit) in files.iter().zip(said.lines()) {
        let name = path.file_name().unwrap().to_str().unwrap();
        let name = if path.starts_with(folder.path()) { name.trim_end_matches(".yml") } else { name };
        let ours = Web::read(path).map(|_| ()).map_err(|error| error.to_string());
        let listed = STRICTER.iter().find(|(listed, _)| *listed == name);
        match (toolkit.starts_with("accept "), &ours, listed) {
            (true, Ok(()), None) | (false, Err(_), None) => {}
            (true, Err(message), Some((_, piece))) if message.contains(piece) => {
                used.insert(name, ());
            }
            _ => wrong.push(format!("{name}: toolkit: {toolkit}; farlink: {ours:?}")),
        }
        if let Err(message) = &ours {
            assert!(message.starts_with(path.to_str().unwrap()), "{name}: {message}");
        }
    }
    assert_eq!(said.lines().count(), files.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(used.len(), STRICTER.len(), "a listed difference is none: {:?}", used.keys());
}

/// The program of tests/web/toolkit, and the toolkit's own files.
fn built(folder: &Path) -> Option<(PathBuf, PathBuf)> {
    let path = std::env::var("PATH").unwrap_or_default() + ":/usr/local/go/bin";
    let go = |arguments: &[&str]| {
        let mut go = Command::new("/usr/bin/env");
        go.arg("go").args(arguments).current_dir(root().join("tests/web/toolkit")).env("PATH", &path);
        go.env("GOFLAGS", "-mod=readonly").output().unwrap()
    };
    if !go(&["version"]).status.success() {
        return None;
    }
    let judge = folder.join("judge");
    let build = go(&["build", "-o", judge.to_str().unwrap()]);
    assert!(build.status.success(), "{}", String::from_utf8_lossy(&build.stderr));
    let module = go(&["list", "-m", "-f", "{{.Dir}}", "github.com/prometheus/exporter-toolkit"]);
    let module = String::from_utf8(module.stdout).unwrap();
    Some((judge, Path::new(module.trim()).join("web/testdata")))
}

/// The cases as files, with the certificates and keys they name beside them.
fn written(folder: &Path) -> Vec<PathBuf> {
    let pair = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    std::fs::write(folder.join("cert.pem"), pair.cert.pem()).unwrap();
    std::fs::write(folder.join("key.pem"), pair.signing_key.serialize_pem()).unwrap();
    std::fs::write(folder.join("other.pem"), rcgen::KeyPair::generate().unwrap().serialize_pem()).unwrap();
    let file = |(name, text): &(&str, &str)| {
        let path = folder.join(format!("{name}.yml"));
        std::fs::write(&path, text.replace("PAIR", PAIR)).unwrap();
        path
    };
    CASES.iter().map(file).collect()
}
