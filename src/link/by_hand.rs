//! Links given by hand: one address or some seeds, and no cluster or configuration behind it.

use std::sync::Arc;

use farlink_checks::model::link::{HostPort, Link, Mode, Model, Target};

use super::address;
use super::given::Given;
use super::inputs::Inputs;
use crate::usage::{Fault, Place, UsageError};

/// The port of the remote cluster server, where API keys are taken.
const API_KEY_PORT: u16 = 9443;
/// The port of the transport interface behind Elastic Cloud's proxy.
const CERTIFICATE_PORT: u16 = 9400;
/// The port of the transport interface itself.
const SNIFF_PORT: u16 = 9300;

/// What was written.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct ByHand {
    /// What the link shall be called; at most one.
    pub aliases: Vec<String>,
    /// `--proxy-address`.
    pub proxy_address: Option<String>,
    /// `--seed`, several.
    pub seeds: Vec<String>,
    /// `--server-name`.
    pub server_name: Option<String>,
}

impl ByHand {
    /// One link; two where a proxy address has no port and nothing says which security model it
    /// is for, so that both ports are tried.
    pub fn links(&self, given: &Arc<Given>) -> Result<Vec<Inputs>, UsageError> {
        if self.aliases.len() > 1 {
            return Err(Place::Option("ALIAS").error(Fault::OneAlias { count: self.aliases.len() }));
        }
        match &self.proxy_address {
            Some(text) => self.proxy(text, given),
            None => Ok(vec![self.sniff(given)?]),
        }
    }

    fn proxy(&self, text: &str, given: &Arc<Given>) -> Result<Vec<Inputs>, UsageError> {
        let address = address::maybe_port(text).map_err(|fault| Place::Option("--proxy-address").error(fault))?;
        let ports = match (address.port, given.model().map(|model| model.value)) {
            (Some(port), _) => vec![port],
            (None, Some(Model::ApiKey)) => vec![API_KEY_PORT],
            (None, Some(Model::Certificate)) => vec![CERTIFICATE_PORT],
            (None, None) => vec![CERTIFICATE_PORT, API_KEY_PORT],
        };
        let several = ports.len() > 1;
        Ok(ports
            .into_iter()
            .map(|port| {
                let suffix = several.then_some(port);
                self.link(Mode::Proxy, &[HostPort { host: address.host.clone(), port }], suffix, given)
            })
            .collect())
    }

    fn sniff(&self, given: &Arc<Given>) -> Result<Inputs, UsageError> {
        let seeds = self
            .seeds
            .iter()
            .map(|text| address::with_port(text, SNIFF_PORT).map_err(|fault| Place::Option("--seed").error(fault)))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(self.link(Mode::Sniff, &seeds, None, given))
    }

