//! A secret that nobody writes by accident, and how to see it wherever it must not be.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};

pub(crate) const ID: &str = "VuaCfGcBCdbkQm-e5aOx";
/// Nobody writes this by accident.
pub(crate) const SECRET: &str = "cAnArY_q7Zx-tWeEt_0Kpv";
/// How much of a secret is too much, in characters.
pub(crate) const TOO_MUCH: usize = 10;

/// The secret as it might be written: whole or encoded, in each alignment that base64 has.
pub(crate) fn forms() -> Vec<Vec<u8>> {
    let whole = format!("{ID}:{SECRET}");
    let mut forms = vec![SECRET.to_owned(), hex::encode(SECRET), hex::encode_upper(SECRET)];
    for padding in ["", "x", "xx"] {
        let text = STANDARD.encode(format!("{padding}{SECRET}"));
        forms.extend([text[4..text.len() - 4].to_owned(), hex::encode(&text[4..text.len() - 4])]);
        forms.push(URL_SAFE.encode(format!("{padding}{SECRET}"))[4..text.len() - 4].to_owned());
    }
    // Behind the id, which may be shown.
    forms.push(STANDARD.encode(&whole)[ID.len() * 4 / 3 + 2..].trim_end_matches('=').to_owned());
    forms.into_iter().map(String::into_bytes).collect()
}

/// A part of the secret that stands in `text`.
pub(crate) fn leak(text: &[u8]) -> Option<String> {
    let forms = forms();
    let mut parts = forms.iter().flat_map(|form| form.windows(TOO_MUCH));
    let found = parts.find(|part| text.windows(part.len()).any(|window| window == *part));
    found.map(|part| String::from_utf8_lossy(part).into_owned())
}
