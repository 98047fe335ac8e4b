//! Findings that the settings alone show.

use super::addresses::is_cloud;
use crate::catalogue::config as catalogue;
use crate::model::evidence::LinkEvidence;
use crate::model::finding::{Finding, Severity};
use crate::model::link::{AddressFault, FileFault, Mode, Model, Oddity, Target};
use crate::model::text::{list, safe};

/// Targets that are no addresses.
pub(super) fn addresses(evidence: &LinkEvidence) -> Vec<Finding> {
    let link = &evidence.link;
    let setting = match link.mode {
        Mode::Proxy => "proxy_address",
        Mode::Sniff => "seeds",
    };
    let malformed = link.targets.iter().filter_map(|target| match target {
        Target::Malformed { text, fault } => Some((safe(text, 120), *fault)),
        Target::Valid(_) => None,
    });
    let mut findings: Vec<Finding> = malformed
        .map(|(text, fault)| {
            Finding::new(
                &catalogue::CONFIG_ADDRESS_MALFORMED,
                &text,
                format!("\"{text}\" is no address: {}", reason(fault)),
            )
            .fix(format!("on the local cluster set cluster.remote.{}.{setting} to host:port", link.alias))
        })
        .collect();
    let behind_proxy = link.mode == Mode::Sniff
        && link
            .targets
            .iter()
            .filter_map(Target::valid)
            .any(|target| target.port == 9400 || is_cloud(&target.host.to_string()));
    if behind_proxy {
        findings.push(
            Finding::new(&catalogue::CONFIG_SNIFF_BEHIND_PROXY, "mode", "sniff mode towards an address that looks like a proxy")
                .detail("Sniff mode dials the addresses that the remote nodes publish, which cannot be reached from outside Elastic Cloud, ECE and Kubernetes.")
                .fix(format!("on the local cluster set cluster.remote.{0}.mode: proxy and cluster.remote.{0}.proxy_address", link.alias)),
        );
    }
    findings
}

fn reason(fault: AddressFault) -> String {
    fault.to_string()
}

/// An alias that no key entry can have.
pub(super) fn alias(evidence: &LinkEvidence) -> Vec<Finding> {
    let alias = &evidence.link.alias;
    let firm = evidence.link.model.filter(|model| model.source.is_firm()).map(|model| model.value);
    let legal = alias.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_'));
    if legal || firm != Some(Model::ApiKey) || evidence.cluster.is_none() {
        return Vec::new();
    }
    let alias = safe(alias, 80);
    vec![
        Finding::new(
            &catalogue::CONFIG_ALIAS_INVALID,
            &alias,
            format!("the alias \"{alias}\" has characters that Elastic Cloud's key entries do not allow"),
        )
        .detail("There, an alias has lower case letters, digits, hyphens and underscores only.")
        .fix("if the key is stored through Elastic Cloud or ECE, choose an alias that both sides can spell"),
    ]
}

/// A server name that Elasticsearch refuses.
pub(super) fn server_name(evidence: &LinkEvidence) -> Vec<Finding> {
    let Some(name) = &evidence.link.server_name else { return Vec::new() };
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let is_ip = name.contains(':') || name.trim_matches(['[', ']']).parse::<std::net::Ipv6Addr>().is_ok();
    if name.len() <= 253 && !is_ip && name.split('.').all(label) {
        return Vec::new();
    }
    let name = safe(name, 80);
    vec![
        Finding::new(&catalogue::CONFIG_SERVER_NAME_INVALID, &name, format!("server_name \"{name}\" is not a host name"))
            .detail("Elasticsearch refuses to open a connection with it (invalid DiscoveryNode server_name).")
            .fix(format!("on the local cluster set cluster.remote.{}.server_name to a host name: no port, scheme, underscore or trailing dot", evidence.link.alias)),
    ]
}

