//! As whom a cluster's REST API or a management API is asked.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use farlink_checks::model::link::KeyFault;
use reqwest::header::HeaderValue;
use zeroize::Zeroizing;

use crate::secret::{ApiKey, Password};

/// What is sent to an API to be let in.
#[derive(Clone)]
pub enum Credentials {
    /// Nothing.
    None,
    /// An API key.
    ApiKey(ApiKey),
    /// A user of a realm. `Authorization: Basic` ends the name at the first colon (RFC 7617
    /// section 2), so it has none.
    User {
        /// The user's name.
        name: String,
        /// Their password.
        password: Password,
    },
    /// Nothing, because the file that was given cannot hold a key.
    Unusable(KeyFault),
}

impl Credentials {
    /// The value of the `Authorization` header, marked sensitive.
    pub(super) fn header(&self) -> Option<HeaderValue> {
        let text = match self {
            Self::None | Self::Unusable(_) => return None,
            Self::ApiKey(key) => key.header(),
            Self::User { name, password } => {
                let pair = Zeroizing::new(format!("{name}:{}", password.expose()));
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
    use crate::link::key;

    #[test]
    fn the_header_is_what_elasticsearch_expects_and_debug_hides_it() {
        let key = Credentials::ApiKey(key::opaque(b" aWQ6c2VjcmV0\n").ok().unwrap());
        let header = key.header().unwrap();
        assert_eq!(header.as_bytes(), b"ApiKey aWQ6c2VjcmV0");
        assert_eq!(format!("{header:?}"), "Sensitive");
        let user = Credentials::User { name: "elastic".into(), password: Password::new("pa:ss \r\n") };
        let header = user.header().unwrap();
        assert_eq!(header.as_bytes(), b"Basic ZWxhc3RpYzpwYTpzcyA=");
        assert_eq!(format!("{header:?}"), "Sensitive");
        assert!(Credentials::None.header().is_none());
        assert!(Credentials::Unusable(KeyFault::Json).header().is_none());
    }
}
