//! The daemon behind `web.yml`, asked by curl: TLS, client certificates, users, and files that change.

use std::path::Path;
use std::process::Command;

use farlink::serve::web::Web;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, ExtendedKeyUsagePurpose, IsCa, KeyPair};

use crate::sockets::Running;

/// The hash of `fakepassword`, at the lowest cost that bcrypt has.
fn hash() -> String {
    bcrypt::hash("fakepassword", 4).unwrap()
}

/// A folder with an authority, a server and a client with certificates of it, and a foreign client.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        let ours = folder.authority("ca");
        folder.issue(&ours, "server", "localhost");
        folder.issue(&ours, "client", "scraper.example");
        folder.issue(&ours, "unnamed", "other.example");
        folder.issue(&folder.authority("foreign-ca"), "foreign", "scraper.example");
        folder
    }

    fn authority(&self, name: &str) -> CertifiedIssuer<'static, KeyPair> {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(rcgen::DnType::CommonName, name);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        self.write(&format!("{name}.pem"), &issuer.pem());
        issuer
    }

    fn issue(&self, issuer: &CertifiedIssuer<'static, KeyPair>, name: &str, dns: &str) {
        let mut params = CertificateParams::new(vec![dns.to_owned()]).unwrap();
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth];
        let key = KeyPair::generate().unwrap();
        self.write(&format!("{name}.pem"), &params.signed_by(&key, issuer).unwrap().pem());
        self.write(&format!("{name}.key"), &key.serialize_pem());
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path().join(name), text).unwrap();
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    async fn serve(&self, web: &str) -> Running {
        self.write("web.yml", web);
        Running::start(Web::read(&self.path().join("web.yml")).unwrap()).await
    }

    /// The status and headers that curl shows, with `more` options; its exit code where there is none.
    async fn curl(&self, running: &Running, scheme: &str, more: &[&str]) -> String {
        let port = running.address.port();
        let mut curl = Command::new("curl");
        curl.args(["--silent", "--include", "--max-time", "10", "--cacert", "ca.pem", "--resolve"]);
        curl.arg(format!("localhost:{port}:127.0.0.1"))
            .args(more)
            .arg(format!("{scheme}://localhost:{port}/-/healthy"));
        curl.current_dir(self.path());
        let said = tokio::task::spawn_blocking(move || curl.output().unwrap()).await.unwrap();
        match said.status.code() {
            Some(0) => String::from_utf8(said.stdout).unwrap(),
            code => format!("curl {}", code.unwrap()),
        }
    }
}

const TLS: &str = "tls_server_config:\n  cert_file: server.pem\n  key_file: server.key\n";

