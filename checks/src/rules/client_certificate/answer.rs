//! What a port says to our client certificate, or to its absence.

use super::words::{fact, fix, predicate};
use crate::catalogue::config::CONFIG_API_KEY_ON_CERTIFICATE_PORT;
use crate::catalogue::tls as catalogue;
use crate::catalogue::transport::TRANSPORT_WRONG_PORT;
use crate::classify::client_certificate::{self as client, Announced, ClientVerdict, NotSent, Refused, Told};
use crate::classify::given_certificate::{Flaw, Given};
use crate::model::evidence::ClientCertificateRequest;
use crate::model::finding::{Certainty, Finding, Severity};
use crate::model::link::Model;
use crate::model::text::{list, safe};
use crate::rules::Context;
use crate::rules::tls::alert_name;
use crate::x509::DistinguishedName;

const TRUST: &str = "on every remote node add the authority of the local cluster's certificate to \
                     xpack.security.transport.ssl.certificate_authorities";

/// What the port announced and what it answered.
pub(in crate::rules) fn asked(context: &Context<'_>) -> Vec<Finding> {
    let Some(request) = context.handshake().and_then(|tls| tls.client_certificate.as_ref()) else { return Vec::new() };
    let verdict = client::judge(context.link, context.address, context.at);
    let mut findings: Vec<Finding> = not_announced(context, request, &verdict).into_iter().collect();
    let answer = match &verdict {
        ClientVerdict::NotAsked | ClientVerdict::LetIn => None,
        ClientVerdict::Refused { why, alert } => Some(refused(context, why, *alert)),
        ClientVerdict::Missing { alert } | ClientVerdict::NotSent { alert, .. }
            if context.firm_model() == Some(Model::ApiKey) =>
        {
            Some(wrong_port(context, *alert))
        }
        ClientVerdict::Missing { .. } => Some(missing(context, request)),
        ClientVerdict::NotSent { why, .. } => Some(not_sent(context, request, *why)),
    };
    let heard = match &verdict {
        ClientVerdict::Refused { alert, .. }
        | ClientVerdict::Missing { alert }
        | ClientVerdict::NotSent { alert, .. } => {
            format!("; its answer is {}", heard(*alert))
        }
        _ => String::new(),
    };
    let asks = format!("{} requests a client certificate; {}{heard}", context.place(), accepts(request));
    findings.extend(answer.map(|finding| finding.observed(asks).at(context.place())));
    findings
}

/// The port's list of authorities lacks those of our certificate: a fact, and the reason of a refusal.
fn not_announced(
    context: &Context<'_>,
    request: &ClientCertificateRequest,
    verdict: &ClientVerdict,
) -> Option<Finding> {
    let Given { chain, is_unlinked, .. } = given(context)?;
    if client::announced(request, &chain) != Announced::OthersOnly {
        return None;
    }
    let decides = matches!(verdict, ClientVerdict::Refused { why: Refused::NotAnnounced, .. });
    let leaf = chain.first()?;
    // The end of what is sent: an authority, or one below it whose certificate is not in the file.
    let last = if is_unlinked { leaf } else { chain.last()? };
    let (place, target, authority) = (context.place(), context.target(), &last.issuer);
    let names = list(&announced_names(request));
    let title = format!("{target} does not accept the authority of the client certificate, {authority}");
    let finding = Finding::new(&catalogue::TLS_CLIENT_CA_NOT_ACCEPTED, &place, title)
        .severity(if decides { Severity::Error } else { Severity::Warning })
        .detail(format!(
            "It announces {names}, and the given certificate leads to {authority}. A JDK then sends no \
             certificate at all, and the remote logs \"Empty client certificate chain\"."
        ))
        .fix(format!("{TRUST}: {authority}"))
        .observed(format!("{place} announces {names}"))
        .observed(format!("the given certificate has subject {} and issuer {}", leaf.subject, leaf.issuer))
        .at(place);
    Some(if last.is_self_issued() {
        finding
    } else {
        finding.fix(format!(
            "or, if {authority} is an intermediate authority of one that is announced, put its certificate after the first \
             one in the file of xpack.security.transport.ssl.certificate on every local node"
        ))
    })
}

