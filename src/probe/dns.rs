//! Names to addresses, with the answer for each address family told apart.
//!
//! The hosts file comes first where the operating system would look there, then name servers with
//! the search list of resolv.conf(5). Where those fail, the system's own resolver has its say.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::time::Duration;

use farlink_checks::model::evidence::{Answer, Resolution, Resolver};
use farlink_checks::model::link::{Host, HostPort};
use farlink_checks::model::text::safe;
use futures_util::future::{BoxFuture, join};
use hickory_resolver::TokioResolver;
use hickory_resolver::config::{ConnectionConfig, NameServerConfig, ResolveHosts, ResolverConfig, ResolverOpts};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::net::{DnsError, NetError};
use hickory_resolver::proto::op::ResponseCode;
use hickory_resolver::proto::rr::{Name, RData, RecordType};
use hickory_resolver::system_conf::read_system_conf;
use tokio::time::{Instant, timeout_at};

use super::hosts::Hosts;
use super::seams::Resolve;
use super::tcp::ERROR_LIMIT;

/// How many addresses of one answer are kept.
const ADDRESSES_LIMIT: usize = 64;
/// Where the operating system keeps its hosts file.
const SYSTEM_HOSTS: &str = "/etc/hosts";

/// Resolves names as it was set up once; answers are never cached.
pub struct Dns {
    by: Resolver,
    hosts: Option<Hosts>,
    search: Vec<Name>,
    ndots: usize,
    /// The name servers, or why there are none.
    servers: Result<TokioResolver, String>,
}

/// Why a resolver cannot be set up as it was asked for.
#[derive(Debug, thiserror::Error)]
pub enum DnsSetupError {
    /// The hosts file cannot be read.
    #[error("cannot read the hosts file {file}")]
    Hosts {
        /// As it was given.
        file: String,
        /// What the operating system says.
        source: io::Error,
    },
    /// A search domain is no domain name.
    #[error("{domain:?} is not a search domain")]
    Search {
        /// As it was given.
        domain: String,
    },
}

impl Dns {
    /// As the operating system is configured; `hosts` stands in for its hosts file.
    ///
    /// Reads files, so call it when a run is set up. A system without name servers is no error:
    /// its own resolver is asked then.
    ///
    /// # Errors
    /// [`DnsSetupError::Hosts`] when `hosts` was given and cannot be read.
    pub fn system(hosts: Option<&Path>) -> Result<Self, DnsSetupError> {
        let hosts = match hosts {
            Some(file) => read_hosts(file)?,
            None => read_hosts(Path::new(SYSTEM_HOSTS)).unwrap_or_default(),
        };
        let (config, options, failure) = match read_system_conf() {
            Ok((config, options)) => (config, options, None),
            Err(error) => {
                (ResolverConfig::default(), ResolverOpts::default(), Some(safe(&error.to_string(), ERROR_LIMIT)))
            }
        };
        let search = match config.search() {
            [] => config.domain().cloned().into_iter().collect(),
            search => search.to_vec(),
        };
        let servers = match failure {
            Some(failure) => Err(failure),
            None => client(config.name_servers().to_vec()),
        };
        Ok(Self { by: Resolver::System, hosts: Some(hosts), search, ndots: options.ndots, servers })
    }

    /// By the name server at `server`, with this search list, and `hosts` before it when given.
    ///
    /// # Errors
    /// [`DnsSetupError`] when `hosts` cannot be read or a search domain is none.
    pub fn given(server: SocketAddr, search: &[String], hosts: Option<&Path>) -> Result<Self, DnsSetupError> {
        let domain = |domain: &String| {
            Name::from_str_relaxed(domain).map_err(|_| DnsSetupError::Search { domain: domain.clone() })
        };
        let mut config =
            NameServerConfig::new(server.ip(), true, vec![ConnectionConfig::udp(), ConnectionConfig::tcp()]);
        for connection in &mut config.connections {
            connection.port = server.port();
        }
        Ok(Self {
            by: Resolver::Given { server },
            hosts: hosts.map(read_hosts).transpose()?,
            search: search.iter().map(domain).collect::<Result<_, _>>()?,
            ndots: 1,
            servers: client(vec![config]),
        })
    }