#[tokio::test(flavor = "multi_thread")]
async fn tls_has_http_2_unless_it_is_off_and_tells_plain_clients_what_to_speak() {
    let folder = Folder::new();
    let running = folder.serve(TLS).await;
    assert!(folder.curl(&running, "https", &[]).await.starts_with("HTTP/2 200"));
    assert!(folder.curl(&running, "https", &["--http1.1"]).await.starts_with("HTTP/1.1 200"));
    let plain = folder.curl(&running, "http", &[]).await;
    assert!(plain.starts_with("HTTP/1.0 400") && plain.contains("https://"), "{plain}");
    running.stop().await;
    let headers = "http_server_config:\n  http2: false\n  headers:\n    X-Frame-Options: sameorigin\n";
    let running = folder.serve(&format!("{TLS}{headers}")).await;
    let answer = folder.curl(&running, "https", &[]).await;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("x-frame-options: sameorigin"), "{answer}");
    running.stop().await;
    // TLS to a port without it: no answer that a TLS client could take for one.
    let running = Running::start(Web::plain()).await;
    assert_eq!(folder.curl(&running, "https", &[]).await, "curl 35");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_client_authentication_lets_in_whom_it_should() {
    let folder = Folder::new();
    let sans = "  client_allowed_sans: [scraper.example]\n";
    let ca = "  client_ca_file: ca.pem\n";
    //                                                        nobody, ours, without the name, foreign
    for (kind, more, expected) in [
        ("NoClientCert", "", [true, true, true, true]),
        ("RequestClientCert", "", [true, true, true, true]),
        ("RequireAnyClientCert", "", [false, true, true, true]),
        ("VerifyClientCertIfGiven", ca, [true, true, true, false]),
        ("RequireAndVerifyClientCert", ca, [false, true, true, false]),
        ("RequireAndVerifyClientCert", &format!("{ca}{sans}"), [false, true, false, false]),
    ] {
        let running = folder.serve(&format!("{TLS}  client_auth_type: {kind}\n{more}")).await;
        for (client, expected) in ["", "client", "unnamed", "foreign"].into_iter().zip(expected) {
            let (certificate, key) = (format!("{client}.pem"), format!("{client}.key"));
            let with = ["--cert", &certificate, "--key", &key];
            let answer = folder.curl(&running, "https", if client.is_empty() { &[] } else { &with }).await;
            assert_eq!(answer.starts_with("HTTP/2 200"), expected, "{kind} {client}: {answer}");
        }
        running.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn users_are_told_by_name_and_password_and_nobody_else_is_let_in() {
    let folder = Folder::new();
    let users = format!("basic_auth_users:\n  alice: {}\n", hash());
    let running = folder.serve(&users).await;
    for (user, expected) in [
        ("alice:fakepassword", "HTTP/1.1 200"),
        ("alice:fakepassword", "HTTP/1.1 200"),
        ("alice:wrong", "HTTP/1.1 401"),
        ("alice:", "HTTP/1.1 401"),
        // The password behind the hash that unknown users are compared with.
        ("bob:fakepassword", "HTTP/1.1 401"),
        ("bob:fakepassword", "HTTP/1.1 401"),
    ] {
        let answer = folder.curl(&running, "http", &["--user", user]).await;
        assert!(answer.starts_with(expected), "{user}: {answer}");
    }
    let answer = folder.curl(&running, "http", &[]).await;
    assert!(answer.starts_with("HTTP/1.1 401") && answer.contains("www-authenticate: Basic"), "{answer}");
    for header in ["Basic", "Basic !!!", "Bearer x", "basic YWxpY2U="] {
        let answer = folder.curl(&running, "http", &["--header", &format!("Authorization: {header}")]).await;
        assert!(answer.starts_with("HTTP/1.1 401"), "{header}: {answer}");
    }
}

#[test]
fn files_that_changed_hold_at_once_and_wrong_ones_leave_what_was() {
    let folder = Folder::new();
    folder.write("web.yml", TLS);
    let web = Web::read(&folder.path().join("web.yml")).unwrap();
    web.reload().unwrap();
    let certificate = std::fs::read_to_string(folder.path().join("server.pem")).unwrap();
    folder.write("server.pem", "half a certif");
    let error = web.reload().unwrap_err().to_string();
    assert!(error.contains("web.yml:2:14: the certificate"), "{error}");
    // Who asks again is told again.
    assert_eq!(web.reload().unwrap_err().to_string(), error);
    folder.write("server.pem", &certificate);
    web.reload().unwrap();
    folder.write("web.yml", "tls_server_config:\n  cert_fil: server.pem\n");
    let error = web.reload().unwrap_err().to_string();
    assert!(error.contains("web.yml:2:3: unknown key \"cert_fil\"; did you mean \"cert_file\"?"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_certificate_is_served_without_a_restart_and_a_broken_one_is_not() {
    let folder = Folder::new();
    folder.write("web.yml", TLS);
    let web = Web::read(&folder.path().join("web.yml")).unwrap();
    let running = Running::start(web.clone()).await;
    folder.write("server.pem", "broken");
    web.reload().unwrap_err();
    assert!(folder.curl(&running, "https", &[]).await.starts_with("HTTP/2 200"));
    let other = folder.authority("new-ca");
    folder.issue(&other, "server", "localhost");
    // Nobody reloads: the daemon sees it by itself, within a second.
    let mut answer = String::new();
    for _ in 0..500 {
        answer = folder.curl(&running, "https", &["--cacert", "new-ca.pem"]).await;
        if answer.starts_with("HTTP/2 200") {
            break;
        }
    }
    assert!(answer.starts_with("HTTP/2 200"), "{answer}");
    assert_eq!(folder.curl(&running, "https", &[]).await, "curl 60");
    running.stop().await;
}
