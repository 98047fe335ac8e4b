//! The hosts file (hosts(5)): names that the operating system knows without asking a name server.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Addresses and their names, in the file's order.
#[derive(Clone, Debug, Default)]
pub(super) struct Hosts(Vec<(IpAddr, Vec<String>)>);

impl Hosts {
    /// Reads the text of a hosts file; lines that make no sense are passed over, as the system does.
    pub(super) fn parse(text: &str) -> Self {
        let line = |line: &str| {
            let mut words = line.split('#').next().unwrap_or_default().split_whitespace();
            let address = words.next()?.parse().ok()?;
            Some((address, words.map(plain).collect()))
        };
        Self(text.lines().filter_map(line).collect())
    }

    /// The addresses of `name`, whatever its case. `localhost` has its own without any file
    /// (RFC 6761 section 6.3).
    pub(super) fn addresses(&self, name: &str) -> Vec<IpAddr> {
        let name = plain(name);
        let names = self.0.iter().filter(|(_, names)| names.contains(&name));
        let mut addresses: Vec<IpAddr> = names.map(|&(address, _)| address).collect();
        if addresses.is_empty() && (name == "localhost" || name.ends_with(".localhost")) {
            addresses = vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()];
        }
        addresses.sort_unstable();
        addresses.dedup();
        addresses
    }
}

fn plain(name: &str) -> String {
    name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_as_the_system_finds_them() {
        let hosts = Hosts::parse(
            "# comment\n10.0.0.5 es.example ES2 # es3\n\n2001:db8::1\tes.example\nnonsense line\n10.0.0.4 es.example",
        );
        for (name, addresses) in [
            ("es.example", &["10.0.0.4", "10.0.0.5", "2001:db8::1"][..]),
            ("ES.EXAMPLE.", &["10.0.0.4", "10.0.0.5", "2001:db8::1"]),
            ("es2", &["10.0.0.5"]),
            ("es3", &[]),
            ("line", &[]),
            ("localhost", &["127.0.0.1", "::1"]),
            ("a.localhost", &["127.0.0.1", "::1"]),
        ] {
            let found: Vec<String> = hosts.addresses(name).iter().map(ToString::to_string).collect();
            assert_eq!(found, addresses, "{name}");
        }
    }
}
