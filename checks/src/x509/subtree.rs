//! How a name lies to one name constraint, by the rules that each kind of name has in the JDK.

use std::borrow::Cow;

use super::GeneralName;

/// How a name lies to a constraint.
pub(super) enum Relation {
    OtherKind,
    Outside,
    Within,
    /// The JDK throws instead of judging.
    Unjudged,
}

impl Relation {
    fn of(within: bool) -> Self {
        if within { Self::Within } else { Self::Outside }
    }
}

/// How `name` lies to `constraint`.
pub(super) fn relation(constraint: &GeneralName, name: &GeneralName) -> Relation {
    match (constraint, name) {
        // `DNSName.constrains` looks at the first character of a constraint that has none.
        (GeneralName::Dns(constraint), GeneralName::Dns(name)) if constraint.is_empty() && !name.is_empty() => {
            Relation::Unjudged
        }
        (GeneralName::Dns(constraint), GeneralName::Dns(name)) => {
            Relation::of(is_subdomain(&lower(name), &lower(constraint)))
        }
        (GeneralName::Ip(constraint), GeneralName::Ip(name)) => Relation::of(is_in_network(name, constraint)),
        (GeneralName::Email(constraint), GeneralName::Email(name)) => {
            Relation::of(is_mailbox_of(&lower(name), &lower(constraint)))
        }
        (GeneralName::Uri(constraint), GeneralName::Uri(name)) => Relation::of(is_host_of(name, constraint)),
        (GeneralName::Directory(constraint), GeneralName::Directory(name)) => Relation::of(name.is_within(constraint)),
        // `OtherName.constrains` and its like throw UnsupportedOperationException.
        (GeneralName::Other { .. }, GeneralName::Other { .. }) => Relation::Unjudged,
        (GeneralName::Registered(constraint), GeneralName::Registered(name)) if constraint == name => Relation::Within,
        (GeneralName::Registered(_), GeneralName::Registered(_)) => Relation::Unjudged,
        _ => Relation::OtherKind,
    }
}

/// `name` in lower case, which it usually is.
fn lower(name: &str) -> Cow<'_, str> {
    let is_lower = name.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase());
    if is_lower { Cow::Borrowed(name) } else { Cow::Owned(name.to_lowercase()) }
}

/// `DNSName.constrains`: equal, or below it at a dot, which may be the constraint's own first one.
fn is_subdomain(name: &str, domain: &str) -> bool {
    name == domain
        || name
            .strip_suffix(domain)
            .is_some_and(|head| !head.is_empty() && (head.ends_with('.') ^ domain.starts_with('.')))
}

/// `IPAddressName.constrains`: an address within a network of its family.
fn is_in_network(address: &[u8], network: &[u8]) -> bool {
    if address == network {
        return true;
    }
    let (base, mask) = network.split_at(network.len() / 2);
    base.len() == address.len() && address.iter().zip(base).zip(mask).all(|((a, b), m)| a & m == b & m)
}

/// `RFC822Name.constrains`: a mailbox, a host, or a domain with a leading dot.
fn is_mailbox_of(mailbox: &str, constraint: &str) -> bool {
    mailbox == constraint
        || !constraint.contains('@')
            && mailbox.strip_suffix(constraint).is_some_and(|head| constraint.starts_with('.') || head.ends_with('@'))
}

/// `URIName.constrains`: the host, or with a leading dot everything below the domain.
fn is_host_of(uri: &str, constraint: &str) -> bool {
    let rest = uri.split_once("://").map_or(uri, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    let host = host.split_once(':').map_or(host, |(host, _)| host).to_lowercase();
    let constraint = constraint.to_lowercase();
    host == constraint || constraint.starts_with('.') && is_subdomain(&host, &constraint)
}

/// Whether the JDK can read it as a constraint: an address or a network, a host without a scheme before it.
pub(super) fn is_subtree(name: &GeneralName) -> bool {
    match name {
        GeneralName::Ip(bytes) => matches!(bytes.len(), 4 | 8 | 16 | 32),
        GeneralName::Uri(uri) => !uri.contains(':'),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn host_names_lie_within_a_domain_at_its_dots_only() {
        for (name, domain, within) in [
            ("es.lab.example", "lab.example", true),
            ("lab.example", "lab.example", true),
            ("collab.example", "lab.example", false),
            ("es.lab.example", ".lab.example", true),
            ("lab.example", ".lab.example", false),
            ("lab.example", "es.lab.example", false),
        ] {
            assert_eq!(is_subdomain(name, domain), within, "{name} {domain}");
        }
    }

    #[test]
    fn mailboxes_hosts_networks_and_uris_have_rules_of_their_own() {
        assert!(is_mailbox_of("a@lab.example", "lab.example") && !is_mailbox_of("a@es.lab.example", "lab.example"));
        assert!(is_mailbox_of("a@es.lab.example", ".lab.example"));
        assert!(is_in_network(&[10, 0, 0, 7], &[10, 0, 0, 0, 255, 255, 255, 0]));
        assert!(!is_in_network(&[10, 0, 1, 7], &[10, 0, 0, 0, 255, 255, 255, 0]));
        assert!(!is_in_network(&[0; 16], &[0; 8]), "another family");
        assert!(is_host_of("https://es.lab.example:9200/x", ".lab.example"));
        assert!(!is_host_of("https://es.lab.example", "lab.example"));
    }
}
