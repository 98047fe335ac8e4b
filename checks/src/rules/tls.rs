//! Findings about the TLS handshake and what stands in front of the remote cluster.

use super::tcp::printable;
use super::{Context, agreement};
use crate::catalogue::config::{CONFIG_REST_PORT, CONFIG_SERVER_NAME_INVALID};
use crate::catalogue::proxy as at_proxy;
use crate::catalogue::tls as catalogue;
use crate::catalogue::transport::{TRANSPORT_NOT_ELASTICSEARCH, TRANSPORT_REST_ENDPOINT};
use crate::classify::tls::{TlsVerdict, may_be_cipher};
use crate::model::evidence::HttpAnswer;
use crate::model::finding::{Certainty, Finding, Severity};
use crate::model::link::Mode;
use crate::model::text::safe;

/// How the handshake went.
pub(super) fn handshake(context: &Context<'_>) -> Vec<Finding> {
    let (place, target) = (context.place(), context.target());
    let name = context.handshake().and_then(|tls| tls.server_name.clone()).map(|name| safe(&name, 120));
    let named = name.clone().unwrap_or_default();
    let finding = match &context.tls {
        TlsVerdict::NotUsed | TlsVerdict::NotTried | TlsVerdict::ClientCertificate { .. } => return Vec::new(),
        TlsVerdict::Established => return slow(context),
        TlsVerdict::NotUsedButRequired => Finding::new(
            &catalogue::TLS_NOT_ENABLED,
            &place,
            format!("{target} expects TLS, and this link dials without"),
        )
        .detail("Without TLS the remote closes the connection; with TLS it answers. TLS is off on the local cluster only.")
        .fix("on every local node set xpack.security.transport.ssl.enabled: true, with a certificate the remote trusts")
        .at_most(context.certainty_of_tls()),
        TlsVerdict::PlainTransport => return plain_transport(context),
        TlsVerdict::PlainHttp(answer) => return vec![http(context, answer, false)],
        TlsVerdict::NameUnknown(certainty) => Finding::new(
            &at_proxy::PROXY_SERVER_NAME_UNKNOWN,
            format!("{place} {named}"),
            format!("the proxy at {target} does not know the server name {named}"),
        )
        .detail(match certainty {
            Certainty::Certain => "The connection is cut as soon as this server name is read, while another name is answered: \
                                   something at the address routes by server name and has no route for this one.".to_owned(),
            _ => "The connection is cut as soon as the whole ClientHello, which carries the server name, was read, without a \
                  TLS alert, and the port speaks nothing else: something at the address routes by server name and has no live \
                  route for this one. A server behind a known name that is marked down looks the same from here.".to_owned(),
        })
        .at_most(*certainty)
        .or(if *certainty == Certainty::Certain { &[] } else { &["proxy-no-backend", "tls-closed"] })
        .fix(server_name_fix(context))
        .observed(format!("ClientHello with server name {named}: closed without an answer"))
        .observed("the connection stays open while nothing is sent, and answers neither the transport protocol nor HTTP without TLS"),
        TlsVerdict::NameRequired(certainty) => Finding::new(
            &at_proxy::PROXY_SERVER_NAME_REQUIRED,
            &place,
            format!("the proxy at {target} needs a server name, and this link sends none"),
        )
        .detail(match certainty {
            Certainty::Certain => "Without a server name the connection is cut, with one it is answered: something at the \
                                   address routes by server name.".to_owned(),
            _ => "The connection is cut as soon as the whole ClientHello was read, without a TLS alert, and the port speaks \
                  nothing else: something at the address routes by server name. Elasticsearch sends none here, because \
                  server_name is not set and the address is no dotted host name (or verification_mode is not full).".to_owned(),
        })
        .at_most(*certainty)
        .or(if *certainty == Certainty::Certain { &[] } else { &["proxy-no-backend", "tls-closed"] })
        .fix(server_name_fix(context))
        .observed("ClientHello without a server name: closed without an answer"),
        TlsVerdict::NoBackend(certainty) => Finding::new(
            &at_proxy::PROXY_NO_BACKEND,
            format!("{place} {named}"),
            format!("the proxy at {target} knows {named}, and nothing behind it answers"),
        )
        .detail("A name that cannot exist is refused at once, this one only after a while: the proxy has a route for it, tries it, and fails.")
        .at_most(*certainty)
        .or(&["tls-closed"])
        .fix("on the proxy: give the route of this server name live servers (remote port 9443 for API keys, 9300 for certificates)"),
        TlsVerdict::ProxyHeaderExpected => Finding::new(
            &at_proxy::PROXY_PROTOCOL_MISMATCH,
            &place,
            format!("{target} expects a PROXY protocol header, which Elasticsearch never sends"),
        )
        .detail("The connection is cut on a ClientHello, and TLS is answered when a PROXY header comes first.")
        .fix("on the load balancer: stop expecting the PROXY protocol on this listener (HAProxy: remove accept-proxy), or have the one in front of it send it"),
        TlsVerdict::AnotherMemberAnswers => return super::members::differ(context).into_iter().collect(),
        TlsVerdict::Version { spoken } => agreement::version(context, spoken),
        TlsVerdict::Cipher { chosen } => agreement::cipher(context, chosen),
        TlsVerdict::OldJdkOnly(choice) => agreement::old_jdk_only(context, choice),
        TlsVerdict::JdkOnly(choice) => agreement::jdk_only(context, choice),
        TlsVerdict::Stalled { large_only } => {
            let finding = Finding::new(&catalogue::TLS_STALLED, &place, format!("{target} accepts connections and never answers TLS"));
            if *large_only {
                finding
                    .detail("A ClientHello that is answered with a few bytes is answered; one that is answered with a certificate chain \
                             is not: large packets get lost on the way (path MTU, ICMP blocked).")
                    .at_most(Certainty::Likely)
                    .fix("let ICMP \"fragmentation needed\" through between the clusters, or lower the MTU / clamp the MSS on the tunnel or VPN")
            } else {
                finding
                    .detail("The connection is accepted, and no byte comes back: a proxy whose server hangs, a firewall that lets only the \
                             handshake of TCP through, or a hung node.")
                    .at_most(Certainty::Possible)
                    .or(&["proxy-no-backend", "filter-suspected"])
                    .fix("look at what accepts connections there: its log, and whether the servers behind it live")
            }
        }
        TlsVerdict::Foreign(bytes) => Finding::new(
            &TRANSPORT_NOT_ELASTICSEARCH,
            &place,
            format!("{target} is not Elasticsearch: it answers \"{}\"", printable(bytes.as_slice(), 40)),
        )
        .detail("The answer to a TLS ClientHello is neither TLS, nor HTTP, nor the transport protocol.")
        .fix(format!("on the local cluster point {} at the remote's port 9443 (API key) or 9300/9400 (certificate)", context.address_setting())),
        TlsVerdict::BadServerName => Finding::new(
            &CONFIG_SERVER_NAME_INVALID,
            &place,
            format!("server_name \"{}\" is not a host name", safe(context.link.server_name.as_deref().unwrap_or_default(), 80)),
        )
        .fix(format!("on the local cluster set {} to a host name (no IP address, port or scheme)", context.setting("server_name"))),
        TlsVerdict::Closed => Finding::new(
            &catalogue::TLS_CLOSED,
            &place,
            format!("{target} closes the connection during the TLS handshake, without saying why"),
        )
        .detail("No TLS alert came, and no counterfactual question was answered either. A proxy that does not route this server name, \
                 a load balancer without a live server, a firewall that inspects TLS, or another service look like this.")
        .at_most(Certainty::Possible)
        .or(&["proxy-server-name-unknown", "proxy-no-backend", "filter-suspected", "transport-not-elasticsearch"])
        .fix("look at the log of what listens there at the time of this run"),
        TlsVerdict::Alert(code) => {
            let finding = Finding::new(
                &catalogue::TLS_HANDSHAKE_FAILED,
                &place,
                format!("{target} refuses the TLS handshake with alert {code} ({})", alert_name(*code)),
            )
            .detail("The alert alone does not tell why.")
            .at_most(Certainty::Possible)
            .fix("look at the log of the remote node, or of the proxy in front of it, at the time of this run");
            if may_be_cipher(*code) { finding.or(&["tls-no-shared-cipher", "proxy-server-name-unknown"]) } else { finding.or(&["proxy-server-name-unknown"]) }
        }
        // What our TLS library cannot speak but the JDK may is a stage not tested, never an error.
        TlsVerdict::Refused { .. } => return Vec::new(),
    };
    vec![finding.at(place)]
}

