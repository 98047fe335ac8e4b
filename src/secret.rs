//! Secrets that were given to the agent, wiped when they are dropped.
//!
//! None of these types can be printed, compared or serialised: a secret leaves only through
//! [`ApiKey::expose`] or [`Password::expose`], which are easy to find.

use zeroize::Zeroizing;

/// The `encoded` value of an API key.
#[derive(Clone)]
pub struct ApiKey(Zeroizing<String>);

impl ApiKey {
    /// The key in `text`, without the white space around it.
    pub fn new(text: &str) -> Self {
        Self(Zeroizing::new(text.trim().to_owned()))
    }

    /// The key itself, for the connection that sends it and nothing else.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The value of an `Authorization` header, `ApiKey …`.
    pub fn authorization(&self) -> Zeroizing<String> {
        Zeroizing::new(format!("ApiKey {}", self.expose()))
    }
}

/// The password of a user of a cluster's REST API.
#[derive(Clone)]
pub struct Password(Zeroizing<String>);

impl Password {
    /// The password in `text`, without the line break that ends the file.
    pub fn new(text: &str) -> Self {
        Self(Zeroizing::new(text.trim_end_matches(['\r', '\n']).to_owned()))
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
    fn white_space_around_a_key_and_the_line_break_after_a_password_do_not_count() {
        assert_eq!(ApiKey::new(" a2V5\r\n").expose(), "a2V5");
        assert_eq!(ApiKey::new("a2V5").authorization().as_str(), "ApiKey a2V5");
        assert_eq!(Password::new(" with space \r\n").expose(), " with space ");
    }
}