    async fn named(&self, target: &HostPort, name: &str, limit: Duration) -> Resolution {
        let started = Instant::now();
        let deadline = started + limit;
        let known = self.hosts.as_ref().map(|hosts| hosts.addresses(name)).unwrap_or_default();
        let mut resolution = if known.is_empty() {
            let (a, aaaa) = self.ask(name, deadline).await;
            Resolution { target: target.clone(), by: self.by.clone(), a, aaaa, system: None, seconds: 0.0 }
        } else {
            let (v4, v6) = known.into_iter().partition(IpAddr::is_ipv4);
            let (a, aaaa) = (found(v4), found(v6));
            Resolution { target: target.clone(), by: Resolver::HostsFile, a, aaaa, system: None, seconds: 0.0 }
        };
        resolution.seconds = started.elapsed().as_secs_f64();
        if self.by == Resolver::System && resolution.addresses().is_empty() {
            resolution.system = Some(by_operating_system(name, Instant::now() + limit).await);
        }
        resolution
    }

    /// Both families of the first candidate that has an address, else the most telling failure.
    async fn ask(&self, name: &str, deadline: Instant) -> (Answer, Answer) {
        let unusable = |error: &str| Answer::Unusable { error: safe(error, ERROR_LIMIT) };
        let servers = match &self.servers {
            Ok(servers) => servers,
            Err(error) => return (unusable(error), unusable(error)),
        };
        let candidates = match self.candidates(name) {
            Ok(candidates) => candidates,
            Err(error) => return (unusable(&error), unusable(&error)),
        };
        let mut best = (Answer::NotAsked, Answer::NotAsked);
        for candidate in candidates {
            let family = |kind| lookup(servers, candidate.clone(), kind, deadline);
            let (a, aaaa) = join(family(RecordType::A), family(RecordType::AAAA)).await;
            if rank(&a) == 0 || rank(&aaaa) == 0 {
                return (a, aaaa);
            }
            best = (more_telling(best.0, a), more_telling(best.1, aaaa));
        }
        best
    }

    /// The full names to try for `name` (resolv.conf(5), `search` and `ndots`).
    fn candidates(&self, name: &str) -> Result<Vec<Name>, String> {
        let mut full = Name::from_str_relaxed(name).map_err(|error| error.to_string())?;
        let is_full = name.ends_with('.');
        let dots = name.matches('.').count();
        full.set_fqdn(true);
        if is_full {
            return Ok(vec![full]);
        }
        let mut relative = full.clone();
        relative.set_fqdn(false);
        let extended = self.search.iter().filter_map(|domain| {
            let mut name = relative.clone().append_domain(domain).ok()?;
            name.set_fqdn(true);
            Some(name)
        });
        Ok(if dots >= self.ndots {
            std::iter::once(full).chain(extended).collect()
        } else {
            extended.chain([full.clone()]).collect()
        })
    }
}

impl Resolve for Dns {
    fn resolve<'a>(&'a self, target: &'a HostPort, limit: Duration) -> BoxFuture<'a, Resolution> {
        Box::pin(async move {
            match &target.host {
                Host::Ip(ip) => literal(target, *ip),
                Host::Name(name) => self.named(target, name, limit).await,
            }
        })
    }
}

fn literal(target: &HostPort, ip: IpAddr) -> Resolution {
    let answer = Answer::Addresses { addresses: vec![ip] };
    let (a, aaaa) = if ip.is_ipv4() { (answer, Answer::NotAsked) } else { (Answer::NotAsked, answer) };
    Resolution { target: target.clone(), by: Resolver::Literal, a, aaaa, system: None, seconds: 0.0 }
}

#[allow(clippy::disallowed_methods, reason = "the hosts file is part of resolving, like resolv.conf")]
fn read_hosts(file: &Path) -> Result<Hosts, DnsSetupError> {
    match std::fs::read(file) {
        Ok(bytes) => Ok(Hosts::parse(&String::from_utf8_lossy(&bytes))),
        Err(source) => Err(DnsSetupError::Hosts { file: file.display().to_string(), source }),
    }
}

fn client(servers: Vec<NameServerConfig>) -> Result<TokioResolver, String> {
    let config = ResolverConfig::from_parts(None, Vec::new(), servers);
    let mut builder = TokioResolver::builder_with_config(config, TokioRuntimeProvider::default());
    let options = builder.options_mut();
    // Search list and hosts file are ours; a diagnosis wants today's answer; one lost packet is
    // asked again within the limit that the caller sets.
    options.use_hosts_file = ResolveHosts::Never;
    options.cache_size = 0;
    options.timeout = Duration::from_millis(1800);
    options.attempts = 1;
    builder.build().map_err(|error| safe(&error.to_string(), ERROR_LIMIT))
}

