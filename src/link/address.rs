//! Addresses in options and the configuration: what is wrong there is the user's to correct, so
//! it is an error with a suggestion and not a finding.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use farlink_checks::model::link::{AddressFault, HostMaybePort, HostPort};
use url::Url;

use crate::usage::Fault;

/// `host:port`; `usual` is the port to suggest where there is none.
pub fn with_port(text: &str, usual: u16) -> Result<HostPort, Fault> {
    text.parse().map_err(|fault| malformed(text, fault, Some(usual)))
}

/// `host` or `host:port`.
pub fn maybe_port(text: &str) -> Result<HostMaybePort, Fault> {
    text.parse().map_err(|fault| malformed(text, fault, None))
}

/// A name server: an IP address with or without a port, 53 by default.
pub fn name_server(text: &str) -> Result<SocketAddr, Fault> {
    let text = text.trim();
    text.parse::<SocketAddr>()
        .ok()
        .filter(|address| address.port() > 0)
        .or_else(|| text.parse::<IpAddr>().ok().map(|ip| SocketAddr::new(ip, 53)))
        .ok_or_else(|| Fault::IpAddress { text: text.to_owned() })
}

/// The address to listen on, `127.0.0.1:19443`.
pub fn listen(text: &str) -> Result<SocketAddr, Fault> {
    text.trim().parse().map_err(|_| Fault::Listen { text: text.to_owned() })
}

/// The URL of a REST API, `http` or `https`, with a host and without credentials.
pub fn rest_url(text: &str) -> Result<Url, Fault> {
    let fault = || Fault::Url { text: without_credentials(text).to_owned() };
    let url = Url::parse(text.trim()).map_err(|_| fault())?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
        return Err(fault());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Fault::UrlCredentials);
    }
    Ok(url)
}

fn malformed(text: &str, fault: AddressFault, usual: Option<u16>) -> Fault {
    Fault::Address { text: without_credentials(text).to_owned(), fault, suggestion: suggestion(text, usual) }
}

fn suggestion(text: &str, usual: Option<u16>) -> Option<String> {
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest).trim();
    let rest = rest.split(['/', '?', '#']).next()?;
    let rest = without_credentials(rest);
    let candidate = match rest.matches(':').count() {
        2.. if !rest.starts_with('[') => bracketed(rest)?,
        _ => rest.to_owned(),
    };
    let candidate = match (candidate.parse::<HostMaybePort>().ok()?.port, usual) {
        (None, Some(port)) => format!("{candidate}:{port}"),
        _ => candidate,
    };
    (candidate != text).then_some(candidate)
}

/// `2001:db8::1:9443` as `[2001:db8::1]:9443`: the last group is a port when it looks like one of
/// Elasticsearch's.
fn bracketed(text: &str) -> Option<String> {
    if let Some((ip, port)) = text.rsplit_once(':')
        && ip.parse::<Ipv6Addr>().is_ok()
        && port.len() >= 4
        && port.parse::<u16>().is_ok()
    {
        return Some(format!("[{ip}]:{port}"));
    }
    text.parse::<Ipv6Addr>().ok().map(|ip| format!("[{ip}]"))
}

fn without_credentials(text: &str) -> &str {
    text.rsplit_once('@').map_or(text, |(_, host)| host)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_malformed_address_says_why_and_what_was_meant() {
        for (text, message) in [
            (
                "https://es.example:9443",
                "\"https://es.example:9443\" is not an address: it has a scheme; the transport protocol is no URL: write host:port; did you mean \"es.example:9443\"?",
            ),
            (
                "es.example:9443/path",
                "\"es.example:9443/path\" is not an address: it has a path; write host:port only; did you mean \"es.example:9443\"?",
            ),
            (
                "es.example",
                "\"es.example\" is not an address: it has no port; write host:port; did you mean \"es.example:9443\"?",
            ),
            (":9443", "\":9443\" is not an address: it has no host; write host:port"),
            ("es.example:99999", "\"es.example:99999\" is not an address: its port is not a number from 1 to 65535"),
            (
                "2001:db8::1:9443",
                "\"2001:db8::1:9443\" is not an address: an IPv6 address needs brackets: write [address]:port; did you mean \"[2001:db8::1]:9443\"?",
            ),
            (
                "2001:db8::1",
                "\"2001:db8::1\" is not an address: an IPv6 address needs brackets: write [address]:port; did you mean \"[2001:db8::1]:9443\"?",
            ),
            ("es example:9443", "\"es example:9443\" is not an address: it has white space"),
            (
                "user:secret@es.example:9443",
                "\"es.example:9443\" is not an address: it has credentials; write host:port only; did you mean \"es.example:9443\"?",
            ),
            (
                "10.0.0.300:9443",
                "\"10.0.0.300:9443\" is not an address: its host is neither a host name nor an IP address",
            ),
        ] {
            assert_eq!(with_port(text, 9443).unwrap_err().to_string(), message);
        }
        assert_eq!(
            maybe_port("::1").unwrap_err().to_string(),
            "\"::1\" is not an address: an IPv6 address needs brackets: write [address]:port; did you mean \"[::1]\"?"
        );
    }

    #[test]
    fn a_name_server_has_port_53_unless_it_says_otherwise() {
        for (text, shown) in [
            ("10.0.0.53", "10.0.0.53:53"),
            ("10.0.0.53:5353", "10.0.0.53:5353"),
            ("::1", "[::1]:53"),
            ("[::1]:54", "[::1]:54"),
        ] {
            assert_eq!(name_server(text).unwrap().to_string(), shown);
        }
        assert_eq!(
            name_server("dns.example").unwrap_err().to_string(),
            "\"dns.example\" is not an IP address; write it like 10.0.0.53, 10.0.0.53:5353 or [2001:db8::53]:53"
        );
        assert!(name_server("10.0.0.53:0").is_err());
    }

    #[test]
    fn a_rest_url_is_http_and_has_no_credentials() {
        assert_eq!(rest_url("https://es.example:9200").unwrap().as_str(), "https://es.example:9200/");
        for (text, message) in [
            (
                "es.example:9200",
                "\"es.example:9200\" is not the URL of a cluster; write it like https://es.example:9200",
            ),
            (
                "ftp://es.example",
                "\"ftp://es.example\" is not the URL of a cluster; write it like https://es.example:9200",
            ),
            ("https://u:p@es.example", "the URL has credentials in it; give them as a user and a password file"),
        ] {
            assert_eq!(rest_url(text).unwrap_err().to_string(), message);
        }
    }
}
