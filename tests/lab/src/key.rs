//! Cross-cluster API keys and how the remote cluster server checks them.
//! The order of the checks is that of Elasticsearch's `ApiKeyService`: id, invalidation, secret, type, expiry.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::failure::Failure;
use crate::frame::Request;

/// Header with the credentials of the local cluster.
pub(crate) const CREDENTIALS: &str = "_cross_cluster_access_credentials";
/// Header with the user on whose behalf the local cluster asks.
const SUBJECT: &str = "_cross_cluster_access_subject_info";
/// Header with the signature of the local cluster (9.3).
const SIGNATURE: &str = "_cross_cluster_access_signature";
/// Length of the secret of a cross-cluster API key.
const SECRET_LENGTH: usize = 22;

/// What became of a key, or what the server makes of it for reasons of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyState {
    /// Usable.
    Active,
    /// Past its expiration.
    Expired,
    /// Invalidated by an operator.
    Invalidated,
    /// Usable only with a signature of the local cluster (`certificate_identity`).
    SignatureRequired,
    /// Not looked at: `xpack.security.authc.api_key.enabled: false`.
    ServiceDisabled,
    /// Not looked at: the security index is not available.
    IndexUnavailable,
    /// Not looked at: the node is short of memory.
    BreakerTripped,
    /// Usable, while a node of the cluster is before 8.10.
    OldNodes,
    /// Usable, and no action is granted to it.
    NothingGranted,
    /// Refused at last, with the reason in metadata only, as where several realms were tried.
    RefusedInMetadata,
    /// Refused in words of a later release.
    RefusedUnheardOf,
}

/// Type of an API key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyType {
    /// Made for remote clusters.
    CrossCluster,
    /// Made for the REST interface.
    Rest,
}

/// An API key as the remote cluster knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Its id.
    pub id: String,
    /// Its secret; 22 characters for a key that is well formed.
    pub secret: String,
    /// Its type.
    pub key_type: KeyType,
    /// Its state.
    pub state: KeyState,
}

impl Key {
    /// An active cross-cluster key.
    pub fn new(id: &str, secret: &str) -> Self {
        Self { id: id.to_owned(), secret: secret.to_owned(), key_type: KeyType::CrossCluster, state: KeyState::Active }
    }

    /// The `encoded` field of the create response: Base64 of `id:secret`.
    pub fn encoded(&self) -> String {
        STANDARD.encode(format!("{}:{}", self.id, self.secret))
    }
}

/// Whether the licence of the remote cluster covers the API-key model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Licence {
    /// Enterprise or trial.
    Sufficient,
    /// Anything less.
    Insufficient,
}

/// The remote cluster server profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemoteClusterServer {
    /// Keys that exist, in whatever state.
    pub keys: Vec<Key>,
    /// The licence of the cluster.
    pub licence: Licence,
}

/// Checks the headers before anything else is looked at; a failure also closes the connection.
pub(crate) fn authenticate(server: &RemoteClusterServer, request: &Request) -> Result<(), Failure> {
    let (id, secret) = credentials(request.header(CREDENTIALS))
        .map_err(|cause| Failure::unauthorized("failed to extract credentials from headers").because(cause))?;
    let Some(key) = server.keys.iter().find(|key| key.id == id) else {
        return Err(Failure::unauthorized(format!("unable to find apikey with id {id}")));
    };
    if key.state == KeyState::Invalidated {
        return Err(Failure::unauthorized(format!("api key [{id}] has been invalidated")));
    }
    if key.secret != secret {
        return Err(Failure::unauthorized(format!("invalid credentials for API key [{id}]")));
    }
    if key.key_type == KeyType::Rest {
        return Err(Failure::unauthorized(format!(
            "authentication expected API key type of [cross_cluster], but API key [{id}] has type [rest]"
        )));
    }
    let unchecked =
        |cause| Err(Failure::unauthorized("failed to authenticate cross cluster credentials").because(cause));
    match key.state {
        KeyState::Expired => Err(Failure::unauthorized("api key is expired")),
        KeyState::SignatureRequired => Err(Failure::unauthorized(match request.header(SIGNATURE) {
            Some(_) => "Invalid cross cluster api key signature from [CN=local]",
            None => "Expected signature for cross cluster API key, but no signature was provided",
        })),
        KeyState::ServiceDisabled => unchecked(Failure::illegal_state("api keys are not enabled")),
        KeyState::IndexUnavailable => unchecked(Failure::illegal_state("at least one primary shard is unavailable")),
        KeyState::BreakerTripped => {
            Err(Failure::breaker("[parent] Data too large, data for [api key] would be larger"))
        }
        KeyState::RefusedInMetadata => {
            Err(Failure::unauthorized(format!("unable to authenticate user [{id}] for action [{}]", request.action))
                .with_unsuccessful("API key: api key is expired"))
        }
        KeyState::RefusedUnheardOf => Err(Failure::unauthorized("the key was seen by too many eyes")),
        KeyState::Active | KeyState::Invalidated | KeyState::OldNodes | KeyState::NothingGranted => Ok(()),
    }
}

