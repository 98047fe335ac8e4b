//! `GET /_ssl/certificates`: the certificates that the TLS settings of the answering node have loaded.
//!
//! Names and dates only; the certificates themselves are not in the answer (`TransportGetCertificateInfoAction`).

use farlink_checks::model::evidence::Read;
use farlink_checks::model::text::safe;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::client::Client;
use super::remote_info::tolerant;

/// The path.
pub const PATH: &str = "/_ssl/certificates";

/// How many entries are kept.
const LIMIT: usize = 1000;

/// One certificate that is loaded.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Loaded {
    /// The file or store it comes from, as the settings name it.
    #[serde(default, deserialize_with = "tolerant")]
    pub path: Option<String>,
    /// `PEM`, `PKCS12`, `jks`.
    #[serde(default, deserialize_with = "tolerant")]
    pub format: Option<String>,
    /// Its alias in a store.
    #[serde(default, deserialize_with = "tolerant")]
    pub alias: Option<String>,
    /// Whom it is for.
    #[serde(default, deserialize_with = "tolerant")]
    pub subject_dn: Option<String>,
    /// Who issued it; from 8.4 on.
    #[serde(default, deserialize_with = "tolerant")]
    pub issuer: Option<String>,
    /// Its serial number, hexadecimal.
    #[serde(default, deserialize_with = "tolerant")]
    pub serial_number: Option<String>,
    /// Whether the node has its key: its own certificate, not one that it trusts.
    #[serde(default, deserialize_with = "tolerant")]
    pub has_private_key: Option<bool>,
    /// The end of its validity.
    #[serde(default, deserialize_with = "tolerant")]
    pub expiry: Option<Timestamp>,
}

/// Asks for every certificate; texts are safe to show.
pub async fn ssl_certificates(client: &Client) -> Read<Vec<Loaded>> {
    let mut loaded: Vec<Loaded> = client.get(PATH).await?;
    loaded.truncate(LIMIT);
    for certificate in &mut loaded {
        let texts = [
            &mut certificate.path,
            &mut certificate.format,
            &mut certificate.alias,
            &mut certificate.subject_dn,
            &mut certificate.issuer,
            &mut certificate.serial_number,
        ];
        texts.into_iter().flatten().for_each(|text| *text = safe(text, 300));
    }
    Ok(loaded)
}
