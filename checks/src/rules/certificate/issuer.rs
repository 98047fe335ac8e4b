//! Chains that do not reach a trusted authority: whoever is missing in them, or at their end.

use super::subject::{Origin, Subject};
use crate::catalogue::certificate as catalogue;
use crate::classify::chain::Relation;
use crate::model::finding::{Certainty, Finding};
use crate::model::link::Model;
use crate::x509::Place;

/// An intermediate is not served.
pub(super) fn incomplete(
    subject: &Subject<'_>,
    about: String,
    missing: &str,
    other_key: bool,
    towards: Option<&str>,
) -> Finding {
    let title = match &subject.origin {
        origin if other_key => {
            format!("another \"{missing}\" than the one that signed the certificate stands in the chain {origin}")
        }
        Origin::Served(target) => format!("{target} does not serve the intermediate certificate \"{missing}\""),
        Origin::File(name) => format!("the intermediate certificate \"{missing}\" is missing in {name}"),
    };
    let finding = Finding::new(&catalogue::CERTIFICATE_CHAIN_INCOMPLETE, about, title);
    let finding = match (other_key, towards) {
        (true, _) => finding.detail(format!(
            "A certificate named \"{missing}\" is served, and another key signed the one before it: it is an older or newer one of that name."
        )),
        (false, Some(towards)) => finding.detail(format!(
            "The chain ends before {}: whoever issued its last certificate is neither served nor trusted, and seems to belong to {towards}.",
            subject.trusted()
        )),
        (false, None) => finding.detail(format!("The chain ends before {}.", subject.trusted())),
    };
    let finding = match subject.analysis.served.iter().flatten().last().and_then(|top| top.issuer_url.as_ref()) {
        Some(url) => finding.observed(format!("the certificate says where its issuer's can be had: {url}")),
        None => finding,
    };
    finding.at_most(Certainty::Likely).or(&["certificate-untrusted"]).fix(match other_key {
        true => format!(
            "{} replace the intermediate in the certificate file by the one that signed the certificate",
            subject.side()
        ),
        false => format!("{} append the intermediate certificate to the certificate file", subject.side()),
    })
}

/// The chain ends at somebody who is not trusted.
pub(super) fn untrusted(
    subject: &Subject<'_>,
    about: String,
    place: Place,
    issuer: &str,
    relation: Relation,
) -> Finding {
    let title = match (&subject.origin, relation) {
        (_, Relation::SameName) => {
            format!("the certificate {} was signed by another \"{issuer}\" than the trusted one", subject.origin)
        }
        (_, Relation::OtherKeyId) => {
            format!("the certificate {} names another key identifier than the trusted \"{issuer}\" has", subject.origin)
        }
        _ if place == Place::Served(0) => {
            format!("the certificate {} was issued by \"{issuer}\", which this link does not trust", subject.origin)
        }
        _ => format!("the chain {} ends at \"{issuer}\", which this link does not trust", subject.origin),
    };
    let finding = Finding::new(&catalogue::CERTIFICATE_UNTRUSTED, about, title).keyed(issuer.to_owned());
    match relation {
        Relation::Stranger => finding
            .detail(format!("The chain does not lead to {}.", subject.trusted()))
            .fix(trust_fix(subject, &format!("the certificate of \"{issuer}\""))),
        Relation::SameName => finding
            .detail(
                "An authority of the same name is trusted, and its key did not sign this chain: the authority was made anew, or the \
                 trust file holds an older one.",
            )
            .fix(trust_fix(subject, &format!("the present certificate of \"{issuer}\""))),
        Relation::OtherKeyId => finding
            .detail(
                "The trusted certificate has the right name and the right key, and its subjectKeyIdentifier (or serial number) is not the \
                 one in the authorityKeyIdentifier of the chain. The JDK then passes it over, as if the authority were another one.",
            )
            .fix(trust_fix(subject, &format!("the certificate of \"{issuer}\" that has this key identifier"))),
        Relation::Public => finding
            .detail(format!(
                "The chain leads to a public authority, and the link trusts only the authorities of its file: {} replaces the public roots.",
                subject.trust_setting()
            ))
            .fix(trust_fix(subject, &format!("the root certificate of \"{issuer}\"")))
            // Those of the transport interface are what the nodes trust one another by.
            .fix(match subject.model {
                Some(Model::ApiKey) => {
                    "or, if no other remote needs that setting, remove it, so that the public roots count, and restart"
                }
                _ => "leave the authorities that are there: the nodes of the local cluster trust one another by them",
            }),
        Relation::Private => finding
            .detail(
                "The chain comes from a private authority, and the link trusts the public ones only. Elastic Cloud Hosted serves a public \
                 certificate on 9443; a self-managed, ECK or ECE remote usually does not.",
            )
            .fix(trust_fix(subject, &format!("the certificate of \"{issuer}\""))),
    }
}

/// `SSLConfigurationReloader`.
const RELOADED: &str = "a changed file is read again by itself, a changed setting needs a restart";

/// Adding `what` to the trusted authorities.
pub(super) fn trust_fix(subject: &Subject<'_>, what: &str) -> String {
    match subject.purpose {
        crate::x509::Purpose::Server => {
            format!("on every local node add {what} to the file in {}; {RELOADED}", subject.trust_setting())
        }
        crate::x509::Purpose::Client => {
            format!(
                "on every remote node add {what} to the file in xpack.security.transport.ssl.certificate_authorities; {RELOADED}"
            )
        }
    }
}