fn refused(context: &Context<'_>, why: &Refused, alert: Option<u8>) -> Finding {
    let (place, target) = (context.place(), context.target());
    let refuses = |entry, more: &str| {
        Finding::new(entry, &place, format!("{target} refuses the client certificate that was given{more}"))
            .severity(Severity::Error)
    };
    match why {
        Refused::Flawed(flaw) => flawed(context, flaw),
        Refused::Told(told) => {
            let (words, fix) = match told {
                Told::Expired => (
                    "it says that the certificate has expired, and by this machine's clock it has not",
                    "set the clock of the remote nodes right, and look for an expired authority in their trust file",
                ),
                Told::Revoked => (
                    "it says that the certificate is revoked",
                    "on every local node set xpack.security.transport.ssl.certificate (and key) to a newly issued one",
                ),
                Told::Unsupported => (
                    "it says that it does not support this kind of certificate",
                    "on every local node set xpack.security.transport.ssl.certificate (and key) to one with serverAuth and \
                     clientAuth, signed with SHA-256, as elasticsearch-certutil issues it",
                ),
            };
            let certainty = if *told == Told::Revoked { Certainty::Certain } else { Certainty::Likely };
            refuses(&catalogue::TLS_CLIENT_CERTIFICATE_INVALID, "")
                .detail(format!("The answer to the certificate was {}: {words}.", heard(alert)))
                .at_most(certainty)
                .fix(fix)
        }
        Refused::NotAnnounced => refuses(&catalogue::TLS_CLIENT_CERTIFICATE_UNTRUSTED, "")
            .detail(format!("The answer to the certificate was {}; its authority is not among those announced.", heard(alert)))
            .at_most(likely(alert))
            .fix(TRUST),
        Refused::Namesake { authority, by_trust_file } => {
            let seen = if *by_trust_file {
                "The authority of this name in the link's trust file did not sign the certificate either."
            } else {
                "Names alone are announced, so the key cannot be compared from here."
            };
            refuses(&catalogue::TLS_CLIENT_CERTIFICATE_UNTRUSTED, &format!(", although it announces {authority}"))
                .detail(format!(
                    "The answer to the certificate was {}, and nothing is wrong with the certificate itself. Either the remote \
                     trusts another authority of the same name, as when one was created anew, or its trust restrictions do \
                     not list the names in the certificate. {seen}",
                    heard(alert)
                ))
                .at_most(likely(alert))
                .fix(format!("{TRUST}: the very {authority} that signed it"))
                .fix("and where xpack.security.transport.ssl.trust_restrictions.path is set there, add the certificate's names to that file")
        }
        Refused::Untold => refuses(&catalogue::TLS_CLIENT_CERTIFICATE_UNTRUSTED, "")
            .detail(format!(
                "The answer to the certificate was {}, and nothing is wrong with the certificate itself. The port does not \
                 say which authorities it accepts.",
                heard(alert)
            ))
            .at_most(likely(alert))
            .or(&["tls-client-ca-not-accepted", "tls-client-certificate-invalid"])
            .fix(TRUST),
    }
}

fn flawed(context: &Context<'_>, flaw: &Flaw) -> Finding {
    let target = context.target();
    let whose = match &flaw.certificate {
        Some(authority) if !flaw.is_leaf => {
            format!(
                "{target} refuses the client certificate, whose authority {} {}",
                authority.label(),
                predicate(flaw)
            )
        }
        _ => format!("{target} refuses the client certificate, which {}", predicate(flaw)),
    };
    let finding = Finding::new(&catalogue::TLS_CLIENT_CERTIFICATE_INVALID, context.place(), whose)
        .severity(Severity::Error)
        .detail("The JDK refuses such a certificate whoever issued it. The alert is the same as for an authority that is not trusted.")
        .fix(fix(flaw))
        .fix("if the local nodes have another one already, give farlink that one (--cert-file and --key-file)");
    let flaws = given(context).map(|given| given.flaws).unwrap_or_default();
    flaws.iter().map(fact).fold(finding, Finding::observed)
}

