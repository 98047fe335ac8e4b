//! A given client certificate and what the port says to it: one row a situation.

#![allow(clippy::unwrap_used, missing_docs)]

use std::net::SocketAddr;
use std::time::{Duration, SystemTime};

use farlink_checks::judge::diagnose;
use farlink_checks::model::diagnosis::{Diagnosis, Verdict};
use farlink_checks::model::evidence::*;
use farlink_checks::model::finding::{Certainty, Finding, Severity};
use farlink_checks::model::link::*;
use farlink_checks::x509;
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, KeyUsagePurpose,
};

const NOW: &str = "2026-03-01T12:00:00Z";

type Authority = CertifiedIssuer<'static, KeyPair>;

fn day(offset: i64) -> SystemTime {
    let now: jiff::Timestamp = NOW.parse().unwrap();
    SystemTime::UNIX_EPOCH + Duration::from_secs(u64::try_from(now.as_second() + offset * 86_400).unwrap())
}

fn named(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    (params.not_before, params.not_after) = (day(-100).into(), day(1000).into());
    params
}

fn authority(name: &str) -> CertificateParams {
    let mut params = named(name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    params
}

fn root(name: &str) -> Authority {
    CertifiedIssuer::self_signed(authority(name), KeyPair::generate().unwrap()).unwrap()
}

/// A client certificate of `issuer` that is right but for what `change` does.
fn client(issuer: &Authority, change: impl FnOnce(&mut CertificateParams)) -> Der {
    let mut params = named("local-1");
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth];
    change(&mut params);
    let key = KeyPair::generate_for(&rcgen::PKCS_ECDSA_P384_SHA384).unwrap();
    Der(params.signed_by(&key, issuer).unwrap().der().to_vec())
}

fn der(authority: &Authority) -> Der {
    Der(authority.der().to_vec())
}

fn name_of(authority: &Authority) -> Der {
    Der(x509::Certificate::read(&der(authority)).unwrap().subject.der().to_vec())
}

/// What the port does with what it got.
#[derive(Clone, Copy, Debug)]
enum Reply {
    /// An alert within the handshake, as with TLS 1.2.
    InHandshake(u8),
    /// An alert after it, as with TLS 1.3.
    Afterwards(u8),
    /// A close after it.
    Close,
    /// It answers a ping.
    LetsIn,
    /// It does not ask.
    DoesNotAsk,
}
use Reply::{Afterwards, Close, DoesNotAsk, InHandshake, LetsIn};

#[derive(Clone)]
struct Case {
    given: Option<Vec<Der>>,
    fault: Option<FileFault>,
    announced: Vec<Der>,
    presented: bool,
    answer: Reply,
    trust: Vec<Der>,
    steps: Vec<u16>,
}

impl Case {
    fn new(given: &[Der], announced: &[&Authority], answer: Reply) -> Self {
        Self {
            given: Some(given.to_vec()),
            fault: None,
            announced: announced.iter().map(|authority| name_of(authority)).collect(),
            presented: true,
            answer,
            trust: Vec::new(),
            steps: vec![30, 14, 7],
        }
    }

    fn nothing_given(announced: &[&Authority], answer: Reply) -> Self {
        Self { given: None, presented: false, ..Self::new(&[], announced, answer) }
    }