    /// The link to `addresses`; `suffix` is the port that tells it from its twin.
    fn link(&self, mode: Mode, addresses: &[HostPort], suffix: Option<u16>, given: &Arc<Given>) -> Inputs {
        let alias = match (self.aliases.first(), suffix, addresses.first()) {
            (Some(alias), Some(port), _) => format!("{alias}-{port}"),
            (Some(alias), None, _) => alias.clone(),
            (None, _, Some(first)) => first.to_string(),
            (None, _, None) => String::new(),
        };
        let targets = addresses.iter().cloned().map(Target::Valid).collect();
        let mut link = Link::new(alias, mode, targets);
        link.server_name.clone_from(&self.server_name);
        given.join(link)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::path::Path;

    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use farlink_checks::model::link::{FileFault, KeyFault, KeyPresence, Source, Trust, VerificationMode};

    use super::*;
    use crate::link::files::{NamedFile, Reader, Staged};
    use crate::link::given::Facts;

    fn staged() -> Staged {
        let made = rcgen::generate_simple_self_signed(["agent".to_owned()]).unwrap();
        Staged::default()
            .with("ca.pem", made.cert.pem())
            .with("client.pem", made.cert.pem())
            .with("client.key", made.signing_key.serialize_pem())
            .with("page.pem", "<html>")
            .with("api-key", STANDARD.encode("id-of-key:ui2lp2axTNmsyakw9tvNnw"))
            .with("bad-key", "id:secret")
    }

    fn file(option: &'static str, path: &str) -> Option<NamedFile> {
        Some(NamedFile::option(option, Path::new(path)))
    }

    fn links(address: &str, aliases: &[&str], facts: &Facts) -> Result<Vec<Inputs>, UsageError> {
        let staged = staged();
        let given = facts.read(&mut Reader::new(&staged))?;
        let by_hand = ByHand {
            aliases: aliases.iter().map(|&alias| alias.to_owned()).collect(),
            proxy_address: Some(address.to_owned()),
            ..ByHand::default()
        };
        by_hand.links(&given)
    }

    fn certificate() -> Facts {
        Facts {
            cert_file: file("--cert-file", "client.pem"),
            key_file: file("--key-file", "client.key"),
            ..Facts::default()
        }
    }

    fn key() -> Facts {
        Facts { api_key_file: file("--api-key-file", "api-key"), ..Facts::default() }
    }

    #[test]
    fn without_a_port_both_ports_are_tried_unless_something_says_which() {
        let names = |address: &str, aliases: &[&str], facts: &Facts| {
            let links = links(address, aliases, facts).unwrap();
            links.iter().map(|l| format!("{} {}", l.link.alias, l.link.targets[0])).collect::<Vec<_>>()
        };
        let none = Facts::default();
        let stated = Facts { model: Some(Model::ApiKey), ..certificate() };
        assert_eq!(names("h", &[], &none), ["h:9400 h:9400", "h:9443 h:9443"]);
        assert_eq!(names("h", &["eu"], &none), ["eu-9400 h:9400", "eu-9443 h:9443"]);
        assert_eq!(names("[::1]", &[], &none), ["[::1]:9400 [::1]:9400", "[::1]:9443 [::1]:9443"]);
        assert_eq!(names("h", &[], &key()), ["h:9443 h:9443"]);
        assert_eq!(names("h", &["eu"], &certificate()), ["eu h:9400"]);
        assert_eq!(names("h", &["eu"], &stated), ["eu h:9443"]);
        assert_eq!(names("h:1234", &["eu"], &none), ["eu h:1234"]);
        assert_eq!(names("h:1234", &[], &none), ["h:1234 h:1234"]);
    }

    #[test]
    fn the_model_is_the_stated_one_else_the_credentials_else_the_ports() {
        let model = |address: &str, facts: &Facts| {
            let links = links(address, &[], facts).unwrap();
            links[0].link.model.map(|model| (model.value, model.source))
        };
        let stated = |facts: Facts, model| Facts { model: Some(model), ..facts };
        let both = Facts { api_key_file: key().api_key_file, ..certificate() };
        let none = Facts::default;
        for (address, facts, expected) in [
            ("h:9443", stated(none(), Model::Certificate), Some((Model::Certificate, Source::Given))),
            ("h:9443", stated(both.clone(), Model::Certificate), Some((Model::Certificate, Source::Given))),
            ("h:9400", key(), Some((Model::ApiKey, Source::Inferred))),
            ("h:9443", certificate(), Some((Model::Certificate, Source::Inferred))),
            ("h:9443", none(), Some((Model::ApiKey, Source::Inferred))),
            ("h:9300", none(), Some((Model::Certificate, Source::Inferred))),
            ("h:9400", none(), Some((Model::Certificate, Source::Inferred))),
            ("h:9401", none(), None),
            ("h:443", none(), None),
        ] {
            assert_eq!(model(address, &facts), expected, "{address}");
        }
        assert_eq!(
            links("h:9443", &[], &both).unwrap_err().to_string(),
            "--api-key-file: an API key and a client certificate are given; say which security model the link has: --model api-key or --model certificate"
        );
    }

    #[test]
    fn what_nobody_said_is_assumed_for_an_api_key_and_unknown_for_a_certificate() {
        let one = |address: &str, facts: &Facts| links(address, &[], facts).unwrap().remove(0).link;
        let link = one("h:9443", &Facts::default());
        assert_eq!(
            link.verification_mode.map(|m| (m.value, m.source)),
            Some((VerificationMode::Full, Source::Assumed))
        );
        assert_eq!(link.transport_tls.map(|m| (m.value, m.source)), Some((true, Source::Assumed)));
        assert_eq!(link.trust, Trust::PublicRoots { source: Source::Assumed });

        let link = one("h:9300", &Facts::default());
        assert_eq!((link.verification_mode, link.transport_tls, link.trust), (None, None, Trust::Unknown));

        let link = one("h:9300", &certificate());
        assert_eq!(link.transport_tls.map(|m| (m.value, m.source)), Some((true, Source::Given)));
        assert_eq!(link.trust, Trust::Unknown);

        let stated = Facts {
            verification_mode: Some(VerificationMode::None),
            transport_tls: Some(false),
            ca_file: file("--ca-file", "ca.pem"),
            ..Facts::default()
        };
        let link = one("h:9443", &stated);
        assert_eq!(link.verification_mode.map(|m| (m.value, m.source)), Some((VerificationMode::None, Source::Given)));
        assert_eq!(link.transport_tls.map(|m| (m.value, m.source)), Some((false, Source::Given)));
        assert!(
            matches!(link.trust, Trust::Authorities { source: Source::Given, ref certificates, .. } if certificates.len() == 1)
        );
    }

    #[test]
    fn wrong_content_is_a_fault_of_the_link_and_a_missing_file_is_an_error() {
        let bad = Facts {
            model: Some(Model::ApiKey),
            ca_file: file("--ca-file", "page.pem"),
            api_key_file: file("--api-key-file", "bad-key"),
            ..Facts::default()
        };
        let inputs = links("h:9443", &[], &bad).unwrap().remove(0);
        assert!(matches!(&inputs.link.trust, Trust::Authorities { faults, .. } if faults == &[FileFault::WebPage]));
        assert_eq!(inputs.link.api_key, KeyPresence::Malformed { fault: KeyFault::NotEncoded });
        assert!(inputs.secrets.api_key.is_none());
        for (facts, message) in [
            (
                Facts { ca_file: file("--ca-file", "gone"), ..Facts::default() },
                "--ca-file: cannot read gone: there is no such file",
            ),
            (
                Facts { api_key_file: file("--api-key-file", "gone"), ..Facts::default() },
                "--api-key-file: cannot read gone: there is no such file",
            ),
            (
                Facts { key_file: None, ..certificate() },
                "--cert-file: it needs --key-file: a client certificate cannot be presented without its private key",
            ),
            (
                Facts { cert_file: None, ..certificate() },
                "--key-file: it needs --cert-file: a private key is presented with its certificate only",
            ),
        ] {
            assert_eq!(links("h:9443", &[], &facts).unwrap_err().to_string(), message);
        }
    }

    #[test]
    fn a_withheld_key_is_known_by_its_id_and_is_nowhere_to_be_sent() {
        let mut inputs = links("h:9443", &[], &key()).unwrap().remove(0);
        inputs.withhold_key();
        assert_eq!(inputs.link.api_key, KeyPresence::Given { id: "id-of-key".into(), withheld: true });
        assert!(inputs.secrets.api_key.is_none());
        let used = links("h:9443", &[], &key()).unwrap().remove(0);
        assert!(used.secrets.api_key.is_some());
        assert!(!format!("{used:?}").contains("ui2lp2axTNmsyakw9tvNnw"));
    }

    #[test]
    fn a_malformed_address_and_a_second_alias_are_errors_of_their_option() {
        let none = Facts::default();
        assert_eq!(
            links("https://h:9443", &[], &none).unwrap_err().to_string(),
            "--proxy-address: \"https://h:9443\" is not an address: it has a scheme; the transport protocol is no URL: write host:port; did you mean \"h:9443\"?"
        );
        assert_eq!(
            links("h:9443", &["a", "b"], &none).unwrap_err().to_string(),
            "ALIAS: a link given by hand has one alias, and 2 are given"
        );
        let seeds = ByHand { seeds: vec!["a:9300".into(), "b".into()], ..ByHand::default() };
        assert_eq!(
            seeds.links(&Arc::default()).unwrap_err().to_string(),
            "--seed: \"b\" is not an address: it has no port; write host:port; did you mean \"b:9300\"?"
        );
        let seeds = ByHand { seeds: vec!["a:9300".into(), "b:9300".into()], ..ByHand::default() };
        let link = seeds.links(&Arc::default()).unwrap().remove(0).link;
        assert_eq!((link.mode, link.targets.len(), link.alias.as_str()), (Mode::Sniff, 2, "a:9300"));
    }
}
