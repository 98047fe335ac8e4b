//! Servers that do not agree with our TLS library: what the hand-built hellos found, and what it means.

use farlink_checks::model::hello::Hello;
use farlink_checks::model::stage::Stage;
use farlink_checks::questions;

use super::staging;
use super::staging::{judged as diagnosed, *};

fn attempt(question: Question, outcome: TlsOutcome) -> Attempt {
    with_tls(question, None, outcome)
}

fn main_alert(code: u8) -> Attempt {
    attempt(Question::AsElasticsearch, TlsOutcome::Alert { code })
}

fn refused(hello: Hello) -> Attempt {
    attempt(Question::Offer(hello), TlsOutcome::Alert { code: 40 })
}

fn chose(hello: Hello, version: &str, cipher: &str, group: Option<&str>) -> Attempt {
    let group = group.map(str::to_owned);
    let mut attempt = attempt(Question::Offer(hello), TlsOutcome::ServerHello { group });
    let tls = attempt.tls.as_mut().unwrap();
    tls.version = Some(version.to_owned());
    tls.cipher = Some(cipher.to_owned());
    attempt
}

/// A link whose local cluster is of this release.
fn evidence(local: Option<&str>, attempts: Vec<Attempt>) -> LinkEvidence {
    let mut link = link(A, None);
    link.releases.local = local.map(|local| Sourced::given(local.to_owned()));
    staging::evidence(link, attempts)
}

fn judged(attempts: Vec<Attempt>) -> Diagnosis {
    diagnosed(&evidence(None, attempts))
}

fn tls_stage(diagnosis: &Diagnosis) -> Status {
    diagnosis.stages.iter().find(|stage| stage.stage == Stage::Tls).unwrap().status
}

use Hello::{NewJdk, OldJdk, Tls10, Tls11, Tls12, Tls13};
const RSA: &str = "TLS_RSA_WITH_AES_128_CBC_SHA";
const CBC: &str = "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA";
const GCM: &str = "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256";
const DHE: &str = "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256";

/// Both hellos of a JDK, refused.
fn no_jdk() -> [Attempt; 2] {
    [refused(NewJdk), refused(OldJdk)]
}

fn after(main: Attempt, more: impl IntoIterator<Item = Attempt>) -> Vec<Attempt> {
    [main].into_iter().chain(more).collect()
}

