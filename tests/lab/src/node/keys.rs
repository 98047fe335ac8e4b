//! Cross-cluster API keys as the remote cluster server checks them, in the order in which it checks.
//! Texts from `ApiKeyService`, `CrossClusterAccessHeaders` and `CrossClusterAccessAuthenticationService`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::thrown::Thrown;

/// Header with the key.
pub(crate) const CREDENTIALS: &str = "_cross_cluster_access_credentials";
/// Header with the user on whose behalf the local cluster asks.
pub(crate) const SUBJECT: &str = "_cross_cluster_access_subject_info";
/// Header with the signature that keys with a certificate identity need (9.2 and later).
const SIGNATURE: &str = "_cross_cluster_access_signature";
/// Length of a cross-cluster key's secret, in characters.
const SECRET_LENGTH: usize = 22;

/// An API key that the emulated cluster knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// The id, which may be shown.
    pub id: String,
    /// The secret: 22 characters.
    pub secret: String,
    /// What has become of it.
    pub state: KeyState,
}

/// Whether a key is accepted, and why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyState {
    /// Accepted.
    Valid,
    /// Invalidated, which is said before the secret is looked at.
    Invalidated,
    /// Past its expiration.
    Expired,
    /// Created with the API of ordinary keys.
    Rest,
    /// Bound to a certificate identity, so that requests must be signed.
    SignatureRequired,
}

/// Licence of the remote cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Licence {
    /// Covers the remote cluster server.
    Enterprise,
    /// Does not.
    Basic,
}

/// The remote cluster server of a node (`remote_cluster_server.enabled`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteClusterServer {
    /// The keys it knows.
    pub keys: Vec<ApiKey>,
    /// Its licence, which only a good key gets to see.
    pub licence: Licence,
    /// `xpack.security.authc.api_key.enabled`
    pub api_keys_enabled: bool,
}

impl ApiKey {
    /// A valid key with a made-up secret.
    pub fn new(id: &str) -> Self {
        let mut secret: String = id.chars().filter(char::is_ascii_alphanumeric).collect();
        secret.push_str("0123456789abcdefghijkl");
        secret.truncate(SECRET_LENGTH);
        Self {
            id: id.to_owned(),
            secret,
            state: KeyState::Valid,
        }
    }

    /// The same in another state.
    pub fn in_state(self, state: KeyState) -> Self {
        Self { state, ..self }
    }

    /// The same id with another secret.
    pub fn with_wrong_secret(&self) -> Self {
        let secret = self.secret.chars().rev().collect();
        Self { secret, ..self.clone() }
    }

    /// What Elasticsearch returned as `encoded`: base64 of `id:secret`.
    pub fn encoded(&self) -> String {
        STANDARD.encode(format!("{}:{}", self.id, self.secret))
    }
}

impl RemoteClusterServer {
    /// Knows `keys`, with an Enterprise licence.
    pub fn new(keys: Vec<ApiKey>) -> Self {
        Self {
            keys,
            licence: Licence::Enterprise,
            api_keys_enabled: true,
        }
    }

    /// The early check, from the headers alone, before the action is looked up. Gives the key's id.
    pub(crate) fn authenticate(&self, headers: &[(String, String)]) -> Result<String, Thrown> {
        let find = |name: &str| headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        let Some(value) = find(CREDENTIALS) else {
            return Err(Thrown::extraction(Thrown::header(
                format!(
                    "Cross cluster requests through the dedicated remote cluster server port require transport header [{CREDENTIALS}] but none found. \
                     Please ensure you have configured remote cluster credentials on the cluster originating the request."
                ),
                None,
            )));
        };
        let (id, secret) = decode(value).map_err(|cause| {
            Thrown::extraction(Thrown::header(
                format!("transport header [{CREDENTIALS}] value must be a valid API key credential"),
                Some(cause),
            ))
        })?;
        if !self.api_keys_enabled {
            return Err(Thrown::unauthorized("api keys are not enabled"));
        }
        let Some(key) = self.keys.iter().find(|key| key.id == id) else {
            return Err(Thrown::unauthorized(format!("unable to find apikey with id {id}")));
        };
        let refusal = match key.state {
            KeyState::Invalidated => format!("api key [{id}] has been invalidated"),
            _ if key.secret != secret => format!("invalid credentials for API key [{id}]"),
            KeyState::Rest => {
                format!("authentication expected API key type of [cross_cluster], but API key [{id}] has type [rest]")
            }
            KeyState::Expired => "api key is expired".to_owned(),
            KeyState::SignatureRequired if find(SIGNATURE).is_none() => {
                "Expected signature for cross cluster API key, but no signature was provided".to_owned()
            }
            KeyState::Valid | KeyState::SignatureRequired => return Ok(id),
        };
        Err(Thrown::unauthorized(refusal))
    }

    /// The filter that follows: licence, subject, no other header. The subject must name the internal user `_system`.
    pub(crate) fn admit(&self, headers: &[(String, String)]) -> Result<(), Thrown> {
        if self.licence == Licence::Basic {
            return Err(Thrown::forbidden(
                "current license is non-compliant for [advanced-remote-cluster-security]",
            ));
        }
        let port = "Cross cluster requests through the dedicated remote cluster server port";
        let Some((_, subject)) = headers.iter().find(|(key, _)| key == SUBJECT) else {
            return Err(Thrown::header(format!("{port} require transport header [{SUBJECT}] but none found"), None));
        };
        let allowed = [CREDENTIALS, SUBJECT, SIGNATURE, "X-Opaque-Id", "trace.id", "traceparent", "X-elastic-product-origin"];
        if let Some((other, _)) = headers.iter().find(|(key, _)| !allowed.contains(&key.as_str())) {
            return Err(Thrown::header(
                format!("Transport request header [{other}] is not allowed for cross cluster requests through the dedicated remote cluster server port"),
                None,
            ));
        }
        match STANDARD.decode(subject) {
            Ok(blob) if blob.windows(9).any(|window| window == b"\x01\x07_system") => Ok(()),
            _ => Err(Thrown::header("received cross cluster request from an unexpected internal user", None)),
        }
    }
}

/// `ApiKey base64(id:secret)` taken apart, or the innermost exception.
fn decode(value: &str) -> Result<(String, String), Thrown> {
    let invalid = || Thrown::header("invalid ApiKey value", None);
    let encoded = value.strip_prefix("ApiKey ").ok_or_else(invalid)?;
    let decoded = STANDARD.decode(encoded).map_err(|_| {
        let illegal = encoded.bytes().find(|byte| !byte.is_ascii_alphanumeric() && !b"+/=".contains(byte));
        Thrown::undecodable(match illegal {
            Some(byte) => format!("Illegal base64 character {byte:x}"),
            None => "Last unit does not have enough valid bits".to_owned(),
        })
    })?;
    let text = String::from_utf8(decoded).map_err(|_| invalid())?;
    let (id, secret) = text.split_once(':').ok_or_else(invalid)?;
    if secret.chars().count() != SECRET_LENGTH {
        return Err(Thrown::header("invalid cross-cluster API key value", None));
    }
    Ok((id.to_owned(), secret.to_owned()))
}
