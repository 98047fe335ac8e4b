//! An API key in memory: wiped when dropped, and without any way to print, copy or save it.
//!
//! Only the key's id, which is no secret, can be shown.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use farlink_checks::model::link::KeyFault;
use zeroize::Zeroizing;

/// The length of the secret half of every cross-cluster API key (`ApiKeyService`).
const SECRET_LENGTH: usize = 22;

/// A cross-cluster API key in its encoded form.
pub struct ApiKey {
    encoded: Zeroizing<String>,
    secret: Zeroizing<String>,
    id: String,
}

impl ApiKey {
    /// Parses the `encoded` value that Elasticsearch returned; white space around it is ignored.
    ///
    /// # Errors
    /// [`KeyFault`] says what was pasted instead; never [`KeyFault::SecretLength`], which is for
    /// the caller to judge with [`Self::has_usual_length`].
    pub fn parse(text: &str) -> Result<Self, KeyFault> {
        let text = text.trim();
        match text.as_bytes() {
            [] => return Err(KeyFault::Empty),
            [b'{', ..] => return Err(KeyFault::Json),
            [b'"' | b'\'', ..] | [.., b'"' | b'\''] => return Err(KeyFault::Quoted),
            _ => {}
        }
        if text.contains(char::is_whitespace) {
            return Err(KeyFault::InnerWhitespace);
        }
        if text.contains(':') {
            return Err(KeyFault::NotEncoded);
        }
        // Java's decoder takes a text without padding too (java.util.Base64.Decoder).
        let lenient = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
        let decoded = GeneralPurpose::new(&STANDARD, lenient).decode(text).map_err(|_| KeyFault::NotBase64)?;
        let decoded = Zeroizing::new(decoded);
        let decoded = std::str::from_utf8(&decoded).map_err(|_| KeyFault::NoColon)?;
        let (id, secret) = decoded.split_once(':').ok_or(KeyFault::NoColon)?;
        Ok(Self {
            encoded: Zeroizing::new(text.to_owned()),
            secret: Zeroizing::new(secret.to_owned()),
            id: id.to_owned(),
        })
    }

    /// The key's id, which may be shown.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Whether the secret has the length of every secret that Elasticsearch makes.
    pub fn has_usual_length(&self) -> bool {
        self.secret.chars().count() == SECRET_LENGTH
    }

    /// The credentials header's value (`ApiKeyService.withApiKeyPrefix`).
    pub(crate) fn header(&self) -> Zeroizing<String> {
        // At its final size from the start, so that no copy is left behind by growing.
        let mut header = Zeroizing::new(String::with_capacity("ApiKey ".len() + self.encoded.len()));
        header.push_str("ApiKey ");
        header.push_str(&self.encoded);
        header
    }

    /// `text` without the key, should the peer have repeated it.
    pub(crate) fn redact(&self, text: &str) -> String {
        text.replace(self.encoded.as_str(), "[key]").replace(self.secret.as_str(), "[secret]")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const SECRET: &str = "ui2lp2axTNmsyakw9tvNnw";

    fn encode(text: &str) -> String {
        base64::engine::general_purpose::STANDARD.encode(text)
    }

    #[test]
    fn an_encoded_key_is_taken_with_and_without_padding_and_white_space() {
        let encoded = encode(&format!("VuaCfGcBCdbkQm-e5aOx:{SECRET}"));
        for text in [encoded.clone(), format!(" {encoded}\n"), encoded.trim_end_matches('=').to_owned()] {
            let key = ApiKey::parse(&text).ok().unwrap();
            assert_eq!(key.id(), "VuaCfGcBCdbkQm-e5aOx");
            assert!(key.has_usual_length());
            assert_eq!(key.header().as_str(), format!("ApiKey {}", text.trim()));
        }
    }

    #[test]
    fn each_wrong_paste_has_its_own_reason() {
        for (text, fault) in [
            (" \n".to_owned(), KeyFault::Empty),
            (r#"{"encoded":"x"}"#.to_owned(), KeyFault::Json),
            (format!("\"{}\"", encode("a:b")), KeyFault::Quoted),
            (format!("id:{SECRET}"), KeyFault::NotEncoded),
            ("VuaC fGcB".to_owned(), KeyFault::InnerWhitespace),
            ("*not-base64*".to_owned(), KeyFault::NotBase64),
            (encode("nocolon"), KeyFault::NoColon),
        ] {
            assert_eq!(ApiKey::parse(&text).err(), Some(fault), "{text}");
        }
    }

    #[test]
    fn a_secret_of_another_length_is_told_and_not_refused() {
        assert!(!ApiKey::parse(&encode("id:short")).ok().unwrap().has_usual_length());
    }

    #[test]
    fn what_a_peer_repeats_is_taken_out() {
        let encoded = encode(&format!("id:{SECRET}"));
        let key = ApiKey::parse(&encoded).ok().unwrap();
        assert_eq!(key.redact(&format!("got {encoded}, {SECRET}.")), "got [key], [secret].");
    }
}
