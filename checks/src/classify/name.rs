//! Whether a certificate is for a name that a link accepts.
//!
//! With `verification_mode: full` Elasticsearch accepts a certificate that covers either the
//! `server_name` or the dialled host as it is written (`sun.security.ssl.X509TrustManagerImpl`
//! checks the server name indication first and the peer host second).

use crate::model::link::{Host, Link, VerificationMode};
use crate::x509::hostname::{self, Covered, Mismatch};
use crate::x509::{Certificate, Jdk};

/// Whether the served certificate bears a name that the link accepts.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum NameVerdict {
    /// It does.
    Matches {
        /// The expected name that it covers.
        name: String,
        /// How.
        covered: Covered,
        /// The name that stricter clients would look for, when it covers only the other one.
        only_dialled: Option<String>,
    },
    /// It does not.
    Differs {
        /// The names the link accepts, `server_name` first, each with why it is not covered.
        expected: Vec<(String, Mismatch)>,
        /// JDK 17 accepts all the same.
        on_old_jdk: bool,
    },
    /// The link's verification mode does not look at names.
    NotChecked,
    /// The verification mode is not known.
    Unknown,
}

/// Judges `leaf` against the names that `link` accepts when it dials `host`.
pub fn judge(link: &Link, host: &Host, leaf: &Certificate) -> NameVerdict {
    match link.verification_mode.map(|mode| mode.value) {
        Some(VerificationMode::Full) => of_names(leaf, link.server_name.as_deref(), &host.to_string()),
        Some(VerificationMode::Certificate | VerificationMode::None) => NameVerdict::NotChecked,
        None => NameVerdict::Unknown,
    }
}

/// Judges `leaf` against a `server_name` and the `dialled` host, of which one must match.
pub fn of_names(leaf: &Certificate, server_name: Option<&str>, dialled: &str) -> NameVerdict {
    let mut expected: Vec<&str> = server_name.into_iter().collect();
    if !expected.contains(&dialled) {
        expected.push(dialled);
    }
    let mut misses = Vec::new();
    for name in &expected {
        match hostname::check(leaf, name, Jdk::V25) {
            Ok(covered) => {
                let only_dialled = misses.first().map(|(name, _): &(String, Mismatch)| name.clone());
                return NameVerdict::Matches { name: (*name).to_owned(), covered, only_dialled };
            }
            Err(mismatch) => misses.push(((*name).to_owned(), mismatch)),
        }
    }
    let on_old_jdk = expected.iter().any(|name| hostname::check(leaf, name, Jdk::V17).is_ok());
    NameVerdict::Differs { expected: misses, on_old_jdk }
}
