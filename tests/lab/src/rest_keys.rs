//! What `GET /_security/api_key` answers, by what the caller may see.
//! As `RestGetApiKeyAction` and `ManageOwnApiKeyClusterPrivilege` of 9.5 have it, and their documentation; none of it is recorded.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::rest_cluster::RestCluster;

/// The API keys of a cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RestKeys {
    /// All of them.
    pub keys: Vec<RestKey>,
    /// What the caller may see.
    pub seen: KeysSeen,
}

/// What a caller may see of the keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KeysSeen {
    /// All of them: `read_security`.
    #[default]
    All,
    /// Those of their own: `manage_own_api_key`.
    Own,
    /// None.
    Nothing,
}

/// A cross-cluster API key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RestKey {
    /// Its id.
    pub id: String,
    /// When it expires, in milliseconds since 1970.
    pub expiration: Option<i64>,
    /// Index patterns that it may search.
    pub search: Vec<String>,
    /// Index patterns that it may replicate.
    pub replication: Vec<String>,
    /// Whether the caller created it.
    pub own: bool,
}

pub(crate) fn keys(cluster: &RestCluster, query: &str) -> (StatusCode, Value) {
    let parameters: Vec<(&str, &str)> = query.split('&').filter_map(|pair| pair.split_once('=')).collect();
    let value = |name: &str| parameters.iter().find(|(own, _)| *own == name).map(|(_, value)| *value);
    let (id, own) = (value("id").unwrap_or_default().replace("%2D", "-"), value("owner") == Some("true"));
    let allowed = match cluster.keys.seen {
        KeysSeen::All => true,
        KeysSeen::Own => own,
        KeysSeen::Nothing => false,
    };
    if !allowed {
        let reason = "action [cluster:admin/xpack/security/api_key/get] is unauthorized for user [farlink] with effective roles \
                      [monitor], this action is granted by the cluster privileges [manage_own_api_key,manage_api_key,read_security,\
                      manage_security,all]";
        let error = json!({"type": "security_exception", "reason": reason});
        let body =
            json!({"error": {"root_cause": [error], "type": "security_exception", "reason": reason}, "status": 403});
        return (StatusCode::FORBIDDEN, body);
    }
    let found: Vec<Value> =
        cluster.keys.keys.iter().filter(|key| key.id == id && (key.own || !own)).map(RestKey::shown).collect();
    let status = if found.is_empty() { StatusCode::NOT_FOUND } else { StatusCode::OK };
    (status, json!({"api_keys": found}))
}

impl RestKey {
    fn shown(&self) -> Value {
        let mut shown = json!({
            "id": self.id, "name": "lab", "type": "cross_cluster", "creation": 1_700_000_000_000_i64, "invalidated": false,
            "username": "elastic", "realm": "reserved", "realm_type": "reserved", "metadata": {}, "access": {},
        });
        if let Some(expiration) = self.expiration {
            shown["expiration"] = expiration.into();
        }
        for (kind, names) in [("search", &self.search), ("replication", &self.replication)] {
            if !names.is_empty() {
                shown["access"][kind] = json!([{"names": names, "allow_restricted_indices": false}]);
            }
        }
        shown
    }
}
