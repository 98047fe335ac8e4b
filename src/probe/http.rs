//! HTTP, as far as it tells who answers: one request, and a bounded look at the response.
//! Nothing is trusted: a response that is cut, malformed or endless still becomes a short answer.

use farlink_checks::model::evidence::HttpAnswer;
use farlink_checks::model::text::safe;
use tokio::time::Instant;

use crate::server_date::Told;

/// How much of a response is read, in bytes.
pub(super) const LIMIT: usize = 16 << 10;
/// How much of a body is kept, in characters, and enough bytes to have that many.
const EXCERPT: usize = 200;
const EXCERPT_BYTES: usize = EXCERPT * 4;
/// The longest header value that is kept, in characters.
const HEADER_LIMIT: usize = 100;

/// The request: a GET of the root, which every HTTP server answers somehow.
pub(super) fn request(host: &str) -> Vec<u8> {
    format!("GET / HTTP/1.1\r\nHost: {host}\r\nUser-Agent: farlink\r\n\r\n").into_bytes()
}

/// Whether `bytes` hold all that [`parse`] would use.
pub(super) fn is_enough(bytes: &[u8]) -> bool {
    let Some(body) = body_start(bytes) else { return bytes.len() >= LIMIT };
    let wanted = header(&bytes[..body], "content-length").and_then(|length| length.parse().ok());
    bytes.len() - body >= wanted.unwrap_or(EXCERPT_BYTES).min(EXCERPT_BYTES) || bytes.len() >= LIMIT
}

/// What is kept of a response that starts with `bytes` and was just received; its date counts from now.
pub(super) fn parse(bytes: &[u8]) -> HttpAnswer {
    let body = body_start(bytes).unwrap_or(bytes.len());
    let (head, body) = bytes.split_at(body);
    let status = head.get(9..12).and_then(|digits| std::str::from_utf8(digits).ok()?.parse().ok()).unwrap_or(0);
    let shown = |name| header(head, name).map(|value| safe(&value, HEADER_LIMIT));
    let chunked = header(head, "transfer-encoding").is_some_and(|value| value.eq_ignore_ascii_case("chunked"));
    let body = match chunked.then(|| find(body, b"\r\n")).flatten() {
        // The first chunk's size stands before it.
        Some(size) => &body[size + 2..],
        None => body,
    };
    let excerpt = String::from_utf8_lossy(&body[..body.len().min(EXCERPT_BYTES)]);
    HttpAnswer {
        status,
        // The REST layer, and Elastic Cloud's proxy.
        elastic: header(head, "x-elastic-product").is_some() || header(head, "x-found-handling-cluster").is_some(),
        server: shown("server"),
        content_type: shown("content-type"),
        date: Told::now(header(head, "date").as_deref(), header(head, "age").as_deref())
            .map(|told| told.of_run(Instant::now())),
        excerpt: safe(excerpt.trim(), EXCERPT),
    }
}

fn body_start(bytes: &[u8]) -> Option<usize> {
    find(bytes, b"\r\n\r\n").map(|at| at + 4)
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

/// The value of the header `name`, which is in lower case.
fn header(head: &[u8], name: &str) -> Option<String> {
    head.split(|&byte| byte == b'\n').skip(1).find_map(|line| {
        let colon = line.iter().position(|&byte| byte == b':')?;
        line[..colon]
            .eq_ignore_ascii_case(name.as_bytes())
            .then(|| String::from_utf8_lossy(&line[colon + 1..]).trim().to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rest_port_is_known_by_its_product_header_in_any_case() {
        for product in
            ["X-elastic-product: Elasticsearch", "x-elastic-product: Elasticsearch", "X-Found-Handling-Cluster: ab"]
        {
            let answer = parse(
                format!("HTTP/1.1 405 Method Not Allowed\r\n{product}\r\ncontent-type: application/json\r\n\r\n{{}}")
                    .as_bytes(),
            );
            assert!(answer.elastic && answer.status == 405, "{product}");
            assert_eq!(answer.content_type.as_deref(), Some("application/json"));
            assert_eq!(answer.excerpt, "{}");
        }
    }

    #[test]
    fn an_excerpt_is_short_safe_and_without_chunk_sizes() {
        let body = "x".repeat(1000);
        let text =
            format!("HTTP/1.1 200 OK\r\nServer: n\u{1b}[2Jginx\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n{body}");
        let answer = parse(text.as_bytes());
        assert_eq!(answer.excerpt, format!("{}…", "x".repeat(200)));
        assert_eq!(answer.server.as_deref(), Some("n\\u{1b}[2Jginx"));
        assert!(!answer.elastic);
    }

    #[test]
    fn reading_stops_at_the_length_or_at_what_is_kept() {
        for (text, enough) in [
            ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{", false),
            ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", true),
            ("HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n", true),
            ("HTTP/1.1 200 OK\r\nServer: x\r\n", false),
            ("HTTP/1.1 200 OK\r\n\r\nbody that ends with the connection", false),
        ] {
            assert_eq!(is_enough(text.as_bytes()), enough, "{text}");
        }
        assert!(is_enough(&[b'x'; LIMIT]));
    }

    #[test]
    fn a_response_that_is_cut_anywhere_is_still_an_answer() {
        let text = b"HTTP/1.1 503 Service Unavailable\r\nServer: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nno";
        for end in 0..text.len() {
            parse(&text[..end]);
            is_enough(&text[..end]);
        }
    }
}
