//! Findings about the client certificate that a peer asks for.

use super::Context;
use super::tls::alert_name;
use crate::catalogue::config::CONFIG_API_KEY_ON_CERTIFICATE_PORT;
use crate::catalogue::tls as catalogue;
use crate::catalogue::transport::TRANSPORT_WRONG_PORT;
use crate::classify::listener::Listener;
use crate::classify::tls::TlsVerdict;
use crate::model::finding::{Certainty, Finding, Severity};
use crate::model::link::Model;
use crate::model::text::list;
use crate::x509::{Certificate, DistinguishedName};

/// What the peer said to our client certificate, or to its absence.
///
/// The alert differs by JDK and TLS version: 42 up to JDK 17, 116 with TLS 1.3 and 40 with TLS 1.2 on
/// newer ones (`sun.security.ssl.CertificateMessage`). After a request all mean the same.
pub(super) fn asked(context: &Context<'_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = not_accepted(context).into_iter().collect();
    findings.extend(refused(context));
    findings
}

/// The peer's list of authorities lacks the one our certificate was issued by.
fn not_accepted(context: &Context<'_>) -> Option<Finding> {
    let request = context.handshake()?.client_certificate.as_ref()?;
    let given = context.link.client_certificate.as_ref().filter(|given| given.fault.is_none())?;
    let chain: Vec<Certificate> = given.chain.iter().filter_map(Certificate::read).collect();
    let accepted =
        |certificate: &Certificate| request.authorities.iter().any(|name| certificate.issuer.der() == name.0);
    if request.authorities.is_empty() || chain.is_empty() || chain.iter().any(accepted) {
        return None;
    }
    let place = context.place();
    let names: Vec<String> =
        request.authorities.iter().take(5).map(|name| DistinguishedName::read(&name.0).to_string()).collect();
    Some(
        Finding::new(
            &catalogue::TLS_CLIENT_CA_NOT_ACCEPTED,
            &place,
            format!("{} does not list the authority of the given client certificate", context.target()),
        )
        .detail(format!("It lists {}; the certificate was issued by {}.", list(&names), chain[0].issuer))
        .fix("on every remote node add the authority of the local cluster's certificate to xpack.security.transport.ssl.certificate_authorities")
        .at(place),
    )
}

fn refused(context: &Context<'_>) -> Vec<Finding> {
    let alert = match (&context.tls, &context.listener) {
        (TlsVerdict::ClientCertificate { alert }, _) | (_, Listener::ClientCertificate { alert }) => *alert,
        _ => return Vec::new(),
    };
    let Some(request) = context.handshake().and_then(|tls| tls.client_certificate.as_ref()) else { return Vec::new() };
    let (place, target) = (context.place(), context.target());
    let authorities: Vec<String> =
        request.authorities.iter().take(5).map(|name| DistinguishedName::read(&name.0).to_string()).collect();
    let accepts = if authorities.is_empty() {
        "it names no acceptable authority".to_owned()
    } else {
        format!("it accepts certificates issued by {}", list(&authorities))
    };
    let heard = match alert {
        Some(code) => format!("alert {code} ({})", alert_name(code)),
        None => "a close without an alert".to_owned(),
    };
    let finding = if request.presented {
        let entry = match alert {
            Some(43..=45) => &catalogue::TLS_CLIENT_CERTIFICATE_INVALID,
            _ => &catalogue::TLS_CLIENT_CERTIFICATE_UNTRUSTED,
        };
        Finding::new(entry, &place, format!("{target} refuses the client certificate that was given"))
            .severity(Severity::Error)
            .detail(format!("The answer to the certificate was {heard}; {accepts}."))
            .at_most(if alert.is_some() { Certainty::Likely } else { Certainty::Possible })
            .or(&["tls-client-ca-not-accepted", "tls-client-certificate-invalid"])
            .fix("on every remote node add the authority of the local cluster's certificate to xpack.security.transport.ssl.certificate_authorities")
    } else if context.firm_model() == Some(Model::ApiKey) {
        let by_port = matches!(context.port(), 9300..=9400);
        Finding::new(
            if by_port { &CONFIG_API_KEY_ON_CERTIFICATE_PORT } else { &TRANSPORT_WRONG_PORT },
            &place,
            format!("{target} is a transport port (certificate model), and this link uses an API key"),
        )
        .detail(format!("The port demands a client certificate ({heard}), as the transport interface does and the remote cluster server does not by default."))
        .at_most(if by_port { Certainty::Certain } else { Certainty::Likely })
        .or(&["tls-client-certificate-required"])
        .fix(format!("on the local cluster set {} to the same host with port 9443", context.address_setting()))
    } else {
        // The agent was given no certificate; the local cluster may well have one.
        Finding::new(
            &catalogue::TLS_CLIENT_CERTIFICATE_REQUIRED,
            &place,
            format!("{target} asks for a client certificate, and farlink was given none"),
        )
        .severity(Severity::Warning)
        .detail(format!("The local cluster has its own; this says nothing about it. For the record, {accepts}."))
        .fix("to test further give farlink a client certificate that the remote trusts: --cert-file and --key-file")
    };
    vec![finding.observed(format!("{place} requests a client certificate; {accepts}")).at(place)]
}
