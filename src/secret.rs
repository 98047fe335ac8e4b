//! Secrets that were given to the agent, wiped when they are dropped.
//!
//! None of these types can be printed, compared or serialised. A key leaves only through
//! [`ApiKey::header`], a password only through [`Password::expose`], which are easy to find.

use std::sync::Arc;

use zeroize::Zeroizing;

/// An API key in its `encoded` form, as [`crate::link::key`] found it in a file.
///
/// However often it is cloned, it is in memory once.
#[derive(Clone)]
pub struct ApiKey(Arc<Parts>);

struct Parts {
    encoded: Zeroizing<String>,
    id: Option<String>,
    secret: Option<Zeroizing<String>>,
}

impl ApiKey {
    /// A key of which nothing but its text is known.
    pub(crate) fn opaque(encoded: &str) -> Self {
        Self(Arc::new(Parts { encoded: Zeroizing::new(encoded.to_owned()), id: None, secret: None }))
    }

    /// A key that decodes to `id` and `secret`, which has at least one character.
    pub(crate) fn decoded(encoded: &str, id: &str, secret: &str) -> Self {
        Self(Arc::new(Parts {
            encoded: Zeroizing::new(encoded.to_owned()),
            id: Some(id.to_owned()),
            secret: Some(Zeroizing::new(secret.to_owned())),
        }))
    }

    /// The key's id, which may be shown; `None` where the key was not decoded.
    pub fn id(&self) -> Option<&str> {
        self.0.id.as_deref()
    }

    /// Whether this is `other`. Both come from the user's own files, so the time it takes tells nobody anything.
    pub fn is(&self, other: &Self) -> bool {
        self.0.encoded == other.0.encoded
    }

    /// The value of the header that carries it, `ApiKey …` (`ApiKeyService.withApiKeyPrefix`).
    pub fn header(&self) -> Zeroizing<String> {
        // At its final size from the start, so that no copy is left behind by growing.
        let mut header = Zeroizing::new(String::with_capacity("ApiKey ".len() + self.0.encoded.len()));
        header.push_str("ApiKey ");
        header.push_str(&self.0.encoded);
        header
    }

    /// `text` without the key, should a peer have repeated it.
    pub fn redact(&self, text: &str) -> String {
        let text = text.replace(self.0.encoded.as_str(), "[key]");
        // A peer may decode and encode it again, without padding.
        let bare = self.0.encoded.trim_end_matches('=');
        let text = if bare.is_empty() { text } else { text.replace(bare, "[key]") };
        match &self.0.secret {
            Some(secret) => text.replace(secret.as_str(), "[secret]"),
            None => text,
        }
    }
}

/// The password of a user of a cluster's REST API.
#[derive(Clone)]
pub struct Password(Zeroizing<String>);

impl Password {
    /// The password in `text`, without the line break that ends a file.
    pub fn new(text: &str) -> Self {
        let text = text.strip_suffix('\n').unwrap_or(text);
        let text = text.strip_suffix('\r').unwrap_or(text);
        Self(Zeroizing::new(text.to_owned()))
    }

    /// The password itself, for the request that sends it and nothing else.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_leaves_in_its_header_and_shows_its_id() {
        let key = ApiKey::decoded("aWQ6c2VjcmV0", "id", "secret");
        assert_eq!((key.header().as_str(), key.id()), ("ApiKey aWQ6c2VjcmV0", Some("id")));
        let key = ApiKey::opaque("essu_anything");
        assert_eq!((key.header().as_str(), key.id()), ("ApiKey essu_anything", None));
    }

    #[test]
    fn what_a_peer_repeats_is_taken_out() {
        let key = ApiKey::decoded("aWQ6c2VjcmV0", "id", "secret");
        assert_eq!(key.redact("got aWQ6c2VjcmV0, secret."), "got [key], [secret].");
        let padded = ApiKey::decoded("aWQ6c2VjcmU=", "id", "secre");
        assert_eq!(padded.redact("aWQ6c2VjcmU= aWQ6c2VjcmU."), "[key] [key].");
        assert_eq!(ApiKey::opaque("essu_anything").redact("got essu_anything"), "got [key]");
    }

    #[test]
    fn the_one_line_break_after_a_password_does_not_count() {
        for (text, password) in [("a\n", "a"), (" a b \r\n", " a b "), ("a", "a"), ("a\n\n", "a\n")] {
            assert_eq!(Password::new(text).expose(), password);
        }
    }
}
