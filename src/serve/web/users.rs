//! `basic_auth_users` (RFC 7617): who may ask, told by name and password.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use axum::http::{HeaderMap, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

/// How many passwords that were checked are remembered, right or wrong.
const REMEMBERED: usize = 100;
/// What an unknown user's password is compared with, so that the answer takes as long as a known one's:
/// the hash of `fakepassword`, that of the exporter toolkit.
const NOBODY: &str = "$2y$10$QOauhQNbBCuQDKes6eFzPeMqBSjb7Mr5DUmpZ/VcEd00UAV/LDeSi";

/// What passwords were found to be. Checking one takes a tenth of a second on purpose, and a scrape
/// brings the same one each time. Only digests are kept.
#[derive(Default)]
pub(super) struct Checked {
    known: Mutex<HashMap<[u8; 32], bool>>,
    /// Passwords are checked one after the other, whoever sends how many.
    turn: Arc<tokio::sync::Mutex<()>>,
}

impl Checked {
    /// Whether `headers` have the name and password of one of `users`.
    pub(super) async fn admits(&self, users: &BTreeMap<String, String>, headers: &HeaderMap) -> bool {
        let Some((user, password)) = credentials(headers) else { return false };
        let (is_known, hash) = users.get(&*user).map_or((false, NOBODY), |hash| (true, hash));
        let about = digest([user.as_bytes(), hash.as_bytes(), password.as_bytes()]);
        if let Some(right) = self.remembered(&about) {
            return right && is_known;
        }
        let turn = Arc::clone(&self.turn).lock_owned().await;
        // Another request may have brought the same one in the meantime.
        if let Some(right) = self.remembered(&about) {
            return right && is_known;
        }
        let hash = hash.to_owned();
        let check = move || {
            let _turn = turn;
            bcrypt::verify(password.as_bytes(), &hash).unwrap_or(false)
        };
        let right = tokio::task::spawn_blocking(check).await.unwrap_or(false) && is_known;
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= REMEMBERED {
            // Who guesses does not make others' right passwords slow again.
            known.retain(|_, right| *right);
        }
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(about, right);
        right
    }

    fn remembered(&self, about: &[u8; 32]) -> Option<bool> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).get(about).copied()
    }
}

fn credentials(headers: &HeaderMap) -> Option<(Zeroizing<String>, Zeroizing<String>)> {
    let (scheme, value) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = Zeroizing::new(String::from_utf8(STANDARD.decode(value).ok()?).ok()?);
    let (user, password) = text.split_once(':')?;
    Some((Zeroizing::new(user.to_owned()), Zeroizing::new(password.to_owned())))
}

/// A digest of `parts`, each with its length before it.
fn digest(parts: [&[u8]; 3]) -> [u8; 32] {
    let mut context = aws_lc_rs::digest::Context::new(&aws_lc_rs::digest::SHA256);
    for part in parts {
        context.update(&(part.len() as u64).to_be_bytes());
        context.update(part);
    }
    let mut out = [0; 32];
    out.copy_from_slice(context.finish().as_ref());
    out
}