#[test]
fn a_server_that_no_jdk_can_talk_to_has_its_cause_named_with_what_it_speaks() {
    let all_refused = Hello::ALL.map(refused);
    let cases: Vec<(&str, Vec<Attempt>, &str, Certainty, &str)> = vec![
        (
            "TLS 1.0 and 1.1, told by alert",
            after(
                main_alert(70),
                no_jdk().into_iter().chain([
                    refused(Tls13),
                    chose(Tls12, "TLSv1.1", CBC, None),
                    chose(Tls11, "TLSv1.1", CBC, None),
                    chose(Tls10, "TLSv1", CBC, None),
                ]),
            ),
            "tls-version-unsupported",
            Certainty::Certain,
            "TLS 1.0 and TLS 1.1",
        ),
        (
            "TLS 1.0, told by its answer",
            after(
                attempt(Question::AsElasticsearch, TlsOutcome::OldVersion),
                [
                    chose(NewJdk, "TLSv1", RSA, None),
                    chose(OldJdk, "TLSv1", RSA, None),
                    refused(Tls13),
                    chose(Tls12, "TLSv1", RSA, None),
                    chose(Tls11, "TLSv1", RSA, None),
                    chose(Tls10, "TLSv1", RSA, None),
                ],
            ),
            "tls-version-unsupported",
            Certainty::Certain,
            "only TLS 1.0, which",
        ),
        (
            "no version at all",
            after(main_alert(70), all_refused.clone()),
            "tls-version-unsupported",
            Certainty::Certain,
            "no TLS version",
        ),
        (
            "anonymous suites",
            after(
                main_alert(40),
                no_jdk().into_iter().chain([
                    refused(Tls13),
                    chose(Tls12, "TLSv1.2", "TLS_DH_anon_WITH_AES_128_GCM_SHA256", Some("DH of 1024 bits")),
                ]),
            ),
            "tls-no-shared-cipher",
            Certainty::Certain,
            "TLS_DH_anon_WITH_AES_128_GCM_SHA256 (DH of 1024 bits) from one with everything.",
        ),
        (
            "TLS 1.3 with an unusual suite",
            after(
                main_alert(40),
                no_jdk().into_iter().chain([chose(Tls13, "TLSv1.3", "TLS_AES_128_CCM_SHA256", None), refused(Tls12)]),
            ),
            "tls-no-shared-cipher",
            Certainty::Certain,
            "TLS_AES_128_CCM_SHA256",
        ),
        (
            "a group that the JDK does not have",
            after(
                main_alert(40),
                no_jdk().into_iter().chain([refused(Tls13), chose(Tls12, "TLSv1.2", GCM, Some("brainpoolP256r1"))]),
            ),
            "tls-no-shared-cipher",
            Certainty::Certain,
            "does not have that group",
        ),
        (
            "a suite of the JDK that Elasticsearch's default list leaves out",
            after(
                main_alert(40),
                no_jdk().into_iter().chain([refused(Tls13), chose(Tls12, "TLSv1.2", DHE, Some("DH of 2048 bits"))]),
            ),
            "tls-no-shared-cipher",
            Certainty::Likely,
            "default list of suites leaves it out",
        ),
        (
            "a suite that was not offered counts as refused",
            after(
                main_alert(47),
                [
                    chose(NewJdk, "TLSv1.2", RSA, None),
                    chose(OldJdk, "TLSv1.2", "TLS_RSA_WITH_RC4_128_SHA", None),
                    refused(Tls13),
                    chose(Tls12, "TLSv1.2", "TLS_RSA_WITH_RC4_128_SHA", None),
                ],
            ),
            "tls-no-shared-cipher",
            Certainty::Certain,
            "RC4",
        ),
        (
            "the alert alone",
            after(main_alert(71), all_refused.clone()),
            "tls-no-shared-cipher",
            Certainty::Likely,
            "alert",
        ),
        (
            "an alert that nothing explains",
            after(main_alert(40), all_refused),
            "tls-handshake-failed",
            Certainty::Possible,
            "alert 40",
        ),
    ];
    for (name, attempts, id, certainty, words) in cases {
        let diagnosis = judged(attempts);
        assert_eq!((diagnosis.verdict, diagnosis.root_cause), (Verdict::Broken, Some(id)), "{name}");
        let finding = &diagnosis.findings[0];
        assert_eq!((finding.certainty, tls_stage(&diagnosis)), (certainty, Status::Failed), "{name}");
        assert!(format!("{} {}", finding.title, finding.detail).contains(words), "{name}: {finding:?}");
    }
}

#[test]
fn what_the_jdk_speaks_and_our_library_does_not_is_not_tested_and_no_error() {
    for attempts in [
        after(main_alert(40), [chose(NewJdk, "TLSv1.2", CBC, Some("x25519"))]),
        after(main_alert(40), [chose(NewJdk, "TLSv1.3", "TLS_AES_128_GCM_SHA256", Some("x448"))]),
        after(
            attempt(Question::AsElasticsearch, TlsOutcome::Refused { error: "illegal parameter".into(), alert: None }),
            [chose(NewJdk, "TLSv1.2", CBC, Some("secp256r1"))],
        ),
    ] {
        let diagnosis = judged(attempts);
        assert_eq!((diagnosis.verdict, tls_stage(&diagnosis)), (Verdict::Unknown, Status::NotTested));
        assert!(
            diagnosis.findings.iter().all(|finding| finding.severity == Severity::Info),
            "{:?}",
            diagnosis.findings
        );
        let reason = diagnosis.undecided.unwrap().reason;
        assert!(
            ["CBC_SHA (x25519)", "(x448)", "illegal parameter"].iter().any(|words| reason.contains(words)),
            "{reason}"
        );
    }
}

