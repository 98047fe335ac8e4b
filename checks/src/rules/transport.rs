//! Findings about what speaks at the end of the path.

use super::tcp::printable;
use super::tls::{alert_name, http};
use super::{Context, members};
use crate::catalogue::config::{
    CONFIG_API_KEY_ON_CERTIFICATE_PORT, CONFIG_CERTIFICATE_MODEL_ON_API_KEY_PORT, CONFIG_REMOTE_SERVER_DISABLED,
};
use crate::catalogue::proxy::{PROXY_NO_BACKEND, PROXY_PORTS_SWAPPED, PROXY_TERMINATES_TLS};
use crate::catalogue::transport as catalogue;
use crate::classify::listener::{Interface, Listener};
use crate::classify::tls::TlsVerdict;
use crate::model::finding::{Certainty, Finding, Severity};
use crate::model::link::Model;

/// What answered after TLS, or without it.
pub(super) fn listener(context: &Context<'_>) -> Vec<Finding> {
    let (place, target) = (context.place(), context.target());
    let inside_tls = context.tls == TlsVerdict::Established;
    if inside_tls && let Some(finding) = members::differ(context) {
        return vec![finding];
    }
    let finding = match &context.listener {
        Listener::NotAsked | Listener::ClientCertificate { .. } => return Vec::new(),
        Listener::Transport { interface, .. } => return interface_fits(context, *interface),
        Listener::OpenSearch { version } => Finding::new(
            &catalogue::TRANSPORT_OPENSEARCH,
            &place,
            format!("{target} is OpenSearch, not Elasticsearch"),
        )
        .detail(format!("Its transport version id {} has the bit that OpenSearch sets. The two do not link.", version.id()))
        .fix(format!("on the local cluster point {} at an Elasticsearch cluster", context.address_setting())),
        Listener::Rest(answer) | Listener::Http(answer) => return vec![http(context, answer, inside_tls)],
        Listener::Malformed { error } => Finding::new(
            &catalogue::TRANSPORT_MALFORMED,
            &place,
            format!("{target} answers with transport frames that make no sense"),
        )
        .detail(format!("{error}. Something on the way may change bytes, or the peer only looks like Elasticsearch."))
        .at_most(Certainty::Likely)
        .fix("take proxies that inspect or rewrite traffic out of the path"),
        Listener::Foreign(bytes) => Finding::new(
            &catalogue::TRANSPORT_NOT_ELASTICSEARCH,
            &place,
            format!("{target} is not Elasticsearch: it answers \"{}\"", printable(bytes.as_slice(), 40)),
        )
        .fix(format!("on the local cluster point {} at the remote's port 9443 (API key) or 9300/9400 (certificate)", context.address_setting())),
        Listener::Alert(code) => Finding::new(
            &catalogue::TRANSPORT_CLOSED,
            &place,
            format!("{target} ends the connection after the TLS handshake with alert {code} ({})", alert_name(*code)),
        )
        .at_most(Certainty::Possible)
        .fix("look at the log of the remote node, or of the proxy in front of it, at the time of this run"),
        Listener::Closed | Listener::ClosedUnasked if inside_tls && terminates_tls(context) => Finding::new(
            &PROXY_TERMINATES_TLS,
            &place,
            format!("a proxy at {target} ends TLS itself, so the local cluster's certificate never reaches the remote"),
        )
        .detail(
            "The certificate model needs TLS from node to node. Here the port asks for no client certificate, as a remote \
             node's transport port does, and closes the connection as soon as the transport protocol is spoken: the proxy's \
             own connection to the remote has no client certificate. A TLS service that is no Elasticsearch looks the same.",
        )
        .at_most(Certainty::Likely)
        .or(&["transport-not-elasticsearch", "proxy-no-backend"])
        .fix("on the load balancer: pass TLS through on this port (HAProxy: mode tcp, no ssl crt on bind, no ssl on server)")
        .observed("TLS completes, no client certificate is requested, and a transport ping closes the connection"),
        Listener::ClosedUnasked => Finding::new(
            &PROXY_NO_BACKEND,
            &place,
            format!("the proxy at {target} ends TLS itself, and nothing behind it takes the connection"),
        )
        .detail(
            "TLS is established, and the connection is then closed although nothing was said: who answers TLS is not who should \
             speak the transport protocol, and it cannot connect to that one. A node closes only after it has read something.",
        )
        .at_most(Certainty::Likely)
        .or(&["transport-closed", "filter-suspected"])
        .fix("on the proxy: give the backend of this port live servers, dialled with TLS (remote port 9443 for API keys)")
        .fix("or pass TLS through on this port (HAProxy: mode tcp, no ssl crt on bind), and check the health of the remote nodes")
        .observed("TLS completes, and the connection is closed without a byte from either side"),
        Listener::Closed => Finding::new(
            &catalogue::TRANSPORT_CLOSED,
            &place,
            format!("{target} closes the connection as soon as the transport protocol is spoken"),
        )
        .detail("A proxy whose server is dead, a filter behind the proxy, or a service that is no Elasticsearch look like this.")
        .at_most(Certainty::Possible)
        .or(&["proxy-no-backend", "transport-not-elasticsearch", "filter-suspected"])
        .fix("on the proxy in front of the remote: check that the backend of this port lives and is Elasticsearch"),
        Listener::Silent => Finding::new(
            &catalogue::TRANSPORT_SILENT,
            &place,
            format!("{target} accepts the connection and never answers the transport protocol"),
        )
        .detail("Neither a ping nor a handshake nor HTTP was answered in time: a hung node, or a proxy whose server hangs.")
        .at_most(Certainty::Possible)
        .or(&["transport-not-elasticsearch", "proxy-no-backend"])
        .fix("look at the health of the remote nodes behind this address"),
    };
    vec![finding.at(place)]
}