/// A port that answers HTTP: Elasticsearch's REST interface or a proxy in HTTP mode.
pub(super) fn http(context: &Context<'_>, answer: &HttpAnswer, inside_tls: bool) -> Finding {
    let (place, target) = (context.place(), context.target());
    let layer = if inside_tls { "HTTPS" } else { "HTTP without TLS" };
    let port_to_use = "9443 (API key), or 9400 behind a proxy and 9300 direct (certificate)";
    let finding = if answer.elastic {
        let by_port = matches!(context.port(), 9200..=9299 | 443);
        Finding::new(
            if by_port { &CONFIG_REST_PORT } else { &TRANSPORT_REST_ENDPOINT },
            &place,
            format!("{target} is Elasticsearch's REST port, not a remote cluster port"),
        )
        .detail(format!("The port answers {layer} with Elasticsearch's product header. Remote clusters speak the transport protocol."))
        .fix(format!("on the local cluster set {} to the same host with port {port_to_use}", context.address_setting()))
    } else {
        Finding::new(
            &at_proxy::PROXY_SPEAKS_HTTP,
            &place,
            format!("{target} speaks HTTP: a proxy in HTTP mode, or no Elasticsearch at all"),
        )
        .detail(format!(
            "The port answers {layer} with status {}{}. The transport protocol is binary and needs a proxy that passes TCP through.",
            answer.status,
            answer.server.as_ref().map(|server| format!(" from \"{}\"", safe(server, 60))).unwrap_or_default()
        ))
        .at_most(Certainty::Likely)
        .or(&["transport-not-elasticsearch"])
        .fix("on the load balancer: forward this port as TCP (layer 4, TLS passed through), not as HTTP")
        .fix(format!("or, if this is no Elasticsearch endpoint, set {} to port {port_to_use}", context.address_setting()))
    };
    finding.observed(format!("HTTP status {} at {place}", answer.status)).at(place)
}

