//! What may stand in `web.yml`, as it is written.

use serde::Deserialize;

use crate::link::config::located::{Located, Named};

/// The whole file.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) tls_server_config: Option<Tls>,
    pub(super) http_server_config: Option<Http>,
    pub(super) basic_auth_users: Option<Named<Located<String>>>,
}

/// `tls_server_config`.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tls {
    pub(super) cert: Option<Located<String>>,
    pub(super) key: Option<Located<String>>,
    pub(super) client_ca: Option<Located<String>>,
    pub(super) cert_file: Option<Located<String>>,
    pub(super) key_file: Option<Located<String>>,
    pub(super) client_auth_type: Option<Located<String>>,
    pub(super) client_ca_file: Option<Located<String>>,
    pub(super) client_allowed_sans: Option<Vec<String>>,
    pub(super) min_version: Option<Located<String>>,
    pub(super) max_version: Option<Located<String>>,
    pub(super) cipher_suites: Option<Vec<Located<String>>>,
    pub(super) prefer_server_cipher_suites: Option<bool>,
    pub(super) curve_preferences: Option<Vec<Located<String>>>,
}

/// `http_server_config`.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Http {
    pub(super) http2: Option<bool>,
    pub(super) headers: Option<Named<Located<String>>>,
}
