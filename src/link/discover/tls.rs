//! What the nodes' settings say of the TLS a link is dialled with, and how firmly.
//!
//! Elasticsearch leaves the `ssl` settings out of `_nodes` (`SSLConfigurationSettings` registers them
//! as filtered); only `enabled` is shown. So an absent name means its default only where the answer
//! shows at least one setting of that kind.

use farlink_checks::model::link::{Model, Source, Sourced, Trust, VerificationMode};

use crate::read::nodes::{Node, Nodes};

const TRANSPORT: &str = "xpack.security.transport.ssl.";
const REMOTE_CLIENT: &str = "xpack.security.remote_cluster_client.ssl.";

/// The TLS of all links of one security model.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct LocalTls {
    pub(super) verification_mode: Option<Sourced<VerificationMode>>,
    pub(super) enabled: Option<Sourced<bool>>,
    pub(super) trust: Trust,
}

/// The TLS of links of `model`, as the nodes that dial remotes say, or as the model's defaults are.
pub(super) fn local_tls(model: Model, nodes: Option<&Nodes>) -> LocalTls {
    let dialling: Vec<&Node> =
        nodes.into_iter().flat_map(|nodes| &nodes.nodes).filter(|node| !node.lacks_client_role()).collect();
    let visible = dialling.iter().any(|node| node.settings.names().any(is_filtered_kind));
    match model {
        Model::ApiKey => api_key(&dialling, visible),
        Model::Certificate => certificate(&dialling, visible),
    }
}

/// Without settings: TLS, `full`, the JDK's authorities (`SslConfigurationLoader`).
fn api_key(nodes: &[&Node], visible: bool) -> LocalTls {
    let by_default = if visible { Source::Read } else { Source::Assumed };
    let verification_mode = match verification_mode(nodes, REMOTE_CLIENT) {
        Told::One(mode) => Some(Sourced::read(mode)),
        Told::Nothing => Some(Sourced { value: VerificationMode::Full, source: by_default }),
        Told::Unclear => None,
    };
    let enabled = match enabled(nodes, REMOTE_CLIENT) {
        Told::One(enabled) => Some(Sourced::read(enabled)),
        // `enabled` is never filtered, so its absence is the default.
        Told::Nothing if nodes.is_empty() => Some(Sourced::assumed(true)),
        Told::Nothing => Some(Sourced::read(true)),
        Told::Unclear => None,
    };
    // The files named there are on the nodes.
    let own_authorities = any_name(nodes, REMOTE_CLIENT, is_authority);
    let trust = if own_authorities { Trust::Unknown } else { Trust::PublicRoots { source: by_default } };
    LocalTls { verification_mode, enabled, trust }
}

/// Without settings nothing is known: the nodes may have no transport TLS at all.
fn certificate(nodes: &[&Node], visible: bool) -> LocalTls {
    let configured = any_name(nodes, TRANSPORT, |rest| is_identity(rest) || is_authority(rest));
    let verification_mode = match verification_mode(nodes, TRANSPORT) {
        Told::One(mode) => Some(Sourced::read(mode)),
        Told::Nothing if visible && configured => Some(Sourced::read(VerificationMode::Full)),
        Told::Nothing | Told::Unclear => None,
    };
    let enabled = match enabled(nodes, TRANSPORT) {
        Told::One(enabled) => Some(Sourced::read(enabled)),
        Told::Nothing => configured.then_some(Sourced::inferred(true)),
        Told::Unclear => None,
    };
    LocalTls { verification_mode, enabled, trust: Trust::Unknown }
}

/// What several nodes say of one setting.
#[derive(Debug, PartialEq)]
enum Told<T> {
    Nothing,
    One(T),
    /// They differ, or a value is none of the setting's.
    Unclear,
}

fn told<T: PartialEq>(nodes: &[&Node], name: &str, parse: impl Fn(&str) -> Option<T>) -> Told<T> {
    let mut told = Told::Nothing;
    for text in nodes.iter().filter_map(|node| node.settings.text(name)) {
        match (parse(text), &told) {
            (Some(value), Told::Nothing) => told = Told::One(value),
            (Some(value), Told::One(first)) if value == *first => {}
            _ => return Told::Unclear,
        }
    }
    told
}

fn verification_mode(nodes: &[&Node], prefix: &str) -> Told<VerificationMode> {
    told(nodes, &format!("{prefix}verification_mode"), |text| match text.to_ascii_lowercase().as_str() {
        "full" => Some(VerificationMode::Full),
        "certificate" => Some(VerificationMode::Certificate),
        "none" => Some(VerificationMode::None),
        _ => None,
    })
}

fn enabled(nodes: &[&Node], prefix: &str) -> Told<bool> {
    told(nodes, &format!("{prefix}enabled"), |text| text.parse().ok())
}

