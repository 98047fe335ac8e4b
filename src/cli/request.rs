//! What one `farlink diagnose` asks for: where its links come from, and whether its options go
//! together. Every contradiction is a usage error with a sentence.

use std::path::{Path, PathBuf};

use farlink_checks::model::link::{Releases, Sourced};

use super::args::{ClusterOptions, Diagnose, LinkOptions, Side, Switch};
use crate::link::address;
use crate::link::by_hand::ByHand;
use crate::link::cluster_access::AccessFacts;
use crate::link::files::NamedFile;
use crate::link::given::Facts;
use crate::link::inputs::{ResolverChoice, Timeouts};
use crate::usage::{Fault, Place, UsageError};

/// Where the links of a run come from.
#[derive(Clone, Debug)]
pub enum Request {
    /// Saved evidence; nothing is probed.
    Evidence(PathBuf),
    /// One address by hand.
    ByHand(ByHand, Box<Facts>),
    /// The remotes of a running cluster.
    Cluster(Box<AccessFacts>, Box<Facts>),
    /// The configuration here, or where it is by default.
    Configuration(Option<PathBuf>),
}

impl Diagnose {
    /// Where the links come from, when the options go together.
    pub fn request(&self) -> Result<Request, UsageError> {
        self.check()?;
        if let Some(path) = &self.evidence {
            return Ok(Request::Evidence(path.clone()));
        }
        if let Some(url) = &self.cluster {
            return Ok(Request::Cluster(Box::new(self.access.facts(url)), Box::new(self.link.facts()?)));
        }
        if self.proxy_address.is_some() || !self.seeds.is_empty() {
            let by_hand = ByHand {
                aliases: self.aliases.clone(),
                proxy_address: self.proxy_address.clone(),
                seeds: self.seeds.clone(),
                server_name: self.link.server_name.clone(),
            };
            return Ok(Request::ByHand(by_hand, Box::new(self.link.facts()?)));
        }
        Ok(Request::Configuration(self.config.clone()))
    }

    /// How names are resolved, when `--resolver` says it.
    pub fn resolver(&self) -> Result<Option<ResolverChoice>, UsageError> {
        let Some(text) = &self.resolver else { return Ok(None) };
        let server = address::name_server(text).map_err(|fault| Place::Option("--resolver").error(fault))?;
        Ok(Some(ResolverChoice { servers: vec![server], ..ResolverChoice::default() }))
    }

    /// How long a link may take.
    pub fn timeouts(&self) -> Timeouts {
        Timeouts { link: self.timeout, stage: self.stage_timeout }
    }

    fn check(&self) -> Result<(), UsageError> {
        let sources = [
            ("--evidence", self.evidence.is_some()),
            ("--cluster", self.cluster.is_some()),
            ("--proxy-address", self.proxy_address.is_some()),
            ("--seed", !self.seeds.is_empty()),
            ("--config", self.config.is_some()),
        ];
        let mut given = sources.into_iter().filter(|(_, given)| *given).map(|(option, _)| option);
        let source = given.next();
        if let (Some(first), Some(other)) = (source, given.next()) {
            return Err(Place::Option(first).error(Fault::Conflict { other, why: why(first, other) }));
        }
        if self.evidence.is_some() {
            return match self.probing() {
                Some(other) => Err(Place::Option("--evidence").error(Fault::Conflict {
                    other,
                    why: "saved evidence is judged as it was observed; leave out what is for probing",
                })),
                None => Ok(()),
            };
        }
        if let (None, Some(option)) = (&self.cluster, self.access.first()) {
            return Err(Place::Option(option)
                .error(Fault::Needs { other: "--cluster", why: "it says how to ask that cluster" }));
        }
        match (source, self.link.first()) {
            (None | Some("--config"), Some(option)) => Err(Place::Option(option).error(Fault::Needs {
                other: "--cluster, --proxy-address or --seed",
                why: "with a configuration, write it under the link there",
            })),
            (Some("--cluster"), _) if self.link.server_name.is_some() => {
                Err(Place::Option("--server-name").error(Fault::Conflict {
                    other: "--cluster",
                    why: "the cluster's own settings say the server_name of each remote",
                }))
            }
            _ => Ok(()),
        }
    }

    /// The first option that means something only when links are probed.
    fn probing(&self) -> Option<&'static str> {
        self.link.first().or_else(|| self.access.first()).or_else(|| {
            first(&[
                ("--resolver", self.resolver.is_some()),
                ("--no-key-probe", self.no_key_probe),
                ("--save-evidence", self.save_evidence.is_some()),
            ])
        })
    }
}

