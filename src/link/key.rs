//! What a key file holds: the `encoded` value of a cross-cluster API key, or something else.
//!
//! Elasticsearch decodes it as base64 of `id:secret` and refuses a cross-cluster key whose secret
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
    let parsed = text(bytes).and_then(|text| Ok((key_id(text)?, ApiKey::new(text))));
    match parsed {
        Ok((id, key)) => (KeyPresence::Given { id, withheld: false }, Some(key)),
        Err(fault) => (KeyPresence::Malformed { fault }, None),
    }
}

/// The key of a REST or management API in `bytes`, which may have any form on one line.
pub fn opaque(bytes: &[u8]) -> Result<ApiKey, KeyFault> {
    text(bytes).map(ApiKey::new)
}

/// One word of visible ASCII without quotes around it.
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
        Some(_) => Ok(text),
    }
}

fn key_id(encoded: &str) -> Result<String, KeyFault> {
    if encoded.contains(':') {
        return Err(KeyFault::NotEncoded);
    }
    let decoded = Zeroizing::new(JAVA.decode(encoded).map_err(|_| KeyFault::NotBase64)?);
    let decoded = std::str::from_utf8(&decoded).map_err(|_| KeyFault::NoColon)?;
    match decoded.split_once(':') {
        None | Some(("", _)) => Err(KeyFault::NoColon),
        Some((_, secret)) if secret.chars().count() != SECRET_LENGTH => Err(KeyFault::SecretLength),
        Some((id, _)) => Ok(id.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::STANDARD;

    use super::*;

    #[test]
    fn a_well_formed_key_shows_its_id_and_nothing_else() {
        let encoded = STANDARD.encode("VuaCfGcBCdbkQm-e5aOx:ui2lp2axTNmsyakw9tvNnw");
        for text in [
            encoded.clone(),
            format!("\n {encoded}\r\n"),
            encoded.trim_end_matches('=').to_owned(),
            format!("\u{feff}{encoded}"),
        ] {
            let (presence, key) = cross_cluster(text.as_bytes());
            assert_eq!(presence, KeyPresence::Given { id: "VuaCfGcBCdbkQm-e5aOx".into(), withheld: false });
            assert!(key.is_some_and(|key| key.expose().trim_end_matches('=') == encoded.trim_end_matches('=')));
        }
    }

    #[test]
    fn each_wrong_content_has_its_own_fault() {
        let whole = STANDARD.encode("id:ui2lp2axTNmsyakw9tvNnw");
        let cases: [(String, KeyFault); 12] = [
            (" \n".into(), KeyFault::Empty),
            (format!("{{\"id\":\"x\",\"encoded\":\"{whole}\"}}"), KeyFault::Json),
            (format!("\"{whole}\""), KeyFault::Quoted),
            (format!("'{whole}'\n"), KeyFault::Quoted),
            (format!("{}\n{}", &whole[..10], &whole[10..]), KeyFault::InnerWhitespace),
            (format!("ApiKey {whole}"), KeyFault::InnerWhitespace),
            ("id:ui2lp2axTNmsyakw9tvNnw".into(), KeyFault::NotEncoded),
            ("not_base64!".into(), KeyFault::NotBase64),
            (STANDARD.encode("no colon here"), KeyFault::NoColon),
            (STANDARD.encode(":ui2lp2axTNmsyakw9tvNnw"), KeyFault::NoColon),
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
}