async fn lookup(servers: &TokioResolver, name: Name, kind: RecordType, deadline: Instant) -> Answer {
    let result = match timeout_at(deadline, servers.lookup(name, kind)).await {
        Ok(result) => result,
        Err(_) => return Answer::TimedOut,
    };
    let lookup = match result {
        Ok(lookup) => lookup,
        Err(error) => return answer_of(&error),
    };
    found(
        lookup
            .answers()
            .iter()
            .filter_map(|record| match &record.data {
                RData::A(a) => Some(IpAddr::V4(a.0)),
                RData::AAAA(aaaa) => Some(IpAddr::V6(aaaa.0)),
                _ => None,
            })
            .collect(),
    )
}

fn found(mut addresses: Vec<IpAddr>) -> Answer {
    if addresses.is_empty() {
        return Answer::NoData;
    }
    // Name servers rotate their answers, and evidence does not.
    addresses.sort_unstable();
    addresses.dedup();
    addresses.truncate(ADDRESSES_LIMIT);
    Answer::Addresses { addresses }
}

/// What a failed lookup says (RFC 2308 section 2, RFC 1035 section 4.1.1).
fn answer_of(error: &NetError) -> Answer {
    match error {
        NetError::Dns(DnsError::NoRecordsFound(none)) => match none.response_code {
            ResponseCode::NXDomain => Answer::NameUnknown,
            ResponseCode::NoError => Answer::NoData,
            code => Answer::ServerFailure { code: code_name(code) },
        },
        NetError::Dns(DnsError::ResponseCode(code)) => Answer::ServerFailure { code: code_name(*code) },
        NetError::Timeout => Answer::TimedOut,
        NetError::Io(error) if error.kind() == io::ErrorKind::TimedOut => Answer::TimedOut,
        other => Answer::Unusable { error: safe(&other.to_string(), ERROR_LIMIT) },
    }
}

/// The mnemonic of a response code, as dig shows it.
fn code_name(code: ResponseCode) -> String {
    format!("{code:?}").to_ascii_uppercase()
}

/// How little an answer says: an address says all, and a name server in trouble says more than one
/// that does not know the name.
fn rank(answer: &Answer) -> u8 {
    match answer {
        Answer::Addresses { .. } => 0,
        Answer::ServerFailure { .. } => 1,
        Answer::TimedOut => 2,
        Answer::Unusable { .. } => 3,
        Answer::NoData => 4,
        Answer::NameUnknown => 5,
        Answer::NotAsked => 6,
    }
}

fn more_telling(one: Answer, other: Answer) -> Answer {
    if rank(&other) < rank(&one) { other } else { one }
}