fn any_name(nodes: &[&Node], prefix: &str, wanted: impl Fn(&str) -> bool) -> bool {
    nodes.iter().any(|node| node.settings.names().any(|name| name.strip_prefix(prefix).is_some_and(&wanted)))
}

fn is_identity(name: &str) -> bool {
    matches!(name, "key" | "certificate") || name.starts_with("keystore.")
}

fn is_authority(name: &str) -> bool {
    name == "certificate_authorities" || name.starts_with("truststore.")
}

/// A name under any `xpack.security.*.ssl.` that Elasticsearch registers as filtered.
fn is_filtered_kind(name: &str) -> bool {
    name.split_once(".ssl.").is_some_and(|(before, rest)| {
        before.starts_with("xpack.security.")
            && (is_identity(rest)
                || is_authority(rest)
                || matches!(rest, "verification_mode" | "client_authentication"))
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn nodes(settings: &[&str]) -> Nodes {
        let node = |(index, text): (usize, &&str)| Node {
            name: format!("node-{index}"),
            release: None,
            roles: None,
            addresses: vec![],
            settings: serde_json::from_str(text).unwrap(),
        };
        Nodes { cluster_name: None, nodes: settings.iter().enumerate().map(node).collect() }
    }

    #[test]
    fn the_certificate_models_tls_is_what_the_settings_say_and_otherwise_unknown() {
        use VerificationMode::{Certificate, Full};
        for (settings, enabled, mode) in [
            (&[][..], None, None),
            (&["{}"], None, None),
            (&[r#"{"xpack.security.transport.ssl.enabled":"true"}"#], Some(Sourced::read(true)), None),
            (&[r#"{"xpack.security.transport.ssl.enabled":"false"}"#], Some(Sourced::read(false)), None),
            (
                &[r#"{"xpack.security.transport.ssl.keystore.path":"a.p12"}"#],
                Some(Sourced::inferred(true)),
                Some(Sourced::read(Full)),
            ),
            (
                &[
                    r#"{"xpack.security.transport.ssl.enabled":"true","xpack.security.transport.ssl.verification_mode":"CERTIFICATE"}"#,
                ],
                Some(Sourced::read(true)),
                Some(Sourced::read(Certificate)),
            ),
            (
                &[
                    r#"{"xpack.security.transport.ssl.enabled":"true"}"#,
                    r#"{"xpack.security.transport.ssl.enabled":"false"}"#,
                ],
                None,
                None,
            ),
            (&[r#"{"xpack.security.transport.ssl.verification_mode":"strict"}"#], None, None),
        ] {
            let tls = local_tls(Model::Certificate, Some(&nodes(settings)));
            assert_eq!((tls.enabled, tls.verification_mode), (enabled, mode), "{settings:?}");
            assert_eq!(tls.trust, Trust::Unknown);
        }
    }

    #[test]
    fn absent_settings_are_defaults_only_where_such_settings_are_shown() {
        let roots = |source| Trust::PublicRoots { source };
        let full = |source| Some(Sourced { value: VerificationMode::Full, source });
        for (settings, enabled, mode, trust) in [
            (None, Sourced::assumed(true), full(Source::Assumed), roots(Source::Assumed)),
            (Some("{}"), Sourced::read(true), full(Source::Assumed), roots(Source::Assumed)),
            // What a node with X-Pack shows.
            (
                Some(r#"{"xpack.security.transport.ssl.enabled":"true"}"#),
                Sourced::read(true),
                full(Source::Assumed),
                roots(Source::Assumed),
            ),
            (
                Some(r#"{"xpack.security.transport.ssl.key":"k"}"#),
                Sourced::read(true),
                full(Source::Read),
                roots(Source::Read),
            ),
            (
                Some(r#"{"xpack.security.remote_cluster_client.ssl.enabled":"false"}"#),
                Sourced::read(false),
                full(Source::Assumed),
                roots(Source::Assumed),
            ),
            (
                Some(
                    r#"{"xpack.security.remote_cluster_client.ssl.certificate_authorities":["a"],"xpack.security.remote_cluster_client.ssl.verification_mode":"none"}"#,
                ),
                Sourced::read(true),
                Some(Sourced::read(VerificationMode::None)),
                Trust::Unknown,
            ),
            (
                Some(r#"{"xpack.security.remote_cluster_client.ssl.truststore.path":"a"}"#),
                Sourced::read(true),
                full(Source::Read),
                Trust::Unknown,
            ),
        ] {
            let tls = local_tls(Model::ApiKey, settings.map(|text| nodes(&[text])).as_ref());
            assert_eq!(tls, LocalTls { verification_mode: mode, enabled: Some(enabled), trust }, "{settings:?}");
        }
    }
}
