//! From the shape of `web.yml` to settings that hold.

use std::collections::BTreeMap;
use std::path::Path;
use std::str::FromStr as _;
use std::sync::Arc;

use axum::http::{HeaderName, HeaderValue};
use bcrypt::HashParts;
use rustls::ServerConfig;

use super::shape::{File, Http};
use super::tls;
use crate::link::config::located::{Located, Named};
use crate::link::config::yaml;
use crate::link::files::{Files, NamedFile, Reader};
use crate::usage::{Fault, Place, UsageError, closest};

/// What `web.yml` says, ready to be used.
#[derive(Default)]
pub(super) struct Settings {
    /// How connections are secured; `None` for plain HTTP.
    pub(super) tls: Option<Arc<ServerConfig>>,
    /// Headers for every answer.
    pub(super) headers: Vec<(HeaderName, HeaderValue)>,
    /// Hashed passwords by user; empty where everyone may.
    pub(super) users: BTreeMap<String, String>,
}

/// The headers that may be set, and their values where only some may be.
const HEADERS: [(&str, &[&str]); 5] = [
    ("Strict-Transport-Security", &[]),
    ("X-Content-Type-Options", &["nosniff"]),
    ("X-Frame-Options", &["deny", "sameorigin"]),
    ("X-XSS-Protection", &[]),
    ("Content-Security-Policy", &[]),
];

/// The settings in the file at `path`.
pub(super) fn read(path: &Path, files: &dyn Files) -> Result<Settings, UsageError> {
    let place = Place::File(path.to_owned());
    let reader = Reader::new(files);
    let shown = path.display().to_string();
    let bytes = reader.read(&NamedFile { path: path.to_owned(), shown, place: place.clone() })?;
    let text = std::str::from_utf8(&bytes).map_err(|_| {
        place.error(Fault::Unreadable { path: path.to_owned(), error: std::io::ErrorKind::InvalidData.into() })
    })?;
    let file: File = yaml::parse(text.trim_start_matches('\u{feff}'), path)?;
    let Http { http2, headers: written } = file.http_server_config.unwrap_or_default();
    let headers = headers(written.unwrap_or_default(), path)?;
    let users = users(file.basic_auth_users.unwrap_or_default(), path)?;
    let tls = tls::config(file.tls_server_config.unwrap_or_default(), http2.unwrap_or(true), path, &reader)?;
    Ok(Settings { tls, headers, users })
}

fn headers(written: Named<Located<String>>, file: &Path) -> Result<Vec<(HeaderName, HeaderValue)>, UsageError> {
    let mut headers = Vec::new();
    for (name, value) in written.0 {
        let place = value.place(file);
        let Some((_, allowed)) = HEADERS.iter().find(|(known, _)| *known == name) else {
            let known = HEADERS.map(|(known, _)| known);
            let suggestion = closest_of(&name, &known);
            let known = known.map(str::to_owned).to_vec();
            return Err(place.error(Fault::UnknownKey { key: name, suggestion, known }));
        };
        if !allowed.is_empty() && !allowed.contains(&value.value.as_str()) {
            return Err(place.error(one_of(&value.value, allowed)));
        }
        let wrong = || place.error(Fault::WrongType { expected: "the value of a header, on one line,".to_owned() });
        let name = HeaderName::from_str(&name).map_err(|_| wrong())?;
        // One that is blank is not set.
        if !value.value.is_empty() {
            headers.push((name, HeaderValue::from_str(&value.value).map_err(|_| wrong())?));
        }
    }
    Ok(headers)
}

fn users(written: Named<Located<String>>, file: &Path) -> Result<BTreeMap<String, String>, UsageError> {
    let mut users = BTreeMap::new();
    for (user, hash) in written.0 {
        let place = hash.place(file);
        if !HashParts::from_str(&hash.value).is_ok_and(|parts| (4..=31).contains(&parts.get_cost())) {
            return Err(place.error(Fault::PasswordHash { user }));
        }
        users.insert(user, hash.value);
    }
    Ok(users)
}

/// That `value` is none of `known`.
pub(super) fn one_of(value: &str, known: &[&str]) -> Fault {
    let suggestion = closest_of(value, known);
    Fault::UnknownValue {
        value: value.to_owned(),
        suggestion,
        known: known.iter().map(|&known| known.to_owned()).collect(),
    }
}

/// The closest of `known`, whose letters may be large.
fn closest_of(value: &str, known: &[&str]) -> Option<String> {
    let lower: Vec<String> = known.iter().map(|known| known.to_lowercase()).collect();
    let found = closest(value, lower.iter().map(String::as_str))?;
    known.iter().find(|known| known.to_lowercase() == found).map(|&known| known.to_owned())
}