impl ClusterOptions {
    fn first(&self) -> Option<&'static str> {
        first(&[
            ("--cluster-api-key-file", self.cluster_api_key_file.is_some()),
            ("--cluster-user", self.cluster_user.is_some()),
            ("--cluster-password-file", self.cluster_password_file.is_some()),
            ("--cluster-ca-file", self.cluster_ca_file.is_some()),
        ])
    }

    /// The access to the cluster at `url`, files unread.
    pub(super) fn facts(&self, url: &str) -> AccessFacts {
        AccessFacts {
            name: None,
            url: (url.to_owned(), Place::Option("--cluster")),
            api_key_file: file("--cluster-api-key-file", self.cluster_api_key_file.as_deref()),
            user: self.cluster_user.clone().map(|user| (user, Place::Option("--cluster-user"))),
            password_file: file("--cluster-password-file", self.cluster_password_file.as_deref()),
            ca_file: file("--cluster-ca-file", self.cluster_ca_file.as_deref()),
        }
    }
}

impl LinkOptions {
    fn first(&self) -> Option<&'static str> {
        first(&[
            ("--server-name", self.server_name.is_some()),
            ("--model", self.model.is_some()),
            ("--verification-mode", self.verification_mode.is_some()),
            ("--transport-tls", self.transport_tls.is_some()),
            ("--ca-file", self.ca_file.is_some()),
            ("--cert-file", self.cert_file.is_some()),
            ("--key-file", self.key_file.is_some()),
            ("--api-key-file", self.api_key_file.is_some()),
            ("--assume-version", !self.assume_version.is_empty()),
        ])
    }

    fn facts(&self) -> Result<Facts, UsageError> {
        Ok(Facts {
            model: self.model,
            verification_mode: self.verification_mode,
            transport_tls: self.transport_tls.map(|switch| switch == Switch::On),
            ca_file: file("--ca-file", self.ca_file.as_deref()),
            cert_file: file("--cert-file", self.cert_file.as_deref()),
            key_file: file("--key-file", self.key_file.as_deref()),
            api_key_file: file("--api-key-file", self.api_key_file.as_deref()),
            releases: self.releases()?,
        })
    }

    fn releases(&self) -> Result<Releases, UsageError> {
        let mut releases = Releases::default();
        for assumed in &self.assume_version {
            let (side, release) = match assumed.side {
                Side::Local => ("local", &mut releases.local),
                Side::Remote => ("remote", &mut releases.remote),
            };
            if release.replace(Sourced::given(assumed.version.clone())).is_some() {
                return Err(Place::Option("--assume-version").error(Fault::ReleaseTwice { side }));
            }
        }
        Ok(releases)
    }
}

fn why(first: &str, other: &str) -> &'static str {
    match (first, other) {
        ("--evidence", _) => "saved evidence has its links; nothing is probed",
        ("--cluster", "--config") => "the links come from the cluster or from the configuration",
        ("--cluster", _) => "the links come from the cluster, or one is given by hand",
        ("--proxy-address", "--seed") => "a link has mode proxy with one address, or mode sniff with seeds",
        _ => "the link is given by hand, or the links come from the configuration",
    }
}