    fn judged(&self) -> Diagnosis {
        let mut link = Link::new("eu", Mode::Proxy, vec![Target::parse("127.0.0.1:9300")]);
        link.model = Some(Sourced::given(Model::Certificate));
        link.transport_tls = Some(Sourced::given(true));
        link.verification_mode = Some(Sourced::given(VerificationMode::None));
        link.expiry_days.clone_from(&self.steps);
        if !self.trust.is_empty() {
            link.trust = Trust::Authorities {
                certificates: self.trust.clone(),
                file: "ca.crt".into(),
                faults: vec![],
                source: Source::Given,
            };
        }
        link.client_certificate =
            self.given.clone().map(|chain| ClientCertificate { chain, file: "client.crt".into(), fault: self.fault });
        let target = link.targets[0].valid().unwrap().clone();
        let address: SocketAddr = SocketAddr::new([127, 0, 0, 1].into(), target.port);
        let request = ClientCertificateRequest { authorities: self.announced.clone(), presented: self.presented };
        let said = match self.answer {
            InHandshake(_) => None,
            Afterwards(code) => Some(Heard::Alert { code }),
            Close => Some(Heard::Closed),
            LetsIn | DoesNotAsk => Some(Heard::Pong),
        };
        let outcome = match self.answer {
            InHandshake(code) => TlsOutcome::Alert { code },
            _ => TlsOutcome::Completed,
        };
        let tls = Tls {
            server_name: None,
            outcome,
            version: None,
            cipher: None,
            alpn: None,
            chain: vec![der(&root("Remote CA"))],
            key_proven: true,
            client_certificate: (!matches!(self.answer, DoesNotAsk)).then_some(request),
            received_bytes: 700,
            seconds: 0.002,
        };
        let attempt = Attempt {
            question: Question::AsElasticsearch,
            port: None,
            seconds_ago: None,
            tcp: Tcp { outcome: TcpOutcome::Connected, seconds: 0.001 },
            quiet: None,
            tls: Some(tls),
            exchanges: said
                .map(|heard| Exchange { said: Said::Ping, heard, seconds: 0.001, seconds_ago: None })
                .into_iter()
                .collect(),
        };
        let mut evidence = LinkEvidence::new(link);
        evidence.resolutions.push(Resolution {
            target: target.clone(),
            by: Resolver::Literal,
            a: Answer::Addresses { addresses: vec![address.ip()] },
            aaaa: Answer::NotAsked,
            system: None,
            seconds: 0.0,
        });
        evidence.addresses.push(AddressEvidence { target, address, attempts: vec![attempt] });
        diagnose(&evidence, NOW.parse().unwrap())
    }
}

const INVALID: &str = "tls-client-certificate-invalid";
const UNTRUSTED: &str = "tls-client-certificate-untrusted";
const NOT_ACCEPTED: &str = "tls-client-ca-not-accepted";
const REQUIRED: &str = "tls-client-certificate-required";
const EXPIRING: &str = "certificate-expiring";

type Row = (&'static str, Severity, Certainty);
const fn error(id: &'static str) -> Row {
    (id, Severity::Error, Certainty::Certain)
}
const fn likely(id: &'static str) -> Row {
    (id, Severity::Error, Certainty::Likely)
}
const fn warning(id: &'static str) -> Row {
    (id, Severity::Warning, Certainty::Certain)
}

/// Exactly these findings about the client, in this order, and this verdict.
fn assert_judged(what: &str, case: &Case, verdict: Verdict, rows: &[Row]) -> Diagnosis {
    let diagnosis = case.judged();
    let found: Vec<Row> = diagnosis.findings.iter().map(|f| (f.id, f.severity, f.certainty)).collect();
    assert_eq!((diagnosis.verdict, found.as_slice()), (verdict, rows), "{what}: {:#?}", diagnosis.findings);
    let root = rows.first().filter(|row| row.1 == Severity::Error).map(|row| row.0);
    assert_eq!(diagnosis.root_cause, root, "{what}");
    for finding in &diagnosis.findings {
        assert!(!finding.title.contains('\n') && !finding.fix.is_empty(), "{finding:?}");
    }
    diagnosis
}

fn finding<'d>(diagnosis: &'d Diagnosis, id: &str) -> &'d Finding {
    diagnosis.findings.iter().find(|finding| finding.id == id).unwrap()
}

/// A fault of the certificate itself, and a word of the title and of the evidence that names it.
fn flawed(ca: &Authority) -> Vec<(&'static str, Vec<Der>, &'static str, &'static str)> {
    let old = CertifiedIssuer::signed_by(
        {
            let mut params = authority("Old intermediate");
            params.not_after = day(-1).into();
            params
        },
        KeyPair::generate().unwrap(),
        ca,
    )
    .unwrap();
    vec![
        (
            "expired",
            vec![client(ca, |params| params.not_after = day(-2).into())],
            "expired on 2026-02-27",
            "notAfter 2026-02-27T12:00:00Z",
        ),
        (
            "not yet valid",
            vec![client(ca, |params| params.not_before = day(2).into())],
            "is not valid before 2026-03-03",
            "notBefore 2026-03-03T12:00:00Z",
        ),
        (
            "for servers only",
            vec![client(ca, |params| params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth])],
            "is not for clients",
            "extendedKeyUsage serverAuth without clientAuth",
        ),
        (
            "may not sign",
            vec![client(ca, |params| params.key_usages = vec![KeyUsagePurpose::KeyAgreement])],
            "may not sign TLS handshakes",
            "keyUsage keyAgreement without digitalSignature",
        ),
        (
            "an intermediate that expired",
            vec![client(&old, |_| ()), Der(old.der().to_vec())],
            "expired on 2026-02-28",
            "CN=Old intermediate has notAfter",
        ),
    ]
}

