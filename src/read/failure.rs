//! From what went wrong with a request to a [`ReadError`] that says it in the server's own words.
//!
//! Everything a server wrote is cut and made safe to show; a URL's credentials never get through.

use std::error::Error;

use farlink_checks::model::evidence::ReadError;
use farlink_checks::model::text::safe;
use reqwest::StatusCode;
use serde_json::Value;
use url::Url;

/// The most characters of a server's words that are kept.
pub(super) const REASON_LIMIT: usize = 300;

/// How far into a page its title is looked for, in bytes.
const TITLE_WITHIN: usize = 16 * 1024;

/// Why no answer came: the innermost cause, which is the one with the fact in it.
pub(super) fn unreachable(error: &reqwest::Error) -> ReadError {
    let mut innermost: &(dyn Error + 'static) = error;
    let mut tls = None;
    loop {
        tls = tls_error(innermost).or(tls);
        match innermost.source() {
            Some(source) => innermost = source,
            None => break,
        }
    }
    let text = match tls {
        Some(rustls::Error::InvalidMessage(rustls::InvalidMessage::InvalidContentType)) => {
            "the answer is not TLS, so this port does not speak https".to_owned()
        }
        Some(tls) => tls.to_string(),
        // Only reqwest's own errors show the URL, and they are innermost when they have no cause.
        None => match innermost.downcast_ref::<reqwest::Error>() {
            Some(error) if error.url().is_some() => "the request could not be sent".to_owned(),
            _ => innermost.to_string(),
        },
    };
    ReadError::Unreachable { error: safe(&text, REASON_LIMIT) }
}

/// What an answer with this status and body means, unless it is a usable one.
pub(super) fn refusal(status: StatusCode, html: bool, body: &[u8], sent: bool) -> Option<ReadError> {
    let reason = || {
        if html { title(body).unwrap_or_default() } else { reason(body) }
    };
    Some(match status.as_u16() {
        401 => ReadError::CredentialsRefused { reason: reason(), sent },
        403 => ReadError::Forbidden { reason: reason() },
        // A gateway's own page says less than its status.
        500..=599 => ReadError::Status { status: status.as_u16(), reason: reason() },
        _ if html => ReadError::Html { title: title(body) },
        200..=299 => return None,
        status => ReadError::Status { status, reason: reason() },
    })
}

/// A redirect's target without credentials.
pub(super) fn redirect(base: &Url, location: &str) -> ReadError {
    let location = match base.join(location) {
        Ok(mut url) => {
            // Both fail only for URLs that cannot have credentials.
            let _ = url.set_username("");
            let _ = url.set_password(None);
            safe(url.as_str(), REASON_LIMIT)
        }
        Err(_) => safe(location.rsplit('@').next().unwrap_or_default(), REASON_LIMIT),
    };
    ReadError::Redirect { location }
}

/// Whether a body is a web page, by its type or by how it begins.
pub(super) fn is_html(content_type: Option<&str>, body: &[u8]) -> bool {
    if content_type.is_some_and(|value| value.trim_start().to_ascii_lowercase().starts_with("text/html")) {
        return true;
    }
    let start = body.trim_ascii_start();
    [&b"<!doctype html"[..], b"<html"]
        .iter()
        .any(|tag| start.get(..tag.len()).is_some_and(|head| head.eq_ignore_ascii_case(tag)))
}

/// The reason in an Elasticsearch error body (`ElasticsearchException.generateFailureXContent`),
/// the message of an Elastic Cloud proxy, or the beginning of any other text.
fn reason(body: &[u8]) -> String {
    let text = match serde_json::from_slice::<Value>(body) {
        Ok(value) => [&value["error"]["reason"], &value["error"], &value["message"], &value["error"]["type"]]
            .into_iter()
            .find_map(Value::as_str)
            .unwrap_or_default()
            .to_owned(),
        Err(_) => {
            let head = &body[..body.len().min(REASON_LIMIT * 4)];
            String::from_utf8_lossy(head).trim().to_owned()
        }
    };
    safe(&text, REASON_LIMIT)
}

/// The text of the first `title` element.
fn title(body: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&body[..body.len().min(TITLE_WITHIN)]);
    // ASCII lower case keeps every byte offset.
    let lower = head.to_ascii_lowercase();
    let open = lower.find("<title")?;
    let start = open + lower[open..].find('>')? + 1;
    let end = start + lower[start..].find("</title").unwrap_or(lower.len() - start);
    let words: Vec<&str> = head[start..end].split_whitespace().collect();
    (!words.is_empty()).then(|| safe(&words.join(" "), REASON_LIMIT))
}

/// An `io::Error` stands for what it wraps, and its source is already that one's source.
fn tls_error(error: &(dyn Error + 'static)) -> Option<rustls::Error> {
    if let Some(tls) = error.downcast_ref::<rustls::Error>() {
        return Some(tls.clone());
    }
    tls_error(error.downcast_ref::<std::io::Error>()?.get_ref()?)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn each_product_says_its_reason_in_its_own_place() {
        for (body, expected) in [
            (
                r#"{"error":{"root_cause":[],"type":"security_exception","reason":"missing authentication credentials"},"status":401}"#,
                "missing authentication credentials",
            ),
            (r#"{"error":"Incorrect HTTP method for uri [/]","status":405}"#, "Incorrect HTTP method for uri [/]"),
            (r#"{"ok":false,"message":"Unknown resource."}"#, "Unknown resource."),
            (r#"{"error":{"type":"some_exception"}}"#, "some_exception"),
            ("plain \u{1b}[31mtext", "plain \\u{1b}[31mtext"),
            ("", ""),
            ("[1]", ""),
        ] {
            assert_eq!(reason(body.as_bytes()), expected, "{body}");
        }
        assert_eq!(reason("x".repeat(5000).as_bytes()).chars().count(), REASON_LIMIT + 1);
    }

    #[test]
    fn a_title_is_found_whatever_surrounds_it() {
        for (page, expected) in [
            ("<html><HEAD><Title lang=en>\n  Log\tin </TITLE>", Some("Log in")),
            ("<title>unfinished", Some("unfinished")),
            ("<title></title>", None),
            ("<title", None),
            ("İ<title>Größe</title>", Some("Größe")),
            ("<html>", None),
        ] {
            assert_eq!(title(page.as_bytes()).as_deref(), expected, "{page}");
        }
    }

    #[test]
    fn a_redirect_loses_its_credentials() {
        let base = Url::parse("https://es.example:9200/").unwrap();
        for (location, expected) in [
            ("/login", "https://es.example:9200/login"),
            ("https://u:p@sso.example/x", "https://sso.example/x"),
            ("https://u:p@[bad/x", "[bad/x"),
        ] {
            assert_eq!(redirect(&base, location), ReadError::Redirect { location: expected.into() });
        }
    }
}