#[test]
fn rsa_key_exchange_depends_on_the_jdk_of_the_local_cluster() {
    for (local, verdict, severity) in [
        (None, Verdict::Broken, Severity::Error),
        (Some("9.0.4"), Verdict::Broken, Severity::Error),
        (Some("8.14.3"), Verdict::Unknown, Severity::Warning),
        (Some("7.17.29"), Verdict::Unknown, Severity::Warning),
    ] {
        let attempts = after(main_alert(40), [refused(NewJdk), chose(OldJdk, "TLSv1.2", RSA, None)]);
        let diagnosis = diagnosed(&evidence(local, attempts));
        let finding = diagnosis.findings.iter().find(|finding| finding.id == "tls-no-shared-cipher").unwrap();
        assert_eq!(
            (diagnosis.verdict, finding.severity, finding.certainty),
            (verdict, severity, Certainty::Likely),
            "{local:?}"
        );
        assert!(finding.title.contains("TLS_RSA_*") && finding.detail.contains("JDK 17 connects"), "{finding:?}");
    }
    let sha1 = judged(after(main_alert(40), [refused(NewJdk), chose(OldJdk, "TLSv1.2", GCM, Some("x25519"))]));
    assert!(sha1.findings[0].title.contains("SHA-1"), "{:?}", sha1.findings);
}

#[test]
fn a_hello_without_an_answer_concludes_nothing() {
    for at in 0..4 {
        let mut attempts = after(
            main_alert(40),
            [refused(NewJdk), refused(OldJdk), refused(Tls13), refused(Tls12), chose(Tls10, "TLSv1", RSA, None)],
        );
        attempts[at + 1].tls.as_mut().unwrap().outcome = TlsOutcome::TimedOut;
        assert_eq!(judged(attempts.clone()).root_cause, Some("tls-handshake-failed"), "{at}");
        attempts.remove(at + 1);
        assert_eq!(judged(attempts).root_cause, Some("tls-handshake-failed"), "{at}");
    }
}

#[test]
fn a_name_that_passes_outranks_what_the_hellos_say() {
    let mut nameless = attempt(Question::WithoutServerName, TlsOutcome::Completed);
    nameless.tls.as_mut().unwrap().chain.push(Der(vec![0x30, 0]));
    let mut main = main_alert(40);
    main.tls.as_mut().unwrap().server_name = Some("eu.example".into());
    assert_eq!(judged(after(main, [nameless])).root_cause, Some("proxy-server-name-unknown"));
}

/// Asks whatever is wanted, and answers as `server` does.
fn asked(main: Attempt, server: impl Fn(Hello) -> Attempt) -> Vec<Hello> {
    let mut evidence = evidence(None, vec![main]);
    let mut hellos = Vec::new();
    while let Some(question) = questions::next(&evidence.link, &evidence.addresses[0]) {
        let answer = match question {
            Question::Offer(hello) => {
                hellos.push(hello);
                server(hello)
            }
            other => attempt(other, TlsOutcome::Alert { code: 40 }),
        };
        evidence.addresses[0].attempts.push(answer);
    }
    hellos
}

#[test]
fn no_more_hellos_are_asked_than_are_needed() {
    assert_eq!(asked(main_alert(40), |hello| chose(hello, "TLSv1.2", CBC, None)), [NewJdk]);
    let old_jdk = |hello| if hello == OldJdk { chose(hello, "TLSv1.2", RSA, None) } else { refused(hello) };
    assert_eq!(asked(main_alert(40), old_jdk), [NewJdk, OldJdk]);
    let odd = |hello| if hello == Tls12 { chose(hello, "TLSv1.2", DHE, None) } else { refused(hello) };
    assert_eq!(asked(main_alert(80), odd), [NewJdk, OldJdk, Tls13, Tls12]);
    assert_eq!(asked(main_alert(70), refused), Hello::ALL);
    // A name that is refused, and a certificate that was shown, are not about suites.
    assert_eq!(asked(main_alert(112), refused), []);
    let mut shown = main_alert(40);
    shown.tls.as_mut().unwrap().chain.push(Der(vec![0x30, 0]));
    assert_eq!(asked(shown, refused), []);
    let mut asks = main_alert(40);
    asks.tls.as_mut().unwrap().client_certificate =
        Some(ClientCertificateRequest { authorities: vec![], presented: false });
    assert_eq!(asked(asks, refused), []);
}

#[test]
fn what_was_chosen_is_saved_and_read_again() {
    let attempt = chose(NewJdk, "TLSv1.2", CBC, Some("x25519"));
    let saved = serde_json::to_string(&attempt).unwrap();
    assert!(saved.contains(r#"{"offer":"new-jdk"}"#) && saved.contains("server-hello"), "{saved}");
    assert_eq!(serde_json::from_str::<Attempt>(&saved).unwrap(), attempt);
}