/// Checks what comes after the key: licence, then the subject.
pub(crate) fn filter(server: &RemoteClusterServer, request: &Request) -> Result<(), Failure> {
    if server.licence == Licence::Insufficient {
        return Err(Failure::forbidden("current license is non-compliant for [advanced-remote-cluster-security]"));
    }
    if request.header(SUBJECT).is_none() {
        return Err(Failure::illegal_argument(format!(
            "Cross cluster requests through the dedicated remote cluster server port require transport header [{SUBJECT}] but none found"
        )));
    }
    let state = |state| server.keys.iter().any(|key| key.state == state && carries(request, key));
    if state(KeyState::OldNodes) {
        let cause = "all nodes must have version [8.10.0] or higher to support cross cluster requests through the dedicated remote cluster port";
        return Err(Failure::unauthorized("failed to authenticate cross cluster credentials")
            .because(Failure::illegal_argument(cause)));
    }
    if state(KeyState::NothingGranted) {
        return Err(Failure::forbidden(format!(
            "action [{}] towards remote cluster is unauthorized for user [_system] with assigned roles [] authenticated by API key id [x] of user [y]",
            request.action
        )));
    }
    match request.headers.iter().find(|(name, _)| ![CREDENTIALS, SUBJECT, SIGNATURE].contains(&name.as_str())) {
        Some((name, _)) => Err(Failure::illegal_argument(format!(
            "Transport request header [{name}] is not allowed for cross cluster requests through the dedicated remote cluster server port"
        ))),
        None => Ok(()),
    }
}

fn carries(request: &Request, key: &Key) -> bool {
    credentials(request.header(CREDENTIALS)).is_ok_and(|(id, _)| id == key.id)
}

fn credentials(header: Option<&str>) -> Result<(String, String), Failure> {
    let header = header.ok_or_else(|| {
        Failure::illegal_argument(format!(
            "Cross cluster requests through the dedicated remote cluster server port require transport header [{CREDENTIALS}] but none found. Please ensure you have configured remote cluster credentials on the cluster originating the request."
        ))
    })?;
    let invalid = || {
        Failure::illegal_argument(format!("transport header [{CREDENTIALS}] value must be a valid API key credential"))
    };
    let encoded = header.strip_prefix("ApiKey ").ok_or_else(invalid)?;
    let decoded = STANDARD.decode(encoded).map_err(|error| {
        let message = match error {
            base64::DecodeError::InvalidByte(_, byte) => {
                format!("Illegal base64 character {byte:x}")
            }
            _ => "Input byte array has wrong 4-byte ending unit".to_owned(),
        };
        invalid().because(Failure::base64(message))
    })?;
    let text = String::from_utf8_lossy(&decoded);
    let (id, secret) =
        text.split_once(':').ok_or_else(|| invalid().because(Failure::illegal_argument("invalid ApiKey value")))?;
    if secret.len() != SECRET_LENGTH {
        return Err(invalid().because(Failure::illegal_argument("invalid cross-cluster API key value")));
    }
    Ok((id.to_owned(), secret.to_owned()))
}
