//! Whose certificate it is, by the names that platforms and products give.
//!
//! Names are chosen by people, so nothing here is proof; a rule that uses it is at most likely.

use crate::x509::Certificate;

/// What the names of a certificate say about who made it, and for what.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Certified {
    /// The REST interface of a node or cluster.
    Rest,
    /// The transport interface of a node.
    Transport,
    /// The remote cluster server.
    RemoteClusterServer,
    /// Elastic Cloud Enterprise, which made it for its own proxies.
    Enterprise,
    /// A product that inspects TLS.
    Inspection {
        /// Its name.
        product: &'static str,
    },
    /// Nothing that is known here.
    Unknown,
}

/// Authorities that inspection products sign with, by a part of their name in lower case.
const INSPECTION: &[(&str, &str)] = &[
    ("zscaler", "Zscaler"),
    ("netskope", "Netskope"),
    ("fortigate", "FortiGate"),
    ("fortinet", "FortiGate"),
    ("palo alto networks", "Palo Alto Networks"),
    ("cisco umbrella", "Cisco Umbrella"),
    ("blue coat", "Blue Coat ProxySG"),
    ("forcepoint", "Forcepoint"),
    ("websense", "Forcepoint"),
    ("mcafee web gateway", "McAfee Web Gateway"),
    ("skyhigh", "Skyhigh Secure Web Gateway"),
    ("sophos ssl", "Sophos"),
    ("check point", "Check Point"),
    ("barracuda", "Barracuda"),
    ("squid", "Squid"),
    ("mitmproxy", "mitmproxy"),
    ("kaspersky", "Kaspersky"),
    ("cloudflare for teams", "Cloudflare Gateway"),
];

/// What the names of `leaf` say.
pub fn judge(leaf: &Certificate) -> Certified {
    let issuer = leaf.issuer.to_string().to_lowercase();
    if let Some((_, product)) = INSPECTION.iter().find(|(part, _)| issuer.contains(part)) {
        // Its own web page has a certificate of the same authority; a public one signs for no other name.
        if !leaf.is_logged {
            return Certified::Inspection { product };
        }
    }
    let subject = leaf.subject.to_string().to_lowercase();
    // Names of the installer: "elastic ce admin console root", "elastic ce master".
    if issuer.contains("elastic ce ") || subject.contains("elastic ce ") {
        return Certified::Enterprise;
    }
    // `AutoConfigureNode`, which `elasticsearch` runs at its first start.
    if issuer.contains("security auto-configuration http ca") {
        return Certified::Rest;
    }
    let names: Vec<String> = leaf.dns_names().map(str::to_lowercase).chain(common_name(leaf)).collect();
    let first_label = |name: &String, end: &str| name.split('.').next().is_some_and(|label| label.ends_with(end));
    // Services of the Kubernetes operator: <cluster>-es-http.<namespace>.svc and its like. A certificate
    // with the names of several interfaces says nothing.
    let has = |end: &str| names.iter().any(|name| first_label(name, end));
    match (
        has("-es-http"),
        has("-es-transport") || names.iter().any(|name| is_node_name(name)),
        has("-es-remote-cluster"),
    ) {
        (true, false, false) => Certified::Rest,
        (false, true, false) => Certified::Transport,
        (false, _, true) => Certified::RemoteClusterServer,
        _ => Certified::Unknown,
    }
}

fn common_name(leaf: &Certificate) -> Option<String> {
    leaf.subject.common_name().map(str::to_lowercase)
}

/// `<node>.node.<cluster>.cluster.<scope>` of Elastic Cloud, `<pod>.node.<cluster>.<namespace>.es.local`
/// of the Kubernetes operator.
fn is_node_name(name: &str) -> bool {
    let labels: Vec<&str> = name.split('.').collect();
    matches!(labels.as_slice(), [_, "node", _, "cluster", _, ..])
        || matches!(labels.as_slice(), [_, "node", .., "es", "local"])
}