#[test]
fn a_certificate_that_no_jdk_takes_is_a_warning_until_it_is_refused_and_then_the_cause() {
    let ca = root("Lab CA");
    for (what, given, title, evidence) in flawed(&ca) {
        for answer in [DoesNotAsk, LetsIn] {
            let diagnosis = assert_judged(what, &Case::new(&given, &[&ca], answer), Verdict::Ok, &[warning(INVALID)]);
            assert!(finding(&diagnosis, INVALID).title.contains(title), "{:#?}", diagnosis.findings);
        }
        // The alert does not matter, nor whether the port names its authorities.
        for (answer, announced) in [(Afterwards(46), vec![&ca]), (InHandshake(46), vec![]), (Close, vec![&ca])] {
            let case = Case::new(&given, &announced, answer);
            let diagnosis = assert_judged(what, &case, Verdict::Broken, &[error(INVALID)]);
            let finding = finding(&diagnosis, INVALID);
            assert!(finding.title.contains(title), "{}", finding.title);
            assert!(finding.evidence.iter().any(|fact| fact.contains(evidence)), "{:?}", finding.evidence);
        }
    }
}

#[test]
fn a_root_that_comes_along_is_not_judged_by_its_dates() {
    let mut params = authority("Lab CA");
    params.not_after = day(-1).into();
    let ca = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let given = [client(&ca, |_| ()), der(&ca)];
    assert_judged("expired root", &Case::new(&given, &[&ca], LetsIn), Verdict::Ok, &[]);
}

#[test]
fn a_certificate_that_expires_within_the_links_warning_period_is_a_warning() {
    let ca = root("Lab CA");
    for (days, rows) in [(29, vec![warning(EXPIRING)]), (31, vec![])] {
        let given = [client(&ca, |params| params.not_after = day(days).into())];
        for answer in [LetsIn, DoesNotAsk] {
            assert_judged("expiring", &Case::new(&given, &[&ca], answer), Verdict::Ok, &rows);
        }
    }
    let given = [client(&ca, |params| params.not_after = day(3).into())];
    let mut case = Case::new(&given, &[&ca], LetsIn);
    for (steps, warns) in [(vec![30], true), (vec![60, 4], true), (vec![2], false)] {
        case.steps.clone_from(&steps);
        assert_eq!(case.judged().findings.iter().any(|f| f.id == EXPIRING), warns, "{steps:?}");
    }
    let diagnosis = Case::new(&given, &[&ca], LetsIn).judged();
    assert_eq!(finding(&diagnosis, EXPIRING).title, "the client certificate client.crt expires on 2026-03-04");
}

#[test]
fn an_authority_that_is_not_announced_is_a_warning_and_explains_a_refusal() {
    let (ca, stranger) = (root("Lab CA"), root("Stranger CA"));
    let given = [client(&stranger, |_| ())];
    assert_judged("let in", &Case::new(&given, &[&ca], LetsIn), Verdict::Ok, &[warning(NOT_ACCEPTED)]);
    for answer in [InHandshake(46), Afterwards(46), Afterwards(48), InHandshake(42), Afterwards(116)] {
        let rows = [error(NOT_ACCEPTED), likely(UNTRUSTED)];
        let diagnosis = assert_judged("refused", &Case::new(&given, &[&ca], answer), Verdict::Broken, &rows);
        assert_eq!(finding(&diagnosis, UNTRUSTED).explained_by, Some(NOT_ACCEPTED));
        let finding = finding(&diagnosis, NOT_ACCEPTED);
        assert!(finding.title.contains("CN=Stranger CA") && finding.detail.contains("CN=Lab CA"), "{finding:?}");
    }
    // An expired one of a foreign authority has both faults; the date is the one that nobody can argue with.
    let given = [client(&stranger, |params| params.not_after = day(-1).into())];
    let rows = [error(INVALID), warning(NOT_ACCEPTED)];
    assert_judged("both", &Case::new(&given, &[&ca], Afterwards(46)), Verdict::Broken, &rows);
}

#[test]
fn an_intermediate_that_does_not_come_along_is_named() {
    let ca = root("Lab CA");
    let below = CertifiedIssuer::signed_by(authority("Intermediate"), KeyPair::generate().unwrap(), &ca).unwrap();
    let leaf = client(&below, |_| ());
    let alone = Case::new(std::slice::from_ref(&leaf), &[&ca], Afterwards(46));
    let diagnosis = assert_judged("alone", &alone, Verdict::Broken, &[error(NOT_ACCEPTED), likely(UNTRUSTED)]);
    let fix = &finding(&diagnosis, NOT_ACCEPTED).fix;
    assert!(fix.iter().any(|fix| fix.contains("CN=Intermediate is an intermediate authority")), "{fix:?}");

    let whole = [leaf.clone(), Der(below.der().to_vec())];
    assert_judged("whole", &Case::new(&whole, &[&ca], LetsIn), Verdict::Ok, &[]);

    let beside = [leaf, der(&root("Another CA"))];
    let rows = [warning(INVALID)];
    let diagnosis = assert_judged("beside", &Case::new(&beside, &[], LetsIn), Verdict::Ok, &rows);
    assert!(finding(&diagnosis, INVALID).title.contains("is not followed by the certificate of its issuer"));
}