/// A link of the API-key model at a port that demands a client certificate.
fn wrong_port(context: &Context<'_>, alert: Option<u8>) -> Finding {
    let by_port = matches!(context.port(), 9300..=9400);
    Finding::new(
        if by_port { &CONFIG_API_KEY_ON_CERTIFICATE_PORT } else { &TRANSPORT_WRONG_PORT },
        context.place(),
        format!("{} is a transport port (certificate model), and this link uses an API key", context.target()),
    )
    .detail(format!(
        "The port demands a client certificate ({}), as the transport interface does and the remote cluster server does not by default.",
        heard(alert)
    ))
    .at_most(if by_port { Certainty::Certain } else { Certainty::Likely })
    .or(&["tls-client-certificate-required"])
    .fix(format!("on the local cluster set {} to the same host with port 9443", context.address_setting()))
}

/// The agent was given no certificate; the local cluster may well have one.
fn missing(context: &Context<'_>, request: &ClientCertificateRequest) -> Finding {
    let title = format!("{} asks for a client certificate, and farlink was given none", context.target());
    Finding::new(&catalogue::TLS_CLIENT_CERTIFICATE_REQUIRED, context.place(), title)
        .severity(Severity::Warning)
        .detail(format!(
            "The local cluster has its own; this says nothing about it. For the record, {}.",
            accepts(request)
        ))
        .fix("to test further give farlink a client certificate that the remote trusts: --cert-file and --key-file")
}

fn not_sent(context: &Context<'_>, request: &ClientCertificateRequest, why: NotSent) -> Finding {
    let file = context.link.client_certificate.as_ref().map(|given| safe(&given.file, 200)).unwrap_or_default();
    let key = given(context).and_then(|given| given.chain.first().map(|leaf| leaf.key.to_string())).unwrap_or_default();
    let warning = |entry, title: String| Finding::new(entry, context.place(), title).severity(Severity::Warning);
    let target = context.target();
    match why {
        NotSent::Unusable => warning(
            &catalogue::TLS_CLIENT_CERTIFICATE_REQUIRED,
            format!("{target} asks for a client certificate, and farlink could not use {file}"),
        )
        .detail(format!("The local cluster has its own; this says nothing about it. For the record, {}.", accepts(request)))
        .fix("to test further give farlink a client certificate that it can use: --cert-file and --key-file"),
        NotSent::NoCommonSignature => warning(
            &catalogue::TLS_CLIENT_CERTIFICATE_INVALID,
            format!("{target} takes no signature that the key of the client certificate {file} makes ({key})"),
        )
        .detail(
            "With its request the port names the signature algorithms it takes; none of those of this key is among them, so \
             that the certificate was not sent. What a JDK can send is set by its own jdk.tls.disabledAlgorithms.",
        )
        .fix("on every local node set xpack.security.transport.ssl.certificate (and key) to one with an EC key on secp256r1 or an RSA key of 2048 bits or more"),
    }
}

fn given(context: &Context<'_>) -> Option<Given> {
    context.link.client_certificate.as_ref().map(|given| Given::read(given, context.at))
}

/// Without an alert the refusal might have another reason.
const fn likely(alert: Option<u8>) -> Certainty {
    if alert.is_some() { Certainty::Likely } else { Certainty::Possible }
}

fn heard(alert: Option<u8>) -> String {
    match alert {
        Some(code) => format!("alert {code} ({})", alert_name(code)),
        None => "a close without an alert".to_owned(),
    }
}

/// The names of the first announced authorities.
fn announced_names(request: &ClientCertificateRequest) -> Vec<String> {
    request.authorities.iter().take(5).map(|name| DistinguishedName::read(&name.0).to_string()).collect()
}

fn accepts(request: &ClientCertificateRequest) -> String {
    match announced_names(request).as_slice() {
        [] => "it names no acceptable authority".to_owned(),
        names => format!("it accepts certificates issued by {}", list(names)),
    }
}