/// What getaddrinfo(3) says, which may know sources that we do not.
#[allow(clippy::disallowed_methods, reason = "this is the seam through which names are resolved")]
async fn by_operating_system(name: &str, deadline: Instant) -> Answer {
    match timeout_at(deadline, tokio::net::lookup_host((name, 0))).await {
        Err(_) => Answer::TimedOut,
        Ok(Ok(addresses)) => found(addresses.map(|address| address.ip()).collect()),
        Ok(Err(error)) => {
            // The error's number is lost on the way, and its text is glibc's or musl's own.
            let text = error.to_string();
            let says = |part: &str| text.contains(part);
            if says("Name or service not known") || says("Name does not resolve") || says("nodename nor servname") {
                Answer::NameUnknown
            } else if says("No address associated") || says("Name has no usable address") {
                Answer::NoData
            } else if says("Temporary failure") || says("Try again") {
                Answer::ServerFailure { code: "EAI_AGAIN".to_owned() }
            } else {
                Answer::Unusable { error: safe(&text, ERROR_LIMIT) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    #![allow(clippy::disallowed_methods, reason = "a name server on loopback, and a hosts file")]
    use super::*;
    use tokio::net::UdpSocket;

    const LIMIT: Duration = Duration::from_secs(5);

    /// A name server on loopback that answers by the first label of the name.
    async fn name_server() -> SocketAddr {
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let address = socket.local_addr().unwrap();
        tokio::spawn(async move {
            let mut packet = [0; 1500];
            while let Ok((length, from)) = socket.recv_from(&mut packet).await {
                if let Some(answer) = answer_to(&packet[..length]) {
                    socket.send_to(&answer, from).await.unwrap();
                }
            }
        });
        address
    }

    /// `None` is silence. The name `both.search.example` has both families, `four` only IPv4.
    fn answer_to(query: &[u8]) -> Option<Vec<u8>> {
        let mut name = Vec::new();
        let mut at = 12;
        while query[at] != 0 {
            let end = at + 1 + query[at] as usize;
            name.push(String::from_utf8_lossy(&query[at + 1..end]).to_lowercase());
            at = end;
        }
        let kind = query[at + 2];
        let (code, data): (u8, &[&[u8]]) = match (name.join(".").as_str(), kind) {
            ("silent.example", _) => return None,
            ("broken.example", _) => (2, &[]),
            ("refused.example", _) => (5, &[]),
            ("empty.example", _) => (0, &[]),
            ("four.example" | "both.search.example", 1) => (0, &[&[10, 0, 0, 9], &[10, 0, 0, 5]]),
            ("both.search.example", 28) => (0, &[&[0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]]),
            ("four.example", _) => (0, &[]),
            _ => (3, &[]),
        };
        let mut answer = query[..2].to_vec();
        answer.extend([0x81, 0x80 | code, 0, 1, 0, data.len() as u8, 0, 0, 0, 0]);
        answer.extend(&query[12..at + 5]);
        for data in data {
            answer.extend([0xc0, 12, 0, kind, 0, 1, 0, 0, 0, 60, 0, data.len() as u8]);
            answer.extend(*data);
        }
        Some(answer)
    }

    async fn resolve(dns: &Dns, host: &str) -> Resolution {
        dns.resolve(&format!("{host}:9443").parse().unwrap(), LIMIT).await
    }

    fn shown(answer: &Answer) -> String {
        match answer {
            Answer::Addresses { addresses } => addresses.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
            Answer::ServerFailure { code } => code.clone(),
            other => format!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn each_answer_of_a_name_server_is_told_apart() {
        let server = name_server().await;
        let dns = Dns::given(server, &["search.example".into()], None).unwrap();
        for (host, a, aaaa) in [
            ("four.example", "10.0.0.5 10.0.0.9", "NoData"),
            ("both", "10.0.0.5 10.0.0.9", "2001:db8::1"),
            ("unknown.example", "NameUnknown", "NameUnknown"),
            ("empty.example", "NoData", "NoData"),
            ("broken.example", "SERVFAIL", "SERVFAIL"),
            ("refused.example.", "REFUSED", "REFUSED"),
        ] {
            let resolution = resolve(&dns, host).await;
            assert_eq!((shown(&resolution.a).as_str(), shown(&resolution.aaaa).as_str()), (a, aaaa), "{host}");
            assert_eq!(resolution.by, Resolver::Given { server });
            assert_eq!(resolution.system, None);
        }
    }

    #[tokio::test]
    async fn a_silent_name_server_costs_the_limit_and_no_more() {
        let dns = Dns::given(name_server().await, &[], None).unwrap();
        let started = Instant::now();
        let resolution = dns.resolve(&"silent.example:9443".parse().unwrap(), Duration::from_millis(300)).await;
        assert_eq!((resolution.a, resolution.aaaa), (Answer::TimedOut, Answer::TimedOut));
        assert!(started.elapsed() < Duration::from_secs(2));
    }

    #[tokio::test]
    async fn addresses_need_no_resolver_and_localhost_no_name_server() {
        let dns = Dns::system(None).unwrap();
        let resolution = resolve(&dns, "10.0.0.5").await;
        assert_eq!((resolution.by.clone(), resolution.addresses().len()), (Resolver::Literal, 1));
        assert_eq!(resolution.aaaa, Answer::NotAsked);
        let resolution = resolve(&dns, "localhost").await;
        assert_eq!(resolution.by, Resolver::HostsFile);
        assert!(resolution.addresses().contains(&"127.0.0.1".parse().unwrap()));
    }

    #[tokio::test]
    async fn a_given_hosts_file_comes_before_the_name_server() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "10.9.9.9 unknown.example\n").unwrap();
        let dns = Dns::given(name_server().await, &[], Some(file.path())).unwrap();
        let resolution = resolve(&dns, "unknown.example").await;
        assert_eq!((shown(&resolution.a).as_str(), resolution.aaaa), ("10.9.9.9", Answer::NoData));
        assert!(Dns::given(([127, 0, 0, 1], 53).into(), &[], Some(Path::new("/nowhere/hosts"))).is_err());
    }

    #[test]
    fn search_and_ndots_order_the_names_that_are_tried() {
        let mut dns = Dns::given(([127, 0, 0, 1], 53).into(), &["a.example".into(), "b.example".into()], None).unwrap();
        let tried =
            |dns: &Dns, name: &str| dns.candidates(name).unwrap().iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(tried(&dns, "es"), ["es.a.example.", "es.b.example.", "es."]);
        assert_eq!(tried(&dns, "es.c"), ["es.c.", "es.c.a.example.", "es.c.b.example."]);
        assert_eq!(tried(&dns, "es.c."), ["es.c."]);
        dns.ndots = 5;
        assert_eq!(tried(&dns, "es.c"), ["es.c.a.example.", "es.c.b.example.", "es.c."]);
    }
}