fn plain_transport(context: &Context<'_>) -> Vec<Finding> {
    let (place, target) = (context.place(), context.target());
    let finding = Finding::new(
        &catalogue::TLS_NOT_ENABLED,
        &place,
        format!("{target} speaks the transport protocol without TLS, and this link dials with TLS"),
    )
    .detail("The port closes the connection on a TLS ClientHello and answers a transport ping in plain text.")
    .fix("on every remote node set xpack.security.transport.ssl.enabled: true (port 9443: xpack.security.remote_cluster_server.ssl.enabled: true)")
    .observed(format!("plain transport ping to {place}: answered"))
    .at(place);
    match context.link.transport_tls {
        Some(_) => vec![finding.at_most(context.certainty_of_tls())],
        // Nobody said that the local cluster dials with TLS.
        None => vec![finding.severity(Severity::Info).at_most(Certainty::Likely)],
    }
}

fn slow(context: &Context<'_>) -> Vec<Finding> {
    /// `xpack.security.*.ssl.handshake_timeout`, by default.
    const HANDSHAKE_TIMEOUT_SECONDS: f64 = 10.0;
    let slow = context.handshake().is_some_and(|tls| tls.seconds >= HANDSHAKE_TIMEOUT_SECONDS / 4.0);
    if !slow {
        return Vec::new();
    }
    vec![
        Finding::new(
            &catalogue::TLS_SLOW,
            context.place(),
            format!("{} takes long for the TLS handshake", context.target()),
        )
        .detail("Elasticsearch gives up after 10 seconds by default (handshake_timeout).")
        .fix("look for load on the remote nodes or the proxy, or for packet loss on the way")
        .at(context.place()),
    ]
}

fn server_name_fix(context: &Context<'_>) -> String {
    let setting = context.setting("server_name");
    match context.link.mode {
        Mode::Proxy => format!(
            "on the local cluster set {setting} to the remote's server name (remote deployment: Security > Remote cluster parameters; own proxy: the name it routes)"
        ),
        Mode::Sniff => format!(
            "on the local cluster set mode: proxy, proxy_address and {setting}: sniff mode sends no server name of its own"
        ),
    }
}

/// The alert's name (RFC 8446 section 6).
pub(super) fn alert_name(code: u8) -> &'static str {
    match code {
        0 => "close_notify",
        10 => "unexpected_message",
        20 => "bad_record_mac",
        40 => "handshake_failure",
        42 => "bad_certificate",
        43 => "unsupported_certificate",
        44 => "certificate_revoked",
        45 => "certificate_expired",
        46 => "certificate_unknown",
        47 => "illegal_parameter",
        48 => "unknown_ca",
        49 => "access_denied",
        50 => "decode_error",
        51 => "decrypt_error",
        70 => "protocol_version",
        71 => "insufficient_security",
        80 => "internal_error",
        86 => "inappropriate_fallback",
        109 => "missing_extension",
        110 => "unsupported_extension",
        112 => "unrecognized_name",
        116 => "certificate_required",
        120 => "no_application_protocol",
        _ => "unassigned",
    }
}
