//! How to ask a cluster or a management API: where, as whom, and whom to trust there.

use farlink_checks::model::link::{Source, Trust};
use url::Url;

use super::files::{NamedFile, Reader};
use super::{address, key, pem};
use crate::read::Credentials;
use crate::secret::Password;
use crate::usage::{Fault, Place, UsageError};

/// An API that may be read.
#[derive(Clone)]
pub struct ClusterAccess {
    /// Its name in the configuration, or its URL.
    pub name: String,
    /// Where it is.
    pub url: Url,
    /// As whom.
    pub credentials: Credentials,
    /// Whom to trust there.
    pub trust: Trust,
}

/// The access as it was written, files unread.
#[derive(Clone, Debug)]
pub struct AccessFacts {
    /// Its name; the URL where it has none.
    pub name: Option<String>,
    /// The URL as text, and where it stands.
    pub url: (String, Place),
    /// An API key.
    pub api_key_file: Option<NamedFile>,
    /// A user, and where it stands.
    pub user: Option<(String, Place)>,
    /// Their password.
    pub password_file: Option<NamedFile>,
    /// Authorities.
    pub ca_file: Option<NamedFile>,
}

impl AccessFacts {
    /// Reads the files that are named.
    pub fn read(&self, reader: &mut Reader<'_>) -> Result<ClusterAccess, UsageError> {
        let (text, place) = &self.url;
        let url = address::rest_url(text).map_err(|fault| place.error(fault))?;
        let credentials = self.credentials(reader)?;
        let trust = match &self.ca_file {
            Some(file) => pem::authorities(&reader.read(file)?, &file.shown),
            None => Trust::PublicRoots { source: Source::Assumed },
        };
        let name = self.name.clone().unwrap_or_else(|| url.as_str().trim_end_matches('/').to_owned());
        Ok(ClusterAccess { name, url, credentials, trust })
    }

    fn credentials(&self, reader: &mut Reader<'_>) -> Result<Credentials, UsageError> {
        match (&self.api_key_file, &self.user, &self.password_file) {
            (Some(file), Some(_), _) | (Some(file), _, Some(_)) => Err(file.place.error(Fault::Conflict {
                other: "a user with a password",
                why: "a cluster is asked with an API key or as a user; remove one of them",
            })),
            (Some(file), None, None) => {
                Ok(key::opaque(&reader.secret(file)?).map_or_else(Credentials::Unusable, Credentials::ApiKey))
            }
            (None, Some((name, place)), Some(_)) if name.contains(':') => Err(place.error(Fault::ColonInUser)),
            (None, Some((name, _)), Some(file)) => {
                let bytes = reader.secret(file)?;
                let text = std::str::from_utf8(&bytes).map_err(|_| {
                    file.place.error(Fault::Unreadable {
                        path: file.path.clone(),
                        error: std::io::ErrorKind::InvalidData.into(),
                    })
                })?;
                Ok(Credentials::User { name: name.clone(), password: Password::new(text) })
            }
            (None, Some((_, place)), None) => Err(place.error(Fault::Needs {
                other: "a password file",
                why: "a user is nobody to the cluster without a password",
            })),
            (None, None, Some(file)) => {
                Err(file.place.error(Fault::Needs { other: "a user", why: "a password belongs to a user" }))
            }
            (None, None, None) => Ok(Credentials::None),
        }
    }
}
