//! Credentials for a cluster's REST API, in types that cannot be printed.
//!
//! The text is wiped when it is dropped; only the `Authorization` header ever exposes it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::HeaderValue;
use zeroize::Zeroizing;

/// A text that is never shown: no `Debug`, no `Display`, no `Serialize`, wiped on drop.
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes `text` over; the caller's copy is the caller's to wipe.
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

/// What is sent to a cluster's REST API to be let in.
pub enum Credentials {
    /// Nothing.
    None,
    /// The `encoded` value of an API key.
    ApiKey(Secret),
    /// A user of a realm.
    Basic {
        /// The user name.
        user: String,
        /// The password.
        password: Secret,
    },
}

/// Why credentials cannot be sent.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum CredentialsError {
    /// A header could not carry the key: nothing in it, or a character that base64 never has.
    #[error("the API key for the cluster is not the `encoded` value of a key")]
    KeyNotEncoded,
    /// `Authorization: Basic` ends the user name at the first colon (RFC 7617 section 2).
    #[error("a user name cannot have a colon")]
    ColonInUser,
}

impl Credentials {
    /// The `encoded` value of an API key, white space around it ignored.
    pub fn api_key(encoded: &Secret) -> Result<Self, CredentialsError> {
        let text = encoded.0.trim();
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=-_".contains(&byte);
        if text.is_empty() || !text.bytes().all(plain) {
            return Err(CredentialsError::KeyNotEncoded);
        }
        Ok(Self::ApiKey(Secret::new(text.to_owned())))
    }

    /// A user and password; one line break at the end of the password, as files have it, is not part of it.
    pub fn basic(user: String, password: &Secret) -> Result<Self, CredentialsError> {
        if user.contains(':') {
            return Err(CredentialsError::ColonInUser);
        }
        let text = password.0.strip_suffix('\n').unwrap_or(&password.0);
        let text = text.strip_suffix('\r').unwrap_or(text);
        Ok(Self::Basic { user, password: Secret::new(text.to_owned()) })
    }

    /// Whether anything is sent.
    pub fn is_some(&self) -> bool {
        !matches!(self, Self::None)
    }

    /// The value of the `Authorization` header, marked sensitive.
    pub(super) fn header(&self) -> Option<HeaderValue> {
        let text = match self {
            Self::None => return None,
            Self::ApiKey(key) => Zeroizing::new(format!("ApiKey {}", key.0.as_str())),
            Self::Basic { user, password } => {
                let pair = Zeroizing::new(format!("{user}:{}", password.0.as_str()));
                let encoded = Zeroizing::new(STANDARD.encode(pair.as_bytes()));
                Zeroizing::new(format!("Basic {}", encoded.as_str()))
            }
        };
        let mut value = HeaderValue::from_str(&text).ok()?;
        value.set_sensitive(true);
        Some(value)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_header_is_what_elasticsearch_expects_and_debug_hides_it() {
        let key = Credentials::api_key(&Secret::new(" aWQ6c2VjcmV0\n".into())).unwrap();
        let header = key.header().unwrap();
        assert_eq!(header.as_bytes(), b"ApiKey aWQ6c2VjcmV0");
        assert_eq!(format!("{header:?}"), "Sensitive");
        let user = Credentials::basic("elastic".into(), &Secret::new("pa:ss \r\n".into())).unwrap();
        assert_eq!(user.header().unwrap().as_bytes(), b"Basic ZWxhc3RpYzpwYTpzcyA=");
        assert!(Credentials::None.header().is_none());
    }

    #[test]
    fn what_no_header_can_carry_is_refused_before_it_is_sent() {
        for text in ["", " \n", "a b", "id:secret", "a\r\nX-Evil: 1", "{\"encoded\":\"x\"}"] {
            assert_eq!(Credentials::api_key(&Secret::new(text.into())).err(), Some(CredentialsError::KeyNotEncoded));
        }
        let colon = Credentials::basic("a:b".into(), &Secret::new("c".into()));
        assert_eq!(colon.err(), Some(CredentialsError::ColonInUser));
    }
}