fn first(options: &[(&'static str, bool)]) -> Option<&'static str> {
    options.iter().find(|(_, given)| *given).map(|(option, _)| *option)
}

fn file(option: &'static str, path: Option<&Path>) -> Option<NamedFile> {
    path.map(|path| NamedFile::option(option, path))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::cli::args::{Command, parse_from};

    fn diagnose(line: &str) -> Result<Box<Diagnose>, String> {
        let words = ["farlink", "diagnose"].into_iter().chain(line.split_whitespace());
        match parse_from(words).map_err(|error| error.to_string())?.command {
            Command::Diagnose(diagnose) => Ok(diagnose),
            other => Err(format!("{other:?}")),
        }
    }

    fn request(line: &str) -> Result<Request, String> {
        diagnose(line)?.request().map_err(|error| error.to_string())
    }

    #[test]
    fn where_the_links_come_from_follows_the_options() {
        assert!(matches!(request(""), Ok(Request::Configuration(None))));
        assert!(matches!(
            request("eu us-* --config f --no-key-probe --resolver 10.0.0.53"),
            Ok(Request::Configuration(Some(_)))
        ));
        assert!(matches!(request("--evidence e.json eu --format json"), Ok(Request::Evidence(_))));
        assert!(matches!(
            request("--cluster https://h:9200 --cluster-user u --cluster-password-file p --model api-key"),
            Ok(Request::Cluster(..))
        ));
        let Ok(Request::ByHand(by_hand, facts)) = request(
            "eu --proxy-address h --server-name n --model certificate --verification-mode none --transport-tls off --assume-version local=8.19.2 --assume-version remote=9.1.0-SNAPSHOT",
        ) else {
            unreachable!()
        };
        assert_eq!(by_hand.proxy_address.as_deref(), Some("h"));
        assert_eq!(facts.transport_tls, Some(false));
        assert_eq!(facts.releases.local, Some(Sourced::given("8.19.2".to_owned())));
        assert_eq!(facts.releases.remote, Some(Sourced::given("9.1.0-SNAPSHOT".to_owned())));
        assert!(
            matches!(request("--seed a:9300 --seed b:9300"), Ok(Request::ByHand(by_hand, _)) if by_hand.seeds.len() == 2)
        );
    }

    #[test]
    fn what_does_not_go_together_is_refused_with_a_sentence() {
        for (line, message) in [
            (
                "--cluster https://h --proxy-address h",
                "--cluster: it cannot be combined with --proxy-address: the links come from the cluster, or one is given by hand",
            ),
            (
                "--cluster https://h --seed h:1",
                "--cluster: it cannot be combined with --seed: the links come from the cluster, or one is given by hand",
            ),
            (
                "--cluster https://h --config f",
                "--cluster: it cannot be combined with --config: the links come from the cluster or from the configuration",
            ),
            (
                "--proxy-address h --seed h:1",
                "--proxy-address: it cannot be combined with --seed: a link has mode proxy with one address, or mode sniff with seeds",
            ),
            (
                "--seed h:1 --config f",
                "--seed: it cannot be combined with --config: the link is given by hand, or the links come from the configuration",
            ),
            (
                "--evidence e --cluster https://h",
                "--evidence: it cannot be combined with --cluster: saved evidence has its links; nothing is probed",
            ),
            (
                "--evidence e --proxy-address h",
                "--evidence: it cannot be combined with --proxy-address: saved evidence has its links; nothing is probed",
            ),
            (
                "--evidence e --ca-file c",
                "--evidence: it cannot be combined with --ca-file: saved evidence is judged as it was observed; leave out what is for probing",
            ),
            (
                "--evidence e --save-evidence f",
                "--evidence: it cannot be combined with --save-evidence: saved evidence is judged as it was observed; leave out what is for probing",
            ),
            ("--cluster-user u", "--cluster-user: it needs --cluster: it says how to ask that cluster"),
            (
                "--model api-key",
                "--model: it needs --cluster, --proxy-address or --seed: with a configuration, write it under the link there",
            ),
            (
                "--config f --ca-file c",
                "--ca-file: it needs --cluster, --proxy-address or --seed: with a configuration, write it under the link there",
            ),
            (
                "--cluster https://h --server-name n",
                "--server-name: it cannot be combined with --cluster: the cluster's own settings say the server_name of each remote",
            ),
            (
                "--proxy-address h --assume-version local=8.1.0 --assume-version local=8.2.0",
                "--assume-version: the release of the local cluster is stated twice; state it once",
            ),
        ] {
            assert_eq!(request(line).unwrap_err(), message);
        }
    }

    #[test]
    fn a_bad_value_is_named_with_its_option_and_what_to_write() {
        for (line, message) in [
            ("--timeout 20", "\"20\" is not a duration; write it like 500ms, 20s, 5m or 1h; did you mean \"20s\"?"),
            ("--stage-timeout 0s", "\"0s\" is out of range; the duration must be above 0 and at most a year"),
            ("--model apikey", "\"apikey\" is not one of the values here; did you mean \"api-key\"?"),
            (
                "--verification-mode strict",
                "\"strict\" is not one of the values here; there are full, certificate and none",
            ),
            ("--assume-version 8.19.2", "\"8.19.2\" is not SIDE=VERSION; write it like local=8.19.2 or remote=9.1.0"),
            ("--assume-version local=8", "\"local=8\" is not SIDE=VERSION; write it like local=8.19.2 or remote=9.1.0"),
            ("--transport-tls yes", "invalid value 'yes' for '--transport-tls <on|off>'"),
            ("--format xml", "invalid value 'xml' for '--format <FORMAT>'"),
            ("--proxy-adress h", "a similar argument exists: '--proxy-address'"),
        ] {
            let shown = request(line).unwrap_err();
            assert!(shown.contains(message), "{shown}");
        }
        assert_eq!(
            diagnose("--resolver dns").unwrap().resolver().unwrap_err().to_string(),
            "--resolver: \"dns\" is not an IP address; write it like 10.0.0.53, 10.0.0.53:5353 or [2001:db8::53]:53"
        );
    }

    #[test]
    fn timeouts_and_colours_have_their_defaults() {
        let diagnose = diagnose("").unwrap();
        assert_eq!(diagnose.timeouts(), Timeouts::default());
        assert_eq!(diagnose.color, clap::ColorChoice::Auto);
    }
}