/// What a file that should hold certificates is or has instead, to follow its name.
pub(super) fn describe(fault: FileFault) -> &'static str {
    match fault {
        FileFault::Empty => "is empty",
        FileFault::PrivateKey => "holds a private key",
        FileFault::KeyStore => "is a key store (PKCS#12 or JKS), not a PEM certificate",
        FileFault::Der => "is in DER, not in PEM",
        FileFault::WebPage => "is a web page, not a certificate",
        FileFault::NoPem => "has no PEM block",
        FileFault::NotACertificate => "holds something that is no certificate",
        FileFault::UnusableKey => "has a key that cannot be read",
        FileFault::KeyDiffers => "does not belong to the key that was given with it",
    }
}

/// Settings that look wrong as text.
pub(super) fn oddities(evidence: &LinkEvidence) -> Vec<Finding> {
    let link = &evidence.link;
    let setting = |name: &str| format!("cluster.remote.{}.{name}", link.alias);
    let subject = safe(&link.alias, 80);
    link.oddities
        .iter()
        .map(|oddity| match oddity {
            Oddity::RemoteUnknown { known } => {
                let known: Vec<String> = known.iter().map(|alias| safe(alias, 60)).collect();
                Finding::new(
                    &catalogue::CONFIG_REMOTE_UNKNOWN,
                    &subject,
                    format!("the local cluster has no remote \"{subject}\""),
                )
                .detail(if known.is_empty() {
                    "It has none at all.".to_owned()
                } else {
                    format!("It has {}.", list(&known))
                })
                .fix(format!(
                    "on the local cluster set {} and its address, or ask for one of its aliases",
                    setting("mode")
                ))
            }
            Oddity::ModeKeysMixed { keys } => Finding::new(
                &catalogue::CONFIG_MODE_KEYS_MIXED,
                &subject,
                format!("settings of both modes are set: {} beside the other mode's", list(keys)),
            )
            .severity(Severity::Warning)
            .fix(format!(
                "on the local cluster set {} to null",
                keys.iter().map(|k| setting(k)).collect::<Vec<_>>().join(", ")
            )),
            Oddity::AddressMissing => {
                Finding::new(&catalogue::CONFIG_ADDRESS_MALFORMED, &subject, "the remote has no address").fix(format!(
                    "on the local cluster set {}",
                    setting(match link.mode {
                        Mode::Proxy => "proxy_address",
                        Mode::Sniff => "seeds",
                    })
                ))
            }
            Oddity::LegacyProxy { value } => Finding::new(
                &catalogue::CONFIG_LEGACY_SNIFF_PROXY,
                &subject,
                format!("the remote uses the old setting proxy: {}", safe(value, 80)),
            )
            .fix(format!(
                "on the local cluster set {} and {} instead",
                setting("mode: proxy"),
                setting("proxy_address")
            )),
            Oddity::Duplicate { aliases } => Finding::new(
                &catalogue::CONFIG_DUPLICATE_REMOTE,
                &subject,
                format!("the same address and server name as {}", list(aliases)),
            )
            .fix("keep one alias for a remote, unless two are wanted"),
            Oddity::LinksToItself { node } => Finding::new(
                &catalogue::CONFIG_LINKS_TO_ITSELF,
                &subject,
                format!("the remote is the local cluster's own node {}", safe(node, 80)),
            )
            .fix(format!("point {} at another cluster, unless this is wanted", setting("proxy_address"))),
            Oddity::ClientRoleMissing { nodes, of } => Finding::new(
                &catalogue::CONFIG_REMOTE_CLIENT_ROLE_MISSING,
                "local nodes",
                format!("{} of {of} local nodes lack the role remote_cluster_client", nodes.len()),
            )
            .detail(format!(
                "Requests that arrive at {} cannot use remote clusters.",
                list(&nodes.iter().map(|n| safe(n, 60)).collect::<Vec<_>>())
            ))
            .fix("on those nodes add remote_cluster_client to node.roles, or send searches elsewhere"),
            Oddity::SettingsDiffer { keys, nodes } => Finding::new(
                &catalogue::CONFIG_SETTINGS_DIFFER_BETWEEN_NODES,
                &subject,
                format!("elasticsearch.yml differs between local nodes in {}", list(keys)),
            )
            .detail(format!("Nodes that differ: {}.", list(&nodes.iter().map(|n| safe(n, 60)).collect::<Vec<_>>())))
            .fix("set remote clusters through the cluster settings API, which holds for every node"),
        })
        .collect()
}
