//! What a key file holds: the `encoded` value of an API key, or something else.
//!
//! Elasticsearch decodes a cross-cluster key as base64 of `id:secret` and refuses one whose secret
//! does not have 22 characters (`ApiKeyService`, `API_KEY_SECRET_LENGTH`).

use base64::Engine as _;
use base64::alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use farlink_checks::model::link::{KeyFault, KeyPresence};
use zeroize::Zeroizing;

use crate::secret::ApiKey;

const SECRET_LENGTH: usize = 22;

/// As `java.util.Base64.getDecoder()`, which takes a text without padding too.
const JAVA: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// The cross-cluster key in `bytes`, and what may be said of it in public.
pub fn cross_cluster(bytes: &[u8]) -> (KeyPresence, Option<ApiKey>) {
    match text(bytes).and_then(decode) {
        Ok(key) => {
            let id = key.id().unwrap_or_default().to_owned();
            (KeyPresence::Given { id, withheld: false }, Some(key))
        }
        Err(fault) => (KeyPresence::Malformed { fault }, None),
    }
}

/// The key of a REST or management API in `bytes`. It need not decode to anything: those that
/// Elastic Cloud gives (`essu_…`) do not.
pub fn opaque(bytes: &[u8]) -> Result<ApiKey, KeyFault> {
    let text = text(bytes)?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=-_".contains(&byte);
    if text.bytes().all(plain) { Ok(ApiKey::opaque(text)) } else { Err(KeyFault::NotBase64) }
}

/// One word of visible ASCII without quotes around it and without a colon in it, which no encoded
/// key has.
fn text(bytes: &[u8]) -> Result<&str, KeyFault> {
    // An editor's byte order mark is white space to a reader.
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|_| KeyFault::NotBase64)?.trim();
    match text.chars().next() {
        None => Err(KeyFault::Empty),
        Some('{') => Err(KeyFault::Json),
        Some('"' | '\'' | '`') => Err(KeyFault::Quoted),
        Some(_) if text.ends_with(['"', '\'', '`']) => Err(KeyFault::Quoted),
        Some(_) if text.contains(char::is_whitespace) => Err(KeyFault::InnerWhitespace),
        Some(_) if !text.bytes().all(|b| b.is_ascii_graphic()) => Err(KeyFault::NotBase64),
        Some(_) if text.contains(':') => Err(KeyFault::NotEncoded),
        Some(_) => Ok(text),
    }
}

fn decode(encoded: &str) -> Result<ApiKey, KeyFault> {
    let decoded = Zeroizing::new(JAVA.decode(encoded).map_err(|_| KeyFault::NotBase64)?);
    let decoded = std::str::from_utf8(&decoded).map_err(|_| KeyFault::NoColon)?;
    match decoded.split_once(':') {
        None | Some(("", _)) => Err(KeyFault::NoColon),
        Some((_, secret)) if secret.chars().count() != SECRET_LENGTH => Err(KeyFault::SecretLength),
        Some((id, secret)) => Ok(ApiKey::decoded(encoded, id, secret)),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use base64::engine::general_purpose::STANDARD;

    use super::*;

    const SECRET: &str = "ui2lp2axTNmsyakw9tvNnw";

    #[test]
    fn a_well_formed_key_shows_its_id_and_nothing_else() {
        let encoded = STANDARD.encode(format!("VuaCfGcBCdbkQm-e5aOx:{SECRET}"));
        for text in [
            encoded.clone(),
            format!("\n {encoded}\r\n"),
            encoded.trim_end_matches('=').to_owned(),
            format!("\u{feff}{encoded}"),
        ] {
            let (presence, key) = cross_cluster(text.as_bytes());
            assert_eq!(presence, KeyPresence::Given { id: "VuaCfGcBCdbkQm-e5aOx".into(), withheld: false });
            let key = key.unwrap();
            assert_eq!(key.id(), Some("VuaCfGcBCdbkQm-e5aOx"));
            let sent = text.trim_matches(['\u{feff}', '\n', '\r', ' ']);
            assert_eq!(key.header().as_str(), format!("ApiKey {sent}"));
            assert_eq!(key.redact(&format!("got {sent}, {SECRET}.")), "got [key], [secret].");
        }
    }

    #[test]
    fn each_wrong_content_has_its_own_fault() {
        let whole = STANDARD.encode(format!("id:{SECRET}"));
        let cases: [(String, KeyFault); 13] = [
            (" \n".into(), KeyFault::Empty),
            (format!("{{\"id\":\"x\",\"encoded\":\"{whole}\"}}"), KeyFault::Json),
            (format!("\"{whole}\""), KeyFault::Quoted),
            (format!("'{whole}'\n"), KeyFault::Quoted),
            (format!("{}\n{}", &whole[..10], &whole[10..]), KeyFault::InnerWhitespace),
            (format!("ApiKey {whole}"), KeyFault::InnerWhitespace),
            (format!("id:{SECRET}"), KeyFault::NotEncoded),
            ("not_base64!".into(), KeyFault::NotBase64),
            ("*not-base64*".into(), KeyFault::NotBase64),
            (STANDARD.encode("no colon here"), KeyFault::NoColon),
            (STANDARD.encode(format!(":{SECRET}")), KeyFault::NoColon),
            (STANDARD.encode("id:short"), KeyFault::SecretLength),
            (STANDARD.encode([0xff, 0xfe, b':', 1]), KeyFault::NoColon),
        ];
        for (text, fault) in cases {
            let (presence, key) = cross_cluster(text.as_bytes());
            assert_eq!(presence, KeyPresence::Malformed { fault }, "{text}");
            assert!(key.is_none());
        }
        assert_eq!(cross_cluster(&[0xff, 0xfe]).0, KeyPresence::Malformed { fault: KeyFault::NotBase64 });
    }

    #[test]
    fn the_key_of_another_api_need_not_decode_and_is_what_a_header_can_carry() {
        for text in [" aWQ6c2VjcmV0\n", "essu_anything", "\u{feff}aWQ6c2VjcmV0\r\n", "url-safe_=="] {
            let key = opaque(text.as_bytes()).ok().unwrap();
            assert_eq!(key.header().as_str(), format!("ApiKey {}", text.trim_matches(['\u{feff}', '\n', '\r', ' '])));
            assert_eq!(key.id(), None);
        }
        for (text, fault) in [
            ("", KeyFault::Empty),
            (" \n", KeyFault::Empty),
            ("a b", KeyFault::InnerWhitespace),
            ("id:secret", KeyFault::NotEncoded),
            ("a\r\nX-Evil: 1", KeyFault::InnerWhitespace),
            ("{\"encoded\":\"x\"}", KeyFault::Json),
            ("'a'", KeyFault::Quoted),
            ("a\0b", KeyFault::NotBase64),
            ("a%20b", KeyFault::NotBase64),
            ("schlüssel", KeyFault::NotBase64),
        ] {
            assert_eq!(opaque(text.as_bytes()).err(), Some(fault), "{text:?}");
        }
    }
}