/// A certificate-model link ends at a port that asks for no client certificate.
fn terminates_tls(context: &Context<'_>) -> bool {
    let asks = context.handshake().is_some_and(|tls| tls.client_certificate.is_some());
    !asks && context.link.model() == Some(Model::Certificate)
}

fn interface_fits(context: &Context<'_>, interface: Interface) -> Vec<Finding> {
    let (place, target) = (context.place(), context.target());
    let address = context.address_setting();
    let guessed = context.link.model.is_some_and(|model| !model.source.is_firm());
    match (context.firm_model(), interface) {
        (Some(Model::Certificate), Interface::RemoteClusterServer) => {
            let entry = if context.port() == 9443 {
                &CONFIG_CERTIFICATE_MODEL_ON_API_KEY_PORT
            } else {
                &catalogue::TRANSPORT_WRONG_PORT
            };
            vec![
                Finding::new(entry, &place, format!("{target} is the API-key port, and this link has no API key"))
                    .detail(
                        "The port answers as the remote cluster server does, which demands an API key. Elasticsearch takes an alias \
                         without cluster.remote.<alias>.credentials for the certificate model, also when the alias is misspelt there.",
                    )
                    .fix(format!("for the API-key model: on every local node add {} to the keystore (same spelling of the alias), then reload secure settings", context.setting("credentials")))
                    .fix(format!("for the certificate model: set {address} to the same host with port 9300 (direct) or 9400 (Elastic Cloud, ECE)"))
                    .observed("cluster:internal/remote_cluster/handshake without credentials: a cross-cluster API key is demanded")
                    .at(place),
            ]
        }
        (Some(Model::ApiKey), Interface::Transport { remote_cluster_server }) => {
            let entry = match (remote_cluster_server, context.port()) {
                (Some(false), 9443) => &CONFIG_REMOTE_SERVER_DISABLED,
                (_, 9300..=9400) => &CONFIG_API_KEY_ON_CERTIFICATE_PORT,
                _ => &catalogue::TRANSPORT_WRONG_PORT,
            };
            let mut finding = Finding::new(entry, &place, format!("{target} is a transport port (certificate model), and this link uses an API key"))
                .detail("The port answers as the transport interface does. API keys are accepted by the remote cluster server only.")
                .fix(format!("on the local cluster set {address} to the same host with port 9443"))
                .at(place);
            if remote_cluster_server == Some(false) {
                finding = finding
                    .fix("on every remote node set remote_cluster_server.enabled: true, and restart")
                    .observed("the node says that its remote cluster server is off");
            }
            if let Some(alike) = members::alike(context) {
                finding = finding.observed(alike);
            }
            vec![finding]
        }
        (None, Interface::RemoteClusterServer) if guessed && context.link.model() == Some(Model::Certificate) => {
            vec![swapped(context, "the API-key port (remote cluster server)", "certificate model")]
        }
        (None, Interface::Transport { .. }) if guessed && context.link.model() == Some(Model::ApiKey) => {
            vec![swapped(context, "a transport port (certificate model)", "API-key model")]
        }
        _ => Vec::new(),
    }
}

/// A port number that suggests one model and a listener of the other.
fn swapped(context: &Context<'_>, is: &str, suggests: &str) -> Finding {
    Finding::new(
        &PROXY_PORTS_SWAPPED,
        context.place(),
        format!("{} is {is}, though its number suggests the {suggests}", context.target()),
    )
    .severity(Severity::Warning)
    .at_most(Certainty::Likely)
    .detail("Either the ports were chosen so, or a load balancer forwards 9400 and 9443 crosswise.")
    .fix("tell farlink the model (--model or model:), and check the load balancer's port mapping")
    .at(context.place())
}