#[test]
fn an_authority_that_is_announced_and_refused_all_the_same_has_another_key() {
    let (ca, namesake) = (root("Lab CA"), root("Lab CA"));
    let mut case = Case::new(&[client(&namesake, |_| ())], &[&ca], Afterwards(46));
    let diagnosis = assert_judged("by name", &case, Verdict::Broken, &[likely(UNTRUSTED)]);
    let unknown = &finding(&diagnosis, UNTRUSTED).detail;
    assert!(unknown.contains("another authority of the same name"), "{unknown}");
    // The authority in the link's own trust file is one to compare with.
    case.trust = vec![der(&ca)];
    let diagnosis = case.judged();
    assert!(finding(&diagnosis, UNTRUSTED).detail.contains("did not sign the certificate either"));
    case.answer = Close;
    let rows = [(UNTRUSTED, Severity::Error, Certainty::Possible)];
    assert_judged("without an alert", &case, Verdict::Broken, &rows);
}

#[test]
fn a_port_that_names_no_authority_leaves_open_why_it_refuses() {
    let given = [client(&root("Lab CA"), |_| ())];
    for answer in [Afterwards(46), InHandshake(40)] {
        let diagnosis = assert_judged("untold", &Case::new(&given, &[], answer), Verdict::Broken, &[likely(UNTRUSTED)]);
        assert_eq!(finding(&diagnosis, UNTRUSTED).alternatives, [NOT_ACCEPTED, INVALID]);
    }
    // A list that is longer than what is kept is no proof either.
    let mut case = Case::new(&given, &[&root("Other CA")], Afterwards(46));
    case.announced = vec![case.announced[0].clone(); ClientCertificateRequest::AUTHORITIES];
    assert_judged("cut list", &case, Verdict::Broken, &[likely(UNTRUSTED)]);
}

#[test]
fn an_alert_of_a_proxy_that_names_the_fault_is_believed() {
    let ca = root("Lab CA");
    let given = [client(&ca, |_| ())];
    for (alert, row) in [(45, likely(INVALID)), (44, error(INVALID)), (43, likely(INVALID))] {
        for answer in [Afterwards(alert), InHandshake(alert)] {
            assert_judged("told", &Case::new(&given, &[&ca], answer), Verdict::Broken, &[row]);
        }
    }
}

/// JDK 17: 42 in both versions. JDK 25: 40 with TLS 1.2, 116 with TLS 1.3. OpenSSL: 40 and 116.
#[test]
fn no_certificate_is_unknown_in_every_dialect() {
    let ca = root("Lab CA");
    for answer in [InHandshake(42), Afterwards(42), InHandshake(40), Afterwards(116), Close] {
        let case = Case::nothing_given(&[&ca], answer);
        let diagnosis = assert_judged("none", &case, Verdict::Unknown, &[warning(REQUIRED)]);
        assert!(finding(&diagnosis, REQUIRED).detail.contains("CN=Lab CA"));
    }
    assert_judged("optional", &Case::nothing_given(&[&ca], LetsIn), Verdict::Ok, &[]);
}

#[test]
fn a_certificate_that_could_not_be_sent_is_told_apart_from_none() {
    let ca = root("Lab CA");
    let mut case = Case::new(&[client(&ca, |_| ())], &[&ca], Afterwards(116));
    case.presented = false;
    let diagnosis = assert_judged("no common signature", &case, Verdict::Unknown, &[warning(INVALID)]);
    assert!(finding(&diagnosis, INVALID).title.contains("EC secp384r1"), "{:#?}", diagnosis.findings);

    case.fault = Some(FileFault::KeyDiffers);
    let rows = [warning(INVALID), warning(REQUIRED)];
    let diagnosis = assert_judged("another key", &case, Verdict::Unknown, &rows);
    assert!(finding(&diagnosis, INVALID).title.contains("does not belong to the key"));
    assert!(finding(&diagnosis, REQUIRED).title.contains("could not use client.crt"));
}
